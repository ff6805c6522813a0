// SPDX-License-Identifier: MPL-2.0
#include "kea_compat.h"
#include "lease_binding.h"

#include <asiolink/io_address.h>

#include <boost/make_shared.hpp>
#include <criterion/criterion.h>

#include <ctime>
#include <string>

using isc::asiolink::IOAddress;
using isc::dhcp::HWAddr;
using isc::dhcp::HWAddrPtr;
using isc::dhcp::Lease;
using isc::dhcp::Lease4;
using isc::dhcp::Lease6;

namespace
{

constexpr uint8_t chaddr[] = { 0x02, 0, 0, 0, 0, 0x01 };
constexpr uint8_t option61[] = { 0x01, 0x0a, 0x0b };
constexpr uint8_t duid_octets[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };
constexpr uint8_t typed_chaddr[] = { 0x01, 0x02, 0, 0, 0, 0, 0x01 };

HWAddrPtr ethernet()
{
    return boost::make_shared<HWAddr>(chaddr, sizeof chaddr, isc::dhcp::HTYPE_ETHER);
}

Lease4 lease_of(const std::string &name, bool forward, bool reverse)
{
    return Lease4(IOAddress("192.0.2.7"), ethernet(), option61, sizeof option61, 3600, 0,
                  1, forward, reverse, name);
}

Lease6 lease_of(Lease::Type type, const std::string &address)
{
    const auto duid =
        boost::make_shared<isc::dhcp::DUID>(duid_octets, sizeof duid_octets);

    return Lease6(type, IOAddress(address), duid, 1, 1800, 3600, 7, true, true,
                  "host.example.org.");
}

ddns_hook::LeaseBinding binding_of(const Lease &lease)
{
    ddns_hook::RecordSettings settings;

    settings.ttl = 1200;
    return ddns_hook::lease_binding(lease, settings);
}

template <size_t size>
void expect_identity(const ddns_hook::LeaseBinding &binding, ddns_identity_kind kind,
                     const uint8_t (&octets)[size])
{
    const ddns_identity identity = view_of(binding).identity;

    cr_expect_eq(identity.kind, kind);
    cr_assert_eq(identity.len, size);
    cr_expect_arr_eq(identity.data, octets, size);
}

} // namespace

Test(lease_binding, takes_name_address_and_directions)
{
    const Lease4 lease = lease_of("host.example.org.", true, true);
    const ddns_hook::LeaseBinding binding = binding_of(lease);
    const ddns_binding view = view_of(binding);
    const uint8_t address[] = { 192, 0, 2, 7 };

    cr_expect_str_eq(view.fqdn, "host.example.org.");
    cr_expect_eq(view.address.len, 4);
    cr_expect_arr_eq(view.address.bytes, address, 4);
    cr_expect_eq(view.directions, unsigned{ DDNS_FORWARD } | unsigned{ DDNS_REVERSE });
    cr_expect_eq(view.ttl, 1200);
}

Test(lease_binding, each_flag_is_one_direction)
{
    cr_expect_eq(binding_of(lease_of("a", true, false)).directions,
                 unsigned{ DDNS_FORWARD });
    cr_expect_eq(binding_of(lease_of("a", false, true)).directions,
                 unsigned{ DDNS_REVERSE });
}

Test(lease_binding, wants_nothing_without_flags_or_without_a_name)
{
    cr_expect_eq(binding_of(lease_of("host.example.org.", false, false)).directions, 0);
    cr_expect_eq(binding_of(lease_of("", true, true)).directions, 0);
}

Test(lease_binding, the_client_identifier_comes_before_the_hardware_address)
{
    const Lease4 lease = lease_of("a", true, true);
    const auto binding = binding_of(lease);

    expect_identity(binding, DDNS_ID_CLIENT_ID, option61);
}

Test(lease_binding, the_hardware_address_follows_its_type)
{
    const Lease4 lease(IOAddress("192.0.2.7"), ethernet(), nullptr, 0, 3600, 0, 1, true,
                       true, "a");
    const auto binding = binding_of(lease);

    expect_identity(binding, DDNS_ID_HWADDR, typed_chaddr);
}

Test(lease_binding, a_lease_of_nobody_has_no_identity)
{
    const Lease4 lease(IOAddress("192.0.2.7"), HWAddrPtr(), nullptr, 0, 3600, 0, 1, true,
                       true, "a");

    cr_expect_eq(binding_of(lease).identity_kind, DDNS_ID_NONE);
}

Test(lease_binding, the_duid_is_the_identity_in_ipv6)
{
    const Lease6 lease = lease_of(Lease::TYPE_NA, "2001:db8::7");
    const auto binding = binding_of(lease);

    cr_expect_eq(binding.address.len, 16);
    expect_identity(binding, DDNS_ID_DUID, duid_octets);
    cr_expect_eq(binding.settings.ttl, 1200);
}

Test(lease_binding, a_prefix_is_no_address)
{
    cr_expect(ddns_hook::is_of_an_address(lease_of(Lease::TYPE_NA, "2001:db8::7")));
    cr_expect(ddns_hook::is_of_an_address(lease_of("a", true, true)));
    cr_expect_not(ddns_hook::is_of_an_address(lease_of(Lease::TYPE_PD, "2001:db8::")));
}

Test(lease_binding, nobody_wants_nothing)
{
    const auto binding = ddns_hook::binding_of_nobody(IOAddress("192.0.2.7"));
    const uint8_t address[] = { 192, 0, 2, 7 };

    cr_expect_eq(binding.directions, 0);
    cr_expect_eq(binding.address.len, 4);
    cr_expect_arr_eq(binding.address.bytes, address, 4);
}

Test(lease_binding, a_lease_is_in_force_until_it_ends)
{
    Lease4 lease = lease_of("a", true, true);

    lease.cltt_ = time(nullptr);
    cr_expect(ddns_hook::in_force(lease));
    lease.cltt_ -= 3601;
    cr_expect_not(ddns_hook::in_force(lease), "it has expired");
    lease.cltt_ += 3601;
    lease.valid_lft_ = 0;
    cr_expect_not(ddns_hook::in_force(lease), "it was released, and is kept");
    lease.valid_lft_ = 3600;
    lease.state_ = Lease4::STATE_DECLINED;
    cr_expect_not(ddns_hook::in_force(lease), "it was declined");
    lease.state_ = Lease4::STATE_EXPIRED_RECLAIMED;
    cr_expect_not(ddns_hook::in_force(lease), "it was reclaimed");
    lease.state_ = ddns_hook::state_registered;
    cr_expect(ddns_hook::in_force(lease), "its client has registered it");
}

Test(lease_binding, a_name_with_a_nul_is_no_name)
{
    const Lease4 lease = lease_of(std::string("good\0bad", 8), true, true);

    cr_expect_str_eq(view_of(binding_of(lease)).fqdn, "");
}
