/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/tsig.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proto/base64.h"
#include "support/leaks.h"
#include "support/vectors.h"

TestSuite(tsig, .fini = no_leaks);

enum { MESSAGE_ROOM = 1024, COLUMNS = 8, ARCOUNT_AT = 10 };

/* One line of tests/vectors/tsig-exchanges.txt, and where its TSIG records are. */
struct exchange {
    char what[16];
    char algorithm[16];
    unsigned digest_bits;
    uint64_t clock;
    uint8_t secret[128];
    size_t secret_len;
    uint8_t request[MESSAGE_ROOM];
    size_t request_len;
    size_t request_tsig;
    uint64_t time_signed;
    struct ddns_mac request_mac;
    uint8_t answer[MESSAGE_ROOM];
    size_t answer_len;
    size_t answer_tsig;
};

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

/* Where the last record starts, which must be TSIG; @p out_rr is that record. */
static size_t find_tsig(const uint8_t *msg, size_t len, struct ddns_rr *out_rr)
{
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, len });
    struct ddns_header header;
    struct ddns_question question;
    size_t start = 0;

    ddns_read_header(&r, &header);
    for (size_t i = 0; i < header.counts[0]; i++) {
        ddns_read_question(&r, &question);
    }
    for (size_t i = 0; i < (size_t)header.counts[1] + header.counts[2] + header.counts[3];
         i++) {
        start = r.pos;
        ddns_read_rr(&r, out_rr);
    }
    cr_assert_eq(ddns_reader_finish(&r), DDNS_OK);
    cr_assert_eq(out_rr->type, DDNS_TYPE_TSIG);
    return start;
}

static void read_request_tsig(struct exchange *x)
{
    struct ddns_rr rr = { .type = 0 };
    struct ddns_name algorithm;
    struct ddns_reader r =
        ddns_reader_of((struct ddns_bytes){ x->request, x->request_len });
    struct ddns_bytes mac;

    x->request_tsig = find_tsig(x->request, x->request_len, &rr);
    r.pos = (size_t)(rr.rdata.data - x->request);
    ddns_read_name(&r, &algorithm);
    x->time_signed = ddns_read_u48(&r);
    cr_expect_eq(ddns_read_u16(&r), DDNS_TSIG_FUDGE);
    mac = ddns_read_bytes(&r, ddns_read_u16(&r));
    cr_assert(ddns_reader_ok(&r) && mac.len > 0 && mac.len <= DDNS_MAC_MAX);
    memcpy(x->request_mac.bytes, mac.data, mac.len);
    x->request_mac.len = (uint8_t)mac.len;
}

static bool next_exchange(struct vectors *v, struct exchange *x)
{
    struct ddns_rr rr = { .type = 0 };

    if (!vectors_next(v, COLUMNS)) {
        return false;
    }
    (void)snprintf(x->what, sizeof x->what, "%s", v->columns[0]);
    (void)snprintf(x->algorithm, sizeof x->algorithm, "%s", v->columns[2]);
    x->digest_bits = (unsigned)strtoul(v->columns[3], NULL, 10);
    cr_assert_eq(ddns_base64_decode(v->columns[4], x->secret, &x->secret_len), DDNS_OK);
    x->clock = strtoull(v->columns[5], NULL, 10);
    x->request_len = vector_bytes(v->columns[6], x->request, sizeof x->request);
    x->answer_len = vector_bytes(v->columns[7], x->answer, sizeof x->answer);
    read_request_tsig(x);
    x->answer_tsig = find_tsig(x->answer, x->answer_len, &rr);
    return true;
}

/* The first exchange of a kind and algorithm. */
static struct exchange exchange_of(const char *what, const char *algorithm)
{
    struct vectors v = vectors_open(VECTORS "/tsig-exchanges.txt");
    struct exchange x;

    do {
        cr_assert(next_exchange(&v, &x), "no exchange %s %s", what, algorithm);
    } while (strcmp(x.what, what) != 0 || strcmp(x.algorithm, algorithm) != 0);
    vectors_close(&v);
    return x;
}

static struct ddns_tsig_key *key_for(const struct exchange *x, const char *name,
                                     unsigned digest_bits)
{
    struct ddns_name owner = name_of(name);
    struct ddns_tsig_key *key = NULL;

    cr_assert_eq(ddns_tsig_key_new(&owner, x->algorithm, digest_bits,
                                   (struct ddns_bytes){ x->secret, x->secret_len }, &key),
                 DDNS_OK);
    return key;
}

static struct ddns_tsig_key *key_of(const struct exchange *x)
{
    return key_for(x, "tests.example.", x->digest_bits);
}

