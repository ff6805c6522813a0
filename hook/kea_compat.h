// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_KEA_COMPAT_H
#define DDNS_HOOK_KEA_COMPAT_H

/// The only place that asks which Kea this is.
///
/// KEA_HOOKS_VERSION is a constant, not a macro, so the preprocessor cannot
/// compare it.  What differs between versions stands in a branch of
/// "if constexpr" within a template, where the other branch is not compiled.

#include <cc/data.h>
#include <dhcpsrv/network.h>
#include <dhcpsrv/subnet.h>
#include <hooks/hooks.h>
#include <util/optional.h>

#include <cstdint>
#include <string>
#include <type_traits>

namespace ddns_hook
{

/// Kea says "ddns-conflict-resolution-mode" since 2.5.0; before that a subnet
/// only has "ddns-use-conflict-resolution".
inline constexpr bool kea_has_conflict_modes = KEA_HOOKS_VERSION >= 20500;

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

using Level = isc::dhcp::Network::Inheritance;

template <typename Subnet> auto conflict_setting(const Subnet &subnet, Level level)
{
    if constexpr (kea_has_conflict_modes) {
        return subnet.getDdnsConflictResolutionMode(level);
    } else {
        return subnet.getDdnsUseConflictResolution(level);
    }
}

inline std::string conflict_mode_word(const std::string &mode)
{
    return mode;
}

/// As Kea's manual translates the older setting.
inline std::string conflict_mode_word(bool use_conflict_resolution)
{
    return use_conflict_resolution ? "check-with-dhcid" : "no-check-with-dhcid";
}

} // namespace detail

/// The folder that Kea keeps its files in.
template <typename Manager> std::string data_directory(Manager &manager)
{
    return detail::value_of(manager.getDataDir());
}

/// The conflict resolution mode of @p subnet, in Kea's words: the subnet's own,
/// else its shared network's, else the one of @p config.
///
/// Kea's own inheritance would ask the configuration in force for the last one,
/// which is not yet @p config while the server is being configured.
template <typename Subnet, typename Config>
std::string conflict_mode_of(const Subnet &subnet, const Config &config)
{
    for (const auto level : { detail::Level::NONE, detail::Level::PARENT_NETWORK }) {
        const auto setting = detail::conflict_setting(subnet, level);

        if (!setting.unspecified()) {
            return detail::conflict_mode_word(setting.get());
        }
    }

    const isc::data::ConstElementPtr global = config.getConfiguredGlobal(
        kea_has_conflict_modes ? "ddns-conflict-resolution-mode"
                               : "ddns-use-conflict-resolution");

    if (!global) {
        return "check-with-dhcid";
    }
    return kea_has_conflict_modes ? global->stringValue()
                                  : detail::conflict_mode_word(global->boolValue());
}

} // namespace ddns_hook

#endif
