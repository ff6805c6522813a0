// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LEASE_WALK_H
#define DDNS_HOOK_LEASE_WALK_H

#include "addresses.h"
#include "lease_binding.h"
#include "lease_database.h"
#include "pacer.h"
#include "partners.h"

#include <ddns/ddns.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/lease.h>
#include <dhcpsrv/network_state.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace ddns_hook
{

/// Addresses whose leases are to be read; all, if nothing else is said.
struct WalkRange {
    AddressRange addresses = all_addresses();
    bool afresh = false; ///< tell DNS again what it was told before
    /// Called on the main thread when they have been read; may be empty.
    std::function<void()> on_read = nullptr;
    /// Called on the main thread of each that is in force; may be empty.
    std::function<void(const isc::dhcp::Lease &)> on_lease = nullptr;
};

/// How far the reading of the lease database is.
struct WalkProgress {
    bool running = false;
    size_t read = 0;    ///< leases, in the walk under way or in the last one
    size_t waiting = 0; ///< walks that come after it
};

/// Reads the lease database and has DNS say what its active leases say, and nothing
/// where there is none.  Bit by bit on the server's main thread, where every lease
/// database may be read, so that no packet waits for long; and no faster than the
/// DNS servers take it.
///
/// A high-availability server that was away is off until it has the leases of its
/// partner, which come in without a word to any callout.  Until then its database is
/// of the past: nothing is read, and a lease that expires there is put by, as the
/// partner may have renewed it.  All is read when the service comes on, and when the
/// state of a server is another one: it may have been off for a moment.
class LeaseWalk
{
  public:
    /// On the main thread.  @p state may be null: the service is always on.  Throws
    /// std::runtime_error.
    LeaseWalk(isc::dhcp::NetworkStatePtr state, Partners partners);

    /// On the main thread, before it serves packets again: say it to @p client, which
    /// is borrowed.
    void attach(ddns_client *client);

    /// On any thread: have @p range read, after what was asked for before; once, where
    /// that has not yet begun and says it, too.  Nothing is read before attach().
    void request(const WalkRange &range);

    /// On any thread.
    WalkProgress progress() const;

    /// On any thread: is the server's DHCP service off?
    bool service_is_off() const;

    /// On any thread: withdraw @p ended after the next reading, if nobody has a lease
    /// of its address then.
    void put_by(const isc::dhcp::LeasePtr &ended);

  private:
    void step();
    void advance();
    bool service_is_on();
    bool may_read();
    Leases put_by_page() const;
    bool withdraw_page();
    void rest();
    void begin_next();
    void begin(const WalkRange &range);
    void end();
    void conclude();
    void visit(const isc::dhcp::Lease &lease);
    Leases next_page() const;
    bool read_page();
    bool dns_is_busy();
    bool next_range(WalkRange &range);
    void fail(const char *why);

    ddns_client *client_ = nullptr;
    const isc::dhcp::NetworkStatePtr state_;
    const Partners partners_;
    const std::chrono::milliseconds watch_pace_;
    mutable std::mutex lock_; ///< guards the three below
    std::deque<WalkRange> queue_;
    WalkProgress progress_;
    std::map<isc::asiolink::IOAddress, isc::dhcp::LeasePtr> put_by_;

    // Of the walk under way; the main thread's alone.
    bool was_off_ = false;
    std::string partner_states_;
    bool walked_before_ = false;
    enum class Phase { idle, reading, withdrawing } phase_ = Phase::idle;
    WalkRange range_;
    isc::asiolink::IOAddress last_read_; ///< at first: what comes before the range
    size_t read_ = 0;
    size_t named_ = 0;
    size_t unusable_ = 0;
    uint64_t taken_ = 0;                             ///< records that DNS had taken,
    std::chrono::steady_clock::time_point taken_at_; ///< when it took the last one
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point not_before_;

    Pacer pacer_; ///< last: nothing is called after it is gone
};

} // namespace ddns_hook

#endif
