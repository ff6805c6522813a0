// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_FAMILY_H
#define DDNS_HOOK_FAMILY_H

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/lease.h>

#include <cstdint>

namespace ddns_hook
{

/// What the callouts of kea-dhcp4 are given, and under which names.
struct V4 {
    using LeasePtr = isc::dhcp::Lease4Ptr;
    using LeasesPtr = isc::dhcp::Lease4CollectionPtr;
    using QueryPtr = isc::dhcp::Pkt4Ptr;

    static constexpr const char *query = "query4";
    static constexpr const char *lease = "lease4";
    static constexpr const char *stored_leases = "leases4";
    static constexpr const char *deleted_leases = "deleted_leases4";
    static constexpr uint8_t release = isc::dhcp::DHCPRELEASE;
};

/// The same of kea-dhcp6.
struct V6 {
    using LeasePtr = isc::dhcp::Lease6Ptr;
    using LeasesPtr = isc::dhcp::Lease6CollectionPtr;
    using QueryPtr = isc::dhcp::Pkt6Ptr;

    static constexpr const char *query = "query6";
    static constexpr const char *lease = "lease6";
    static constexpr const char *stored_leases = "leases6";
    static constexpr const char *deleted_leases = "deleted_leases6";
    static constexpr uint8_t release = DHCPV6_RELEASE;
};

/// True in kea-dhcp6, false in kea-dhcp4.
bool serves_ipv6();

} // namespace ddns_hook

#endif
