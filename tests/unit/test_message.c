/* SPDX-License-Identifier: MPL-2.0 */
#include "wire/message.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"
#include "support/vectors.h"

TestSuite(message, .fini = no_leaks);

/* Read all of a message as a receiver would; the error that ended it. */
static ddns_error read_all(struct ddns_bytes msg, struct ddns_rr *out_last)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_header header;
    struct ddns_question question;
    size_t records;

    ddns_read_header(&r, &header);
    for (size_t i = 0; i < header.counts[DDNS_ZONE]; i++) {
        ddns_read_question(&r, &question);
    }
    records = (size_t)header.counts[1] + header.counts[2] + header.counts[3];
    for (size_t i = 0; i < records; i++) {
        ddns_read_rr(&r, out_last);
    }
    return ddns_reader_finish(&r);
}

/* nsupdate, form "refresh" of tests/vectors/update-forms.txt */
static const char refresh[] =
    "e14628000001000200020000076578616d706c65036f7267000006000104686f7374c00c00ff00ff0000"
    "00000000c01d00310001000000000023000201636fc0b8271c82825bb1ac5c41cf5351aa69b4febd94e8"
    "f17cdb95000da48c40c01d000100ff000000000000c01d000100010000012c0004c0000207";

static const struct {
    uint16_t type;
    uint16_t klass;
    uint32_t ttl;
    size_t rdata_len;
} refresh_records[] = {
    { DDNS_TYPE_ANY, DDNS_CLASS_ANY, 0, 0 },
    { DDNS_TYPE_DHCID, DDNS_CLASS_IN, 0, 35 },
    { DDNS_TYPE_A, DDNS_CLASS_ANY, 0, 0 },
    { DDNS_TYPE_A, DDNS_CLASS_IN, 300, 4 },
};

Test(message, header_question_and_records_are_read)
{
    uint8_t msg[512];
    char text[DDNS_NAME_TEXT_MAX];
    size_t len = vector_bytes(refresh, msg, sizeof msg);
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, len });
    struct ddns_header header;
    struct ddns_question zone;
    struct ddns_rr rr;

    ddns_read_header(&r, &header);
    cr_expect_eq(header.id, 0xe146);
    cr_expect_eq(ddns_header_opcode(&header), DDNS_OPCODE_UPDATE);
    cr_expect_eq(ddns_header_rcode(&header), DDNS_NOERROR);
    ddns_read_question(&r, &zone);
    ddns_name_text(&zone.name, text);
    cr_expect_str_eq(text, "example.org.");
    cr_expect_eq(zone.type, DDNS_TYPE_SOA);
    cr_expect_eq(zone.klass, DDNS_CLASS_IN);
    for (size_t i = 0; i < sizeof refresh_records / sizeof *refresh_records; i++) {
        ddns_read_rr(&r, &rr);
        ddns_name_text(&rr.owner, text);
        cr_expect_str_eq(text, "host.example.org.");
        cr_expect_eq(rr.type, refresh_records[i].type);
        cr_expect_eq(rr.klass, refresh_records[i].klass);
        cr_expect_eq(rr.ttl, refresh_records[i].ttl);
        cr_expect_eq(rr.rdata.len, refresh_records[i].rdata_len);
    }
    cr_expect_arr_eq(rr.rdata.data, "\300\0\2\7", 4);
    cr_expect_eq(ddns_reader_finish(&r), DDNS_OK);
}

Test(message, a_header_is_written_as_it_was_read)
{
    uint8_t msg[512];
    uint8_t again[DDNS_HEADER_LEN];
    size_t len = vector_bytes(refresh, msg, sizeof msg);
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, len });
    struct ddns_writer w = ddns_writer_of(again, sizeof again);
    struct ddns_header header;
    struct ddns_bytes out;

    ddns_read_header(&r, &header);
    ddns_write_header(&w, &header);
    cr_assert_eq(ddns_writer_finish(&w, &out), DDNS_OK);
    cr_expect_arr_eq(again, msg, sizeof again);
}

Test(message, captured_messages_are_read_whole_and_short_when_cut_anywhere)
{
    struct vectors v = vectors_open(VECTORS "/tsig-exchanges.txt");

    while (vectors_next(&v, 8)) {
        for (size_t column = 6; column < 8; column++) {
            uint8_t msg[1024];
            struct ddns_rr last = { .type = 0 };
            size_t len = vector_bytes(v.columns[column], msg, sizeof msg);

            cr_expect_eq(read_all((struct ddns_bytes){ msg, len }, &last), DDNS_OK);
            cr_expect_eq(last.type, DDNS_TYPE_TSIG);
            for (size_t cut = 0; cut < len; cut++) {
                uint8_t *part = malloc(cut + 1);

                cr_assert_not_null(part);
                memcpy(part + 1, msg, cut);
                cr_expect_neq(read_all((struct ddns_bytes){ part + 1, cut }, &last),
                              DDNS_OK, "%zu of %zu octets", cut, len);
                free(part);
            }
        }
    }
    vectors_close(&v);
}

Test(message, a_record_longer_than_the_message_has_no_rdata)
{
    static const uint8_t msg[] = { 0, 0, 1, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 1, 2 };
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, sizeof msg });
    struct ddns_rr rr;

    ddns_read_rr(&r, &rr);
    cr_expect_eq(r.error, DDNS_E_SHORT);
    cr_expect_eq(rr.rdata.len, 0);
}
