/* SPDX-License-Identifier: MPL-2.0 */
#include "metrics/traffic.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static const uint32_t batch_bounds[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256 };

/* Milliseconds: from a server beside us to the longest that one may be waited for. */
static const uint32_t round_trip_bounds[] = { 1,   2,   5,    10,   25,   50,   100,
                                              250, 500, 1000, 2500, 5000, 10000 };

/* Milliseconds: an outage may last. */
static const uint32_t latency_bounds[] = { 5,     10,    25,    50,     100,
                                           250,   500,   1000,  2500,   5000,
                                           10000, 30000, 60000, 600000, 3600000 };

_Static_assert(COUNT_OF(batch_bounds) < DDNS_BUCKETS_MAX &&
                   COUNT_OF(round_trip_bounds) < DDNS_BUCKETS_MAX &&
                   COUNT_OF(latency_bounds) < DDNS_BUCKETS_MAX,
               "there is a bucket for what is above all bounds");

void ddns_traffic_open(ddns_traffic *traffic)
{
    traffic->batch = (ddns_histogram){ batch_bounds, COUNT_OF(batch_bounds), { 0 }, 0 };
    traffic->round_trip =
        (ddns_histogram){ round_trip_bounds, COUNT_OF(round_trip_bounds), { 0 }, 0 };
    traffic->latency =
        (ddns_histogram){ latency_bounds, COUNT_OF(latency_bounds), { 0 }, 0 };
}

void ddns_histogram_add(ddns_histogram *histogram, uint64_t value)
{
    size_t i = 0;

    while (i < histogram->bound_count && value > histogram->bounds[i]) {
        i++;
    }
    histogram->counts[i]++;
    histogram->sum += value;
}

uint64_t ddns_histogram_count(const ddns_histogram *histogram)
{
    uint64_t count = 0;

    for (size_t i = 0; i <= histogram->bound_count; i++) {
        count += histogram->counts[i];
    }
    return count;
}

uint64_t ddns_traffic_in_flight(const ddns_traffic *traffic)
{
    const uint64_t *counts = traffic->counts;

    return counts[DDNS_COUNT_SENT] - counts[DDNS_COUNT_SUCCESS] -
           counts[DDNS_COUNT_REJECTED] - counts[DDNS_COUNT_TIMEOUT] -
           counts[DDNS_COUNT_ERROR];
}