static enum ddns_tsig_verdict verdict_of(const uint8_t *msg, size_t len,
                                         const struct ddns_tsig_key *key,
                                         const struct ddns_mac *request, uint64_t now)
{
    struct ddns_tsig_result result;

    cr_assert_eq(
        ddns_tsig_verify((struct ddns_bytes){ msg, len }, key, request, now, &result),
        DDNS_OK);
    return result.verdict;
}

/* ---- signing -------------------------------------------------------------- */

Test(tsig, signs_octet_for_octet_as_nsupdate_knsupdate_and_dig_do)
{
    struct vectors v = vectors_open(VECTORS "/tsig-exchanges.txt");
    struct exchange x;

    while (next_exchange(&v, &x)) {
        uint8_t buf[MESSAGE_ROOM];
        struct ddns_tsig_key *key = key_of(&x);
        struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
        struct ddns_mac mac;

        ddns_write_bytes(&w, (struct ddns_bytes){ x.request, x.request_tsig });
        buf[ARCOUNT_AT + 1]--;
        cr_assert_eq(ddns_tsig_sign(&w, key, x.time_signed, &mac), DDNS_OK);
        cr_assert_eq(w.len, x.request_len, "%s %s", v.columns[1], x.algorithm);
        cr_expect_arr_eq(buf, x.request, w.len, "%s %s", v.columns[1], x.algorithm);
        cr_expect_eq(mac.len, x.request_mac.len);
        cr_expect_arr_eq(mac.bytes, x.request_mac.bytes, mac.len);
        cr_expect_eq(ddns_tsig_key_overhead(key), x.request_len - x.request_tsig);
        ddns_tsig_key_free(key);
    }
    vectors_close(&v);
}

/* What a key has signed leaves no trace in what it signs next. */
Test(tsig, a_message_signed_again_is_the_same)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);
    uint8_t buf[MESSAGE_ROOM] = { 0 };

    x.request[ARCOUNT_AT + 1]--;
    for (unsigned i = 0; i < 3; i++) {
        struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
        struct ddns_mac mac;

        ddns_write_bytes(&w, (struct ddns_bytes){ x.request, x.request_tsig });
        cr_assert_eq(ddns_tsig_sign(&w, key, x.time_signed, &mac), DDNS_OK);
        cr_expect_arr_eq(mac.bytes, x.request_mac.bytes, x.request_mac.len);
        w.len = x.request_tsig - 1; /* something else */
        cr_assert_eq(ddns_tsig_sign(&w, key, x.time_signed, &mac), DDNS_OK);
        cr_expect_arr_neq(mac.bytes, x.request_mac.bytes, x.request_mac.len);
    }
    ddns_tsig_key_free(key);
}

Test(tsig, without_room_nothing_is_appended_or_counted)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);
    struct ddns_mac mac;

    x.request[ARCOUNT_AT + 1]--;
    for (size_t cap = x.request_tsig; cap <= x.request_len; cap++) {
        uint8_t *block = malloc(cap + 1); /* its end is where ASan watches */
        struct ddns_writer w = ddns_writer_of(block + 1, cap);
        bool fits = cap == x.request_len;

        cr_assert_not_null(block);
        ddns_write_bytes(&w, (struct ddns_bytes){ x.request, x.request_tsig });
        cr_expect_eq(ddns_tsig_sign(&w, key, 1, &mac), fits ? DDNS_OK : DDNS_E_SPACE);
        cr_expect_eq(w.len, fits ? cap : x.request_tsig);
        cr_expect_eq(w.buf[ARCOUNT_AT + 1], fits ? 1 : 0);
        free(block);
    }
    ddns_tsig_key_free(key);
}

Test(tsig, only_a_sound_message_is_signed)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);
    uint8_t buf[MESSAGE_ROOM] = { 0 };
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    struct ddns_mac mac;

    w.len = DDNS_HEADER_LEN - 1;
    cr_expect_eq(ddns_tsig_sign(&w, key, 1, &mac), DDNS_E_INVALID);
    w.len = DDNS_HEADER_LEN;
    cr_expect_eq(ddns_tsig_sign(&w, key, (uint64_t)1 << 48, &mac), DDNS_E_INVALID);
    buf[ARCOUNT_AT] = buf[ARCOUNT_AT + 1] = 0xff;
    cr_expect_eq(ddns_tsig_sign(&w, key, 1, &mac), DDNS_E_SPACE);
    cr_expect_eq(w.len, DDNS_HEADER_LEN, "a record that cannot be counted");
    w.error = DDNS_E_BUG;
    cr_expect_eq(ddns_tsig_sign(&w, key, 1, &mac), DDNS_E_BUG);
    ddns_tsig_key_free(key);
}

