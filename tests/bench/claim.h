/* SPDX-License-Identifier: MPL-2.0 */
#ifndef BENCH_CLAIM_H
#define BENCH_CLAIM_H

#include "bench/lease.h"
#include "proto/dhcid.h"
#include "proto/tsig.h"
#include "txn/request.h"

/** All that an UPDATE for one lease is made of. */
struct bench_claim {
    struct ddns_name fqdn;
    struct ddns_dhcid dhcid;
    ddns_address address;
};

/** Compute the claim of that lease; exits when it cannot. */
void bench_claim_fill(struct bench_claim *claim, unsigned number);

/** The first step of telling one direction of it; borrows from @p claim. */
void bench_subject_fill(struct ddns_subject *subject, const struct bench_claim *claim,
                        enum ddns_change change);

/** The key of that name with a secret in base64; exits when it is none. */
struct ddns_tsig_key *bench_key(const char *name, const char *base64);

/** Print @p what and why, and exit, unless it went well. */
void bench_must(const char *what, ddns_error error);

#endif
