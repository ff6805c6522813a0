// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LEASE_EVENTS_H
#define DDNS_HOOK_LEASE_EVENTS_H

#include <ddns/ddns.h>

#include <hooks/callout_handle.h>

namespace ddns_hook
{

/// lease4_select and lease4_renew: note what was decided for this client in the
/// packet's context, for submit_committed() to find.
///
/// Only a renewal that changes nothing is kept: with lease caching Kea does not
/// store it, and leases4_committed then names no lease at all.  Every other
/// decision is named there, in its final form, and takes such a note away.
void note_select(isc::hooks::CalloutHandle &handle);
void note_renew(isc::hooks::CalloutHandle &handle);

/// leases4_committed and leases6_committed: the leases are stored and have their final
/// names.  New ones are submitted before old ones are withdrawn, so that a client that
/// moved to another address takes its name along in one update.
template <typename Family>
void submit_committed(ddns_client *client, isc::hooks::CalloutHandle &handle);

/// lease4_release, lease4_decline, lease4_expire and those of IPv6: the lease that
/// ends; null when another library has said otherwise, and for a prefix.
template <typename Family>
typename Family::LeasePtr ended_lease(isc::hooks::CalloutHandle &handle);

} // namespace ddns_hook

#endif
