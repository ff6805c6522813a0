// SPDX-License-Identifier: MPL-2.0
#include "command_arguments.h"
#include "commands.h"
#include "lease_binding.h"
#include "lease_database.h"
#include "log.h"

#include <cc/command_interpreter.h>

#include <algorithm>
#include <set>
#include <string>

using isc::asiolink::IOAddress;
using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::dhcp::LeasePtr;
using isc::dhcp::SubnetID;

namespace ddns_hook
{

namespace
{

constexpr bool afresh = true;

WalkRange only(const IOAddress &address)
{
    return { { address, address }, afresh };
}

/// Called on the client's thread while the main thread waits.
extern "C" void note_address(void *user, const ddns_lease_info *info)
{
    try {
        static_cast<std::set<IOAddress> *>(user)->insert(io_address_of(info->address));
    } catch (...) { // NOLINT(bugprone-empty-catch): memory ran out; what fits is told
    }
}

/// Whoever has the name, or had it.
std::set<IOAddress> addresses_named(ddns_client *client, const std::string &name)
{
    std::set<IOAddress> addresses;
    const ddns_error error =
        ddns_client_leases_named(client, name.c_str(), note_address, &addresses);

    if (error != DDNS_OK) {
        throw CommandError(ddns_strerror(error));
    }
    for (const std::string &spelling : spellings(name)) {
        for (const LeasePtr &lease : leases_named(spelling)) {
            addresses.insert(lease->addr_);
        }
    }
    return addresses;
}

ConstElementPtr begun(const std::string &what)
{
    return createAnswer(isc::config::CONTROL_RESULT_SUCCESS,
                        what + " will be told to DNS again");
}

ConstElementPtr resync_name(const Service &service, const std::string &name)
{
    const std::set<IOAddress> addresses = addresses_named(service.client, name);

    if (addresses.empty()) {
        return createAnswer(isc::config::CONTROL_RESULT_EMPTY,
                            "no lease has the name " + quoted(name));
    }
    for (const IOAddress &address : addresses) {
        service.walk->request(only(address));
    }
    return begun("the leases of " + quoted(name));
}

ConstElementPtr resync_subnet(const Service &service, SubnetID id)
{
    const auto range = subnet_range(id);

    if (!range) {
        return createAnswer(isc::config::CONTROL_RESULT_EMPTY,
                            "there is no subnet " + std::to_string(id));
    }
    service.walk->request({ *range, afresh });
    return begun("the leases of subnet " + std::to_string(id));
}

} // namespace

ConstElementPtr dns_update_resync(const Service &service,
                                  const ConstElementPtr &arguments)
{
    accept_only(arguments, { "all", "subnet-id", "ip-address", "hostname" });

    const auto address = address_argument(arguments);
    const auto hostname = hostname_argument(arguments);
    const auto subnet = subnet_argument(arguments);
    const bool all = flag_argument(arguments, "all");

    if (int{ all } + int{ address.has_value() } + int{ hostname.has_value() } +
            int{ subnet.has_value() } !=
        1) {
        throw CommandError("one of \"all\": true, \"subnet-id\", \"ip-address\" and "
                           "\"hostname\" must be given");
    }
    if (hostname) {
        return resync_name(service, *hostname);
    }
    if (subnet) {
        return resync_subnet(service, *subnet);
    }
    if (address) {
        service.walk->request(only(*address));
        return begun("the lease of " + address->toText());
    }
    service.walk->request({ all_addresses(), afresh });
    return begun("all leases");
}

} // namespace ddns_hook
