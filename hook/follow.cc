// SPDX-License-Identifier: MPL-2.0
#include "follow.h"

#include "lease_database.h"
#include "submit.h"

using isc::asiolink::IOAddress;
using isc::dhcp::LeasePtr;

namespace ddns_hook
{

namespace
{

void follow_lease(ddns_client *client, const LeaseBinding &ended, const LeasePtr &lease)
{
    if (lease && in_force(*lease)) {
        submit(client, lease_binding(*lease));
    } else if (lease && !lease->hostname_.empty()) {
        withdraw(client, lease_binding(*lease));
    } else {
        withdraw(client, ended);
    }
}

} // namespace

void follow_address(ddns_client *client, const LeaseBinding &ended)
{
    const IOAddress address = io_address_of(ended.address);
    LeasePtr now = stored_lease(address);
    LeasePtr seen;

    do {
        seen = now;
        follow_lease(client, ended, seen);
        now = stored_lease(address);
    } while (!same_lease(seen, now));
}

void withdraw_if_nobodys(ddns_client *client, const IOAddress &address)
{
    if (!stored_lease(address)) {
        follow_address(client, binding_of_nobody(address));
    }
}

} // namespace ddns_hook
