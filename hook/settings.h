// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_SETTINGS_H
#define DDNS_HOOK_SETTINGS_H

#include "client.h"

#include <cc/data.h>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace ddns_hook
{

/// The parameters are wrong; what() is one sentence that begins with the place,
/// as in forward-ddns.ddns-domains[1].name, and never holds a secret.
class SettingsError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The library's parameters, read and checked.
struct Settings {
    ConfigPtr config;
    size_t keys = 0;
    size_t forward_zones = 0;
    size_t reverse_zones = 0;
    size_t servers = 0;          ///< counted once per zone that names them
    std::string ledger;          ///< path; empty: none is kept
    std::string without_meaning; ///< kea-dhcp-ddns' own parameters that were given
};

/// Read @p parameters, which may be null.  They have the shape of the DhcpDdns
/// object of kea-dhcp-ddns.  Throws SettingsError.
Settings parse_settings(const isc::data::ConstElementPtr &parameters);

} // namespace ddns_hook

#endif
