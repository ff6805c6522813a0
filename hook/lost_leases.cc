// SPDX-License-Identifier: MPL-2.0
#include "lost_leases.h"

#include "follow.h"
#include "lease_binding.h"
#include "lease_database.h"

#include <dhcp/dhcp6.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/lease.h>

#include <boost/pointer_cast.hpp>

#include <cstddef>
#include <vector>

using isc::asiolink::IOAddress;
using isc::dhcp::Lease6CollectionPtr;
using isc::dhcp::Option;
using isc::dhcp::Option6IAAddr;
using isc::dhcp::Pkt6;
using isc::dhcp::Pkt6Ptr;
using isc::hooks::CalloutHandle;
using isc::hooks::NoSuchCalloutContext;

namespace ddns_hook
{

namespace
{

using Addresses = std::vector<IOAddress>;

const char *const noted = "leases-before";
constexpr size_t named_at_most = 16; // addresses; each may be a question to a database

void add_addresses(const Option &ia, Addresses &named)
{
    for (const auto &option : ia.getOptions()) {
        const auto address = boost::dynamic_pointer_cast<Option6IAAddr>(option.second);

        if (address && named.size() < named_at_most) {
            named.push_back(address->getAddress());
        }
    }
}

Addresses named_in(const Pkt6 &query)
{
    const auto ias = query.options_.equal_range(D6O_IA_NA);
    Addresses named;

    for (auto ia = ias.first; ia != ias.second; ++ia) {
        add_addresses(*ia->second, named);
    }
    return named;
}

Pkt6Ptr solicit_of(CalloutHandle &handle)
{
    Pkt6Ptr query;

    handle.getArgument("query6", query);
    return query && query->getType() == DHCPV6_SOLICIT ? query : Pkt6Ptr();
}

} // namespace

void withdraw_lost(ddns_client *client, CalloutHandle &handle)
{
    Lease6CollectionPtr stored;
    Pkt6Ptr query;

    handle.getArgument("query6", query);
    handle.getArgument("leases6", stored);
    if (!query || !stored || query->getType() == DHCPV6_RELEASE) {
        return;
    }
    for (const IOAddress &address : named_in(*query)) {
        if (!holds(*stored, address)) {
            withdraw_if_nobodys(client, address);
        }
    }
}

void note_leases(CalloutHandle &handle)
{
    const Pkt6Ptr solicit = solicit_of(handle);
    const auto duid = solicit ? solicit->getClientId() : nullptr;
    Addresses addresses;

    if (!duid) {
        return;
    }
    for (const auto &lease : leases_of_client(*duid)) {
        addresses.push_back(lease->addr_);
    }
    handle.setContext(noted, addresses);
}

void withdraw_lost_since(ddns_client *client, CalloutHandle &handle)
{
    Addresses addresses;

    if (!solicit_of(handle)) {
        return;
    }
    try {
        handle.getContext(noted, addresses);
    } catch (const NoSuchCalloutContext &) {
        return; // it is for no subnet
    }
    for (const IOAddress &address : addresses) {
        withdraw_if_nobodys(client, address);
    }
}

} // namespace ddns_hook
