// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LEASE_BINDING_H
#define DDNS_HOOK_LEASE_BINDING_H

#include "addresses.h"
#include "record_settings.h"

#include <ddns/ddns.h>

#include <dhcp/hwaddr.h>
#include <dhcpsrv/lease.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ddns_hook
{

/// A hardware address as RFC 4701 section 3.3 has it: behind its type.
struct TypedHardwareAddress {
    std::array<uint8_t, 1 + isc::dhcp::HWAddr::MAX_HWADDR_LEN> octets;
    size_t size = 0;
};

/// What DNS should say about a lease.  Borrows from the lease, and must not outlive it:
/// a packet's thread has no time to allocate.
struct LeaseBinding {
    ddns_address address = {};
    unsigned directions = 0; ///< 0: DNS should say nothing
    const char *fqdn = "";   ///< empty when directions is 0
    ddns_identity_kind identity_kind = DDNS_ID_NONE;
    const std::vector<uint8_t> *identity = nullptr; ///< of a client identifier or a DUID
    TypedHardwareAddress hardware;                  ///< else this
    RecordSettings settings;
};

/// The same for the C library; borrows from @p binding, too.
ddns_binding view_of(const LeaseBinding &binding);

/// Read @p lease.  A lease without a host name, or whose two flags are off, wants
/// nothing.  The identity is what Kea's own requests to kea-dhcp-ddns take: in IPv6 the
/// DUID, in IPv4 the client identifier where the lease has one, else the hardware
/// address.
LeaseBinding lease_binding(const isc::dhcp::Lease &lease, const RecordSettings &settings);

/// The same with the settings of the configuration in force.
LeaseBinding lease_binding(const isc::dhcp::Lease &lease);
LeaseBinding lease_binding(const isc::dhcp::Lease &&) = delete; ///< it would outlive it

/// What there is to say about an address that nobody has.
LeaseBinding binding_of_nobody(const isc::asiolink::IOAddress &address);

/// False for a prefix that was delegated (RFC 8415 section 6.3): nothing has its name.
bool is_of_an_address(const isc::dhcp::Lease &lease);

/// Is there a lease, and is it of an address?
template <typename LeasePtr> bool names_an_address(const LeasePtr &lease)
{
    return lease && is_of_an_address(*lease);
}

/// Is one of @p leases that of @p address?
template <typename LeasePtrs>
bool holds(const LeasePtrs &leases, const isc::asiolink::IOAddress &address)
{
    return std::any_of(leases.begin(), leases.end(), [&](const auto &lease) {
        return names_an_address(lease) && lease->addr_ == address;
    });
}

/// True for the lease of a client that has the address, if it has not expired: given
/// to it, or registered by it (RFC 9686); not declined or reclaimed, nor in the state
/// that Kea 3.0 gives to a released one.
bool is_assigned(const isc::dhcp::Lease &lease);

/// is_assigned(), and the lease has neither expired nor been released.
bool in_force(const isc::dhcp::Lease &lease);

} // namespace ddns_hook

#endif
