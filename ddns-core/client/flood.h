/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_FLOOD_H
#define DDNS_CLIENT_FLOOD_H

#include <stdbool.h>
#include <stddef.h>

/** How many of something there were at most, to know when most of them are gone. */
struct ddns_flood {
    size_t most;
};

/** There are @p count now. */
void ddns_flood_rise(struct ddns_flood *flood, size_t count);

/**
 * There are @p count now: true when that is less than a quarter of a number worth
 * mentioning, for each such fall once.
 */
bool ddns_flood_is_over(struct ddns_flood *flood, size_t count);

/**
 * Give memory that is free back to the system.  The C library does so only at the
 * end of its heaps, and keeps hundreds of MiB when one small thing stands there.
 * Takes milliseconds, and holds up whoever allocates meanwhile.
 */
void ddns_flood_drain(void);

#endif
