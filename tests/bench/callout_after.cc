// SPDX-License-Identifier: MPL-2.0
/// A hook library that stands after the one which is measured: stops the clock, and
/// writes what it counted, when it is unloaded, to the file that its parameter names.
#include "callout_clock.h"
#include "callout_points.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <fstream>
#include <string>

namespace
{

/// How often each time was seen; times are told apart to a thirty-second part.
class Histogram
{
  public:
    void add(uint64_t ns)
    {
        const size_t bucket = bucket_of(ns);

        counts_[bucket < counts_.size() ? bucket : counts_.size() - 1].fetch_add(
            1, std::memory_order_relaxed);
    }

    /// A line for each bucket: @p point, its least time in nanoseconds, the count.
    void write(std::ostream &to, const char *point) const
    {
        for (size_t bucket = 0; bucket < counts_.size(); bucket++) {
            const uint64_t count = counts_[bucket].load();

            if (count > 0) {
                to << point << ' ' << least_of(bucket) << ' ' << count << '\n';
            }
        }
    }

  private:
    static constexpr unsigned fine = 5; // bits after the highest that is set

    static size_t bucket_of(uint64_t ns)
    {
        if (ns >> fine == 0) {
            return ns;
        }
        const unsigned shift = 63u - static_cast<unsigned>(__builtin_clzll(ns)) - fine;

        return (size_t{ shift } << fine) + (ns >> shift);
    }

    static uint64_t least_of(size_t bucket)
    {
        const size_t row = bucket >> fine;

        if (row < 2) {
            return bucket;
        }
        return ((bucket & ((1u << fine) - 1)) | (1u << fine)) << (row - 1);
    }

    std::array<std::atomic<uint64_t>, size_t{ 32 } << fine> counts_ = {};
};

std::string file;

#define HISTOGRAM(point) Histogram times_of_##point;
CALLOUT_POINTS(HISTOGRAM)

} // namespace

extern "C" {

int version()
{
    return KEA_HOOKS_VERSION;
}

int multi_threading_compatible()
{
    return 1;
}

int load(isc::hooks::LibraryHandle &handle)
{
    file = handle.getParameter("file")->stringValue();
    return 0;
}

int unload()
{
    std::ofstream to(file);

#define WRITE(point) times_of_##point.write(to, #point);
    CALLOUT_POINTS(WRITE)
    return 0;
}

#define STOPS_THE_CLOCK(point)                                                           \
    int point(isc::hooks::CalloutHandle &)                                               \
    {                                                                                    \
        times_of_##point.add(callout_now() - callout_began);                             \
        return 0;                                                                        \
    }
CALLOUT_POINTS(STOPS_THE_CLOCK)

} // extern "C"
