/* SPDX-License-Identifier: MPL-2.0 */
#include "client/bookkeeper.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

/*
 * The bookkeeper between a real engine and a ledger that says what a test wants it to
 * say: a disk that does not answer, or no memory, cannot be had otherwise.
 */

enum { RESULTS_MAX = 8, TIMEOUT_MS = 1000, COMMIT_PATIENCE = 2000, RETRY = 500 };

/* ---- a ledger ------------------------------------------------------------------ */

struct ddns_ledger {
    struct ddns_ledger_result results[RESULTS_MAX];
    size_t head, tail;
    uint64_t commits[RESULTS_MAX];
    struct ddns_row first_rows[RESULTS_MAX];
    size_t commit_count;
    unsigned begun, ended, stopped;
    bool no_memory;
};

static struct ddns_ledger ledger;

ddns_error ddns_ledger_start(const struct ddns_ledger_config *config,
                             struct ddns_ledger **out_ledger)
{
    cr_assert_str_eq(config->path, "ledger");
    *out_ledger = &ledger;
    return DDNS_OK;
}

ddns_error ddns_ledger_commit(struct ddns_ledger *l, uint64_t commit,
                              const struct ddns_row *rows, size_t count)
{
    cr_assert_gt(count, 0);
    if (l->no_memory) {
        return DDNS_E_NOMEM;
    }
    l->commits[l->commit_count] = commit;
    l->first_rows[l->commit_count++] = rows[0];
    return DDNS_OK;
}

ddns_error ddns_ledger_begin_rewrite(struct ddns_ledger *l)
{
    l->begun++;
    return l->no_memory ? DDNS_E_NOMEM : DDNS_OK;
}

ddns_error ddns_ledger_end_rewrite(struct ddns_ledger *l)
{
    l->ended++;
    return DDNS_OK;
}

bool ddns_ledger_next(struct ddns_ledger *l, struct ddns_ledger_result *out_result)
{
    if (l->head == l->tail) {
        return false;
    }
    *out_result = l->results[l->head++];
    return true;
}

void ddns_ledger_stop(struct ddns_ledger *l)
{
    l->stopped++;
}

static void says(struct ddns_ledger_result result)
{
    ledger.results[ledger.tail++] = result;
}

static void says_ready(size_t count)
{
    says((struct ddns_ledger_result){ .kind = DDNS_LEDGER_READY, .count = count });
}

static void answers(size_t commit)
{
    says((struct ddns_ledger_result){ .kind = DDNS_LEDGER_COMMITTED,
                                      .commit = ledger.commits[commit] });
}

/* ---- what stands around the bookkeeper -------------------------------------------- */

static struct {
    uv_loop_t loop;
    uv_async_t bell;
    struct ddns_mailbox mailbox;
    struct ddns_zone_server server;
    struct ddns_endpoint endpoint;
    struct ddns_zone zone;
    struct ddns_zones zones;
    struct ddns_engine *engine;
    struct ddns_bookkeeper books;
    uint64_t now_ms;
    char told[256]; /* the events, a letter each */
    char detail[256];
} t;

static uint32_t dice(void *user)
{
    (void)user;
    return 4;
}

static void on_bell(uv_async_t *bell)
{
    (void)bell;
}

static void on_event(void *user, const ddns_event *event)
{
    static const char letters[] = { [DDNS_EVENT_LEDGER_DOWN] = 'D',
                                    [DDNS_EVENT_LEDGER_UP] = 'U',
                                    [DDNS_EVENT_LEDGER_SET_ASIDE] = 'A',
                                    [DDNS_EVENT_LEDGER_READ] = 'R' };

    (void)user;
    t.told[strlen(t.told)] = letters[event->kind];
    if (event->detail != NULL) {
        (void)snprintf(t.detail, sizeof t.detail, "%s", event->detail);
    }
}

static struct ddns_now now(void)
{
    return (struct ddns_now){ t.now_ms, 1700000000 + t.now_ms / 1000 };
}

