// SPDX-License-Identifier: MPL-2.0
#include "lease_commands.h"

#include "elements.h"
#include "family.h"
#include "follow.h"
#include "lease_binding.h"
#include "lease_database.h"
#include "log.h"
#include "submit.h"

#include <cc/command_interpreter.h>
#include <dhcpsrv/lease.h>

#include <algorithm>
#include <limits>
#include <optional>

using isc::asiolink::IOAddress;
using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::LeasePtr;
using isc::dhcp::SubnetID;
using isc::hooks::CalloutHandle;

namespace ddns_hook
{

namespace
{

using Reach = ChangedLeases::Reach;
using Changes = std::vector<ChangedLeases>;

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

/// Nothing when the arguments name no address of this server's family.
std::optional<IOAddress> address_of(const ConstElementPtr &arguments)
{
    const auto text = member(arguments, "ip-address", Element::string);

    return text ? parse_address(text->stringValue()) : std::nullopt;
}

const IOAddress &no_address()
{
    return IOAddress::IPV4_ZERO_ADDRESS();
}

Changes all()
{
    return { { Reach::all, no_address(), 0 } };
}

Changes all_of(SubnetID subnet)
{
    return { { Reach::subnet, no_address(), subnet } };
}

/// A lease, by its address or, in a deletion, by its client and its subnet.  The
/// lease is gone by now, so in the latter case nothing says which one it was.
Changes of_one_lease(const ConstElementPtr &arguments)
{
    const SubnetID subnet = subnet_of(arguments);

    if (const auto address = address_of(arguments)) {
        return { { Reach::one, *address, subnet } };
    }
    return subnet != 0 ? all_of(subnet) : Changes();
}

Changes of_a_subnet(const ConstElementPtr &arguments)
{
    const SubnetID subnet = subnet_of(arguments);

    return subnet != 0 ? all_of(subnet) : all();
}

/// First those that were stored: a client that has moved takes its name along.
Changes of_two_lists(const ConstElementPtr &arguments)
{
    Changes changes;

    for (const char *name : { "leases", "deleted-leases" }) {
        const auto list = member(arguments, name, Element::list);

        for (size_t i = 0; list && i < list->size(); i++) {
            const Changes more = of_one_lease(list->get(static_cast<int>(i)));

            changes.insert(changes.end(), more.begin(), more.end());
        }
    }
    return changes;
}

const struct {
    const char *name; ///< after "lease4-" or "lease6-"
    Changes (*changes)(const ConstElementPtr &arguments);
} lease_commands[] = {
    { "add", of_one_lease },        { "update", of_one_lease }, { "del", of_one_lease },
    { "bulk-apply", of_two_lists }, { "wipe", of_a_subnet },
};

/// "add" for "lease4-add" in kea-dhcp4, "" for what is no command about its leases.
std::string verb_of(const std::string &command)
{
    const std::string leases = serves_ipv6() ? "lease6-" : "lease4-";

    return command.compare(0, leases.size(), leases) == 0 ? command.substr(leases.size())
                                                          : "";
}

void read_again(LeaseWalk &walk, SubnetID subnet)
{
    const auto range = subnet_range(subnet);

    if (range) {
        walk.request({ *range });
    }
}

void follow(ddns_client *client, LeaseWalk &walk, const ChangedLeases &changed)
{
    switch (changed.reach) {
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
    const LeasePtr lease = stored_lease(address);

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
    const auto address = address_of(arguments);
    ConstElementPtr response;

    handle.getArgument("response", response);
    if (address &&
        !answers_with(response, isc::config::CONTROL_RESULT_COMMAND_UNSUPPORTED)) {
        handle.setArgument("response", resend_lease(client, *address));
    }
}

} // namespace

Changes changed_leases(const std::string &name, const ConstElementPtr &arguments,
                       const ConstElementPtr &response)
{
    if (!answers_with(response, isc::config::CONTROL_RESULT_SUCCESS)) {
        return Changes();
    }
    if (name == "ha-sync") {
        return all();
    }

    const std::string verb = verb_of(name);

    for (const auto &command : lease_commands) {
        if (verb == command.name) {
            return command.changes(arguments);
        }
    }
    return Changes();
}

void follow_command(ddns_client *client, LeaseWalk &walk, CalloutHandle &handle)
{
    std::string name;
    ConstElementPtr arguments;
    ConstElementPtr response;

    handle.getArgument("name", name);
    handle.getArgument("arguments", arguments);
    if (verb_of(name) == "resend-ddns") {
        answer_resend(client, arguments, handle);
        return;
    }
    handle.getArgument("response", response);
    for (const ChangedLeases &changed : changed_leases(name, arguments, response)) {
        follow(client, walk, changed);
    }
}

} // namespace ddns_hook
