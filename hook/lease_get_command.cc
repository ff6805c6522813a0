// SPDX-License-Identifier: MPL-2.0
#include "command_arguments.h"
#include "commands.h"
#include "lease_binding.h"
#include "lease_database.h"
#include "log.h"
#include "words.h"

#include <cc/command_interpreter.h>
#include <dhcpsrv/lease.h>

#include <set>
#include <string>

using isc::asiolink::IOAddress;
using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::Lease;
using isc::dhcp::LeasePtr;

namespace ddns_hook
{

namespace
{

struct Word {
    const char *name;
    const char *sentence;
};

Word word_of(const ddns_lease_info &info)
{
    switch (info.state) {
    case DDNS_LEASE_SETTLED:
        return { "settled", info.wanted != 0
                                ? "DNS says what the lease asks for"
                                : "DNS says nothing, as the lease asks for" };
    case DDNS_LEASE_QUEUED:
        return { "queued",
                 "the change leaves as soon as a DNS server of the zone takes it" };
    case DDNS_LEASE_IN_FLIGHT:
        return { "in-flight", "an update is on its way, its answer is awaited" };
    case DDNS_LEASE_CONFLICT:
        return { "conflict",
                 "the name belongs to another client or was made by hand; tried "
                 "again when a lease of this server gives it up, when the lease is "
                 "renewed, and by dns-update-resync" };
    case DDNS_LEASE_SUPERSEDED:
        return { "superseded", "another lease of the same client has the name" };
    case DDNS_LEASE_REFUSED:
        return { "refused",
                 "the DNS server takes other updates of the zone, but not this "
                 "one" };
    case DDNS_LEASE_UNHEARD:
        break;
    }
    return { "unheard",
             "known from the ledger; the lease database has not been read yet" };
}

ElementPtr wanted_element(const ddns_lease_info &info)
{
    ElementPtr wanted = Element::createMap();

    wanted->set("forward", Element::create((info.wanted & DDNS_FORWARD) != 0));
    wanted->set("reverse", Element::create((info.wanted & DDNS_REVERSE) != 0));
    if (info.fqdn != nullptr) {
        wanted->set("hostname", Element::create(std::string(info.fqdn)));
        wanted->set("ttl", Element::create(static_cast<long long>(info.ttl)));
        wanted->set("ddns-conflict-resolution-mode", Element::create(text_of(info.mode)));
    }
    return wanted;
}

ElementPtr told_element(const ddns_lease_info &info)
{
    ElementPtr told = Element::createMap();

    if (info.told_fqdn != nullptr) {
        told->set("hostname", Element::create(std::string(info.told_fqdn)));
        told->set("hostname-confirmed", Element::create(info.told_fqdn_sure));
    }
    if (info.told_ptr != nullptr) {
        told->set("ptr", Element::create(std::string(info.told_ptr)));
        told->set("ptr-confirmed", Element::create(info.told_ptr_sure));
    }
    if (told->size() > 0 && info.told_at != 0) {
        told->set("since", Element::create(text_of_time(info.told_at)));
    }
    return told;
}

ElementPtr lease_element(const ddns_lease_info &info)
{
    const Word word = word_of(info);
    ElementPtr lease = Element::createMap();

    lease->set("ip-address", Element::create(text_of(info.address)));
    lease->set("state", Element::create(std::string(word.name)));
    lease->set("text", Element::create(std::string(word.sentence)));
    lease->set("wanted", wanted_element(info));
    lease->set("told", told_element(info));
    if (info.answered_at != 0) {
        const Answer answer = { info.error, info.rcode, info.tsig_error };
        ElementPtr last = Element::createMap();

        last->set("time", Element::create(text_of_time(info.answered_at)));
        last->set("text", Element::create(text_of(answer)));
        lease->set("last-answer", last);
    }
    if (info.zone != nullptr) {
        lease->set("zone", Element::create(std::string(info.zone)));
    }
    if (info.retry_ms != UINT64_MAX) {
        lease->set("retry-in-ms", Element::create(static_cast<long long>(info.retry_ms)));
    }
    return lease;
}

/// What is being gathered for one answer.
struct Found {
    ElementPtr leases = Element::createList();
    std::set<std::string> addresses;
};

/// Called on the client's thread while the main thread waits.
extern "C" void show_lease(void *user, const ddns_lease_info *info)
{
    try {
        auto &found = *static_cast<Found *>(user);

        found.leases->add(lease_element(*info));
        found.addresses.insert(text_of(info->address));
    } catch (...) { // NOLINT(bugprone-empty-catch): memory ran out; what fits is shown
    }
}

/// Why nothing is known of a lease that the database has.
std::string why_nothing(ddns_client *client, const Lease &lease)
{
    if (!is_assigned(lease)) {
        return "the address is not leased: its lease is " +
               Lease::basicStatesToText(lease.state_);
    }
    if (lease.expired()) {
        return "the lease has expired";
    }
    if (lease.hostname_.empty()) {
        return "the lease has no host name: the client sent none, and none is generated "
               "(ddns-replace-client-name)";
    }
    if (!lease.fqdn_fwd_ && !lease.fqdn_rev_) {
        return "the server decided to make no records: ddns-send-updates is off, or the "
               "client asked to make them itself (ddns-override-client-update, "
               "ddns-override-no-update)";
    }

    const LeaseBinding binding = lease_binding(lease);
    const ddns_binding view = view_of(binding);
    const ddns_error error = ddns_client_check(client, &view);

    return error == DDNS_OK ? "not told to DNS yet" : ddns_strerror(error);
}

void add_unknown(ddns_client *client, Found &found, const Lease &lease)
{
    const std::string address = lease.addr_.toText();

    if (!found.addresses.insert(address).second) {
        return;
    }

    ElementPtr element = Element::createMap();

    element->set("ip-address", Element::create(address));
    element->set("state", Element::create(std::string("none")));
    element->set("text", Element::create(why_nothing(client, lease)));
    element->set("hostname", Element::create(printable(lease.hostname_)));
    found.leases->add(element);
}

void throw_unless_ok(ddns_error error)
{
    if (error != DDNS_OK) {
        throw CommandError(std::string("not now: ") + ddns_strerror(error));
    }
}

void find_address(ddns_client *client, const IOAddress &address, Found &found)
{
    const ddns_address wanted = address_of(address);

    throw_unless_ok(ddns_client_lease(client, &wanted, show_lease, &found));

    const LeasePtr lease = stored_lease(address);

    if (lease) {
        add_unknown(client, found, *lease);
    }
}

void find_name(ddns_client *client, const std::string &name, Found &found)
{
    const ddns_error error =
        ddns_client_leases_named(client, name.c_str(), show_lease, &found);

    if (error == DDNS_E_NAME) {
        throw CommandError(ddns_strerror(error));
    }
    throw_unless_ok(error);
    for (const std::string &spelling : spellings(name)) {
        for (const LeasePtr &lease : leases_named(spelling)) {
            add_unknown(client, found, *lease);
        }
    }
}

std::string summary(const Found &found)
{
    if (found.leases->empty()) {
        return "neither a lease nor a DNS record of one is known";
    }
    if (found.leases->size() > 1) {
        return std::to_string(found.leases->size()) + " leases";
    }

    const ConstElementPtr only = found.leases->get(0);

    return only->get("ip-address")->stringValue() + ": " +
           only->get("text")->stringValue();
}

} // namespace

ConstElementPtr dns_update_lease_get(const Service &service,
                                     const ConstElementPtr &arguments)
{
    accept_only(arguments, { "ip-address", "hostname" });

    const auto address = address_argument(arguments);
    const auto hostname = hostname_argument(arguments);
    Found found;

    if (address.has_value() == hostname.has_value()) {
        throw CommandError("one of \"ip-address\" and \"hostname\" must be given");
    }
    if (address) {
        find_address(service.client, *address, found);
    } else {
        find_name(service.client, *hostname, found);
    }

    ElementPtr result = Element::createMap();

    result->set("leases", found.leases);
    return createAnswer(found.leases->empty() ? isc::config::CONTROL_RESULT_EMPTY
                                              : isc::config::CONTROL_RESULT_SUCCESS,
                        summary(found), result);
}

} // namespace ddns_hook
