// SPDX-License-Identifier: MPL-2.0
#include "lease_walk.h"

#include "follow.h"
#include "lease_binding.h"
#include "log.h"
#include "submit.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

using isc::asiolink::IOAddress;
using isc::dhcp::Lease;
using isc::dhcp::LeasePtr;
using isc::dhcp::NetworkStatePtr;
using std::chrono::steady_clock;

namespace ddns_hook
{

namespace
{

constexpr size_t page_size = 500;       // leases read at a time: about a millisecond
constexpr uint64_t enough_work = 20000; // leases on their way to DNS: read no more
constexpr auto retry_after = std::chrono::seconds(10);
constexpr auto page_pace = std::chrono::milliseconds(10);

/// While there is nothing to read.  A high-availability library puts the service on
/// again with the partner's next heartbeat, which may be due at once.
constexpr auto watch_pace = std::chrono::milliseconds(500);
constexpr auto watch_pace_with_partners = std::chrono::milliseconds(20);

/// Kea tells of a release before it deletes the lease.  One that was told of just
/// before a walk began is gone when the reading does.
constexpr auto settling_time = std::chrono::milliseconds(500);

/// Does a reading of @p queued do all that one of @p range is for?
bool covers(const WalkRange &queued, const WalkRange &range)
{
    return !range.on_read && (queued.afresh || !range.afresh) &&
           !(range.addresses.first < queued.addresses.first) &&
           !(queued.addresses.last < range.addresses.last);
}

/// Where a reading of these addresses begins: leases_after() has the first of them.
IOAddress before(const AddressRange &addresses)
{
    IOAddress zero = all_addresses().first;

    if (addresses.first == zero || !in_address_order(zero)) {
        return zero;
    }
    return IOAddress(addresses.first.toUint32() - 1);
}

void throw_unless_ok(ddns_error error)
{
    if (error != DDNS_OK) {
        throw std::runtime_error(ddns_strerror(error));
    }
}

} // namespace

LeaseWalk::LeaseWalk(NetworkStatePtr state, Partners partners)
    : state_(std::move(state)), partners_(std::move(partners)),
      watch_pace_(partners_.any() ? watch_pace_with_partners : watch_pace),
      last_read_(all_addresses().first), pacer_([this] { step(); })
{
    rest();
}

void LeaseWalk::attach(ddns_client *client)
{
    client_ = client;
}

void LeaseWalk::request(const WalkRange &range)
{
    const std::lock_guard<std::mutex> guard(lock_);

    if (std::any_of(queue_.begin(), queue_.end(),
                    [&](const WalkRange &queued) { return covers(queued, range); })) {
        return;
    }
    queue_.push_back(range);
    progress_.waiting = queue_.size();
    progress_.running = true;
    pacer_.set(page_pace);
}

bool LeaseWalk::service_is_off() const
{
    return state_ && !state_->isServiceEnabled();
}

void LeaseWalk::put_by(const LeasePtr &ended)
{
    const std::lock_guard<std::mutex> guard(lock_);

    put_by_[ended->addr_] = ended;
}

/// There is nothing to read; only the service has to be watched.
void LeaseWalk::rest()
{
    const bool watches = state_ || partners_.any();

    pacer_.set(watches ? watch_pace_ : std::chrono::milliseconds(0));
}

WalkProgress LeaseWalk::progress() const
{
    const std::lock_guard<std::mutex> guard(lock_);

    return progress_;
}

bool LeaseWalk::next_range(WalkRange &range)
{
    const std::lock_guard<std::mutex> guard(lock_);

    if (queue_.empty()) {
        progress_.running = false;
        rest();
        return false;
    }
    range = queue_.front();
    queue_.pop_front();
    progress_.waiting = queue_.size();
    progress_.read = 0;
    return true;
}

void LeaseWalk::begin(const WalkRange &range)
{
    const ddns_range bounds = { address_of(range.addresses.first),
                                address_of(range.addresses.last) };

    range_ = range;
    last_read_ = before(range.addresses);
    read_ = named_ = unusable_ = 0;
    began_ = steady_clock::now();
    if (walked_before_) {
        not_before_ = began_ + settling_time;
    }
    walked_before_ = true;
    throw_unless_ok(ddns_client_walk_begin(client_, &bounds, range.afresh));
}

void LeaseWalk::end()
{
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        steady_clock::now() - began_);

    throw_unless_ok(ddns_client_walk_end(client_, true));
    phase_ = Phase::withdrawing;
    LOG_INFO(logger, DNS_UPDATE_LEASES_READ)
        .arg(read_)
        .arg(took.count())
        .arg(named_)
        .arg(unusable_);
}

