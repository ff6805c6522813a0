/* SPDX-License-Identifier: MPL-2.0 */
#include "client/mailbox.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/leaks.h"

static struct {
    uv_loop_t loop;
    uv_async_t bell;
    unsigned rings;
    struct ddns_mailbox mailbox;
    struct ddns_letters letters;
} t;

static void on_ring(uv_async_t *bell)
{
    (void)bell;
    t.rings++;
}

static void begin(void)
{
    cr_assert_eq(uv_loop_init(&t.loop), 0);
    cr_assert_eq(uv_async_init(&t.loop, &t.bell, on_ring), 0);
    cr_assert_eq(ddns_mailbox_open(&t.mailbox, &t.bell), DDNS_OK);
}

static void end(void)
{
    ddns_letters_free(&t.letters);
    ddns_mailbox_destroy(&t.mailbox);
    uv_close((uv_handle_t *)&t.bell, NULL);
    uv_run(&t.loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&t.loop) != 0) {
        abort();
    }
    no_leaks();
}

TestSuite(mailbox, .init = begin, .fini = end);

static ddns_error put(enum ddns_verb verb, uint32_t ttl)
{
    struct ddns_letter letter = { .verb = verb, .wish = { .ttl = ttl } };

    return ddns_mailbox_put(&t.mailbox, &letter);
}

static bool take(void)
{
    unsigned grace_ms = 0;

    return ddns_mailbox_take(&t.mailbox, false, &t.letters, &grace_ms);
}

static void expect_letter(enum ddns_verb verb, uint32_t ttl)
{
    struct ddns_letter letter;

    cr_assert(ddns_letters_first(&t.letters, &letter));
    cr_expect_eq(letter.verb, verb);
    cr_expect_eq(letter.wish.ttl, ttl);
    ddns_letters_drop(&t.letters);
}

Test(mailbox, keeps_the_order)
{
    cr_expect_eq(put(DDNS_WISH_SET, 1), DDNS_OK);
    cr_expect_eq(put(DDNS_WISH_CLEAR, 2), DDNS_OK);
    cr_expect(!take());
    cr_expect_eq(put(DDNS_WISH_RESUME, 3), DDNS_OK);
    cr_expect(!take(), "what was taken before stays in front");
    cr_expect_eq(t.letters.count, 3);
    expect_letter(DDNS_WISH_SET, 1);
    expect_letter(DDNS_WISH_CLEAR, 2);
    expect_letter(DDNS_WISH_RESUME, 3);
    cr_expect_eq(t.letters.count, 0);
    cr_expect_null(t.letters.head);
    cr_expect_eq(put(DDNS_WISH_SET, 4), DDNS_OK);
    cr_expect(!take());
    expect_letter(DDNS_WISH_SET, 4);
}

/* Nothing of a letter is lost, whatever it says and however long its name is. */
Test(mailbox, gives_back_what_was_put_in)
{
    static const ddns_range range = { { { 10, 1, 2, 3 }, 4 }, { { 10, 1, 2, 254 }, 4 } };
    struct ddns_letter walk = { .verb = DDNS_WALK_BEGIN, .begin = { range, true } };
    struct ddns_letter wish = { .verb = DDNS_WISH_SET,
                                .wish = { .address = { { 192, 0, 2, 1 }, 4 },
                                          .directions = DDNS_FORWARD,
                                          .has_dhcid = true,
                                          .mode = DDNS_NO_CHECK_WITH_DHCID,
                                          .ttl = 600 } };
    uint8_t identity[DDNS_IDENTITY_MAX];
    struct ddns_letter got;

    for (unsigned i = 0; i < DDNS_IDENTITY_MAX; i++) {
        identity[i] = (uint8_t)(i * 11);
    }
    memset(wish.wish.dhcid.rdata, 0x5a, DDNS_DHCID_LEN);
    cr_expect_eq(ddns_mailbox_put(&t.mailbox, &walk), DDNS_OK);
    for (unsigned len = 1; len <= DDNS_NAME_MAX; len++) {
        wish.wish.fqdn.len = (uint8_t)len;
        wish.wish.fqdn.wire[len - 1] = (uint8_t)(len * 7);
        wish.identity = (ddns_identity){ DDNS_ID_CLIENT_ID, identity, len };
        cr_expect_eq(ddns_mailbox_put(&t.mailbox, &wish), DDNS_OK);
    }
    cr_expect(!take());
    cr_assert(ddns_letters_first(&t.letters, &got));
    cr_expect_eq(got.verb, DDNS_WALK_BEGIN);
    cr_expect_arr_eq(&got.begin.range, &range, sizeof range);
    cr_expect(got.begin.afresh);
    memset(wish.wish.fqdn.wire, 0, DDNS_NAME_MAX);
    for (unsigned len = 1; len <= DDNS_NAME_MAX; len++) {
        ddns_letters_drop(&t.letters);
        wish.wish.fqdn.len = (uint8_t)len;
        wish.wish.fqdn.wire[len - 1] = (uint8_t)(len * 7);
        cr_assert(ddns_letters_first(&t.letters, &got));
        cr_expect_arr_eq(&got.wish, &wish.wish, sizeof wish.wish, "a name of %u octets",
                         len);
        cr_expect_eq(got.identity.kind, DDNS_ID_CLIENT_ID);
        cr_assert_eq(got.identity.len, len);
        cr_expect_arr_eq(got.identity.data, identity, len);
    }
}

