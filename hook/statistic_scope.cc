// SPDX-License-Identifier: MPL-2.0
#include "statistic_scope.h"

#include <stats/stats_mgr.h>

#include <algorithm>
#include <numeric>

using isc::stats::StatsMgr;

namespace ddns_hook
{

namespace
{

uint64_t count(const ddns_traffic &traffic, ddns_counter counter)
{
    return traffic.counts[counter];
}

/// Kea keeps the last twenty values of each otherwise, and says so to all of them when
/// a configuration is in force: later than we are there.
void keep_one_sample(const std::string &name)
{
    StatsMgr::instance().setMaxSampleCount(name, 1);
}

} // namespace

/// The names that kea-dhcp-ddns has mean here what they mean there, but for
/// update-success, which counts nothing that the server did not do.
StatisticScope::Descriptions StatisticScope::describe()
{
    Descriptions all;
    const auto whole_only = [](const char *name, bool gauge) {
        return Description{ name, gauge, false, true, false, false, false };
    };
    const auto everywhere = [](const std::string &name, bool gauge, bool late) {
        return Description{ name, gauge, late, true, true, true, true };
    };
    const auto of_servers = [](const char *name) {
        return Description{ name, false, false, true, false, true, false };
    };

    all[in_flight] = everywhere("update-in-flight", true, false);
    all[changes] = everywhere("update-changes", false, false);
    all[round_trip_ms] = everywhere("update-round-trip-ms", false, false);
    all[latency_ms] = everywhere("update-latency-ms", false, false);
    all[sent_signed] = whole_only("update-signed", false);
    all[sent_unsigned] = whole_only("update-unsigned", false);
    all[backlog] = { "update-backlog", true, false, true, true, false, false };
    all[leases] = whole_only("update-leases", true);
    all[answer_ignored] = whole_only("update-answer-ignored", false);
    all[up] = { "update-server-up", true, false, false, false, true, false };
    all[connect_success] = of_servers("update-connect-success");
    all[connect_timeout] = of_servers("update-connect-timeout");
    all[connect_error] = of_servers("update-connect-error");
    for (unsigned i = 0; i < DDNS_COUNTERS; i++) {
        const std::string name = ddns_counter_name(static_cast<ddns_counter>(i));

        all[singles + i] = everywhere("update-" + name, false, false);
    }
    for (unsigned i = 0; i < DDNS_RCODES; i++) {
        std::string name = i < DDNS_RCODES - 1 ? ddns_rcode_text(i) : "other";

        for (char &c : name) {
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        all[first_rcode + i] = everywhere("update-rcode-" + name, false, true);
    }
    for (unsigned i = 0; i < DDNS_VERDICTS; i++) {
        const std::string name = ddns_verdict_name(static_cast<ddns_verdict>(i));

        all[first_verdict + i] = everywhere("update-tsig-" + name, false, true);
    }
    return all;
}

const StatisticScope::Descriptions &StatisticScope::descriptions()
{
    static const Descriptions all = describe();

    return all;
}

StatisticScope::StatisticScope(const std::string &name, Kind kind)
    : prefix_(name.empty() ? name : name + "."), kind_(kind)
{
}

bool StatisticScope::has(const Description &statistic) const
{
    switch (kind_) {
    case Kind::whole:
        return statistic.has_whole;
    case Kind::zone:
        return statistic.has_zone;
    case Kind::server:
        return statistic.has_server;
    case Kind::key:
        break;
    }
    return statistic.has_key;
}

void StatisticScope::begin()
{
    now_.fill(0);
}

void StatisticScope::add(const ddns_traffic &traffic)
{
    now_[in_flight] += ddns_traffic_in_flight(&traffic);
    now_[changes] += traffic.batch.sum;
    now_[round_trip_ms] += traffic.round_trip.sum;
    now_[latency_ms] += traffic.latency.sum;
    now_[traffic.key == nullptr ? sent_unsigned : sent_signed] +=
        count(traffic, DDNS_COUNT_SENT);
    for (size_t i = 0; i < DDNS_COUNTERS; i++) {
        now_[singles + i] += traffic.counts[i];
    }
    for (size_t i = 0; i < DDNS_RCODES; i++) {
        now_[first_rcode + i] += traffic.rcodes[i];
    }
    for (size_t i = 0; i < DDNS_VERDICTS; i++) {
        now_[first_verdict + i] += traffic.verdicts[i];
    }
}

void StatisticScope::add(const ddns_zone_load &load)
{
    now_[backlog] += load.backlog;
}

void StatisticScope::add(const ddns_server_health &health)
{
    now_[up] |= health.up ? 1U : 0U; // over TCP, or over UDP
    now_[connect_success] += health.connected;
    now_[connect_timeout] += health.connect_late;
    now_[connect_error] += health.unconnected;
}

void StatisticScope::add(const ddns_stats &totals)
{
    now_[backlog] = totals.unsettled;
    now_[leases] = totals.bindings;
    now_[answer_ignored] = totals.ignored;
}

void StatisticScope::tell(const Description &statistic, size_t index)
{
    const uint64_t added = now_[index] - told_[index];
    const bool first = !registered_ && !statistic.late;

    if (!statistic.gauge && added == 0 && !first) {
        return;
    }

    const std::string name = prefix_ + statistic.name;

    if (statistic.gauge) {
        StatsMgr::instance().setValue(name, static_cast<int64_t>(now_[index]));
    } else {
        StatsMgr::instance().addValue(name, static_cast<int64_t>(added));
        told_[index] = now_[index];
    }
    keep_one_sample(name);
}

void StatisticScope::tell()
{
    for (size_t i = 0; i < size; i++) {
        const Description &statistic = descriptions()[i];

        if (has(statistic)) {
            tell(statistic, i);
        }
    }
    registered_ = true;
}

void StatisticScope::remove() const
{
    for (const Description &statistic : descriptions()) {
        if (has(statistic)) {
            StatsMgr::instance().del(prefix_ + statistic.name);
        }
    }
}

} // namespace ddns_hook
