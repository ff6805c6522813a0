// SPDX-License-Identifier: MPL-2.0
#include "addresses.h"

#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/cfgmgr.h>
#include <log/logger_support.h>

#include <criterion/criterion.h>

#include <sys/socket.h>

#include <cstdlib>
#include <string>

using isc::asiolink::IOAddress;
using isc::dhcp::CfgMgr;
using isc::dhcp::Subnet4;
using isc::dhcp::Subnet4Ptr;
using isc::dhcp::Subnet6;
using isc::dhcp::Subnet6Ptr;

namespace
{

constexpr const char *last_of_ipv6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

/// One subnet of each family is configured; Kea logs that it was added.
void in_kea_dhcp4()
{
    setenv("KEA_LOCKFILE_DIR", "none", 1);
    isc::log::initLogger("test", isc::log::FATAL);

    const auto config = CfgMgr::instance().getStagingCfg();

    config->getCfgSubnets4()->add(
        Subnet4Ptr(new Subnet4(IOAddress("192.0.2.64"), 26, 1, 2, 3, 7)));
    config->getCfgSubnets6()->add(
        Subnet6Ptr(new Subnet6(IOAddress("2001:db8:1::"), 57, 1, 2, 3, 4, 7)));
    CfgMgr::instance().commit();
}

void in_kea_dhcp6()
{
    in_kea_dhcp4();
    CfgMgr::instance().setFamily(AF_INET6);
}

void expect_range(const ddns_hook::AddressRange &range, const char *first,
                  const char *last)
{
    cr_expect(range.first == IOAddress(first), "%s", first);
    cr_expect(range.last == IOAddress(last), "%s", last);
}

void expect_prefix(const char *address, unsigned length)
{
    const auto prefixes = ddns_hook::subnet_prefixes();

    cr_assert_eq(prefixes.size(), 1);
    cr_expect(ddns_hook::io_address_of(prefixes[0].address) == IOAddress(address));
    cr_expect_eq(prefixes[0].length, length);
}

} // namespace

Test(addresses, of_either_family_go_there_and_back)
{
    for (const char *text : { "0.0.0.0", "192.0.2.7", "255.255.255.255",
                              "::", "2001:db8::7", last_of_ipv6 }) {
        const ddns_address address = ddns_hook::address_of(IOAddress(text));

        cr_expect(ddns_hook::io_address_of(address) == IOAddress(text), "%s", text);
    }
}

Test(addresses, all_are_those_of_the_servers_family, .init = in_kea_dhcp4)
{
    expect_range(ddns_hook::all_addresses(), "0.0.0.0", "255.255.255.255");
    CfgMgr::instance().setFamily(AF_INET6);
    expect_range(ddns_hook::all_addresses(), "::", last_of_ipv6);
}

Test(addresses, only_those_of_the_servers_family_are_read, .init = in_kea_dhcp4)
{
    cr_expect(ddns_hook::parse_address("192.0.2.7") == IOAddress("192.0.2.7"));
    cr_expect_not(ddns_hook::parse_address("2001:db8::7"));
    cr_expect_not(ddns_hook::parse_address("192.0.2"));
    CfgMgr::instance().setFamily(AF_INET6);
    cr_expect(ddns_hook::parse_address("2001:db8::7") == IOAddress("2001:db8::7"));
    cr_expect_not(ddns_hook::parse_address("192.0.2.7"));
    cr_expect_not(ddns_hook::parse_address(""));
}

Test(addresses, a_subnet_has_a_first_and_a_last, .init = in_kea_dhcp4)
{
    expect_range(*ddns_hook::subnet_range(7), "192.0.2.64", "192.0.2.127");
    cr_expect_not(ddns_hook::subnet_range(8));
    expect_prefix("192.0.2.64", 26);
}

Test(addresses, a_subnet_of_ipv6_has_a_first_and_a_last, .init = in_kea_dhcp6)
{
    expect_range(*ddns_hook::subnet_range(7),
                 "2001:db8:1::", "2001:db8:1:7f:ffff:ffff:ffff:ffff");
    cr_expect_not(ddns_hook::subnet_range(8));
    expect_prefix("2001:db8:1::", 57);
}

Test(addresses, a_range_holds_both_its_ends)
{
    const ddns_hook::AddressRange range = { IOAddress("2001:db8::1"),
                                            IOAddress("2001:db8::ff") };

    cr_expect(is_in(IOAddress("2001:db8::1"), range));
    cr_expect(is_in(IOAddress("2001:db8::ff"), range));
    cr_expect_not(is_in(IOAddress("2001:db8::"), range));
    cr_expect_not(is_in(IOAddress("2001:db8::100"), range));
}
