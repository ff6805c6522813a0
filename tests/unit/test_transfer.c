/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/transfer.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"
#include "support/transfers.h"

TestSuite(transfer, .fini = no_leaks);

enum { ID = 0x1234, ROOM = 512, ANSWER = DDNS_FLAG_QR | DDNS_FLAG_AA };

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

/* ---- answers -------------------------------------------------------------- */

static void write_record(struct ddns_writer *w, const char *owner, uint16_t type,
                         const char *rdata, size_t len)
{
    struct ddns_name name = name_of(owner);

    ddns_write_name(w, NULL, &name);
    ddns_write_u16(w, type);
    ddns_write_u16(w, DDNS_CLASS_IN);
    ddns_write_u32(w, 300);
    ddns_write_u16(w, (uint16_t)len);
    ddns_write_bytes(w, (struct ddns_bytes){ (const uint8_t *)rdata, len });
}

static void write_letter(struct ddns_writer *w, char letter)
{
    static const char soa[22] = "";

    switch (letter) {
    case 'S':
        write_record(w, "EXAMPLE.org", DDNS_TYPE_SOA, soa, sizeof soa);
        break;
    case 's':
        write_record(w, "sub.example.org", DDNS_TYPE_SOA, soa, sizeof soa);
        break;
    case 'A':
        write_record(w, "h.example.org", DDNS_TYPE_A, "\xc0\0\2\7", 4);
        break;
    case '6':
        write_record(w, "h.example.org", DDNS_TYPE_AAAA, "0123456789abcdef", 16);
        break;
    case 'D':
        write_record(w, "h.example.org", DDNS_TYPE_DHCID, "dhcid", 5);
        break;
    case 'P': /* compressed: the zone's name is in the question */
        write_record(w, "p.example.org", DDNS_TYPE_PTR, "\1h\xc0\x0c", 4);
        break;
    case 'T':
        write_record(w, "h.example.org", 16, "\1x", 2);
        break;
    case 'o':
        write_record(w, "h.example.com", DDNS_TYPE_A, "\xc0\0\2\7", 4);
        break;
    case 'a':
        write_record(w, "h.example.org", DDNS_TYPE_A, "\xc0\0\2", 3);
        break;
    case 'p':
        write_record(w, "p.example.org", DDNS_TYPE_PTR, "\1h\xc0\xff", 4);
        break;
    default:
        ddns_write_u8(w, 1); /* no record at all */
    }
}

/* An answer with a record for each letter; a digit before them is its RCODE. */
static struct ddns_bytes write_answer(uint8_t *buf, const char *letters, size_t len,
                                      bool question)
{
    struct ddns_writer w = ddns_writer_of(buf, ROOM);
    unsigned rcode = len > 0 && letters[0] < '6' ? (unsigned)(letters[0] - '0') : 0;
    struct ddns_header header = { .id = ID,
                                  .flags = (uint16_t)(ANSWER | rcode),
                                  .counts = { question ? 1 : 0 } };
    struct ddns_name zone = name_of("example.org");

    letters += rcode > 0 ? 1 : 0;
    len -= rcode > 0 ? 1 : 0;
    header.counts[DDNS_PREREQUISITE] = (uint16_t)len;
    ddns_write_header(&w, &header);
    if (question) {
        ddns_write_name(&w, NULL, &zone);
        ddns_write_u16(&w, DDNS_TYPE_AXFR);
        ddns_write_u16(&w, DDNS_CLASS_IN);
    }
    for (size_t i = 0; i < len; i++) {
        write_letter(&w, letters[i]);
    }
    cr_assert_eq(w.error, DDNS_OK);
    return (struct ddns_bytes){ w.buf, w.len };
}

/* ---- signed --------------------------------------------------------------- */

static struct ddns_transfer transfer_for(const struct transfer *t,
                                         struct ddns_records *records)
{
    struct ddns_transfer transfer = {
        .zone = name_of("example.org"), .key = t->key, .records = records, .id = t->id
    };

    cr_assert_eq(ddns_tsig_stream_new(t->key, &t->request, &transfer.stream), DDNS_OK);
    return transfer;
}

