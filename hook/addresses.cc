// SPDX-License-Identifier: MPL-2.0
#include "addresses.h"

#include "family.h"

#include <asiolink/addr_utilities.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/cfgmgr.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

using isc::asiolink::firstAddrInPrefix;
using isc::asiolink::IOAddress;
using isc::asiolink::lastAddrInPrefix;
using isc::dhcp::CfgMgr;
using isc::dhcp::SubnetID;

namespace ddns_hook
{

namespace
{

template <typename Subnets>
std::optional<AddressRange> range_in(const Subnets &subnets, SubnetID id)
{
    const auto subnet = subnets.getSubnet(id);

    if (!subnet) {
        return std::nullopt;
    }

    const auto [prefix, length] = subnet->get();

    return AddressRange{ firstAddrInPrefix(prefix, length),
                         lastAddrInPrefix(prefix, length) };
}

template <typename Subnets> std::vector<ddns_prefix> prefixes_of(const Subnets &subnets)
{
    std::vector<ddns_prefix> prefixes;

    for (const auto &subnet : *subnets.getAll()) {
        const auto [address, length] = subnet->get();

        prefixes.push_back({ address_of(address), length });
    }
    return prefixes;
}

} // namespace

ddns_address address_of(const IOAddress &from)
{
    ddns_address address = {};

    if (from.isV4()) { // without the allocation below, as it is on a packet's way
        const uint32_t octets = htonl(from.toUint32());

        address.len = sizeof octets;
        std::memcpy(address.bytes, &octets, sizeof octets);
        return address;
    }

    const std::vector<uint8_t> bytes = from.toBytes();

    address.len = static_cast<uint8_t>(std::min(bytes.size(), sizeof address.bytes));
    std::copy_n(bytes.begin(), address.len, address.bytes);
    return address;
}

IOAddress io_address_of(const ddns_address &from)
{
    return IOAddress::fromBytes(from.len == 4 ? AF_INET : AF_INET6, from.bytes);
}

std::optional<IOAddress> parse_address(const std::string &text)
{
    ddns_address parsed = {};

    if (ddns_address_parse(text.c_str(), &parsed) != DDNS_OK ||
        (parsed.len != 4) != serves_ipv6()) {
        return std::nullopt;
    }
    return io_address_of(parsed);
}

bool is_in(const IOAddress &address, const AddressRange &range)
{
    return range.first <= address && address <= range.last;
}

bool operator==(const AddressRange &a, const AddressRange &b)
{
    return a.first == b.first && a.last == b.last;
}

AddressRange all_addresses()
{
    const IOAddress &zero =
        serves_ipv6() ? IOAddress::IPV6_ZERO_ADDRESS() : IOAddress::IPV4_ZERO_ADDRESS();

    return { zero, lastAddrInPrefix(zero, 0) };
}

std::optional<AddressRange> subnet_range(SubnetID id)
{
    const auto config = CfgMgr::instance().getCurrentCfg();

    return serves_ipv6() ? range_in(*config->getCfgSubnets6(), id)
                         : range_in(*config->getCfgSubnets4(), id);
}

std::vector<ddns_prefix> subnet_prefixes()
{
    const auto config = CfgMgr::instance().getCurrentCfg();

    return serves_ipv6() ? prefixes_of(*config->getCfgSubnets6())
                         : prefixes_of(*config->getCfgSubnets4());
}

} // namespace ddns_hook
