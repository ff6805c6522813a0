/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Whatever is sent as a zone transfer, only one that is whole and signed is done.
 *
 * Input: an octet that chooses whether there is a key; with one, the id, the length of
 * the request's MAC and that MAC; then messages with their length before each.  The
 * key is the one of tests/vectors/tsig-transfers.txt, so the captured answers are good.
 */
#include <string.h>

#include "audit/transfer.h"
#include "fuzz.h"

static const char secret[] = "a secret for tests alone, 49 octets long, no more";

enum { NOW = 1795550835, SIGNED = 1, DEFAULT_ID = 0x1234 };

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    must(ddns_name_parse(text, &name) == DDNS_OK);
    return name;
}

static struct ddns_tsig_key *the_key(void)
{
    static struct ddns_tsig_key *key;
    struct ddns_bytes bytes = { (const uint8_t *)secret, sizeof secret - 1 };
    struct ddns_name name = name_of("tests.example.");

    if (key == NULL) {
        must(ddns_tsig_key_new(&name, "hmac-sha256", 0, bytes, &key) == DDNS_OK);
    }
    return key;
}

static bool begin(struct ddns_transfer *t, struct ddns_reader *r)
{
    struct ddns_bytes bytes;
    struct ddns_mac mac = { .len = 0 };

    t->id = ddns_read_u16(r);
    bytes = ddns_read_bytes(r, ddns_read_u8(r));
    if (!ddns_reader_ok(r) || bytes.len > sizeof mac.bytes) {
        return false;
    }
    if (bytes.len > 0) {
        memcpy(mac.bytes, bytes.data, bytes.len);
        mac.len = (uint8_t)bytes.len;
    }
    t->key = the_key();
    must(ddns_tsig_stream_new(t->key, &mac, &t->stream) == DDNS_OK);
    return true;
}

static void check(const struct ddns_transfer *t)
{
    char text[64];

    if (t->reading.state == DDNS_READING_DONE) {
        must(t->soas == 2 && t->begun);
        must(t->key == NULL || t->reading.tsig.verdict == DDNS_TSIG_GOOD);
    }
    ddns_reading_text(&t->reading, text, sizeof text);
    ddns_records_sort(t->records);
    for (size_t i = 0; i < t->records->count; i++) {
        struct ddns_record record = ddns_records_at(t->records, i);

        must(record.owner.len > 0 && record.owner.len <= DDNS_NAME_MAX);
        must(record.type != DDNS_TYPE_A || record.rdata.len == 4);
        must(record.type != DDNS_TYPE_AAAA || record.rdata.len == 16);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ data, size });
    struct ddns_records records = { 0 };
    struct ddns_transfer t = { .zone = name_of("example.org"),
                               .records = &records,
                               .id = DEFAULT_ID };

    if ((ddns_read_u8(&r) & SIGNED) != 0 && !begin(&t, &r)) {
        return 0;
    }
    while (ddns_reader_ok(&r) && r.pos < r.len) {
        struct ddns_bytes msg = ddns_read_bytes(&r, ddns_read_u16(&r));

        if (ddns_reader_ok(&r)) {
            (void)ddns_transfer_take(&t, msg, NOW);
        }
    }
    check(&t);
    ddns_transfer_close(&t);
    ddns_records_free(&records);
    return 0;
}