/* ns, www and h, where the zone is that of a real server. */
Test(transfer, of_bind_and_knot_is_read)
{
    static struct transfer t;
    struct vectors v = vectors_open(VECTORS "/tsig-transfers.txt");

    while (next_transfer(&v, &t)) {
        struct ddns_records records = { 0 };
        struct ddns_transfer transfer = transfer_for(&t, &records);

        for (size_t i = 0; i < t.count; i++) {
            cr_expect_eq(transfer.reading.state, DDNS_READING_ON, "%s", t.server);
            cr_expect(ddns_transfer_take(&transfer, t.messages[i], t.clock));
        }
        cr_expect_eq(transfer.reading.state, DDNS_READING_DONE, "%s", t.server);
        cr_expect_eq(records.count, strcmp(t.server, "rarely") == 0 ? 0 : 3);
        ddns_transfer_close(&transfer);
        ddns_records_free(&records);
        ddns_tsig_key_free(t.key);
    }
    vectors_close(&v);
}

Test(transfer, whose_signature_is_wrong_ends_at_once)
{
    static struct transfer t;
    struct ddns_records records = { 0 };
    struct ddns_transfer transfer;

    transfer_of(&t, "bind");
    transfer = transfer_for(&t, &records);
    cr_expect(ddns_transfer_take(&transfer, t.messages[0], t.clock));
    cr_expect(ddns_transfer_take(&transfer, t.messages[2], t.clock));
    cr_expect_eq(transfer.reading.state, DDNS_READING_UNSIGNED);
    cr_expect_eq(transfer.reading.tsig.verdict, DDNS_TSIG_WRONG_MAC);
    cr_expect_eq(ddns_reading_error(&transfer.reading), DDNS_E_SIGNATURE);
    ddns_transfer_close(&transfer);
    ddns_records_free(&records);
    ddns_tsig_key_free(t.key);
}

/* The end of the zone stands in the second message, which is not signed. */
Test(transfer, whose_last_message_is_not_signed_is_not_done)
{
    static struct transfer t;
    struct ddns_records records = { 0 };
    struct ddns_transfer transfer;
    uint8_t buf[ROOM];

    transfer_of(&t, "rarely");
    transfer = transfer_for(&t, &records);
    cr_expect(ddns_transfer_take(&transfer, t.messages[0], t.clock));
    cr_assert_eq(transfer.soas, 1);
    transfer.id = ID;
    cr_expect(ddns_transfer_take(&transfer, write_answer(buf, "S", 1, false), t.clock));
    cr_expect_eq(transfer.reading.state, DDNS_READING_UNSIGNED);
    cr_expect_eq(transfer.reading.tsig.verdict, DDNS_TSIG_PENDING);
    ddns_transfer_close(&transfer);
    ddns_records_free(&records);
    ddns_tsig_key_free(t.key);
}

/* ---- order of records ----------------------------------------------------- */

/* Messages are parted by '|'. */
static const struct {
    const char *label;
    const char *messages;
    enum ddns_reading_state state;
    size_t records;
} orders[] = {
    { "an empty zone", "SS", DDNS_READING_DONE, 0 },
    { "one message", "SA6DTS", DDNS_READING_DONE, 3 },
    { "several messages", "S|A|6D|S", DDNS_READING_DONE, 3 },
    { "an empty message in the middle", "SA||S", DDNS_READING_DONE, 1 },
    { "without the second SOA", "SA6D", DDNS_READING_ON, 3 },
    { "the first SOA alone", "S", DDNS_READING_ON, 0 },
    { "the SOA of a zone below", "SAsAS", DDNS_READING_DONE, 2 },
    { "a name of another zone", "SoS", DDNS_READING_DONE, 0 },
    { "a compressed target", "SPS", DDNS_READING_DONE, 1 },
    { "no SOA at the start", "AS", DDNS_READING_BROKEN, 0 },
    { "something after the end", "SASA", DDNS_READING_BROKEN, 1 },
    { "no record at the start", "", DDNS_READING_BROKEN, 0 },
    { "an address that is cut", "SaS", DDNS_READING_BROKEN, 0 },
    { "a target that leads nowhere", "SpS", DDNS_READING_BROKEN, 0 },
    { "no record where one is counted", "SA#", DDNS_READING_BROKEN, 1 },
    { "refused", "5", DDNS_READING_REFUSED, 0 },
    { "refused in the middle", "SA|2", DDNS_READING_REFUSED, 1 },
    { "no such name", "3", DDNS_READING_REFUSED, 0 },
};

