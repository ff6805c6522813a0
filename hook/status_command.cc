// SPDX-License-Identifier: MPL-2.0
#include "command_arguments.h"
#include "commands.h"
#include "words.h"

#include <cc/command_interpreter.h>

#include <cstdint>
#include <string>
#include <vector>

using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace ddns_hook
{

namespace
{

ElementPtr number(uint64_t value)
{
    return Element::create(static_cast<long long>(value));
}

const char *word_of(ddns_server_state state)
{
    switch (state) {
    case DDNS_SERVER_READY:
        return "ready";
    case DDNS_SERVER_RESTING:
        return "resting";
    case DDNS_SERVER_REFUSING:
        break;
    }
    return "refusing";
}

const char *word_of(ddns_ledger_state state)
{
    switch (state) {
    case DDNS_LEDGER_IS_OFF:
        return "off";
    case DDNS_LEDGER_IS_READING:
        return "reading";
    case DDNS_LEDGER_IS_UP:
        return "up";
    case DDNS_LEDGER_IS_DOWN:
        break;
    }
    return "down";
}

ElementPtr server_element(const ddns_zone_info &info)
{
    const Answer last = { info.error, info.rcode, info.tsig_error, info.clock_skew };
    ElementPtr server = Element::createMap();

    server->set("server", Element::create(std::string(info.server)));
    if (info.key != nullptr) {
        server->set("key", Element::create(std::string(info.key)));
    }
    server->set("state", Element::create(std::string(word_of(info.state))));
    if (info.since != 0) {
        server->set("since", Element::create(text_of_time(info.since)));
        server->set("last-error", Element::create(text_of(last)));
    }
    if (info.state != DDNS_SERVER_READY) {
        server->set("retry-in-ms", number(info.retry_ms));
    }
    return server;
}

/// A zone and its servers, while they are being listed.
struct ZoneStatus {
    std::string name;
    ddns_direction direction;
    ElementPtr element;
    ElementPtr servers;
};
using ZoneStatuses = std::vector<ZoneStatus>;

ZoneStatus zone_status(const ddns_zone_info &info)
{
    ZoneStatus zone = { info.zone, info.direction, Element::createMap(),
                        Element::createList() };
    const std::string direction = info.direction == DDNS_FORWARD ? "forward" : "reverse";

    zone.element->set("name", Element::create(zone.name));
    zone.element->set("direction", Element::create(direction));
    zone.element->set("waiting-leases", number(info.waiting));
    zone.element->set("refused-leases", number(info.refused));
    zone.element->set("updates-in-flight", number(info.in_flight));
    zone.element->set("servers", zone.servers);
    return zone;
}

/// Called on the client's thread while the main thread waits.
extern "C" void show_zone(void *user, const ddns_zone_info *info)
{
    try {
        auto &zones = *static_cast<ZoneStatuses *>(user);

        if (zones.empty() || zones.back().name != info->zone ||
            zones.back().direction != info->direction) {
            zones.push_back(zone_status(*info));
        }
        zones.back().servers->add(server_element(*info));
    } catch (...) { // NOLINT(bugprone-empty-catch): memory ran out; what fits is shown
    }
}

ElementPtr zones_element(ddns_client *client)
{
    ZoneStatuses zones;
    ElementPtr list = Element::createList();
    const ddns_error error = ddns_client_zones(client, show_zone, &zones);

    if (error != DDNS_OK) {
        throw CommandError(std::string("not now: ") + ddns_strerror(error));
    }
    for (const ZoneStatus &zone : zones) {
        list->add(zone.element);
    }
    return list;
}

ElementPtr ledger_element(ddns_client *client)
{
    ddns_ledger_info info = {};
    ElementPtr ledger = Element::createMap();

    ddns_client_ledger(client, &info);
    ledger->set("state", Element::create(std::string(word_of(info.state))));
    ledger->set("since", Element::create(text_of_time(info.since)));
    if (info.detail[0] != '\0') {
        ledger->set("last-error", Element::create(std::string(info.detail)));
    }
    return ledger;
}

void add_totals(const ElementPtr &status, const ddns_stats &stats)
{
    ElementPtr leases = Element::createMap();
    ElementPtr updates = Element::createMap();

    leases->set("known", number(stats.bindings));
    leases->set("unsettled", number(stats.unsettled));
    status->set("leases", leases);
    updates->set("in-flight", number(stats.in_flight));
    updates->set("sent", number(stats.sent));
    updates->set("answered", number(stats.answered));
    updates->set("timeouts", number(stats.timeouts));
    updates->set("ignored-answers", number(stats.ignored));
    updates->set("records-added", number(stats.added));
    updates->set("records-removed", number(stats.removed));
    updates->set("conflicts", number(stats.conflicts));
    updates->set("leases-refused", number(stats.refused));
    status->set("updates", updates);
}

ElementPtr walk_element(const LeaseWalk &walk)
{
    const WalkProgress progress = walk.progress();
    ElementPtr element = Element::createMap();

    element->set("running", Element::create(progress.running));
    element->set("leases-read", number(progress.read));
    element->set("waiting", number(progress.waiting));
    return element;
}

std::string summary(const Service &service, const ddns_stats &stats)
{
    ddns_ledger_info ledger = {};

    ddns_client_ledger(service.client, &ledger);
    if (ledger.state == DDNS_LEDGER_IS_READING) {
        return "the ledger is being read";
    }
    if (service.walk->progress().running) {
        return "the leases are being read";
    }
    if (stats.unsettled == 0) {
        return "DNS says what the leases say";
    }
    return std::to_string(stats.unsettled) + " leases wait for DNS";
}

} // namespace

ConstElementPtr dns_update_status(const Service &service,
                                  const ConstElementPtr &arguments)
{
    accept_only(arguments, {});

    ddns_stats stats = {};
    ElementPtr status = Element::createMap();

    status->set("zones", zones_element(service.client));
    ddns_client_stats(service.client, &stats);
    status->set("ledger", ledger_element(service.client));
    status->set("resync", walk_element(*service.walk));
    add_totals(status, stats);
    return createAnswer(isc::config::CONTROL_RESULT_SUCCESS, summary(service, stats),
                        status);
}

} // namespace ddns_hook
