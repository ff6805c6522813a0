/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_METRICS_PROMETHEUS_H
#define DDNS_METRICS_PROMETHEUS_H

#include <stdio.h>

#include "ddns/ddns.h"

/**
 * Write @p statistics in Prometheus' text exposition format (version 0.0.4).  Times are
 * in seconds.  An RCODE or TSIG verdict is there once it was counted.
 *
 * @param daemon  label of every sample, so that what several servers on a host write
 *                can be told apart
 * @param out     what went wrong is for its owner to ask: ferror()
 */
void ddns_prometheus_write(const ddns_statistics *statistics, const char *daemon,
                           FILE *out);

#endif
