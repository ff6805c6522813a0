/* SPDX-License-Identifier: MPL-2.0 */
#include "bench/claim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base64.h"
#include "support/dhcid.h"

enum { SECRET_MAX = 64 };

void bench_must(const char *what, ddns_error error)
{
    if (error != DDNS_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, ddns_strerror(error));
        exit(1);
    }
}

void bench_claim_fill(struct bench_claim *claim, unsigned number)
{
    struct bench_lease lease = bench_lease_of(number);
    ddns_identity identity = bench_identity(&lease);

    claim->address = lease.address;
    bench_must(lease.fqdn, ddns_name_parse(lease.fqdn, &claim->fqdn));
    claim->dhcid = dhcid_of(&identity, &claim->fqdn);
}

void bench_subject_fill(struct ddns_subject *subject, const struct bench_claim *claim,
                        enum ddns_change change)
{
    subject->step = ddns_plan_of(DDNS_CHECK_WITH_DHCID, change)->steps;
    subject->address = claim->address;
    subject->fqdn = claim->fqdn;
    subject->ttl = BENCH_TTL;
    subject->dhcid.data = claim->dhcid.rdata;
    subject->dhcid.len = sizeof claim->dhcid.rdata;
}

struct ddns_tsig_key *bench_key(const char *name, const char *base64)
{
    uint8_t octets[SECRET_MAX];
    struct ddns_bytes secret = { octets, 0 };
    struct ddns_name parsed;
    struct ddns_tsig_key *key = NULL;

    if (strlen(base64) > SECRET_MAX) {
        bench_must("secret", DDNS_E_SPACE);
    }
    bench_must("secret", ddns_base64_decode(base64, octets, &secret.len));
    bench_must(name, ddns_name_parse(name, &parsed));
    bench_must(name, ddns_tsig_key_new(&parsed, "hmac-sha256", 0, secret, &key));
    return key;
}
