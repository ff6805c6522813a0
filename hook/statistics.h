// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_STATISTICS_H
#define DDNS_HOOK_STATISTICS_H

#include "pacer.h"
#include "statistic_scope.h"

#include <ddns/ddns.h>

#include <map>
#include <string>

namespace ddns_hook
{

/// Keeps Kea's own statistics manager in step with what the client counts, for
/// statistic-get-all and whatever reads that.
///
/// Kea does not lock its statistics while it has one thread, so all of this happens on
/// the main thread, once a second.
class Statistics
{
  public:
    /// Main thread.  @p client is borrowed.  Throws std::runtime_error.
    explicit Statistics(ddns_client *client);
    ~Statistics(); ///< Main thread: removes them.
    Statistics(const Statistics &) = delete;
    Statistics &operator=(const Statistics &) = delete;

    /// Called by the client, under its lock.
    void take(const ddns_statistics &statistics);

  private:
    StatisticScope &scope(const std::string &name, StatisticScope::Kind kind);
    void step();

    ddns_client *client_;
    std::map<std::string, StatisticScope> scopes_; ///< "" is the whole
    Pacer pacer_; ///< last: nothing is called after it is gone
};

} // namespace ddns_hook

#endif
