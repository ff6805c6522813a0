/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/query.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(query, .fini = no_leaks);

enum { ID = 0xe8f6 };

/* As "dig +norec +noad +noedns a.b.example.org SOA" sends it. */
static const uint8_t dig[] = "\xe8\xf6\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01"
                             "a\x01"
                             "b\x07"
                             "example\x03org\x00\x00\x06\x00\x01";

static struct ddns_question question_of(const char *name)
{
    struct ddns_question question = { .type = DDNS_TYPE_SOA, .klass = DDNS_CLASS_IN };

    cr_assert_eq(ddns_name_parse(name, &question.name), DDNS_OK);
    return question;
}

Test(query, is_the_one_dig_sends)
{
    struct ddns_question question = question_of("a.b.example.org");
    uint8_t buf[DDNS_QUERY_MAX];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    struct ddns_bytes query;

    ddns_query_write(&w, ID, &question);
    cr_assert_eq(ddns_writer_finish(&w, &query), DDNS_OK);
    cr_assert_eq(query.len, sizeof dig - 1);
    cr_expect_arr_eq(query.data, dig, sizeof dig - 1);
}

Test(query, for_the_longest_name_fits)
{
    struct ddns_question question = { .name = { .len = DDNS_NAME_MAX } };
    uint8_t buf[DDNS_QUERY_MAX];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    struct ddns_bytes query;

    for (size_t i = 0; i + 1 < DDNS_NAME_MAX; i += 2) {
        question.name.wire[i] = 1;
        question.name.wire[i + 1] = 'x';
    }
    ddns_query_write(&w, ID, &question);
    cr_assert_eq(ddns_writer_finish(&w, &query), DDNS_OK);
    cr_expect_eq(query.len, DDNS_QUERY_MAX);
}

/* One octet of dig's query, turned into an answer, that makes it another's. */
static const struct {
    const char *label;
    size_t at;
    uint8_t octet;
    bool answered;
} answers[] = {
    { "answer", 2, 0x84, true },
    { "query", 2, 0x00, false },
    { "update", 2, 0xa8, false },
    { "other id", 0, 0xe9, false },
    { "no question", 5, 0, false },
    { "other name", 13, 'c', false },
    { "name in capitals", 13, 'A', true },
    { "other type", sizeof dig - 4, 1, false },
    { "other class", sizeof dig - 2, 3, false },
};

Test(query, is_answered_by_its_own_question_alone)
{
    struct ddns_question question = question_of("a.b.example.org");

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        uint8_t msg[sizeof dig - 1];
        struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, sizeof msg });
        struct ddns_header header;

        memcpy(msg, dig, sizeof msg);
        msg[2] = 0x84;
        msg[answers[i].at] = answers[i].octet;
        cr_expect_eq(ddns_query_answered(&r, ID, &question, &header), answers[i].answered,
                     "%s", answers[i].label);
    }
}

Test(query, that_is_cut_is_no_answer)
{
    struct ddns_question question = question_of("a.b.example.org");
    uint8_t msg[sizeof dig - 1];

    memcpy(msg, dig, sizeof msg);
    msg[2] = 0x84;
    for (size_t len = 0; len < sizeof msg; len++) {
        struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, len });
        struct ddns_header header;

        cr_expect_not(ddns_query_answered(&r, ID, &question, &header), "%zu", len);
    }
}
