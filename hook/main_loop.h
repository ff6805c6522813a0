// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_MAIN_LOOP_H
#define DDNS_HOOK_MAIN_LOOP_H

#include "pacer.h"

#include <future>

namespace ddns_hook
{

/// Tells the other threads when the server is through with its configuration.
///
/// Kea takes its log down and sets it up again after the last callout of a
/// configuration.  What another thread logs meanwhile is lost: it waits for this.
class MainLoop
{
  public:
    /// Main thread, while the server is being configured.  Throws std::runtime_error.
    MainLoop();

    /// Main thread: nobody has to wait any longer.  Called by itself as soon as the
    /// server looks for packets.
    void reached();

    /// Any other thread: until then, but no longer than a second, as a line of a log
    /// is worth no more.
    void await() const;

  private:
    std::promise<void> promise_;
    const std::shared_future<void> reached_;
    bool is_reached_ = false; ///< the main thread's
    Pacer pacer_;             ///< last: nothing is called after it is gone
};

} // namespace ddns_hook

#endif