/* ---- verifying what BIND answered ------------------------------------------ */

static const struct {
    const char *what;
    enum ddns_tsig_verdict verdict;
    uint16_t error;
    int64_t skew;
} answers[] = {
    { "good", DDNS_TSIG_GOOD, DDNS_TSIG_NO_ERROR, 0 },
    { "truncated", DDNS_TSIG_GOOD, DDNS_TSIG_NO_ERROR, 0 },
    { "badsig", DDNS_TSIG_UNSIGNED, DDNS_BADSIG, 0 },
    { "badkey", DDNS_TSIG_UNSIGNED, DDNS_BADKEY, 0 },
    { "badtime", DDNS_TSIG_GOOD, DDNS_BADTIME, 1000 },
    { "badtrunc", DDNS_TSIG_GOOD, DDNS_BADTRUNC, 0 },
};

static size_t answer_of(const char *what)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (strcmp(answers[i].what, what) == 0) {
            return i;
        }
    }
    cr_assert_fail("no answer %s", what);
    abort();
}

Test(tsig, tells_binds_answers_apart)
{
    struct vectors v = vectors_open(VECTORS "/tsig-exchanges.txt");
    struct exchange x;

    while (next_exchange(&v, &x)) {
        size_t want = answer_of(x.what);
        struct ddns_tsig_key *key = key_of(&x);
        struct ddns_tsig_result result;

        cr_assert_eq(ddns_tsig_verify((struct ddns_bytes){ x.answer, x.answer_len }, key,
                                      &x.request_mac, x.time_signed, &result),
                     DDNS_OK, "%s %s", x.what, x.algorithm);
        cr_expect_eq(result.verdict, answers[want].verdict, "%s %s", x.what, x.algorithm);
        cr_expect_eq(result.error, answers[want].error, "%s %s", x.what, x.algorithm);
        cr_expect(result.clock_skew - answers[want].skew <= 2 &&
                      result.clock_skew >= answers[want].skew - 2,
                  "%s %s: %jd", x.what, x.algorithm, (intmax_t)result.clock_skew);
        ddns_tsig_key_free(key);
    }
    vectors_close(&v);
}

Test(tsig, an_answer_cut_anywhere_is_malformed)
{
    struct exchange x = exchange_of("good", "hmac-sha512");
    struct ddns_tsig_key *key = key_of(&x);

    for (size_t len = 0; len < x.answer_len; len++) {
        uint8_t *block = malloc(len + 1); /* its end is where ASan watches */
        struct ddns_tsig_result result;

        cr_assert_not_null(block);
        memcpy(block + 1, x.answer, len);
        cr_expect_eq(ddns_tsig_verify((struct ddns_bytes){ block + 1, len }, key,
                                      &x.request_mac, x.clock, &result),
                     DDNS_E_FORMAT, "%zu octets", len);
        free(block);
    }
    ddns_tsig_key_free(key);
}

/*
 * A changed bit is noticed unless it is one that RFC 8945 section 4.3 replaces:
 * the message id, and the case of the two names in the TSIG record.
 */
static bool is_replaced(const struct exchange *x, size_t at, uint8_t bit)
{
    size_t owner = x->answer_tsig;
    size_t algorithm = owner + strlen("\5tests\7example") + 1 + 10;
    bool in_name = (at > owner && at < algorithm - 10) || at >= algorithm;
    uint8_t folded = x->answer[at] | 0x20;

    return at < 2 || (in_name && bit == 0x20 && folded >= 'a' && folded <= 'z');
}

Test(tsig, every_changed_bit_is_noticed)
{
    static const char *const kinds[] = { "good", "badtime", "badtrunc" };

    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        struct exchange x = exchange_of(kinds[kind], "hmac-sha256");
        struct ddns_tsig_key *key = key_of(&x);

        for (size_t bit = 0; bit < 8 * x.answer_len; bit++) {
            size_t at = bit / 8;
            uint8_t mask = (uint8_t)(1u << bit % 8);
            struct ddns_tsig_result result = { .verdict = DDNS_TSIG_MISSING };
            ddns_error error;

            x.answer[at] ^= mask;
            error = ddns_tsig_verify((struct ddns_bytes){ x.answer, x.answer_len }, key,
                                     &x.request_mac, x.time_signed, &result);
            x.answer[at] ^= mask;
            if (error == DDNS_OK && result.verdict == DDNS_TSIG_GOOD) {
                cr_expect(is_replaced(&x, at, mask), "%s octet %zu bit %02x", kinds[kind],
                          at, mask);
            }
        }
        ddns_tsig_key_free(key);
    }
}

