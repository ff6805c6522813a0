// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LOG_H
#define DDNS_HOOK_LOG_H

#include "dns_update_messages.h"

#include <log/logger.h>
#include <log/macros.h>

#include <string>

namespace ddns_hook
{

/// Logs as "dns-update-hooks".  Safe on every thread.
extern isc::log::Logger logger;

/// Debug level of one line per record added or removed.
inline constexpr int debug_records = 40; // Kea's DBGLVL_TRACE_BASIC

/// Make text from a packet or the network fit for a log line: what is not
/// printable ASCII becomes \xHH, and so does "%", which Kea would take for a
/// placeholder of its own.  At most 255 characters are shown.
std::string printable(const std::string &untrusted);

/// The same between quotes.
std::string quoted(const std::string &untrusted);

} // namespace ddns_hook

#endif
