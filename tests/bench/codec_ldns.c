/* SPDX-License-Identifier: MPL-2.0 */
#include <stdbool.h> /* first, or ldns makes a bool of its own */

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "bench/codec.h"

/*
 * The packet owns its records, which own their names and data.  They are pushed into
 * their sections, because ldns_update_pkt_new() would copy them all once more.
 */
static ldns_rdf *data_of(ldns_rdf_type type, const uint8_t *octets, size_t len)
{
    ldns_rdf *rdf = ldns_rdf_new_frm_data(type, len, octets);

    codec_must("ldns", rdf != NULL);
    return rdf;
}

static ldns_rdf *name_of(const struct ddns_name *name)
{
    return data_of(LDNS_RDF_TYPE_DNAME, name->wire, name->len);
}

static void push(ldns_pkt *pkt, const struct bench_claim *claim, ldns_rr_type type,
                 ldns_rdf *rdata)
{
    ldns_pkt_section section =
        rdata == NULL ? LDNS_SECTION_ANSWER : LDNS_SECTION_AUTHORITY;
    ldns_rr *rr = ldns_rr_new();

    codec_must("ldns", rr != NULL);
    ldns_rr_set_owner(rr, name_of(&claim->fqdn));
    ldns_rr_set_type(rr, type);
    ldns_rr_set_class(rr, rdata == NULL ? LDNS_RR_CLASS_NONE : LDNS_RR_CLASS_IN);
    ldns_rr_set_ttl(rr, rdata == NULL ? 0 : BENCH_TTL);
    if (rdata != NULL) {
        ldns_rr_push_rdf(rr, rdata);
    }
    codec_must("ldns", ldns_pkt_push_rr(pkt, section, rr));
}

static ldns_pkt *build(const struct codec_task *task)
{
    ldns_rdf *zone = ldns_dname_new_frm_str(BENCH_FORWARD);
    ldns_pkt *pkt = ldns_pkt_query_new(zone, LDNS_RR_TYPE_SOA, LDNS_RR_CLASS_IN, 0);

    codec_must("ldns", pkt != NULL);
    ldns_pkt_set_id(pkt, task->id);
    ldns_pkt_set_opcode(pkt, LDNS_PACKET_UPDATE);
    for (size_t i = 0; i < task->count; i++) {
        push(pkt, &task->claims[i], LDNS_RR_TYPE_ANY, NULL);
    }
    for (size_t i = 0; i < task->count; i++) {
        const struct bench_claim *c = &task->claims[i];

        push(pkt, c, LDNS_RR_TYPE_A,
             data_of(LDNS_RDF_TYPE_A, c->address.bytes, c->address.len));
        push(pkt, c, LDNS_RR_TYPE_DHCID,
             data_of(LDNS_RDF_TYPE_B64, c->dhcid.rdata, sizeof c->dhcid.rdata));
    }
    return pkt;
}

static void *begin(const struct codec_task *task)
{
    (void)task;
    return NULL;
}

static size_t make(void *state, const struct codec_task *task, uint8_t *out)
{
    ldns_pkt *pkt = build(task);
    uint8_t *wire = NULL;
    size_t len = 0;

    (void)state;
    codec_must("ldns",
               ldns_pkt_tsig_sign(pkt, CODEC_KEY_NAME ".", task->secret, DDNS_TSIG_FUDGE,
                                  CODEC_ALGORITHM ".", NULL) == LDNS_STATUS_OK);
    codec_must("ldns", ldns_pkt2wire(&wire, pkt, &len) == LDNS_STATUS_OK);
    memcpy(out, wire, len);
    free(wire);
    ldns_pkt_free(pkt);
    return len;
}

static void end(void *state)
{
    (void)state;
}

const struct codec_party codec_ldns = { "ldns", begin, make, end };
