// SPDX-License-Identifier: MPL-2.0
#include "main_loop.h"

namespace ddns_hook
{

namespace
{

constexpr auto pace = std::chrono::milliseconds(1);
constexpr auto longest_wait = std::chrono::seconds(1);

} // namespace

MainLoop::MainLoop() : reached_(promise_.get_future()), pacer_([this] { reached(); })
{
    pacer_.set(pace);
}

void MainLoop::reached()
{
    pacer_.set(std::chrono::milliseconds(0));
    if (!is_reached_) {
        is_reached_ = true;
        promise_.set_value();
    }
}

void MainLoop::await() const
{
    reached_.wait_for(longest_wait);
}

} // namespace ddns_hook
