// SPDX-License-Identifier: MPL-2.0
#include "statistics.h"

#include <chrono>
#include <exception>

namespace ddns_hook
{

namespace
{

using Kind = StatisticScope::Kind;

constexpr auto pace = std::chrono::seconds(1);

std::string zone_scope(ddns_direction direction, const char *zone)
{
    const char *word = direction == DDNS_FORWARD ? "forward-zone[" : "reverse-zone[";

    return std::string(word) + zone + "]";
}

std::string server_scope(const char *server)
{
    return std::string("server[") + server + "]";
}

std::string key_scope(const char *key)
{
    return std::string("key[") + key + "]";
}

extern "C" void take_statistics(void *user, const ddns_statistics *statistics)
{
    try {
        static_cast<Statistics *>(user)->take(*statistics);
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; in a second, then
    }
}

} // namespace

Statistics::Statistics(ddns_client *client) : client_(client), pacer_([this] { step(); })
{
    step();
    pacer_.set(pace);
}

Statistics::~Statistics()
{
    for (const auto &one : scopes_) {
        one.second.remove();
    }
}

StatisticScope &Statistics::scope(const std::string &name, Kind kind)
{
    return scopes_.try_emplace(name, name, kind).first->second;
}

void Statistics::take(const ddns_statistics &statistics)
{
    StatisticScope &whole = scope("", Kind::whole);

    for (auto &one : scopes_) {
        one.second.begin();
    }
    whole.add(statistics.totals);
    for (size_t i = 0; i < statistics.zone_count; i++) {
        const ddns_zone_load &zone = statistics.zones[i];

        scope(zone_scope(zone.direction, zone.zone), Kind::zone).add(zone);
    }
    for (size_t i = 0; i < statistics.server_count; i++) {
        const ddns_server_health &server = statistics.servers[i];

        whole.add(server);
        scope(server_scope(server.server), Kind::server).add(server);
    }
    for (size_t i = 0; i < statistics.traffic_count; i++) {
        const ddns_traffic &traffic = statistics.traffic[i];

        whole.add(traffic);
        scope(zone_scope(traffic.direction, traffic.zone), Kind::zone).add(traffic);
        scope(server_scope(traffic.server), Kind::server).add(traffic);
        if (traffic.key != nullptr) {
            scope(key_scope(traffic.key), Kind::key).add(traffic);
        }
    }
}

void Statistics::step()
{
    try {
        ddns_client_statistics(client_, take_statistics, this);
        for (auto &one : scopes_) {
            one.second.tell();
        }
    } catch (const std::exception &) { // NOLINT(bugprone-empty-catch): as above
    }
}

} // namespace ddns_hook
