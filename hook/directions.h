// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_DIRECTIONS_H
#define DDNS_HOOK_DIRECTIONS_H

#include <hooks/callout_handle.h>

namespace ddns_hook
{

/// ddns6_update: hide what the reply's option 39 (RFC 4704) says about who updates DNS.
///
/// From that option, and from nothing else, kea-dhcp6 decides whether to send a request
/// to kea-dhcp-ddns; and where it cannot send one, as this library has taken that place,
/// the reply is lost.  The lease's own flags are computed by then.
void hide_directions(isc::hooks::CalloutHandle &handle);

/// pkt6_send: the client is told what Kea had decided.
void show_directions(isc::hooks::CalloutHandle &handle);

} // namespace ddns_hook

#endif
