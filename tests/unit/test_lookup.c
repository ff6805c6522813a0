/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/lookup.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(lookup, .fini = no_leaks);

enum { ROOM = 1024, SOUGHT = 100, NOW = 1700000000 };

/* Many names to ask for, and the queries that were written. */
struct fixture {
    struct ddns_name names[SOUGHT];
    struct ddns_sought sought[SOUGHT];
    struct ddns_records records;
    struct ddns_lookup lookup;
    uint8_t queries[SOUGHT][ROOM];
    size_t lens[SOUGHT];
    size_t count;
};

static uint32_t counting(void *user)
{
    static uint32_t number = 0x10000;

    (void)user;
    return number++ / 3; /* so that the same number comes again */
}

static void fixture_fill(struct fixture *f, size_t count)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < count; i++) {
        char text[32];

        (void)snprintf(text, sizeof text, "h%zu.example.org", i);
        cr_assert_eq(ddns_name_parse(text, &f->names[i]), DDNS_OK);
        f->sought[i].owner = (struct ddns_bytes){ f->names[i].wire, f->names[i].len };
        f->sought[i].type = DDNS_TYPE_A;
    }
    f->lookup.sought = f->sought;
    f->lookup.count = count;
    f->lookup.records = &f->records;
}

/* Take down all queries that may be sent now. */
static void ask(struct fixture *f)
{
    f->count = 0;
    for (;;) {
        struct ddns_writer w = ddns_writer_of(f->queries[f->count], ROOM);

        if (!ddns_lookup_ask(&f->lookup, &w, counting, NULL, NOW)) {
            return;
        }
        f->lens[f->count++] = w.len;
        cr_assert_lt(f->count, SOUGHT);
    }
}

/* Answer query @p index with the address 192.0.2.7, or with none. */
static bool answer(struct fixture *f, size_t index, uint16_t flags, bool address)
{
    uint8_t buf[ROOM];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);

    ddns_write_bytes(&w, (struct ddns_bytes){ f->queries[index], f->lens[index] });
    buf[2] = (uint8_t)(flags >> 8);
    buf[3] = (uint8_t)flags;
    if (address) {
        buf[7] = 1;
        ddns_write_u16(&w, 0xc00c);
        ddns_write_u16(&w, DDNS_TYPE_A);
        ddns_write_u16(&w, DDNS_CLASS_IN);
        ddns_write_u32(&w, 300);
        ddns_write_u16(&w, 4);
        ddns_write_u32(&w, 0xc0000207);
    }
    return ddns_lookup_take(&f->lookup, (struct ddns_bytes){ buf, w.len }, NOW);
}

enum { ANSWER = DDNS_FLAG_QR | DDNS_FLAG_AA };

Test(lookup, many_are_under_way_and_answers_come_in_any_order)
{
    static struct fixture f;

    fixture_fill(&f, SOUGHT - 1);
    ask(&f);
    cr_assert_eq(f.count, DDNS_LOOKUPS_IN_FLIGHT);
    for (size_t i = f.count; i-- > 0;) {
        cr_expect(
            answer(&f, i, i % 2 == 0 ? ANSWER : ANSWER | DDNS_NXDOMAIN, i % 2 == 0));
    }
    cr_expect_eq(f.lookup.reading.state, DDNS_READING_ON);
    ask(&f);
    cr_assert_eq(f.count, SOUGHT - 1 - DDNS_LOOKUPS_IN_FLIGHT);
    for (size_t i = 0; i < f.count; i++) {
        cr_expect(answer(&f, i, ANSWER, true));
    }
    cr_expect_eq(f.lookup.reading.state, DDNS_READING_DONE);
    cr_expect_eq(f.records.count, DDNS_LOOKUPS_IN_FLIGHT / 2 + f.count);
    ddns_records_free(&f.records);
}

Test(lookup, asks_again_for_what_a_lost_connection_left)
{
    static struct fixture f;

    fixture_fill(&f, 3);
    ask(&f);
    cr_assert_eq(f.count, 3);
    cr_expect(answer(&f, 1, ANSWER, true));
    ddns_lookup_lost(&f.lookup);
    cr_expect_not(answer(&f, 0, ANSWER, true), "late");
    ask(&f);
    cr_assert_eq(f.count, 2);
    cr_expect(answer(&f, 0, ANSWER, true));
    cr_expect(answer(&f, 1, ANSWER, true));
    cr_expect_eq(f.lookup.reading.state, DDNS_READING_DONE);
    cr_expect_eq(f.records.count, 3);
    ddns_records_free(&f.records);
}

Test(lookup, takes_no_answer_twice_and_none_of_another_question)
{
    static struct fixture f;

    fixture_fill(&f, 2);
    ask(&f);
    cr_expect(answer(&f, 0, ANSWER, true));
    cr_expect_not(answer(&f, 0, ANSWER, true));
    f.queries[1][DDNS_HEADER_LEN + 1] ^= 1;
    cr_expect_not(answer(&f, 1, ANSWER, true));
    cr_expect_eq(f.lookup.answered, 1);
    cr_expect_eq(f.records.count, 1);
    ddns_records_free(&f.records);
}

static const struct {
    const char *label;
    uint16_t flags;
    enum ddns_reading_state state;
} ends[] = {
    { "an answer", ANSWER, DDNS_READING_DONE },
    { "no such name", ANSWER | DDNS_NXDOMAIN, DDNS_READING_DONE },
    { "refused", DDNS_FLAG_QR | DDNS_REFUSED, DDNS_READING_REFUSED },
    { "a failure", DDNS_FLAG_QR | DDNS_SERVFAIL, DDNS_READING_REFUSED },
    { "not authoritative", DDNS_FLAG_QR, DDNS_READING_BROKEN },
    { "truncated", ANSWER | DDNS_FLAG_TC, DDNS_READING_BROKEN },
};

Test(lookup, nothing_but_an_authoritative_answer_says_that_a_name_is_absent)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        static struct fixture f;

        fixture_fill(&f, 1);
        ask(&f);
        cr_expect(answer(&f, 0, ends[i].flags, false));
        cr_expect_eq(f.lookup.reading.state, ends[i].state, "%s", ends[i].label);
        cr_expect_eq(f.records.count, 0);
    }
}

Test(lookup, with_a_key_an_unsigned_answer_is_not_believed)
{
    static struct fixture f;
    struct ddns_tsig_key *key = NULL;
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse("key", &name), DDNS_OK);
    cr_assert_eq(ddns_tsig_key_new(&name, "hmac-sha256", 0,
                                   (struct ddns_bytes){ (const uint8_t *)"secret", 6 },
                                   &key),
                 DDNS_OK);
    fixture_fill(&f, 1);
    f.lookup.key = key;
    ask(&f);
    cr_assert_eq(f.count, 1);
    f.lens[0] -= ddns_tsig_key_overhead(key);
    f.queries[0][11] = 0;
    cr_expect(answer(&f, 0, ANSWER, true));
    cr_expect_eq(f.lookup.reading.state, DDNS_READING_UNSIGNED);
    cr_expect_eq(f.records.count, 0);
    ddns_tsig_key_free(key);
}
