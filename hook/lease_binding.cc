// SPDX-License-Identifier: MPL-2.0
#include "lease_binding.h"

#include "kea_compat.h"
#include "words.h"

#include <asiolink/io_address.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfgmgr.h>

#include <sys/socket.h>

#include <algorithm>

namespace ddns_hook
{

namespace
{

void take_identity(LeaseBinding &binding, const isc::dhcp::Lease4 &lease)
{
    if (lease.client_id_) {
        binding.identity_kind = DDNS_ID_CLIENT_ID;
        binding.identity = lease.client_id_->getClientId();
    } else if (lease.hwaddr_ && !lease.hwaddr_->hwaddr_.empty()) {
        // RFC 4701 section 3.3: the hardware type is the first octet.
        binding.identity_kind = DDNS_ID_HWADDR;
        binding.identity.push_back(static_cast<uint8_t>(lease.hwaddr_->htype_));
        binding.identity.insert(binding.identity.end(), lease.hwaddr_->hwaddr_.begin(),
                                lease.hwaddr_->hwaddr_.end());
    }
}
} // namespace

ddns_address address_of(const isc::asiolink::IOAddress &from)
{
    const std::vector<uint8_t> bytes = from.toBytes();
    ddns_address address = {};

    address.len = static_cast<uint8_t>(std::min(bytes.size(), sizeof address.bytes));
    std::copy_n(bytes.begin(), address.len, address.bytes);
    return address;
}

ddns_address address_of(uint32_t ipv4)
{
    return address_of(isc::asiolink::IOAddress(ipv4));
}

uint32_t number_of(const ddns_address &ipv4)
{
    return isc::asiolink::IOAddress::fromBytes(AF_INET, ipv4.bytes).toUint32();
}

ddns_binding view_of(const LeaseBinding &binding)
{
    ddns_binding view = {};

    view.address = binding.address;
    view.directions = binding.directions;
    // As a C string, a name with a NUL in it would be a name nobody asked for.
    view.fqdn = binding.fqdn.find('\0') == std::string::npos ? binding.fqdn.c_str() : "";
    view.identity = { binding.identity_kind, binding.identity.data(),
                      binding.identity.size() };
    view.mode = binding.mode;
    view.ttl = binding.ttl;
    return view;
}

LeaseBinding lease_binding(const isc::dhcp::Lease4 &lease, ddns_conflict_mode mode)
{
    LeaseBinding binding;

    binding.address = address_of(lease.addr_);
    if (!lease.hostname_.empty()) {
        binding.directions = (lease.fqdn_fwd_ ? unsigned{ DDNS_FORWARD } : 0u) |
                             (lease.fqdn_rev_ ? unsigned{ DDNS_REVERSE } : 0u);
    }
    if (binding.directions == 0) {
        return binding;
    }
    binding.fqdn = lease.hostname_;
    take_identity(binding, lease);
    binding.mode = mode;
    binding.ttl = record_ttl(lease.valid_lft_);
    return binding;
}

LeaseBinding lease_binding(const isc::dhcp::Lease4 &lease)
{
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();

    return lease_binding(lease, conflict_mode(*config, lease.subnet_id_));
}

LeaseBinding binding_of_nobody(const isc::asiolink::IOAddress &address)
{
    LeaseBinding binding;

    binding.address = address_of(address);
    return binding;
}

bool in_force(const isc::dhcp::Lease4 &lease)
{
    return lease.state_ == isc::dhcp::Lease::STATE_DEFAULT && !lease.expired();
}

ddns_conflict_mode conflict_mode(const isc::dhcp::SrvConfig &config,
                                 isc::dhcp::SubnetID subnet_id)
{
    const auto subnet = config.getCfgSubnets4()->getSubnet(subnet_id);

    if (!subnet) {
        return DDNS_CHECK_WITH_DHCID;
    }

    return conflict_mode_called(conflict_mode_of(*subnet, config));
}

uint32_t record_ttl(uint32_t lease_lifetime)
{
    constexpr uint32_t ten_minutes = 600;

    return std::max(ten_minutes, lease_lifetime / 3);
}

} // namespace ddns_hook
