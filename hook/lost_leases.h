// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LOST_LEASES_H
#define DDNS_HOOK_LOST_LEASES_H

#include <ddns/ddns.h>

#include <hooks/callout_handle.h>

namespace ddns_hook
{

// A lease whose address lies in no pool any more, or is reserved for another client, is
// deleted when its client comes again and is given, or only offered, another address.
// kea-dhcp6 tells no hook library of it: what it deletes it forgets with the allocation
// of the new lease.  Such a client names the addresses that it has (RFC 8415 section
// 18.2), but in a SOLICIT it need not.

/// leases6_committed: withdraw what the query names and nobody has a lease of.
void withdraw_lost(ddns_client *client, isc::hooks::CalloutHandle &handle);

/// subnet6_select: note in the packet's context which leases the client of a SOLICIT has.
void note_leases(isc::hooks::CalloutHandle &handle);

/// pkt6_send: withdraw those that are gone by now.
void withdraw_lost_since(ddns_client *client, isc::hooks::CalloutHandle &handle);

} // namespace ddns_hook

#endif
