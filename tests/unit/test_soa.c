/* SPDX-License-Identifier: MPL-2.0 */
#include "client/soa.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"
#include "support/vectors.h"

TestSuite(soa, .fini = no_leaks);

enum { ID = 0x1234, MAX = 512, FLAGS_HIGH = 2, TC = 0x02 };

static const struct {
    const char *text;
    enum ddns_soa_answer answer;
} answers[] = {
    { "found", DDNS_SOA_FOUND },
    { "ask_parent", DDNS_SOA_ASK_PARENT },
    { "none", DDNS_SOA_NONE },
};

static enum ddns_soa_answer answer_of(const char *text)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (strcmp(answers[i].text, text) == 0) {
            return answers[i].answer;
        }
    }
    cr_assert_fail("no such answer: %s", text);
    return DDNS_SOA_IGNORE;
}

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK);
    return name;
}

/* What BIND said, then the same bytes as they must not be believed. */
static void check_row(const char *const *columns)
{
    struct ddns_name asked = name_of(columns[1]);
    struct ddns_name other = name_of("other.example");
    struct ddns_name zone;
    char text[DDNS_NAME_TEXT_MAX];
    uint8_t msg[MAX];
    size_t len = vector_bytes(columns[4], msg, sizeof msg);
    struct ddns_bytes whole = { msg, len };

    cr_expect_eq(ddns_soa_read(whole, ID, &asked, &zone), answer_of(columns[2]), "%s",
                 columns[0]);
    if (answer_of(columns[2]) == DDNS_SOA_FOUND) {
        ddns_name_text(&zone, text);
        cr_expect_str_eq(text, columns[3], "%s", columns[0]);
    }
    cr_expect_eq(ddns_soa_read(whole, ID + 1, &asked, &zone), DDNS_SOA_IGNORE,
                 "%s, of another id", columns[0]);
    cr_expect_eq(ddns_soa_read(whole, ID, &other, &zone), DDNS_SOA_IGNORE,
                 "%s, of another question", columns[0]);
    msg[FLAGS_HIGH] |= TC;
    cr_expect_eq(ddns_soa_read(whole, ID, &asked, &zone), DDNS_SOA_TRUNCATED, "%s",
                 columns[0]);
    msg[FLAGS_HIGH] = 0;
    cr_expect_eq(ddns_soa_read(whole, ID, &asked, &zone), DDNS_SOA_IGNORE,
                 "%s, as a query", columns[0]);
}

Test(soa, answers_of_bind_are_understood)
{
    struct vectors v = vectors_open(VECTORS "/soa-answers.txt");

    while (vectors_next(&v, 5)) {
        check_row(v.columns);
    }
    vectors_close(&v);
}

/* Cut short, an answer may still show its zone, but never another one. */
Test(soa, answer_that_is_cut_finds_no_other_zone)
{
    struct vectors v = vectors_open(VECTORS "/soa-answers.txt");

    while (vectors_next(&v, 5)) {
        struct ddns_name asked = name_of(v.columns[1]);
        uint8_t msg[MAX];
        size_t len = vector_bytes(v.columns[4], msg, sizeof msg);

        for (size_t cut = 0; cut < len; cut++) {
            struct ddns_name zone;
            char text[DDNS_NAME_TEXT_MAX];

            if (ddns_soa_read((struct ddns_bytes){ msg, cut }, ID, &asked, &zone) ==
                DDNS_SOA_FOUND) {
                ddns_name_text(&zone, text);
                cr_expect_str_eq(text, v.columns[3], "%s at %zu", v.columns[0], cut);
            }
        }
    }
    vectors_close(&v);
}

/* The answer for a.b.example.org, with another name where its SOA record stands. */
Test(soa, of_a_zone_that_does_not_hold_the_name_is_not_found)
{
    enum { OWNER = DDNS_HEADER_LEN + 17 + 4 }; /* after the question */
    struct vectors v = vectors_open(VECTORS "/soa-answers.txt");
    unsigned changed = 0;

    while (vectors_next(&v, 5)) {
        struct ddns_name asked = name_of(v.columns[1]);
        struct ddns_name zone;
        uint8_t msg[MAX] = { 0 };
        size_t len = vector_bytes(v.columns[4], msg, sizeof msg);

        if (strcmp(v.columns[0], "below_the_apex") == 0) {
            cr_assert_eq(msg[OWNER + 1], 'e');
            msg[OWNER + 1] = 'f';
            cr_expect_eq(
                ddns_soa_read((struct ddns_bytes){ msg, len }, ID, &asked, &zone),
                DDNS_SOA_NONE);
            changed++;
        }
    }
    cr_expect_eq(changed, 1);
    vectors_close(&v);
}
