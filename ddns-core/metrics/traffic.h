/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_METRICS_TRAFFIC_H
#define DDNS_METRICS_TRAFFIC_H

#include "ddns/ddns.h"

/** Give the histograms of @p traffic, which are empty, their buckets. */
void ddns_traffic_open(ddns_traffic *traffic);

/** Count @p value, which may be larger than every bound. */
void ddns_histogram_add(ddns_histogram *histogram, uint64_t value);

/** How many values were counted. */
uint64_t ddns_histogram_count(const ddns_histogram *histogram);

#endif
