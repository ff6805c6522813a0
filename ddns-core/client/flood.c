/* SPDX-License-Identifier: MPL-2.0 */
#include "client/flood.h"

#include <malloc.h>

enum { WORTH_MENTIONING = 16384, FALL = 4 }; /* leases, or letters: some MiB */

void ddns_flood_rise(struct ddns_flood *flood, size_t count)
{
    if (count > flood->most) {
        flood->most = count;
    }
}

bool ddns_flood_is_over(struct ddns_flood *flood, size_t count)
{
    ddns_flood_rise(flood, count);
    if (flood->most < WORTH_MENTIONING || count >= flood->most / FALL) {
        return false;
    }
    flood->most = count;
    return true;
}

void ddns_flood_drain(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
