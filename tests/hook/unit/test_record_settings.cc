// SPDX-License-Identifier: MPL-2.0
#include "kea_compat.h"
#include "record_settings.h"

#include <asiolink/io_address.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/shared_network.h>
#include <log/logger_support.h>

#include <boost/make_shared.hpp>
#include <criterion/criterion.h>

#include <sys/socket.h>

#include <cstdlib>

using ddns_hook::RecordSettings;
using isc::asiolink::IOAddress;
using isc::data::Element;
using isc::dhcp::CfgMgr;
using isc::dhcp::HWAddrPtr;
using isc::dhcp::Lease4;
using isc::dhcp::Lease6;
using isc::dhcp::SharedNetwork4;
using isc::dhcp::SharedNetwork4Ptr;
using isc::dhcp::Subnet4;
using isc::dhcp::Subnet4Ptr;
using isc::dhcp::Subnet6;
using isc::dhcp::Subnet6Ptr;

namespace
{

constexpr uint32_t subnet_id = 7;
constexpr uint8_t duid_octets[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };

/// Kea logs the subnets that are added.
void start_logging()
{
    setenv("KEA_LOCKFILE_DIR", "none", 1);
    isc::log::initLogger("test", isc::log::FATAL);
}

RecordSettings settings_of(uint32_t lifetime)
{
    return ddns_hook::record_settings(Lease4(IOAddress("192.0.2.7"), HWAddrPtr(), nullptr,
                                             0, lifetime, 0, subnet_id, true, true,
                                             "host.example.org."));
}

/// As Kea's parser makes it.
template <typename Level> void inherit_from_all(Level &level)
{
    level.setFetchGlobalsFn(
        [] { return CfgMgr::instance().getCurrentCfg()->getConfiguredGlobals(); });
}

/// "t", "f" or "": ddns-update-on-renew at each level.
bool renewed_with(const char *subnet, const char *network, const char *global)
{
    CfgMgr &manager = CfgMgr::instance();
    const Subnet4Ptr one(new Subnet4(IOAddress("192.0.2.0"), 24, 1, 2, 3, subnet_id));
    const SharedNetwork4Ptr above = boost::make_shared<SharedNetwork4>("above");
    const auto set = [](const auto &level, const char *value) {
        inherit_from_all(*level);
        if (*value != '\0') {
            level->setDdnsUpdateOnRenew(*value == 't');
        }
    };

    manager.clear();
    set(one, subnet);
    set(above, network);
    above->add(one);
    manager.getStagingCfg()->getCfgSubnets4()->add(one);
    if (*global != '\0') {
        manager.getStagingCfg()->addConfiguredGlobal("ddns-update-on-renew",
                                                     Element::create(*global == 't'));
    }
    manager.commit();
    return settings_of(3600).renewed;
}

} // namespace

Test(record_settings, the_nearest_that_was_set_counts, .init = start_logging)
{
    cr_expect(renewed_with("t", "f", "f"));
    cr_expect_not(renewed_with("f", "t", "t"));
    cr_expect(renewed_with("", "t", "f"));
    cr_expect_not(renewed_with("", "f", "t"));
    cr_expect(renewed_with("", "", "t"));
    cr_expect_not(renewed_with("", "", "f"));
    cr_expect_not(renewed_with("", "", ""));
}

Test(record_settings, those_of_ipv6_are_those_of_its_subnet, .init = start_logging)
{
    CfgMgr &manager = CfgMgr::instance();
    const Subnet6Ptr one(new Subnet6(IOAddress("2001:db8::"), 64, 1, 2, 3, 4, subnet_id));
    const auto duid =
        boost::make_shared<isc::dhcp::DUID>(duid_octets, sizeof duid_octets);
    Lease6 lease(Lease6::TYPE_NA, IOAddress("2001:db8::7"), duid, 1, 1800, 3600,
                 subnet_id, true, true, "host.example.org.");

    manager.clear();
    manager.setFamily(AF_INET6);
    one->setDdnsUpdateOnRenew(true);
    manager.getStagingCfg()->getCfgSubnets6()->add(one);
    manager.commit();
    cr_expect(ddns_hook::record_settings(lease).renewed);
    lease.subnet_id_ = subnet_id + 1;
    cr_expect_not(ddns_hook::record_settings(lease).renewed);
}

Test(record_settings, a_subnet_that_is_gone_is_checked, .init = start_logging)
{
    CfgMgr::instance().clear();
    cr_expect_eq(settings_of(3600).mode, DDNS_CHECK_WITH_DHCID);
    cr_expect_not(settings_of(3600).renewed);
}

Test(record_settings, without_a_setting_kea_makes_the_ttl, .init = start_logging)
{
    for (const uint32_t lifetime : { 0u, 1u, 1799u, 1800u, 1801u, 3600u, 86400u }) {
        cr_expect_eq(settings_of(lifetime).ttl, isc::dhcp::calculateDdnsTtl(lifetime),
                     "%u", lifetime);
    }
}