static unsigned rings(void)
{
    uv_run(&t.loop, UV_RUN_NOWAIT);
    return t.rings;
}

Test(mailbox, rings_when_there_is_something_to_take)
{
    cr_expect_eq(put(DDNS_WISH_SET, 1), DDNS_OK);
    cr_expect_eq(rings(), 1);
    cr_expect(!take());
    cr_expect(!take(), "no letter: the thread sleeps until it is woken");
    cr_expect_eq(put(DDNS_WISH_SET, 2), DDNS_OK);
    cr_expect_eq(rings(), 2, "also after it was emptied");
}

Test(mailbox, does_not_ring_for_who_comes_anyway)
{
    unsigned grace_ms = 0;

    cr_expect_eq(put(DDNS_WISH_SET, 1), DDNS_OK);
    cr_expect_eq(rings(), 1);
    cr_expect(!take());
    cr_expect_eq(put(DDNS_WISH_SET, 2), DDNS_OK);
    cr_expect_eq(rings(), 1, "after letters it looks again");
    cr_expect(!take());
    cr_expect(!ddns_mailbox_take(&t.mailbox, true, &t.letters, &grace_ms));
    cr_expect_eq(put(DDNS_WISH_SET, 3), DDNS_OK);
    cr_expect_eq(rings(), 1, "it said so");
    ddns_mailbox_close(&t.mailbox, 0);
    cr_expect_eq(rings(), 2, "this does not wait");
}

Test(mailbox, refuses_letters_once_it_is_closed_but_gives_out_what_it_has)
{
    unsigned grace_ms = 0;

    cr_expect_eq(put(DDNS_WISH_SET, 1), DDNS_OK);
    ddns_mailbox_close(&t.mailbox, 77);
    ddns_mailbox_close(&t.mailbox, 78);
    cr_expect_eq(put(DDNS_WISH_SET, 2), DDNS_E_STOPPING);
    uv_run(&t.loop, UV_RUN_NOWAIT);
    cr_expect_eq(t.rings, 1);
    cr_expect(ddns_mailbox_take(&t.mailbox, false, &t.letters, &grace_ms));
    cr_expect_eq(grace_ms, 77);
    expect_letter(DDNS_WISH_SET, 1);
    cr_expect_eq(t.letters.count, 0);
    cr_expect_null(t.letters.head);
}

Test(mailbox, counts_what_nobody_has_read_as_unsettled)
{
    ddns_stats stats = { .unsettled = 5, .added = 6 };
    ddns_stats seen;

    cr_expect_eq(put(DDNS_WISH_SET, 1), DDNS_OK);
    cr_expect_eq(put(DDNS_WISH_SET, 2), DDNS_OK);
    ddns_mailbox_stats(&t.mailbox, &seen);
    cr_expect_eq(seen.unsettled, 2);
    cr_expect(!take());
    ddns_mailbox_stats(&t.mailbox, &seen);
    cr_expect_eq(seen.unsettled, 2, "taken is not read");
    ddns_mailbox_publish(&t.mailbox, &stats, 1);
    ddns_mailbox_stats(&t.mailbox, &seen);
    cr_expect_eq(seen.unsettled, 6);
    cr_expect_eq(seen.added, 6);
}

