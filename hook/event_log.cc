// SPDX-License-Identifier: MPL-2.0
#include "event_log.h"

#include "events.h"

#include <chrono>

namespace ddns_hook
{

namespace
{

constexpr auto pace = std::chrono::milliseconds(1);

std::string copy_of(const char *text)
{
    return text == nullptr ? std::string() : text;
}

/// @p kept in the place of @p pointer, unless that is null.
void restore(const char *&pointer, const std::string &kept)
{
    if (pointer != nullptr) {
        pointer = kept.c_str();
    }
}

} // namespace

KeptEvent::KeptEvent(const ddns_event &event)
    : event_(event), fqdn_(copy_of(event.fqdn)), zone_(copy_of(event.zone)),
      detail_(copy_of(event.detail)), server_(copy_of(event.server)),
      key_(copy_of(event.key))
{
    if (event.address != nullptr) {
        address_ = *event.address;
    }
}

ddns_event KeptEvent::get() const
{
    ddns_event event = event_;

    if (event.address != nullptr) {
        event.address = &address_;
    }
    restore(event.fqdn, fqdn_);
    restore(event.zone, zone_);
    restore(event.detail, detail_);
    restore(event.server, server_);
    restore(event.key, key_);
    return event;
}

EventLog::EventLog() : pacer_([this] { begin(); })
{
    pacer_.set(pace);
}

void EventLog::add(const ddns_event &event) noexcept
{
    const std::lock_guard<std::mutex> guard(lock_);

    if (!begun_) {
        try {
            kept_.emplace_back(event);
            return;
        } catch (...) { // NOLINT(bugprone-empty-catch): no memory; it may be lost, then
        }
    }
    log_event(&event);
}

void EventLog::begin() noexcept
{
    const std::lock_guard<std::mutex> guard(lock_);

    pacer_.set(std::chrono::milliseconds(0));
    for (const KeptEvent &kept : kept_) {
        const ddns_event event = kept.get();

        log_event(&event);
    }
    kept_.clear();
    begun_ = true;
}

} // namespace ddns_hook
