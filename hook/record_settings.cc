// SPDX-License-Identifier: MPL-2.0
#include "record_settings.h"

#include "family.h"
#include "kea_compat.h"

#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/cfgmgr.h>

#include <algorithm>

namespace ddns_hook
{

namespace
{

enum : uint32_t { ttl_max = 0x7fffffff };

template <typename SubnetPtr>
RecordSettings settings_in(const SubnetPtr &subnet, const isc::dhcp::Lease &lease)
{
    RecordSettings settings;

    if (!subnet) {
        settings.ttl = isc::dhcp::calculateDdnsTtl(lease.valid_lft_);
        return settings;
    }

    const auto said = ddns_params_of(subnet, lease.addr_);

    settings.mode = conflict_mode_of(said, *subnet);
    settings.ttl = std::min<uint32_t>(record_ttl_of(said, lease.valid_lft_), ttl_max);
    settings.renewed = said.getUpdateOnRenew();
    return settings;
}

} // namespace

RecordSettings record_settings(const isc::dhcp::Lease &lease)
{
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();

    return serves_ipv6()
               ? settings_in(config->getCfgSubnets6()->getSubnet(lease.subnet_id_), lease)
               : settings_in(config->getCfgSubnets4()->getSubnet(lease.subnet_id_),
                             lease);
}

} // namespace ddns_hook