/* ---- verdicts --------------------------------------------------------------- */

Test(tsig, another_key_or_algorithm_is_the_wrong_key)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *upper = key_for(&x, "TESTS.Example.", 0);
    struct ddns_tsig_key *stranger = key_for(&x, "stranger.example.", 0);
    struct ddns_tsig_key *sha512 = NULL;
    struct exchange other = x;

    (void)snprintf(other.algorithm, sizeof other.algorithm, "hmac-sha512");
    sha512 = key_of(&other);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, upper, &x.request_mac, x.clock),
                 DDNS_TSIG_GOOD, "case of a key's name does not matter");
    cr_expect_eq(verdict_of(x.answer, x.answer_len, stranger, &x.request_mac, x.clock),
                 DDNS_TSIG_WRONG_KEY);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, sha512, &x.request_mac, x.clock),
                 DDNS_TSIG_WRONG_KEY);
    ddns_tsig_key_free(upper);
    ddns_tsig_key_free(stranger);
    ddns_tsig_key_free(sha512);
}

Test(tsig, a_message_id_that_was_changed_on_the_way_does_not_matter)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);

    x.answer[0] ^= 0xff; /* RFC 8945 section 5.3: the original id is digested */
    cr_expect_eq(verdict_of(x.answer, x.answer_len, key, &x.request_mac, x.clock),
                 DDNS_TSIG_GOOD);
    ddns_tsig_key_free(key);
}

Test(tsig, another_secret_or_another_request_is_the_wrong_mac)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct exchange other = exchange_of("badtime", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);
    struct ddns_tsig_key *forger = NULL;
    struct exchange forged = x;
    struct ddns_mac none = { .len = 0 };

    forged.secret[0] ^= 1;
    forger = key_of(&forged);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, forger, &x.request_mac, x.clock),
                 DDNS_TSIG_WRONG_MAC);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, key, &other.request_mac, x.clock),
                 DDNS_TSIG_WRONG_MAC);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, key, &none, x.clock),
                 DDNS_TSIG_WRONG_MAC);
    ddns_tsig_key_free(key);
    ddns_tsig_key_free(forger);
}

Test(tsig, a_mac_shorter_than_the_key_asks_for_is_short)
{
    struct exchange x = exchange_of("truncated", "hmac-sha256");
    struct exchange whole = exchange_of("badtrunc", "hmac-sha256");
    struct ddns_tsig_key *all = key_for(&x, "tests.example.", 0);
    struct ddns_tsig_key *most = key_for(&x, "tests.example.", 136);
    struct ddns_tsig_key *half = key_for(&x, "tests.example.", 128);

    cr_expect_eq(verdict_of(x.answer, x.answer_len, all, &x.request_mac, x.clock),
                 DDNS_TSIG_SHORT_MAC);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, most, &x.request_mac, x.clock),
                 DDNS_TSIG_SHORT_MAC);
    cr_expect_eq(verdict_of(x.answer, x.answer_len, half, &x.request_mac, x.clock),
                 DDNS_TSIG_GOOD);
    cr_expect_eq(
        verdict_of(whole.answer, whole.answer_len, half, &whole.request_mac, whole.clock),
        DDNS_TSIG_GOOD, "a longer MAC than asked for is compared whole");
    ddns_tsig_key_free(all);
    ddns_tsig_key_free(most);
    ddns_tsig_key_free(half);
}

static const struct {
    int64_t ahead; /* our clock against the answer's */
    enum ddns_tsig_verdict verdict;
} clocks[] = {
    { 0, DDNS_TSIG_GOOD },
    { DDNS_TSIG_FUDGE, DDNS_TSIG_GOOD },
    { -DDNS_TSIG_FUDGE, DDNS_TSIG_GOOD },
    { DDNS_TSIG_FUDGE + 1, DDNS_TSIG_WRONG_TIME },
    { -DDNS_TSIG_FUDGE - 1, DDNS_TSIG_WRONG_TIME },
};

Test(tsig, an_answer_outside_the_fudge_has_the_wrong_time)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);
    struct ddns_tsig_result result;

    cr_assert_eq(ddns_tsig_verify((struct ddns_bytes){ x.answer, x.answer_len }, key,
                                  &x.request_mac, 0, &result),
                 DDNS_OK);
    cr_expect_eq(result.verdict, DDNS_TSIG_WRONG_TIME);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        uint64_t signed_at = (uint64_t)result.clock_skew; /* our clock said 0 */

        cr_expect_eq(verdict_of(x.answer, x.answer_len, key, &x.request_mac,
                                signed_at + (uint64_t)clocks[i].ahead),
                     clocks[i].verdict, "%jd s", (intmax_t)clocks[i].ahead);
    }
    cr_expect_eq(ddns_tsig_verify((struct ddns_bytes){ x.answer, x.answer_len }, key,
                                  &x.request_mac, UINT64_MAX, &result),
                 DDNS_E_INVALID);
    ddns_tsig_key_free(key);
}

