// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_BENCH_CALLOUT_CLOCK_H
#define DDNS_BENCH_CALLOUT_CLOCK_H

#include <cstdint>
#include <ctime>

/// CLOCK_MONOTONIC in nanoseconds.
inline uint64_t callout_now()
{
    constexpr uint64_t ns_per_s = 1000000000;
    timespec now = {};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * ns_per_s +
           static_cast<uint64_t>(now.tv_nsec);
}

#endif