Leases LeaseWalk::put_by_page() const
{
    const std::lock_guard<std::mutex> guard(lock_);
    Leases page;

    for (const auto &[address, lease] : put_by_) {
        if (page.size() == page_size) {
            break;
        }
        page.push_back(lease);
    }
    return page;
}

/// They expired in a database of the past; now it is known whether they live.  False
/// when that was said of all of them.
bool LeaseWalk::withdraw_page()
{
    const Leases page = put_by_page();

    for (const LeasePtr &lease : page) {
        follow_address(client_, lease_binding(*lease)); // throws: it stays put by

        const std::lock_guard<std::mutex> guard(lock_);
        const auto place = put_by_.find(lease->addr_);

        if (place != put_by_.end() && place->second == lease) {
            put_by_.erase(place);
        }
    }
    return !page.empty();
}

void LeaseWalk::visit(const Lease &lease)
{
    if (!is_of_an_address(lease) || !is_in(lease.addr_, range_.addresses)) {
        return;
    }
    read_++;
    if (!in_force(lease)) {
        return;
    }

    if (range_.on_lease) {
        range_.on_lease(lease);
    }

    const LeaseBinding binding = lease_binding(lease);

    if (binding.directions != 0) {
        named_++;
        unusable_ += resume(client_, binding) ? 0 : 1;
    }
}

/// Enough is on its way to DNS, and DNS takes it.  Where it takes nothing there is
/// nothing to wait for: other zones may, and what is read takes little room.
bool LeaseWalk::dns_is_busy()
{
    const auto now = steady_clock::now();
    ddns_stats stats = {};

    ddns_client_stats(client_, &stats);
    if (stats.added + stats.removed != taken_) {
        taken_ = stats.added + stats.removed;
        taken_at_ = now;
    }
    return stats.unsettled > enough_work && now - taken_at_ < std::chrono::seconds(1);
}

/// A single lease is looked up where it could not be found without reading them all.
Leases LeaseWalk::next_page() const
{
    const AddressRange &wanted = range_.addresses;

    if (wanted.first == wanted.last) {
        const auto only = stored_lease(wanted.first);

        return only ? Leases{ only } : Leases();
    }
    return leases_after(last_read_, page_size);
}

/// False when the range has been read to its end.
bool LeaseWalk::read_page()
{
    const Leases page = next_page();

    for (const auto &lease : page) {
        last_read_ = lease->addr_;
        if (in_address_order(last_read_) && range_.addresses.last < last_read_) {
            return false;
        }
        visit(*lease);
    }

    const std::lock_guard<std::mutex> guard(lock_);

    progress_.read = read_;
    return page.size() == page_size;
}

/// Notice when the service goes off and comes on; false while it is off.
bool LeaseWalk::service_is_on()
{
    const std::string states = partners_.states();
    const bool off = service_is_off();

    if (off && !was_off_) {
        LOG_INFO(logger, DNS_UPDATE_SERVICE_OFF);
    } else if (!off && (was_off_ || states != partner_states_)) {
        request(WalkRange()); // leases may have come that no callout has told of
    }
    was_off_ = off;
    partner_states_ = states;
    return !off;
}

/// Are the leases there, and does somebody have use for them?
bool LeaseWalk::may_read()
{
    return client_ != nullptr && service_is_on() && steady_clock::now() >= not_before_ &&
           !dns_is_busy();
}

void LeaseWalk::begin_next()
{
    WalkRange range;

    if (next_range(range)) {
        phase_ = Phase::reading;
        begin(range);
    }
}

void LeaseWalk::conclude()
{
    phase_ = Phase::idle;
    if (range_.on_read) {
        range_.on_read();
    }
}

void LeaseWalk::advance()
{
    switch (phase_) {
    case Phase::idle:
        begin_next();
        break;
    case Phase::reading:
        if (!read_page()) {
            end();
        }
        break;
    case Phase::withdrawing:
        if (!withdraw_page()) {
            conclude();
        }
        break;
    }
}

void LeaseWalk::step()
{
    try {
        if (may_read()) {
            advance();
        }
    } catch (const std::exception &ex) {
        fail(ex.what());
    } catch (...) {
        fail("unknown exception");
    }
}

/// Nothing is concluded from what could not be read: beginning again ends this walk.
void LeaseWalk::fail(const char *why)
{
    LOG_ERROR(logger, DNS_UPDATE_LEASES_READ_FAILED).arg(printable(why));
    phase_ = Phase::idle;
    not_before_ = steady_clock::now() + retry_after;

    const std::lock_guard<std::mutex> guard(lock_);

    queue_.push_front(range_);
    progress_.waiting = queue_.size();
}

} // namespace ddns_hook
