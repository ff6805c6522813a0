// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_ADDRESSES_H
#define DDNS_HOOK_ADDRESSES_H

#include <ddns/ddns.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/subnet_id.h>

#include <optional>
#include <string>
#include <vector>

namespace ddns_hook
{

ddns_address address_of(const isc::asiolink::IOAddress &from);
isc::asiolink::IOAddress io_address_of(const ddns_address &from);

/// The address of this server's family that @p text is; nothing when it is none.
std::optional<isc::asiolink::IOAddress> parse_address(const std::string &text);

/// Addresses of one family, both ends included.
struct AddressRange {
    isc::asiolink::IOAddress first;
    isc::asiolink::IOAddress last;
};

bool is_in(const isc::asiolink::IOAddress &address, const AddressRange &range);
bool operator==(const AddressRange &a, const AddressRange &b);

/// Of this server's family.
AddressRange all_addresses();

/// The addresses of a subnet; nothing when it is not configured.
std::optional<AddressRange> subnet_range(isc::dhcp::SubnetID id);

/// The prefixes of all subnets of the configuration in force.
std::vector<ddns_prefix> subnet_prefixes();

} // namespace ddns_hook

#endif
