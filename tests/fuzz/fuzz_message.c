/* SPDX-License-Identifier: MPL-2.0 */

/* A message that can be read is written and read again, and says the same. */
#include <string.h>

#include "fuzz.h"
#include "wire/message.h"

static void write_rr(struct ddns_writer *w, struct ddns_compressor *names,
                     const struct ddns_rr *rr)
{
    ddns_write_name(w, names, &rr->owner);
    ddns_write_u16(w, rr->type);
    ddns_write_u16(w, rr->klass);
    ddns_write_u32(w, rr->ttl);
    ddns_write_u16(w, (uint16_t)rr->rdata.len);
    ddns_write_bytes(w, rr->rdata);
}

static bool same_name(const struct ddns_name *a, const struct ddns_name *b)
{
    return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

static bool same_rr(const struct ddns_rr *a, const struct ddns_rr *b)
{
    return same_name(&a->owner, &b->owner) && a->type == b->type &&
           a->klass == b->klass && a->ttl == b->ttl && a->rdata.len == b->rdata.len &&
           (a->rdata.len == 0 || memcmp(a->rdata.data, b->rdata.data, a->rdata.len) == 0);
}

static size_t record_count(const struct ddns_header *header)
{
    return (size_t)header->counts[DDNS_PREREQUISITE] + header->counts[DDNS_UPDATE] +
           header->counts[DDNS_ADDITIONAL];
}

/* Copy what @p r reads into @p w; stops at the first error of either. */
static void copy_message(struct ddns_reader *r, struct ddns_writer *w)
{
    struct ddns_compressor names = { .first_len = 0 };
    struct ddns_header header;
    struct ddns_question question;
    struct ddns_rr rr;

    ddns_read_header(r, &header);
    ddns_write_header(w, &header);
    for (size_t i = header.counts[DDNS_ZONE]; ddns_reader_ok(r) && i > 0; i--) {
        ddns_read_question(r, &question);
        ddns_write_name(w, &names, &question.name);
        ddns_write_u16(w, question.type);
        ddns_write_u16(w, question.klass);
    }
    for (size_t i = record_count(&header); ddns_reader_ok(r) && i > 0; i--) {
        ddns_read_rr(r, &rr);
        write_rr(w, &names, &rr);
    }
}

static void must_say_the_same(struct ddns_reader *a, struct ddns_reader *b)
{
    struct ddns_header header[2];
    struct ddns_question question[2];
    struct ddns_rr rr[2];

    ddns_read_header(a, &header[0]);
    ddns_read_header(b, &header[1]);
    must(memcmp(&header[0], &header[1], sizeof header[0]) == 0);
    for (size_t i = header[0].counts[DDNS_ZONE]; i > 0; i--) {
        ddns_read_question(a, &question[0]);
        ddns_read_question(b, &question[1]);
        must(same_name(&question[0].name, &question[1].name));
        must(question[0].type == question[1].type);
        must(question[0].klass == question[1].klass);
    }
    for (size_t i = record_count(&header[0]); i > 0; i--) {
        ddns_read_rr(a, &rr[0]);
        ddns_read_rr(b, &rr[1]);
        must(same_rr(&rr[0], &rr[1]));
    }
    must(ddns_reader_finish(a) == DDNS_OK && ddns_reader_finish(b) == DDNS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t buf[DDNS_MESSAGE_MAX];
    struct ddns_bytes msg = { data, size };
    struct ddns_reader first = ddns_reader_of(msg);
    struct ddns_reader again = ddns_reader_of(msg);
    struct ddns_reader copy;
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    struct ddns_bytes written;

    copy_message(&first, &w);
    if (ddns_reader_finish(&first) == DDNS_OK &&
        ddns_writer_finish(&w, &written) == DDNS_OK) {
        copy = ddns_reader_of(written);
        must_say_the_same(&again, &copy);
    }
    return 0;
}
