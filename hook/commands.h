// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_COMMANDS_H
#define DDNS_HOOK_COMMANDS_H

#include "audit.h"
#include "lease_walk.h"

#include <ddns/ddns.h>

#include <cc/data.h>
#include <dhcpsrv/lease.h>

namespace ddns_hook
{

/// What the commands work with.
struct Service {
    ddns_client *client;
    LeaseWalk *walk;
    Audit *audit;
};

/// Each takes the command's arguments, which may be null, and makes its answer in
/// Kea's form.  On the main thread.  Throw what Kea's own code throws.
isc::data::ConstElementPtr dns_update_status(const Service &service,
                                             const isc::data::ConstElementPtr &arguments);
isc::data::ConstElementPtr
dns_update_lease_get(const Service &service, const isc::data::ConstElementPtr &arguments);
isc::data::ConstElementPtr dns_update_resync(const Service &service,
                                             const isc::data::ConstElementPtr &arguments);

isc::data::ConstElementPtr dns_update_audit(const Service &service,
                                            const isc::data::ConstElementPtr &arguments);
isc::data::ConstElementPtr
dns_update_audit_get(const Service &service, const isc::data::ConstElementPtr &arguments);

} // namespace ddns_hook

#endif
