// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_EVENT_LOG_H
#define DDNS_HOOK_EVENT_LOG_H

#include "pacer.h"

#include <ddns/ddns.h>

#include <mutex>
#include <string>
#include <vector>

namespace ddns_hook
{

/// A copy of an event that outlives the callback.
class KeptEvent
{
  public:
    explicit KeptEvent(const ddns_event &event);

    /// Valid as long as this is.
    ddns_event get() const;

  private:
    ddns_event event_; ///< its pointers say only which of those below there are
    ddns_address address_ = {};
    std::string fqdn_, zone_, detail_, server_, key_;
};

/// Logs a client's events, and keeps what happens while Kea sets up its log.
///
/// Kea takes its log down and sets it up again after the last callout of a
/// configuration.  What another thread logs meanwhile is lost.
class EventLog
{
  public:
    /// Main thread, while the server is being configured.  Throws std::runtime_error.
    EventLog();

    /// The client's thread.  Never throws.
    void add(const ddns_event &event) noexcept;

    /// Main thread: log what was kept, and from now on at once.  Called by itself as
    /// soon as the server looks for packets.
    void begin() noexcept;

  private:
    std::mutex lock_; ///< guards the two below
    bool begun_ = false;
    std::vector<KeptEvent> kept_;

    Pacer pacer_; ///< last: nothing is called after it is gone
};

} // namespace ddns_hook

#endif
