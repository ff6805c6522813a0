// SPDX-License-Identifier: MPL-2.0
#include "follow.h"

#include "submit.h"

#include <dhcpsrv/lease_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>

using isc::asiolink::IOAddress;
using isc::dhcp::Lease4Ptr;
using isc::dhcp::LeaseMgrFactory;

namespace ddns_hook
{

namespace
{

bool same(const Lease4Ptr &a, const Lease4Ptr &b)
{
    return a && b ? *a == *b : a == b;
}

void follow_lease(ddns_client *client, const LeaseBinding &ended, const Lease4Ptr &lease)
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

Lease4Ptr stored_lease(const IOAddress &address)
{
    return LeaseMgrFactory::instance().getLease4(address);
}

void follow_address(ddns_client *client, const LeaseBinding &ended)
{
    const IOAddress address(number_of(ended.address));
    Lease4Ptr now = stored_lease(address);
    Lease4Ptr seen;

    do {
        seen = now;
        follow_lease(client, ended, seen);
        now = stored_lease(address);
    } while (!same(seen, now));
}

} // namespace ddns_hook
