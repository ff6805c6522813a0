// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_CAPTURE_H
#define DDNS_HOOK_CAPTURE_H

#include <dhcpsrv/srv_config.h>

namespace ddns_hook
{

enum class Capture {
    taken,            ///< Kea computes names and flags, and sends nothing to a D2
    updates_disabled, ///< "enable-updates" is false: there is nothing to take over
    check_only,       ///< Kea only checks this configuration
};

/// Take the place of kea-dhcp-ddns for the configuration that is being applied.
///
/// @p config keeps "enable-updates": true, so Kea goes on computing host names,
/// the directions stored with the lease and the client's option 81.  Kea's D2
/// client gets a disabled copy, so it queues and sends no request.
Capture take_d2s_place(const isc::dhcp::SrvConfig &config);

/// True when load() runs because a configuration is being applied, so that
/// dhcp4_srv_configured follows.  False for the "libreload" command, which loads
/// the libraries again under the configuration in force.
bool configuration_follows();

/// True once a configuration is in force: the server is running.
bool server_is_running();

} // namespace ddns_hook

#endif
