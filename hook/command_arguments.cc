// SPDX-License-Identifier: MPL-2.0
#include "command_arguments.h"

#include "addresses.h"
#include "family.h"
#include "log.h"

#include <cc/data.h>

#include <algorithm>
#include <cstdint>

using isc::asiolink::IOAddress;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::SubnetID;

namespace ddns_hook
{

namespace
{

ConstElementPtr find(const ConstElementPtr &arguments, const std::string &keyword,
                     Element::types type, const char *type_name)
{
    ConstElementPtr value = arguments ? arguments->get(keyword) : nullptr;

    if (value && value->getType() != type) {
        throw CommandError("\"" + keyword + "\" must be " + type_name);
    }
    return value;
}

} // namespace

void accept_only(const ConstElementPtr &arguments,
                 const std::vector<std::string> &keywords)
{
    if (!arguments) {
        return;
    }
    if (arguments->getType() != Element::map) {
        throw CommandError("the arguments must be a map");
    }
    for (const auto &[keyword, value] : arguments->mapValue()) {
        if (std::find(keywords.begin(), keywords.end(), keyword) == keywords.end()) {
            throw CommandError("unknown argument " + quoted(keyword));
        }
    }
}

std::optional<IOAddress> address_argument(const ConstElementPtr &arguments)
{
    const ConstElementPtr value =
        find(arguments, "ip-address", Element::string, "a string");

    if (!value) {
        return std::nullopt;
    }

    auto address = parse_address(value->stringValue());

    if (!address) {
        throw CommandError(quoted(value->stringValue()) + " is not an " +
                           (serves_ipv6() ? "IPv6" : "IPv4") + " address");
    }
    return address;
}

std::optional<std::string> hostname_argument(const ConstElementPtr &arguments)
{
    const ConstElementPtr value =
        find(arguments, "hostname", Element::string, "a string");

    if (!value) {
        return std::nullopt;
    }
    if (value->stringValue().empty()) {
        throw CommandError("\"hostname\" must not be empty");
    }
    if (value->stringValue() == ".") {
        throw CommandError("the root is no host name");
    }
    return value->stringValue();
}

std::optional<SubnetID> subnet_argument(const ConstElementPtr &arguments)
{
    const ConstElementPtr value =
        find(arguments, "subnet-id", Element::integer, "an integer");

    if (!value) {
        return std::nullopt;
    }
    if (value->intValue() < 1 || value->intValue() > UINT32_MAX) {
        throw CommandError("\"subnet-id\" is out of range");
    }
    return static_cast<SubnetID>(value->intValue());
}

bool flag_argument(const ConstElementPtr &arguments, const std::string &keyword)
{
    const ConstElementPtr value =
        find(arguments, keyword, Element::boolean, "true or false");

    return value && value->boolValue();
}

} // namespace ddns_hook
