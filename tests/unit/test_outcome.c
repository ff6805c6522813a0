/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/conclude.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(outcome, .fini = no_leaks);

static struct outcome wanted(uint32_t ttl)
{
    return (struct outcome){ .name = "host.example.org.",
                             .zone = "example.org.",
                             .type = "A",
                             .address = "192.0.2.7",
                             .ttl = ttl,
                             .ptr = "7.2.0.192.in-addr.arpa.",
                             .server = "127.0.0.1#53" };
}

enum { BOTH = DDNS_FORWARD | DDNS_REVERSE };

static const struct {
    uint32_t ttl;
    unsigned directions;
    struct verdict verdicts[VERDICTS];
    enum status status;
    const char *message;
} cases[] = {
    { 300,
      DDNS_FORWARD,
      { { .done = true } },
      STATUS_DONE,
      "host.example.org. 300 IN A 192.0.2.7" },
    { 300,
      BOTH,
      { { .done = true }, { .done = true } },
      STATUS_DONE,
      "host.example.org. 300 IN A 192.0.2.7; "
      "7.2.0.192.in-addr.arpa. 300 IN PTR host.example.org." },
    { 0,
      BOTH,
      { { .done = true }, { .done = true } },
      STATUS_DONE,
      "host.example.org. no longer has A 192.0.2.7; "
      "7.2.0.192.in-addr.arpa. no longer has PTR host.example.org." },
    { 300,
      DDNS_FORWARD,
      { { .rcode = 5 } },
      STATUS_REFUSED,
      "127.0.0.1#53: A not set: REFUSED: the server does not allow it; check the zone's "
      "update policy, the key and the clock" },
    { 0,
      BOTH,
      { { .done = true }, { .rcode = 9 } },
      STATUS_REFUSED,
      "127.0.0.1#53: PTR not removed: NOTAUTH: the server is not the primary of the "
      "zone, "
      "or does not accept the key; host.example.org. no longer has A 192.0.2.7" },
    { 300,
      BOTH,
      { { .error = DDNS_E_REFUSED }, { .error = DDNS_E_REFUSED } },
      STATUS_NO_ANSWER,
      "127.0.0.1#53: A not set: connection refused" },
    { 300,
      DDNS_FORWARD,
      { { .error = DDNS_E_TIMEOUT } },
      STATUS_NO_ANSWER,
      "127.0.0.1#53: A not set: no answer in time" },
    { 300,
      DDNS_FORWARD,
      { { .rcode = 9, .tsig_error = 17 } },
      STATUS_SIGNATURE,
      "127.0.0.1#53: A not set: BADKEY: the server does not know the key, or not for "
      "this "
      "zone; check its name "
      "and algorithm" },
    { 300,
      DDNS_FORWARD,
      { { .error = DDNS_E_TIMEOUT, .rcode = 9, .tsig_error = 16 } },
      STATUS_SIGNATURE,
      "127.0.0.1#53: A not set: BADSIG: the signature is wrong; check the secret, and "
      "its "
      "encoding" },
    { 300,
      DDNS_FORWARD,
      { { .rcode = 9, .tsig_error = 18, .clock_skew = -3600 } },
      STATUS_SIGNATURE,
      "127.0.0.1#53: A not set: BADTIME: the clocks differ by more than the 5 minutes "
      "that "
      "are allowed (this clock is 3600 seconds ahead of the server's)" },
    { 300,
      DDNS_FORWARD,
      { { .rcode = 9, .tsig_error = 18, .clock_skew = 301 } },
      STATUS_SIGNATURE,
      "127.0.0.1#53: A not set: BADTIME: the clocks differ by more than the 5 minutes "
      "that "
      "are allowed (this clock is 301 seconds behind the server's)" },
};

Test(outcome, says_how_it_went)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome o = wanted(cases[i].ttl);

        conclude(&o, cases[i].directions, cases[i].verdicts);
        cr_expect_str_eq(o.message, cases[i].message);
        cr_expect_eq(o.status, cases[i].status, "%s", o.message);
    }
}

/** What @p o prints as JSON; to be freed. */
static char *json_of(const struct outcome *o)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    cr_assert_not_null(out);
    outcome_print_json(o, out);
    cr_assert_eq(fclose(out), 0);
    return text;
}

Test(outcome, is_one_json_object)
{
    struct outcome o = wanted(300);
    const struct verdict late[VERDICTS] = {
        { .rcode = 9, .tsig_error = 18, .clock_skew = -3600 }
    };
    char *text;

    conclude(&o, DDNS_FORWARD, late);
    outcome_say(&o, "text");
    text = json_of(&o);
    cr_expect_str_eq(text,
                     "{\"status\":\"signature\",\"name\":\"host.example.org.\","
                     "\"zone\":\"example.org.\",\"type\":\"A\",\"address\":\"192.0.2.7\","
                     "\"ttl\":300,\"ptr\":\"7.2.0.192.in-addr.arpa.\","
                     "\"server\":\"127.0.0.1#53\",\"rcode\":\"NOTAUTH\","
                     "\"tsig-error\":\"BADTIME\",\"clock-skew-seconds\":-3600,"
                     "\"message\":\"text\"}\n");
    free(text);
}

Test(outcome, escapes_whatever_json_cannot_hold)
{
    struct outcome o = { .status = STATUS_USAGE };
    char *text;

    outcome_say(&o, "%s", "a\"b\\c\n\x7f\xff");
    text = json_of(&o);
    cr_expect_str_eq(
        text, "{\"status\":\"usage\",\"name\":null,\"zone\":null,\"type\":null,"
              "\"address\":null,\"ttl\":0,\"ptr\":null,\"server\":null,\"rcode\":null,"
              "\"tsig-error\":null,\"clock-skew-seconds\":null,"
              "\"message\":\"a\\\"b\\\\c\\u000a\\u007f\\u00ff\"}\n");
    free(text);
}

Test(outcome, has_a_meaning_for_every_number)
{
    for (unsigned number = 0; number < 70000; number++) {
        cr_expect_neq(outcome_rcode_meaning(number)[0], '\0');
        cr_expect_neq(outcome_tsig_meaning(number)[0], '\0');
    }
}

Test(outcome, cuts_a_message_that_is_too_long)
{
    struct outcome o = { .status = STATUS_USAGE };

    for (size_t i = 0; i < MESSAGE_MAX; i++) {
        outcome_add(&o, "%s", "ab");
    }
    cr_expect_eq(strlen(o.message), MESSAGE_MAX - 1);
}