static void begin(void)
{
    static const uint32_t first = 0;
    struct ddns_engine_config config = { .zones = &t.zones,
                                         .answer_timeout_ms = TIMEOUT_MS,
                                         .random = dice };

    cr_assert_eq(uv_loop_init(&t.loop), 0);
    cr_assert_eq(uv_async_init(&t.loop, &t.bell, on_bell), 0);
    cr_assert_eq(ddns_mailbox_open(&t.mailbox, &t.bell), DDNS_OK);
    t.zone =
        (struct ddns_zone){ .direction = DDNS_FORWARD, .servers = &t.server, .count = 1 };
    cr_assert_eq(ddns_name_parse("example.org", &t.zone.name), DDNS_OK);
    t.zones = (struct ddns_zones){
        .zones = &t.zone,
        .zone_count = 1,
        .order = &first,
        .order_count = 1,
        .endpoints = &t.endpoint,
        .endpoint_count = 1,
    };
    cr_assert_eq(ddns_engine_new(&config, &t.engine), DDNS_OK);
    t.books.engine = t.engine;
    t.books.mailbox = &t.mailbox;
    t.books.on_event = on_event;
    cr_assert_eq(ddns_bookkeeper_open(&t.books, "ledger", &t.bell, now()), DDNS_OK);
}

static void end(void)
{
    ddns_bookkeeper_close(&t.books, now());
    ddns_engine_free(t.engine);
    ddns_mailbox_destroy(&t.mailbox);
    uv_close((uv_handle_t *)&t.bell, NULL);
    uv_run(&t.loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&t.loop) != 0 || ledger.stopped != 1) {
        abort();
    }
    no_leaks();
}

TestSuite(bookkeeper, .init = begin, .fini = end);

/* One turn: what the ledger says, then what the engine asks for; true when it sends. */
static bool turn(uint64_t ms)
{
    struct ddns_action action;
    bool sends = false;

    t.now_ms += ms;
    ddns_bookkeeper_turn(&t.books, now());
    while (ddns_engine_next(t.engine, now(), &action)) {
        if (action.kind == DDNS_DO_CONNECT) {
            ddns_engine_on_open(t.engine, action.link, now());
        } else if (action.kind == DDNS_DO_COMMIT) {
            ddns_bookkeeper_commit(&t.books, &action, now());
        }
        sends = sends || action.kind == DDNS_DO_SEND;
    }
    return sends;
}

static void set(const char *fqdn, uint8_t host)
{
    struct ddns_wish wish = { .address = { { 192, 0, 2, host }, 4 },
                              .directions = DDNS_FORWARD,
                              .ttl = 600,
                              .mode = DDNS_NO_CHECK_WITHOUT_DHCID };

    cr_assert_eq(ddns_name_parse(fqdn, &wish.fqdn), DDNS_OK);
    cr_assert_eq(ddns_engine_set(t.engine, &wish), DDNS_OK);
}

static ddns_ledger_state state(void)
{
    ddns_ledger_info info;

    ddns_mailbox_ledger(&t.mailbox, &info);
    return info.state;
}

static void get_ready(void)
{
    says_ready(0);
    (void)turn(0);
    cr_assert_eq(state(), DDNS_LEDGER_IS_UP);
    cr_assert_str_eq(t.told, "R");
}

/* ---- tests ------------------------------------------------------------------------ */

Test(bookkeeper, wishes_wait_until_the_rows_are_read)
{
    struct ddns_row row = { .address = { { 192, 0, 2, 7 }, 4 },
                            .directions = DDNS_FORWARD,
                            .confirmed = true,
                            .mode = DDNS_NO_CHECK_WITHOUT_DHCID,
                            .ttl = 600 };

    cr_assert_eq(ddns_name_parse("host.example.org", &row.fqdn), DDNS_OK);
    cr_expect(ddns_bookkeeper_is_reading(&t.books));
    says((struct ddns_ledger_result){
        .kind = DDNS_LEDGER_ROWS, .rows = &row, .count = 1 });
    cr_expect(!turn(0));
    cr_expect(ddns_bookkeeper_is_reading(&t.books));
    says_ready(1);
    cr_expect(!turn(0));
    cr_expect(!ddns_bookkeeper_is_reading(&t.books));
    set("host.example.org", 7);
    cr_expect(!turn(0), "DNS was told that already");
    cr_expect_eq(ledger.commit_count, 0, "and the ledger knows it");
    cr_expect_eq(ddns_bookkeeper_deadline(&t.books), UINT64_MAX);
}

Test(bookkeeper, a_claim_is_sent_when_it_is_durable)
{
    get_ready();
    set("host.example.org", 7);
    cr_expect(!turn(0));
    cr_assert_eq(ledger.commit_count, 1);
    cr_expect(!ledger.first_rows[0].confirmed);
    answers(0);
    cr_expect(turn(0));
}