/* ---- where the record may be: RFC 8945 section 5.1 --------------------------- */

static ddns_error error_of(const uint8_t *msg, size_t len, const struct exchange *x)
{
    struct ddns_tsig_key *key = key_of(x);
    struct ddns_tsig_result result;
    ddns_error error = ddns_tsig_verify((struct ddns_bytes){ msg, len }, key,
                                        &x->request_mac, x->clock, &result);

    ddns_tsig_key_free(key);
    return error;
}

Test(tsig, a_message_without_the_record_lacks_it)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    struct ddns_tsig_key *key = key_of(&x);

    x.answer[ARCOUNT_AT + 1]--;
    cr_expect_eq(verdict_of(x.answer, x.answer_tsig, key, &x.request_mac, x.clock),
                 DDNS_TSIG_MISSING);
    ddns_tsig_key_free(key);
}

Test(tsig, the_record_must_be_the_last)
{
    static const uint8_t a_record[] = { 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1 };
    struct exchange x = exchange_of("good", "hmac-sha256");

    memcpy(x.answer + x.answer_len, a_record, sizeof a_record);
    x.answer[ARCOUNT_AT + 1]++;
    cr_expect_eq(error_of(x.answer, x.answer_len + sizeof a_record, &x), DDNS_E_FORMAT);
}

Test(tsig, there_is_only_one_record)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    size_t tsig_len = x.answer_len - x.answer_tsig;

    memcpy(x.answer + x.answer_len, x.answer + x.answer_tsig, tsig_len);
    x.answer[ARCOUNT_AT + 1]++;
    cr_expect_eq(error_of(x.answer, x.answer_len + tsig_len, &x), DDNS_E_FORMAT);
}

Test(tsig, a_record_that_is_counted_must_be_there)
{
    struct exchange x = exchange_of("good", "hmac-sha256");

    x.answer[ARCOUNT_AT + 1]++;
    cr_expect_eq(error_of(x.answer, x.answer_len, &x), DDNS_E_FORMAT);
}

Test(tsig, the_record_belongs_to_the_additional_section)
{
    struct exchange x = exchange_of("good", "hmac-sha256");

    x.answer[ARCOUNT_AT + 1]--;
    x.answer[ARCOUNT_AT - 1]++;
    cr_expect_eq(error_of(x.answer, x.answer_len, &x), DDNS_E_FORMAT);
}

Test(tsig, nothing_may_follow_the_record)
{
    struct exchange x = exchange_of("good", "hmac-sha256");

    cr_expect_eq(error_of(x.answer, x.answer_len + 1, &x), DDNS_E_FORMAT);
}

/* Offsets in the answer's TSIG record, whose key is tests.example. */
static const struct {
    const char *label;
    size_t at;
    uint8_t value;
} fields[] = {
    { "class IN", 15 + 3, 1 },
    { "a TTL", 15 + 7, 1 },
    { "RDATA shorter than what is in it", 15 + 9, 40 },
    { "a MAC as long as the message", 15 + 10 + 13 + 8, 0xff },
    { "other data that is not there", 15 + 10 + 13 + 10 + 32 + 4, 1 },
};

Test(tsig, a_record_that_contradicts_itself_is_malformed)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct exchange x = exchange_of("good", "hmac-sha256");

        x.answer[x.answer_tsig + fields[i].at] = fields[i].value;
        cr_expect_eq(error_of(x.answer, x.answer_len, &x), DDNS_E_FORMAT, "%s",
                     fields[i].label);
    }
}

Test(tsig, a_mac_longer_than_the_digest_is_malformed)
{
    struct exchange x = exchange_of("good", "hmac-sha256");
    uint8_t *tsig = x.answer + x.answer_tsig;
    size_t after_mac = 15 + 10 + 13 + 10 + 32;

    memmove(tsig + after_mac + 1, tsig + after_mac,
            x.answer_len - x.answer_tsig - after_mac);
    tsig[after_mac] = 0;
    tsig[15 + 9]++;           /* RDATA length */
    tsig[15 + 10 + 13 + 9]++; /* MAC size; RFC 8945 section 5.2.2.1 */
    cr_expect_eq(error_of(x.answer, x.answer_len + 1, &x), DDNS_E_FORMAT);
}