Test(transfer, is_from_soa_to_soa)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct ddns_records records = { 0 };
        struct ddns_transfer t = { .zone = name_of("example.org"),
                                   .records = &records,
                                   .id = ID };
        const char *rest = orders[i].messages;
        bool first = true;

        while (rest != NULL && t.reading.state == DDNS_READING_ON) {
            size_t len = strcspn(rest, "|");
            uint8_t buf[ROOM];

            cr_expect(ddns_transfer_take(&t, write_answer(buf, rest, len, first), 0));
            rest = rest[len] == '|' ? rest + len + 1 : NULL;
            first = false;
        }
        cr_expect_eq(t.reading.state, orders[i].state, "%s", orders[i].label);
        cr_expect_eq(records.count, orders[i].records, "%s", orders[i].label);
        ddns_records_free(&records);
    }
}

Test(transfer, reads_a_name_in_lower_case_and_whole)
{
    struct ddns_records records = { 0 };
    struct ddns_transfer t = { .zone = name_of("example.org"),
                               .records = &records,
                               .id = ID };
    struct ddns_name target = name_of("h.example.org");
    uint8_t buf[ROOM];
    struct ddns_record record;

    cr_expect(ddns_transfer_take(&t, write_answer(buf, "SPS", 3, true), 0));
    cr_assert_eq(records.count, 1);
    record = ddns_records_at(&records, 0);
    cr_expect_eq(record.type, DDNS_TYPE_PTR);
    cr_assert_eq(record.rdata.len, target.len);
    cr_expect_arr_eq(record.rdata.data, target.wire, target.len);
    ddns_records_free(&records);
}

Test(transfer, only_an_answer_to_the_request_is_taken)
{
    struct ddns_records records = { 0 };
    struct ddns_transfer t = { .zone = name_of("example.org"),
                               .records = &records,
                               .id = ID };
    uint8_t buf[ROOM];
    struct ddns_bytes msg = write_answer(buf, "SS", 2, false);

    cr_expect_not(ddns_transfer_take(&t, msg, 0), "the first repeats the question");
    msg = write_answer(buf, "SS", 2, true);
    buf[0] ^= 1;
    cr_expect_not(ddns_transfer_take(&t, msg, 0), "of another id");
    buf[0] ^= 1;
    buf[2] &= 0x7f;
    cr_expect_not(ddns_transfer_take(&t, msg, 0), "a query");
    buf[2] |= 0x80;
    buf[DDNS_HEADER_LEN + 1] ^= 1;
    cr_expect_not(ddns_transfer_take(&t, msg, 0), "of another zone");
    buf[DDNS_HEADER_LEN + 1] ^= 1;
    cr_expect_eq(t.reading.state, DDNS_READING_ON);
    cr_expect(ddns_transfer_take(&t, msg, 0));
    cr_expect_eq(t.reading.state, DDNS_READING_DONE);
    cr_expect_not(ddns_transfer_take(&t, msg, 0), "after the end");
    ddns_records_free(&records);
}

/* As "dig +norec +noad +noedns example.org AXFR" sends it, but for the id. */
Test(transfer, is_asked_for_as_dig_does)
{
    static const uint8_t dig[] = "\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
                                 "example\x03org\x00\x00\xfc\x00\x01";
    struct ddns_transfer t = { .zone = name_of("example.org") };
    uint8_t buf[ROOM];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);

    cr_assert_eq(ddns_transfer_ask(&t, &w, ID, 0), DDNS_OK);
    cr_assert_eq(w.len, sizeof dig - 1);
    cr_expect_arr_eq(buf, dig, w.len);
    cr_expect_null(t.stream);
}
