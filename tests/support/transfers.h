/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TESTS_SUPPORT_TRANSFERS_H
#define DDNS_TESTS_SUPPORT_TRANSFERS_H

#include "proto/base64.h"
#include "proto/tsig.h"
#include "support/vectors.h"

enum { TRANSFER_COLUMNS = 6, REQUEST_ROOM = 512, ANSWER_ROOM = 65536, MESSAGES = 128 };

/* One line of tests/vectors/tsig-transfers.txt; the messages are inside the answer. */
struct transfer {
    char server[16];
    uint64_t clock;
    struct ddns_tsig_key *key; /* the caller's to free */
    uint16_t id;
    struct ddns_mac request;
    uint8_t answer[ANSWER_ROOM];
    struct ddns_bytes messages[MESSAGES];
    size_t count;
};

/* The MAC of a request's TSIG record, which is the last record. */
static inline struct ddns_mac mac_of(struct ddns_bytes msg)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_mac mac = { .len = 0 };
    struct ddns_header header;
    struct ddns_question question;
    struct ddns_rr rr = { .type = 0 };
    struct ddns_name algorithm;
    struct ddns_bytes bytes;

    ddns_read_header(&r, &header);
    ddns_read_question(&r, &question);
    for (unsigned i = 0; i < header.counts[DDNS_ADDITIONAL]; i++) {
        ddns_read_rr(&r, &rr);
    }
    cr_assert_eq(rr.type, DDNS_TYPE_TSIG);
    r.pos = (size_t)(rr.rdata.data - msg.data);
    ddns_read_name(&r, &algorithm);
    (void)ddns_read_bytes(&r, 8);
    bytes = ddns_read_bytes(&r, ddns_read_u16(&r));
    cr_assert(ddns_reader_ok(&r) && bytes.len > 0 && bytes.len <= DDNS_MAC_MAX);
    memcpy(mac.bytes, bytes.data, bytes.len);
    mac.len = (uint8_t)bytes.len;
    return mac;
}

static inline void cut_messages(struct transfer *t, size_t len)
{
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ t->answer, len });

    for (t->count = 0; r.pos < r.len; t->count++) {
        cr_assert_lt(t->count, MESSAGES);
        t->messages[t->count] = ddns_read_bytes(&r, ddns_read_u16(&r));
        cr_assert(ddns_reader_ok(&r));
    }
}

static inline bool next_transfer(struct vectors *v, struct transfer *t)
{
    uint8_t secret[128];
    uint8_t request[REQUEST_ROOM] = { 0 };
    struct ddns_name name;
    size_t len = 0;

    if (!vectors_next(v, TRANSFER_COLUMNS)) {
        return false;
    }
    (void)snprintf(t->server, sizeof t->server, "%s", v->columns[0]);
    cr_assert_eq(ddns_base64_decode(v->columns[2], secret, &len), DDNS_OK);
    cr_assert_eq(ddns_name_parse("tests.example.", &name), DDNS_OK);
    cr_assert_eq(ddns_tsig_key_new(&name, v->columns[1], 0,
                                   (struct ddns_bytes){ secret, len }, &t->key),
                 DDNS_OK);
    t->clock = strtoull(v->columns[3], NULL, 10);
    len = vector_bytes(v->columns[4], request, sizeof request);
    t->id = (uint16_t)(request[0] << 8 | request[1]);
    t->request = mac_of((struct ddns_bytes){ request, len });
    cut_messages(t, vector_bytes(v->columns[5], t->answer, sizeof t->answer));
    return true;
}

/* The first transfer of @p server. */
static inline void transfer_of(struct transfer *t, const char *server)
{
    struct vectors v = vectors_open(VECTORS "/tsig-transfers.txt");

    cr_assert(next_transfer(&v, t));
    while (strcmp(t->server, server) != 0) {
        ddns_tsig_key_free(t->key);
        cr_assert(next_transfer(&v, t), "no transfer of %s", server);
    }
    vectors_close(&v);
}

#endif
