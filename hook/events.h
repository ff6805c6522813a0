// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_EVENTS_H
#define DDNS_HOOK_EVENTS_H

#include <ddns/ddns.h>

#include <string>

namespace ddns_hook
{

/// One sentence about what a server answered, or why it did not: the server,
/// the RCODE, the TSIG error and key, and how far the clocks differ.
std::string event_reason(const ddns_event &event);

/// Write the log line of @p event.  Never throws.
void log_event(const ddns_event *event) noexcept;

} // namespace ddns_hook

#endif
