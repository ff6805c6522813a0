// SPDX-License-Identifier: MPL-2.0
#include "lease_commands.h"

#include "follow.h"
#include "lease_binding.h"
#include "log.h"
#include "submit.h"

#include <cc/command_interpreter.h>
#include <dhcpsrv/lease.h>

#include <algorithm>
#include <limits>

using isc::asiolink::IOAddress;
using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::Lease4Ptr;
using isc::dhcp::SubnetID;
using isc::hooks::CalloutHandle;

namespace ddns_hook
{

namespace
{

using Reach = ChangedLeases::Reach;

/// The member @p name of @p map, or null when there is none of this type.
ConstElementPtr member(const ConstElementPtr &map, const char *name, Element::types type)
{
    if (!map || map->getType() != Element::map) {
        return ConstElementPtr();
    }

    const ConstElementPtr value = map->get(name);

    return value && value->getType() == type ? value : ConstElementPtr();
}

bool answers_with(const ConstElementPtr &response, int result)
{
    const auto code = member(response, "result", Element::integer);

    return code && code->intValue() == result;
}

/// Zero, Kea's word for no subnet, when the arguments name none.
SubnetID subnet_of(const ConstElementPtr &arguments)
{
    const auto id = member(arguments, "subnet-id", Element::integer);
    const int64_t value = id ? id->intValue() : 0;

    return value < 0 || value > std::numeric_limits<SubnetID>::max()
               ? 0
               : static_cast<SubnetID>(value);
}

/// False when the arguments name no IPv4 address.
bool address_of(const ConstElementPtr &arguments, IOAddress &out_address)
{
    const auto text = member(arguments, "ip-address", Element::string);
    ddns_address parsed;

    if (!text || ddns_address_parse(text->stringValue().c_str(), &parsed) != DDNS_OK ||
        parsed.len != 4) {
        return false;
    }
    out_address = IOAddress::fromBytes(AF_INET, parsed.bytes);
    return true;
}

/// A lease, by its address or, in lease4-del, by its client and its subnet.  The
/// lease is gone by now, so in the latter case nothing says which one it was.
ChangedLeases of_one_lease(const ConstElementPtr &arguments)
{
    ChangedLeases changed;

    changed.subnet = subnet_of(arguments);
    if (address_of(arguments, changed.address)) {
        changed.reach = Reach::one;
    } else if (changed.subnet != 0) {
        changed.reach = Reach::subnet;
    }
    return changed;
}

ChangedLeases of_a_subnet(const ConstElementPtr &arguments)
{
    ChangedLeases changed;

    changed.subnet = subnet_of(arguments);
    changed.reach = changed.subnet != 0 ? Reach::subnet : Reach::all;
    return changed;
}

ChangedLeases of_all(const ConstElementPtr &)
{
    ChangedLeases changed;

    changed.reach = Reach::all;
    return changed;
}

const struct {
    const char *name;
    ChangedLeases (*changes)(const ConstElementPtr &arguments);
} commands[] = {
    { "lease4-add", of_one_lease }, { "lease4-update", of_one_lease },
    { "lease4-del", of_one_lease }, { "lease4-wipe", of_a_subnet },
    { "ha-sync", of_all },
};

void read_again(LeaseWalk &walk, SubnetID subnet)
{
    const auto range = subnet_range(subnet);

    if (range) {
        walk.request({ range->first, range->second, false, {} });
    }
}

void follow(ddns_client *client, LeaseWalk &walk, const ChangedLeases &changed)
{
    switch (changed.reach) {
    case Reach::none:
        break;
    case Reach::one:
        follow_address(client, binding_of_nobody(changed.address));
        break;
    case Reach::subnet:
        read_again(walk, changed.subnet);
        break;
    case Reach::all:
        walk.request(WalkRange());
        break;
    }
}

/// Words and results are close to those of Kea's own command.
ConstElementPtr resend_lease(ddns_client *client, const IOAddress &address)
{
    const std::string where = address.toText();
    const Lease4Ptr lease = stored_lease(address);

    if (!lease || !in_force(*lease)) {
        return createAnswer(isc::config::CONTROL_RESULT_EMPTY,
                            "No lease found for: " + where);
    }

    const LeaseBinding binding = lease_binding(*lease);

    if (binding.directions == 0) {
        return createAnswer(isc::config::CONTROL_RESULT_ERROR,
                            "Lease for: " + where + ", has nothing to update");
    }

    const ddns_error error = resend(client, binding);

    if (error != DDNS_OK) {
        return createAnswer(isc::config::CONTROL_RESULT_ERROR,
                            "Lease for: " + where + ", hostname: " +
                                printable(binding.fqdn) + ": " + ddns_strerror(error));
    }
    return createAnswer(isc::config::CONTROL_RESULT_SUCCESS,
                        "DNS update sent again for: " + where +
                            ", hostname: " + printable(binding.fqdn));
}

/// Kea, whose own updates are off, has refused the command by now.
void answer_resend(ddns_client *client, const ConstElementPtr &arguments,
                   CalloutHandle &handle)
{
    IOAddress address = IOAddress::IPV4_ZERO_ADDRESS();
    ConstElementPtr response;

    handle.getArgument("response", response);
    if (answers_with(response, isc::config::CONTROL_RESULT_COMMAND_UNSUPPORTED) ||
        !address_of(arguments, address)) {
        return;
    }
    handle.setArgument("response", resend_lease(client, address));
}

} // namespace

ChangedLeases changed_leases(const std::string &name, const ConstElementPtr &arguments,
                             const ConstElementPtr &response)
{
    if (!answers_with(response, isc::config::CONTROL_RESULT_SUCCESS)) {
        return ChangedLeases();
    }
    for (const auto &command : commands) {
        if (name == command.name) {
            return command.changes(arguments);
        }
    }
    return ChangedLeases();
}

void follow_command(ddns_client *client, LeaseWalk &walk, CalloutHandle &handle)
{
    std::string name;
    ConstElementPtr arguments;
    ConstElementPtr response;

    handle.getArgument("name", name);
    handle.getArgument("arguments", arguments);
    if (name == "lease4-resend-ddns") {
        answer_resend(client, arguments, handle);
        return;
    }
    handle.getArgument("response", response);
    follow(client, walk, changed_leases(name, arguments, response));
}

} // namespace ddns_hook