Test(mailbox, frees_what_it_never_gave_out)
{
    cr_expect_eq(put(DDNS_WISH_SET, 1), DDNS_OK);
}

/* ---- questions ---------------------------------------------------------------- */

enum { LONG_MS = 60000, SHORT_MS = 50 };

/* One question, asked on a thread of its own. */
static struct {
    pthread_t thread;
    unsigned timeout_ms;
    bool after_letters;
    atomic_uint answers;
    uint64_t when;
    ddns_error error;
} asked;

static void on_question(void *arg, struct ddns_engine *engine, struct ddns_now now)
{
    (void)engine;
    cr_expect_eq(arg, &asked);
    asked.when = now.mono_ms;
    atomic_fetch_add(&asked.answers, 1);
}

static void *ask(void *arg)
{
    asked.error = ddns_mailbox_ask(&t.mailbox, on_question, arg, asked.after_letters,
                                   asked.timeout_ms);
    return NULL;
}

static void begin_to_ask(unsigned timeout_ms)
{
    asked.timeout_ms = timeout_ms;
    cr_assert_eq(pthread_create(&asked.thread, NULL, ask, &asked), 0);
    while (t.rings == 0) { /* it rings when the question is there */
        uv_run(&t.loop, UV_RUN_NOWAIT);
        usleep(100);
    }
}

static ddns_error end_of_asking(void)
{
    cr_assert_eq(pthread_join(asked.thread, NULL), 0);
    return asked.error;
}

Test(mailbox, answers_a_question_while_its_thread_waits)
{
    begin_to_ask(LONG_MS);
    ddns_mailbox_answer(&t.mailbox, NULL, true, (struct ddns_now){ .mono_ms = 4711 });
    cr_expect_eq(end_of_asking(), DDNS_OK);
    cr_expect_eq(atomic_load(&asked.answers), 1);
    cr_expect_eq(asked.when, 4711);
    ddns_mailbox_answer(&t.mailbox, NULL, true, (struct ddns_now){ 0 });
    cr_expect_eq(atomic_load(&asked.answers), 1, "once is enough");
}

Test(mailbox, answers_some_only_when_the_letters_were_read)
{
    asked.after_letters = true;
    begin_to_ask(LONG_MS);
    ddns_mailbox_answer(&t.mailbox, NULL, false, (struct ddns_now){ .mono_ms = 4710 });
    cr_expect_eq(atomic_load(&asked.answers), 0);
    ddns_mailbox_answer(&t.mailbox, NULL, true, (struct ddns_now){ .mono_ms = 4711 });
    cr_expect_eq(end_of_asking(), DDNS_OK);
    cr_expect_eq(asked.when, 4711);
}

Test(mailbox, gives_up_a_question_that_nobody_answers)
{
    begin_to_ask(SHORT_MS);
    cr_expect_eq(end_of_asking(), DDNS_E_TIMEOUT);
    ddns_mailbox_answer(&t.mailbox, NULL, true, (struct ddns_now){ 0 });
    cr_expect_eq(atomic_load(&asked.answers), 0, "its thread is gone");
}

Test(mailbox, turns_questions_down_when_it_is_closed)
{
    begin_to_ask(LONG_MS);
    ddns_mailbox_close(&t.mailbox, 0);
    cr_expect_eq(end_of_asking(), DDNS_E_STOPPING);
    cr_expect_eq(ddns_mailbox_ask(&t.mailbox, on_question, &asked, false, LONG_MS),
                 DDNS_E_STOPPING);
    ddns_mailbox_answer(&t.mailbox, NULL, true, (struct ddns_now){ 0 });
    cr_expect_eq(atomic_load(&asked.answers), 0);
}

Test(mailbox, tells_the_state_of_the_ledger)
{
    ddns_ledger_info info = { .state = DDNS_LEDGER_IS_DOWN,
                              .since = 5,
                              .detail = "full" };
    ddns_ledger_info seen;

    ddns_mailbox_publish_ledger(&t.mailbox, &info);
    ddns_mailbox_ledger(&t.mailbox, &seen);
    cr_expect_eq(seen.state, DDNS_LEDGER_IS_DOWN);
    cr_expect_eq(seen.since, 5);
    cr_expect_str_eq(seen.detail, "full");
}
