/* SPDX-License-Identifier: MPL-2.0 */
#include "bench/lease.h"

#include <stdio.h>

struct bench_lease bench_lease_of(unsigned number)
{
    unsigned host = number + 256; /* the first address is 10.0.1.0 */
    uint8_t high = (uint8_t)(host >> 16);
    uint8_t middle = (uint8_t)(host >> 8);
    uint8_t low = (uint8_t)host;
    struct bench_lease lease = {
        .address = { .bytes = { 10, high, middle, low }, .len = 4 },
        .hwaddr = { 1, 2, 0, 0, high, middle, low },
    };

    (void)snprintf(lease.fqdn, sizeof lease.fqdn, "host-%07u.%s",
                   number % BENCH_LEASES_MAX, BENCH_FORWARD);
    return lease;
}

ddns_identity bench_identity(const struct bench_lease *lease)
{
    return (ddns_identity){ DDNS_ID_HWADDR, lease->hwaddr, sizeof lease->hwaddr };
}