Test(bookkeeper, a_disk_that_does_not_answer_holds_up_nobody)
{
    get_ready();
    set("host.example.org", 7);
    cr_expect(!turn(0));
    cr_expect_eq(ddns_bookkeeper_deadline(&t.books), COMMIT_PATIENCE);
    cr_expect(!turn(COMMIT_PATIENCE - 1));
    cr_expect(turn(1));
    cr_expect_eq(state(), DDNS_LEDGER_IS_DOWN);
    cr_expect_str_eq(t.told, "RD");
    cr_expect_str_eq(t.detail, "the disk does not answer");
    cr_expect_eq(ddns_bookkeeper_deadline(&t.books), UINT64_MAX, "it has to speak first");

    answers(0);
    (void)turn(0);
    cr_expect_eq(state(), DDNS_LEDGER_IS_DOWN, "it may be a flicker");
    (void)turn(RETRY);
    cr_expect_eq(state(), DDNS_LEDGER_IS_UP);
    cr_expect_str_eq(t.told, "RDU");
    cr_expect_eq(ledger.begun, 1);
    cr_assert_eq(ledger.commit_count, 2, "all is written anew");
    cr_expect_eq(ledger.ended, 0);
    answers(1);
    (void)turn(0);
    cr_expect_eq(ledger.ended, 1);
}

Test(bookkeeper, a_ledger_that_is_not_read_in_time_is_done_without)
{
    cr_expect(!turn(19999));
    cr_expect(ddns_bookkeeper_is_reading(&t.books));
    (void)turn(1);
    cr_expect(!ddns_bookkeeper_is_reading(&t.books));
    cr_expect_str_eq(t.told, "D");
    set("host.example.org", 7);
    cr_expect(turn(0));
    says_ready(0);
    (void)turn(RETRY);
    cr_expect_eq(state(), DDNS_LEDGER_IS_UP);
    cr_expect_str_eq(t.told, "DU");
    cr_expect_eq(ledger.commit_count, 1);
}

Test(bookkeeper, without_memory_it_goes_on_and_tries_again)
{
    get_ready();
    ledger.no_memory = true;
    set("host.example.org", 7);
    cr_expect(turn(0));
    cr_expect_str_eq(t.told, "RD");
    (void)turn(RETRY);
    (void)turn(RETRY);
    cr_expect_eq(state(), DDNS_LEDGER_IS_DOWN);
    cr_expect_str_eq(t.told, "RD", "an outage is told once");
    ledger.no_memory = false;
    (void)turn(RETRY);
    cr_expect_eq(state(), DDNS_LEDGER_IS_UP);
    cr_expect_str_eq(t.told, "RDU");
    cr_expect_eq(ledger.commit_count, 1);
}

Test(bookkeeper, an_outage_of_the_ledger_is_made_up_for)
{
    get_ready();
    says((struct ddns_ledger_result){ .kind = DDNS_LEDGER_DOWN, .why = "disk full" });
    set("host.example.org", 7);
    cr_expect(turn(0));
    cr_expect_eq(state(), DDNS_LEDGER_IS_DOWN);
    cr_expect_str_eq(t.detail, "disk full");
    cr_expect_eq(ledger.commit_count, 0);
    cr_expect_eq(ddns_bookkeeper_deadline(&t.books), UINT64_MAX,
                 "it says when it is well");
    says((struct ddns_ledger_result){ .kind = DDNS_LEDGER_UP });
    (void)turn(0);
    cr_expect_str_eq(t.told, "RDU");
    cr_assert_eq(ledger.commit_count, 1);
    cr_expect_eq(ledger.ended, 0);
    answers(0);
    (void)turn(0);
    (void)turn(0);
    cr_expect_eq(ledger.ended, 1, "once");
}

Test(bookkeeper, a_damaged_ledger_is_named)
{
    get_ready();
    says(
        (struct ddns_ledger_result){ .kind = DDNS_LEDGER_SET_ASIDE, .why = "x.corrupt" });
    says((struct ddns_ledger_result){ .kind = DDNS_LEDGER_UP });
    (void)turn(0);
    cr_expect_str_eq(t.told, "RAU");
    cr_expect_str_eq(t.detail, "x.corrupt");
    cr_expect_eq(ledger.begun, 1);
    (void)turn(0);
    cr_expect_eq(ledger.ended, 1, "nothing was told, so all of it is written");
}

Test(bookkeeper, what_is_not_written_yet_is_written_at_the_end)
{
    get_ready();
    set("host.example.org", 7);
    cr_expect(!turn(0));
    answers(0);
    cr_expect(turn(0));
    ddns_engine_retell(t.engine, &(ddns_address){ { 192, 0, 2, 7 }, 4 });
    cr_expect_eq(ledger.commit_count, 1);
    ddns_bookkeeper_close(&t.books, now());
    cr_expect_eq(ledger.commit_count, 2);
}
