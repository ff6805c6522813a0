// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_CLIENT_H
#define DDNS_HOOK_CLIENT_H

#include "event_log.h"
#include "lease_walk.h"

#include <ddns/ddns.h>

#include <memory>
#include <utility>

namespace ddns_hook
{

/// How long a stop waits for what can still be told; a reload must be quick.
inline constexpr unsigned stop_grace_ms = 1000;

/// What a client's events are answered with.
struct Listener {
    LeaseWalk &walk;
    EventLog log;
};

/// Stopping the client joins its thread, so nothing of ours runs afterwards.
class StopClient
{
  public:
    StopClient() = default; ///< of no client
    explicit StopClient(std::unique_ptr<Listener> listener)
        : listener_(std::move(listener))
    {
    }

    void operator()(ddns_client *client) const
    {
        ddns_client_stop(client, stop_grace_ms);
        listener_->log.begin();
    }

  private:
    std::unique_ptr<Listener> listener_;
};
using ClientPtr = std::unique_ptr<ddns_client, StopClient>;

/// Start a client whose events are logged, and which has @p walk compare the leases
/// with a ledger that could not be read before.  @p walk must live longer.  Throws
/// std::runtime_error with one sentence that says why it cannot be.
ClientPtr start_client(const ddns_config &config, LeaseWalk &walk);

} // namespace ddns_hook

#endif
