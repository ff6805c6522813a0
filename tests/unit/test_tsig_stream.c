/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "proto/tsig.h"
#include "support/leaks.h"
#include "support/transfers.h"

TestSuite(tsig_stream, .fini = no_leaks);

enum { UNSIGNED_MAX = 99 };

static struct ddns_tsig_stream *stream_of(const struct transfer *t)
{
    struct ddns_tsig_stream *stream = NULL;

    cr_assert_eq(ddns_tsig_stream_new(t->key, &t->request, &stream), DDNS_OK);
    return stream;
}

static enum ddns_tsig_verdict next(struct ddns_tsig_stream *stream,
                                   const struct transfer *t, struct ddns_bytes msg)
{
    struct ddns_tsig_result result = { .verdict = DDNS_TSIG_MISSING };

    cr_assert_eq(ddns_tsig_stream_next(stream, msg, t->clock, &result), DDNS_OK);
    return result.verdict;
}

/* True when all messages were taken and the last one was GOOD. */
static bool good(const struct transfer *t)
{
    struct ddns_tsig_stream *stream = stream_of(t);
    enum ddns_tsig_verdict verdict = DDNS_TSIG_PENDING;

    for (size_t i = 0; i < t->count; i++) {
        verdict = next(stream, t, t->messages[i]);
        if (verdict != DDNS_TSIG_GOOD && verdict != DDNS_TSIG_PENDING) {
            break;
        }
    }
    ddns_tsig_stream_free(stream);
    return verdict == DDNS_TSIG_GOOD;
}

Test(tsig_stream, transfers_of_bind_and_knot_verify_and_those_that_are_signed_rarely)
{
    static struct transfer t;
    struct vectors v = vectors_open(VECTORS "/tsig-transfers.txt");

    while (next_transfer(&v, &t)) {
        cr_expect_gt(t.count, 1, "%s", t.server);
        cr_expect(good(&t), "%s", t.server);
        ddns_tsig_key_free(t.key);
    }
    vectors_close(&v);
}

/* One bit of any message, signed or not, is enough. */
Test(tsig_stream, a_changed_message_does_not_verify)
{
    enum { IN_THE_HEADER = 3, IN_THE_QUESTION = 14 };
    static struct transfer t;

    transfer_of(&t, "rarely");
    for (size_t i = 0; i < t.count; i++) {
        uint8_t *octets = t.answer + (t.messages[i].data - t.answer);

        octets[IN_THE_HEADER] ^= 1;
        cr_expect_not(good(&t), "header of message %zu", i);
        octets[IN_THE_HEADER] ^= 1;
        octets[IN_THE_QUESTION] ^= 1;
        cr_expect_not(good(&t), "question of message %zu", i);
        octets[IN_THE_QUESTION] ^= 1;
    }
    cr_expect(good(&t));
    ddns_tsig_key_free(t.key);
}

Test(tsig_stream, a_message_left_out_is_noticed)
{
    static struct transfer t;
    static const char *const servers[] = { "bind", "rarely" };

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        transfer_of(&t, servers[i]);
        t.messages[1] = t.messages[t.count - 1];
        t.count--;
        cr_expect_not(good(&t), "%s", servers[i]);
        ddns_tsig_key_free(t.key);
    }
}

Test(tsig_stream, the_first_message_must_be_signed)
{
    static struct transfer t;
    struct ddns_tsig_stream *stream;

    transfer_of(&t, "rarely");
    stream = stream_of(&t);
    cr_expect_eq(next(stream, &t, t.messages[1]), DDNS_TSIG_MISSING);
    ddns_tsig_stream_free(stream);
    ddns_tsig_key_free(t.key);
}

Test(tsig_stream, no_more_than_99_messages_in_a_row_are_unsigned)
{
    static struct transfer t;
    struct ddns_tsig_stream *stream;

    transfer_of(&t, "rarely");
    stream = stream_of(&t);
    cr_expect_eq(next(stream, &t, t.messages[0]), DDNS_TSIG_GOOD);
    for (unsigned i = 0; i < UNSIGNED_MAX; i++) {
        cr_assert_eq(next(stream, &t, t.messages[1]), DDNS_TSIG_PENDING, "%u", i);
    }
    cr_expect_eq(next(stream, &t, t.messages[1]), DDNS_TSIG_MISSING);
    ddns_tsig_stream_free(stream);
    ddns_tsig_key_free(t.key);
}

Test(tsig_stream, a_message_that_is_cut_is_malformed_or_unsigned)
{
    static struct transfer t;
    struct ddns_tsig_result result;

    transfer_of(&t, "bind");
    for (size_t len = 0; len < t.messages[0].len; len++) {
        struct ddns_tsig_stream *stream = stream_of(&t);
        struct ddns_bytes msg = { t.messages[0].data, len };

        cr_expect_eq(ddns_tsig_stream_next(stream, msg, t.clock, &result), DDNS_E_FORMAT);
        ddns_tsig_stream_free(stream);
    }
    ddns_tsig_key_free(t.key);
}
