// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LEASE_WALK_H
#define DDNS_HOOK_LEASE_WALK_H

#include <ddns/ddns.h>

#include <dhcpsrv/srv_config.h>

namespace ddns_hook
{

/// Read the lease database from end to end, in pages, and have DNS say what its
/// active leases say.  Logs what it found, and that it failed; never throws.
void resume_stored_leases(ddns_client *client, const isc::dhcp::SrvConfig &config);

} // namespace ddns_hook

#endif
