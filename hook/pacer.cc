// SPDX-License-Identifier: MPL-2.0
#include "pacer.h"

#include <dhcp/iface_mgr.h>

#include <sys/select.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <system_error>
#include <utility>

using isc::dhcp::IfaceMgr;

namespace ddns_hook
{

namespace
{

constexpr long ms_per_s = 1000;
constexpr long ns_per_ms = 1000000;

} // namespace

Pacer::Pacer(std::function<void()> step)
    : step_(std::move(step)),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC))
{
    if (timer_ < 0) {
        throw std::system_error(errno, std::generic_category(), "no timer");
    }
    if (timer_ >= FD_SETSIZE) { // Kea 2.2 watches with select()
        close(timer_);
        throw std::runtime_error("too many open files");
    }
    try {
        IfaceMgr::instance().addExternalSocket(timer_, [this](int) { tick(); });
    } catch (...) {
        close(timer_);
        throw;
    }
}

Pacer::~Pacer()
{
    IfaceMgr::instance().deleteExternalSocket(timer_);
    close(timer_);
}

void Pacer::set(std::chrono::milliseconds interval)
{
    const auto ms = static_cast<long>(interval.count());
    itimerspec spec = {};

    spec.it_interval.tv_sec = ms / ms_per_s;
    spec.it_interval.tv_nsec = ms % ms_per_s * ns_per_ms;
    spec.it_value = spec.it_interval;
    timerfd_settime(timer_, 0, &spec, nullptr);
}

void Pacer::tick()
{
    uint64_t expirations = 0;

    if (read(timer_, &expirations, sizeof expirations) == sizeof expirations) {
        step_();
    }
}

} // namespace ddns_hook
