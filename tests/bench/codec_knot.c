/* SPDX-License-Identifier: MPL-2.0 */
#include <libknot/libknot.h>
#include <stdlib.h>
#include <string.h>

#include "bench/codec.h"

struct knot {
    knot_dname_t *zone;
    knot_tsig_key_t key;
    uint8_t wire[DDNS_MESSAGE_MAX];
    knot_pkt_t *pkt;
};

/* One record's data where libknot wants it: behind its length. */
union rdata {
    knot_rdata_t head;
    uint8_t room[64];
};

static void *begin(const struct codec_task *task)
{
    struct knot *k = codec_room(sizeof *k);

    k->zone = knot_dname_from_str_alloc(BENCH_FORWARD);
    k->pkt = knot_pkt_new(k->wire, sizeof k->wire, NULL);
    codec_must("knot", k->zone != NULL && k->pkt != NULL);
    codec_must("knot", knot_tsig_key_init(&k->key, CODEC_ALGORITHM, CODEC_KEY_NAME,
                                          task->secret) == KNOT_EOK);
    return k;
}

/* Nothing is allocated: name and data are borrowed, which libknot allows. */
static void put(knot_pkt_t *pkt, const struct bench_claim *claim, uint16_t type,
                struct ddns_bytes data)
{
    bool empty = data.len == 0;
    uint8_t *owner = (uint8_t *)claim->fqdn.wire; /* only read */
    union rdata rdata;
    knot_rrset_t rr;

    knot_rrset_init(&rr, owner, type, empty ? KNOT_CLASS_NONE : KNOT_CLASS_IN,
                    empty ? 0 : BENCH_TTL);
    knot_rdata_init(&rdata.head, (uint16_t)data.len, data.data);
    rr.rrs.count = 1;
    rr.rrs.size = (uint32_t)knot_rdata_size((uint16_t)data.len);
    rr.rrs.rdata = &rdata.head;
    codec_must("knot", knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, &rr, 0) == KNOT_EOK);
}

static void build(const struct knot *k, const struct codec_task *task)
{
    knot_pkt_clear(k->pkt);
    knot_wire_set_id(k->pkt->wire, task->id);
    knot_wire_set_opcode(k->pkt->wire, KNOT_OPCODE_UPDATE);
    codec_must("knot", knot_pkt_put_question(k->pkt, k->zone, KNOT_CLASS_IN,
                                             KNOT_RRTYPE_SOA) == KNOT_EOK);
    for (size_t i = 0; i < task->count; i++) {
        put(k->pkt, &task->claims[i], KNOT_RRTYPE_ANY, (struct ddns_bytes){ NULL, 0 });
    }
    codec_must("knot", knot_pkt_begin(k->pkt, KNOT_AUTHORITY) == KNOT_EOK);
    for (size_t i = 0; i < task->count; i++) {
        const struct bench_claim *c = &task->claims[i];

        put(k->pkt, c, KNOT_RRTYPE_A,
            (struct ddns_bytes){ c->address.bytes, c->address.len });
        put(k->pkt, c, KNOT_RRTYPE_DHCID,
            (struct ddns_bytes){ c->dhcid.rdata, sizeof c->dhcid.rdata });
    }
}

static size_t make(void *state, const struct codec_task *task, uint8_t *out)
{
    struct knot *k = state;
    uint8_t mac[DDNS_MAC_MAX];
    size_t mac_len = sizeof mac;

    build(k, task);
    codec_must("knot", knot_tsig_sign(k->pkt->wire, &k->pkt->size, k->pkt->max_size, NULL,
                                      0, mac, &mac_len, &k->key, 0, 0) == KNOT_EOK);
    memcpy(out, k->pkt->wire, k->pkt->size);
    return k->pkt->size;
}

static void end(void *state)
{
    struct knot *k = state;

    knot_tsig_key_deinit(&k->key);
    knot_pkt_free(k->pkt);
    knot_dname_free(k->zone, NULL);
    free(k);
}

const struct codec_party codec_knot = { "libknot", begin, make, end };
