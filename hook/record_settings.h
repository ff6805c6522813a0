// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_RECORD_SETTINGS_H
#define DDNS_HOOK_RECORD_SETTINGS_H

#include <ddns/ddns.h>

#include <dhcpsrv/lease.h>

#include <cstdint>

namespace ddns_hook
{

/// What Kea's configuration says about the records of a lease, and what Kea itself
/// leaves to whoever makes them.  Kea's other ddns-* settings are in the lease: they
/// decide its name and its directions.
struct RecordSettings {
    ddns_conflict_mode mode = DDNS_CHECK_WITH_DHCID;
    uint32_t ttl = 0;     ///< seconds, at most 2^31 - 1 (RFC 2181 section 8)
    bool renewed = false; ///< a renewal tells DNS again what it was told
};

/// The settings for @p lease in the configuration in force: those of its pool where
/// Kea's pools have some, else of its subnet, its shared network, or all.  A lease
/// whose subnet is gone has the safest mode, as in Kea.
RecordSettings record_settings(const isc::dhcp::Lease &lease);

} // namespace ddns_hook

#endif
