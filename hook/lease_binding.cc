// SPDX-License-Identifier: MPL-2.0
#include "lease_binding.h"

#include "kea_compat.h"

#include <asiolink/io_address.h>

#include <algorithm>
#include <string>

namespace ddns_hook
{

namespace
{

void take_hardware_address(LeaseBinding &binding, const isc::dhcp::HWAddr &address)
{
    TypedHardwareAddress &hardware = binding.hardware;
    const std::vector<uint8_t> &octets = address.hwaddr_;

    if (octets.size() < hardware.octets.size()) {
        binding.identity_kind = DDNS_ID_HWADDR;
        hardware.octets[0] = static_cast<uint8_t>(address.htype_);
        std::copy(octets.begin(), octets.end(), hardware.octets.begin() + 1);
        hardware.size = 1 + octets.size();
    }
}

void take_identity(LeaseBinding &binding, const isc::dhcp::Lease4 &lease)
{
    if (lease.client_id_) {
        binding.identity_kind = DDNS_ID_CLIENT_ID;
        binding.identity = &lease.client_id_->getClientId();
    } else if (lease.hwaddr_ && !lease.hwaddr_->hwaddr_.empty()) {
        take_hardware_address(binding, *lease.hwaddr_);
    }
}

void take_identity(LeaseBinding &binding, const isc::dhcp::Lease6 &lease)
{
    if (lease.duid_) {
        binding.identity_kind = DDNS_ID_DUID;
        binding.identity = &lease.duid_->getDuid();
    }
}

void take_identity(LeaseBinding &binding, const isc::dhcp::Lease &lease)
{
    if (lease.getType() == isc::dhcp::Lease::TYPE_V4) {
        take_identity(binding, static_cast<const isc::dhcp::Lease4 &>(lease));
    } else {
        take_identity(binding, static_cast<const isc::dhcp::Lease6 &>(lease));
    }
}

/// As a C string, a name with a NUL in it would be a name nobody asked for.
const char *c_string(const std::string &name)
{
    return name.find('\0') == std::string::npos ? name.c_str() : "";
}

ddns_identity identity_of(const LeaseBinding &binding)
{
    if (binding.identity != nullptr) {
        return { binding.identity_kind, binding.identity->data(),
                 binding.identity->size() };
    }
    return { binding.identity_kind, binding.hardware.octets.data(),
             binding.hardware.size };
}

} // namespace

ddns_binding view_of(const LeaseBinding &binding)
{
    ddns_binding view = {};

    view.address = binding.address;
    view.directions = binding.directions;
    view.fqdn = binding.fqdn;
    view.identity = identity_of(binding);
    view.mode = binding.settings.mode;
    view.ttl = binding.settings.ttl;
    return view;
}

LeaseBinding lease_binding(const isc::dhcp::Lease &lease, const RecordSettings &settings)
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
    binding.fqdn = c_string(lease.hostname_);
    take_identity(binding, lease);
    binding.settings = settings;
    return binding;
}

LeaseBinding lease_binding(const isc::dhcp::Lease &lease)
{
    return lease_binding(lease, record_settings(lease));
}

LeaseBinding binding_of_nobody(const isc::asiolink::IOAddress &address)
{
    LeaseBinding binding;

    binding.address = address_of(address);
    return binding;
}

bool is_of_an_address(const isc::dhcp::Lease &lease)
{
    return lease.getType() != isc::dhcp::Lease::TYPE_PD;
}

bool is_assigned(const isc::dhcp::Lease &lease)
{
    return lease.state_ == isc::dhcp::Lease::STATE_DEFAULT ||
           lease.state_ == state_registered;
}

bool in_force(const isc::dhcp::Lease &lease)
{
    // Kea 2.6 gives a released lease that it keeps a lifetime of zero, and takes it for
    // expired from the next second on.
    return is_assigned(lease) && lease.valid_lft_ != 0 && !lease.expired();
}

} // namespace ddns_hook
