// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LEASE_COMMANDS_H
#define DDNS_HOOK_LEASE_COMMANDS_H

#include "lease_walk.h"

#include <ddns/ddns.h>

#include <asiolink/io_address.h>
#include <cc/data.h>
#include <dhcpsrv/subnet_id.h>
#include <hooks/callout_handle.h>

#include <string>
#include <vector>

namespace ddns_hook
{

/// Which leases a command has changed without a word to the lease callouts.
struct ChangedLeases {
    enum class Reach { one, subnet, all };

    Reach reach;
    isc::asiolink::IOAddress address; ///< of the one
    isc::dhcp::SubnetID subnet;       ///< zero for none
};

/// Read it from the command's name, its arguments and its answer.  Each of these may
/// be missing or of any type: what cannot be understood has changed nothing.
std::vector<ChangedLeases> changed_leases(const std::string &name,
                                          const isc::data::ConstElementPtr &arguments,
                                          const isc::data::ConstElementPtr &response);

/// command_processed: have DNS follow what commands do to leases, be they of an
/// administrator or of a high-availability partner, and carry out
/// lease4-resend-ddns or lease6-resend-ddns, which Kea refuses while this library does
/// the updates.
///
/// Runs on any thread: a high-availability listener has its own.
void follow_command(ddns_client *client, LeaseWalk &walk,
                    isc::hooks::CalloutHandle &handle);

} // namespace ddns_hook

#endif
