// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_KEA_COMPAT_H
#define DDNS_HOOK_KEA_COMPAT_H

/// The only place that asks which Kea this is.
///
/// KEA_HOOKS_VERSION is a constant, not a macro, so the preprocessor cannot
/// compare it.  What differs between versions stands in a branch of
/// "if constexpr" within a template, where the other branch is not compiled.

#include "words.h"

#include <asiolink/io_address.h>
#include <dhcpsrv/ncr_generator.h>
#include <dhcpsrv/srv_config.h>
#include <dhcpsrv/subnet.h>
#include <hooks/hooks.h>
#include <util/optional.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace ddns_hook
{

/// Kea says "ddns-conflict-resolution-mode" since 2.5.0; before that a subnet
/// only has "ddns-use-conflict-resolution".
inline constexpr bool kea_has_conflict_modes = KEA_HOOKS_VERSION >= 20500;

/// "ddns-ttl-percent" is in Kea since 2.3.6; "ddns-ttl" and its limits, and pools with
/// settings of their own for DNS, since 2.7.6.
inline constexpr bool kea_has_ttl_percent = KEA_HOOKS_VERSION >= 20306;
inline constexpr bool kea_has_ttl_limits = KEA_HOOKS_VERSION >= 20706;
inline constexpr bool kea_has_pool_settings = KEA_HOOKS_VERSION >= 20706;

/// Lease::STATE_REGISTERED, which Kea has since 2.7.7: the client chose the address
/// itself (RFC 9686).  No older Kea has a lease in that state.
inline constexpr uint32_t state_registered = 4;

/// Callouts are given a subnet that they cannot change since 2.7.5.  Another type is
/// another argument: asking for it throws.
using CalloutSubnet6Ptr =
    std::conditional_t<(KEA_HOOKS_VERSION >= 20705), isc::dhcp::ConstSubnet6Ptr,
                       isc::dhcp::Subnet6Ptr>;

namespace detail
{

/// What Kea keeps as an Optional in one version and as it is in another.
template <typename Value> Value value_of(const isc::util::Optional<Value> &setting)
{
    return setting.get();
}

inline std::string value_of(const std::string &setting)
{
    return setting;
}

} // namespace detail

/// The folder that Kea keeps its files in.
template <typename Manager> std::string data_directory(Manager &manager)
{
    return detail::value_of(manager.getDataDir());
}

/// A hook library's parameters: of a pair, until Kea made it a structure.
template <typename Name, typename Parameters>
Parameters parameters_of(const std::pair<Name, Parameters> &library)
{
    return library.second;
}

template <typename Info>
auto parameters_of(const Info &library) -> decltype(library.parameters_)
{
    return library.parameters_;
}

/// What Kea would say to kea-dhcp-ddns of a lease of @p subnet with this address.
template <typename SubnetPtr, typename Params = isc::dhcp::DdnsParams>
Params ddns_params_of(const SubnetPtr &subnet, const isc::asiolink::IOAddress &address)
{
    Params params(subnet, true);

    if constexpr (kea_has_pool_settings) {
        (void)params.setPoolFromAddress(address);
    }
    return params;
}

/// The conflict resolution mode; the safest one where none is set.
template <typename Params, typename Subnet>
ddns_conflict_mode conflict_mode_of(const Params &params, const Subnet &subnet)
{
    if constexpr (kea_has_conflict_modes) {
        return conflict_mode_called(params.getConflictResolutionMode());
    } else {
        const auto resolves = subnet.getDdnsUseConflictResolution();
        const bool checks = resolves.unspecified() || resolves.get();

        // As Kea's manual translates the older setting.
        return checks ? DDNS_CHECK_WITH_DHCID : DDNS_NO_CHECK_WITH_DHCID;
    }
}

/// Seconds, as Kea makes them of the lease's and of its own settings.
template <typename Params>
uint32_t record_ttl_of(const Params &params, uint32_t lease_lifetime)
{
    using isc::dhcp::calculateDdnsTtl;

    if constexpr (kea_has_ttl_limits) {
        return calculateDdnsTtl(lease_lifetime, params.getTtlPercent(), params.getTtl(),
                                params.getTtlMin(), params.getTtlMax());
    } else if constexpr (kea_has_ttl_percent) {
        return calculateDdnsTtl(lease_lifetime, params.getTtlPercent());
    } else {
        return calculateDdnsTtl(lease_lifetime);
    }
}

} // namespace ddns_hook

#endif
