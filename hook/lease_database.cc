// SPDX-License-Identifier: MPL-2.0
#include "lease_database.h"

#include "family.h"
#include "lease_binding.h"

#include <dhcpsrv/lease_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>

#include <algorithm>

using isc::asiolink::IOAddress;
using isc::dhcp::DUID;
using isc::dhcp::Lease;
using isc::dhcp::Lease4;
using isc::dhcp::Lease6;
using isc::dhcp::LeaseMgr;
using isc::dhcp::LeaseMgrFactory;
using isc::dhcp::LeasePageSize;
using isc::dhcp::LeasePtr;

namespace ddns_hook
{

namespace
{

LeaseMgr &database()
{
    return LeaseMgrFactory::instance();
}

template <typename Collection> Leases leases_of(const Collection &collection)
{
    return Leases(collection.begin(), collection.end());
}

Leases of_addresses(Leases leases)
{
    leases.erase(
        std::remove_if(leases.begin(), leases.end(),
                       [](const LeasePtr &lease) { return !is_of_an_address(*lease); }),
        leases.end());
    return leases;
}

template <typename FamilyLease> bool same(const Lease &a, const Lease &b)
{
    return static_cast<const FamilyLease &>(a) == static_cast<const FamilyLease &>(b);
}

} // namespace

LeasePtr stored_lease(const IOAddress &address)
{
    if (address.isV6()) {
        return database().getLease6(Lease::TYPE_NA, address);
    }
    return database().getLease4(address);
}

bool is_given_again(const Lease &ended)
{
    if (database().getType() == "memfile") {
        return false;
    }

    const LeasePtr lease = stored_lease(ended.addr_);

    return lease && in_force(*lease);
}

bool same_lease(const LeasePtr &a, const LeasePtr &b)
{
    if (!a || !b || a->addr_ != b->addr_) {
        return a == b;
    }
    return a->addr_.isV6() ? same<Lease6>(*a, *b) : same<Lease4>(*a, *b);
}

std::vector<std::string> spellings(const std::string &name)
{
    std::string lower = name;

    for (char &c : lower) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    if (lower.back() == '.') {
        lower.pop_back();
    }
    return { lower, lower + "." };
}

Leases leases_named(const std::string &name)
{
    return of_addresses(serves_ipv6() ? leases_of(database().getLeases6(name))
                                      : leases_of(database().getLeases4(name)));
}

Leases leases_of_client(const DUID &duid)
{
    return of_addresses(leases_of(database().getLeases6(duid)));
}

Leases leases_after(const IOAddress &before, size_t count)
{
    const LeasePageSize size(count);

    return before.isV6() ? leases_of(database().getLeases6(before, size))
                         : leases_of(database().getLeases4(before, size));
}

bool in_address_order(const IOAddress &address)
{
    return address.isV4();
}

} // namespace ddns_hook
