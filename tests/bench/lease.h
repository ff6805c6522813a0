/* SPDX-License-Identifier: MPL-2.0 */
#ifndef BENCH_LEASE_H
#define BENCH_LEASE_H

#include "ddns/ddns.h"

/* Where the leases of the benchmarks are told. */
#define BENCH_FORWARD "example.org."
#define BENCH_REVERSE "10.in-addr.arpa."

enum {
    BENCH_LEASES_MAX = 10000000, /* so many have a name of that length */
    BENCH_TTL = 1200,
};

/** One of many leases that differ in all they have. */
struct bench_lease {
    ddns_address address;
    char fqdn[sizeof "host-0000000." BENCH_FORWARD];
    uint8_t hwaddr[7]; /**< hardware type 1, then the address */
};

/** The lease with that number, less than BENCH_LEASES_MAX. */
struct bench_lease bench_lease_of(unsigned number);

/** What its DHCID is computed from; borrows from @p lease. */
ddns_identity bench_identity(const struct bench_lease *lease);

#endif
