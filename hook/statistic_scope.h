// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_STATISTIC_SCOPE_H
#define DDNS_HOOK_STATISTIC_SCOPE_H

#include <ddns/ddns.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ddns_hook
{

/// The statistics of the whole, or of one zone, server or key.
///
/// A counter is told to Kea as what was added since the last time: so it goes on from
/// zero after statistic-reset, as Kea's own do, and comes back after statistic-remove.
class StatisticScope
{
  public:
    enum class Kind { whole, zone, server, key };

    /// @p name as in "key[dhcp-key.]"; empty for the whole.
    StatisticScope(const std::string &name, Kind kind);

    /// Forget what was added up.
    void begin();
    void add(const ddns_traffic &traffic);
    void add(const ddns_zone_load &load);
    void add(const ddns_server_health &health);
    void add(const ddns_stats &totals);

    /// Main thread: tell Kea what has been added up.
    void tell();
    /// Main thread: have Kea forget all of it.
    void remove() const;

  private:
    /// Those that are not in arrays of the client's.
    enum Single {
        in_flight,
        changes,
        round_trip_ms,
        latency_ms,
        sent_signed,
        sent_unsigned,
        backlog,
        leases,
        answer_ignored,
        up,
        connect_success,
        connect_timeout,
        connect_error,
        singles
    };
    static constexpr size_t first_rcode = singles + DDNS_COUNTERS;
    static constexpr size_t first_verdict = first_rcode + DDNS_RCODES;
    static constexpr size_t size = first_verdict + DDNS_VERDICTS;

    struct Description {
        std::string name;
        bool gauge;
        bool late; ///< is not there before it was counted
        bool has_whole, has_zone, has_server, has_key;
    };
    using Descriptions = std::array<Description, size>;

    static Descriptions describe();
    static const Descriptions &descriptions();
    bool has(const Description &statistic) const;
    void tell(const Description &statistic, size_t index);

    std::string prefix_;
    Kind kind_;
    bool registered_ = false;
    std::array<uint64_t, size> now_ = {};
    std::array<uint64_t, size> told_ = {};
};

} // namespace ddns_hook

#endif
