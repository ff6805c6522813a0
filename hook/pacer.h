// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_PACER_H
#define DDNS_HOOK_PACER_H

#include <chrono>
#include <functional>

namespace ddns_hook
{

/// Calls a function again and again on the server's main thread, between packets.
///
/// Kea's own timers are looked at once a second when no packet arrives.  A file
/// descriptor that Kea watches wakes it at once, but one that is always ready would
/// keep Kea 2.2 from its packets; so a timer makes it ready every few milliseconds.
class Pacer
{
  public:
    /// Main thread.  @p step must not throw.  Throws std::runtime_error.
    explicit Pacer(std::function<void()> step);
    ~Pacer(); ///< Main thread.
    Pacer(const Pacer &) = delete;
    Pacer &operator=(const Pacer &) = delete;

    /// Any thread: from now on every @p interval; never, for zero.
    void set(std::chrono::milliseconds interval);

  private:
    void tick();

    std::function<void()> step_;
    int timer_;
};

} // namespace ddns_hook

#endif
