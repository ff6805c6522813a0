/* SPDX-License-Identifier: MPL-2.0 */
#include "client/runner.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/broken.h"

enum {
    NS_PER_MS = 1000000,
    NOMEM_RETRY_MS = 500,    /* memory that ran out is likely to be there soon */
    LETTERS_PER_TURN = 4096, /* a flood of wishes must not starve the answers */
    LOOK_AGAIN_MS = 1,       /* little to wait, and much for those who need not ring */
    CROWD = 3,               /* letters in that time: more are on their way */
    CROWD_MS = 8,            /* how long a crowd is waited for without a bell */
};

static struct ddns_now now(void)
{
    return (struct ddns_now){ .mono_ms = uv_hrtime() / NS_PER_MS,
                              .unix_s = (uint64_t)time(NULL) };
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- from the transport --------------------------------------------------- */

static void on_open(void *user, uint64_t link)
{
    struct ddns_runner *r = user;

    ddns_engine_on_open(r->engine, link, now());
}

static void on_message(void *user, uint64_t link, struct ddns_bytes message)
{
    struct ddns_runner *r = user;

    ddns_engine_on_message(r->engine, link, message, now());
}

static void on_lost(void *user, uint64_t link, ddns_error error)
{
    struct ddns_runner *r = user;

    ddns_engine_on_lost(r->engine, link, error, now());
}

/* ---- one turn of the loop -------------------------------------------------- */

/**
 * True when the mailbox is closed, as ddns_mailbox_take() has it.
 *
 * To ring the bell takes a thread of the DHCP server's longer than all the rest of its
 * call-out.  So while there is a crowd, the mailbox is looked into by the clock.
 */
static bool take_letters(struct ddns_runner *r, unsigned *out_grace_ms)
{
    uint64_t mono_ms = now().mono_ms;
    bool coming = mono_ms < r->look_until_ms;
    size_t before = r->letters.count;
    bool closed = ddns_mailbox_take(r->mailbox, coming, &r->letters, out_grace_ms);
    size_t came = r->letters.count - before;
    uint64_t until = mono_ms + (came >= CROWD ? CROWD_MS : LOOK_AGAIN_MS);

    if (came > 0 && until > r->look_until_ms) {
        r->look_until_ms = until;
    }
    r->look_at_ms = mono_ms < r->look_until_ms ? mono_ms + LOOK_AGAIN_MS : UINT64_MAX;
    return closed;
}

/* What who wrote it had no time for. */
static bool add_dhcid(const struct ddns_runner *r, struct ddns_letter *letter)
{
    return letter->identity.kind == DDNS_ID_NONE ||
           ddns_dhcid_compute(r->dhcids, &letter->identity, &letter->wish.fqdn,
                              &letter->wish.dhcid) == DDNS_OK;
}

static ddns_error read_letter(struct ddns_runner *r, struct ddns_letter *letter)
{
    struct ddns_engine *engine = r->engine;

    if (!add_dhcid(r, letter)) {
        return DDNS_E_NOMEM; /* the identity is good: libcrypto has no memory */
    }
    switch (letter->verb) {
    case DDNS_WISH_SET:
        return ddns_engine_set(engine, &letter->wish);
    case DDNS_WISH_RESUME:
        return ddns_engine_resume(engine, &letter->wish);
    case DDNS_WISH_CLEAR:
        return ddns_engine_clear(engine, &letter->wish);
    case DDNS_REMOVE_STRAY:
        return ddns_engine_remove_stray(engine, &letter->wish);
    case DDNS_RETELL:
        ddns_engine_retell(engine, &letter->address);
        return DDNS_OK;
    case DDNS_WALK_BEGIN:
        ddns_engine_walk_begin(engine, &letter->begin.range, letter->begin.afresh);
        return DDNS_OK;
    case DDNS_WALK_END:
        ddns_engine_walk_end(engine, letter->complete);
        return DDNS_OK;
    }
    return DDNS_E_BUG;
}

/**
 * Read letters to the engine, in order.  Those for which this turn has no time,
 * or the engine no memory, wait, and all of them until it is known what DNS was
 * told before.  Returns how many were read.
 */
static size_t read_letters(struct ddns_runner *r)
{
    struct ddns_letter letter;
    size_t read = 0;

    if (ddns_bookkeeper_is_reading(&r->books)) {
        r->read_on_at_ms = UINT64_MAX;
        return 0;
    }

    while (read < LETTERS_PER_TURN && ddns_letters_first(&r->letters, &letter)) {
        if (read_letter(r, &letter) == DDNS_E_NOMEM) {
            r->read_on_at_ms = now().mono_ms + NOMEM_RETRY_MS;
            return read;
        }
        ddns_letters_drop(&r->letters);
        read++;
    }
    r->read_on_at_ms = r->letters.count == 0 ? UINT64_MAX : now().mono_ms;
    return read;
}

static ddns_error carry_out(struct ddns_runner *r, const struct ddns_action *action)
{
    const struct ddns_endpoint *to;

    switch (action->kind) {
    case DDNS_DO_CONNECT:
        to = &r->zones->endpoints[action->endpoint];
        return ddns_transport_connect(r->links, action->link, &to->address, to->port,
                                      action->transport);
    case DDNS_DO_SEND:
        return ddns_transport_send(r->links, action->link, action->message);
    case DDNS_DO_CLOSE:
        ddns_transport_close(r->links, action->link);
        return DDNS_OK;
    case DDNS_DO_TELL:
        if (r->on_event != NULL) {
            r->on_event(r->user, action->event);
        }
        return DDNS_OK;
    case DDNS_DO_COMMIT:
        ddns_bookkeeper_commit(&r->books, action, now());
        return DDNS_OK;
    }
    return DDNS_E_BUG;
}

/* Do everything the engine asks for. */
static void pump(struct ddns_runner *r)
{
    struct ddns_action action;

    if (ddns_engine_deadline(r->engine) <= now().mono_ms) {
        ddns_engine_on_tick(r->engine, now());
    }
    while (ddns_engine_next(r->engine, now(), &action)) {
        ddns_link link = action.link;
        ddns_error error = carry_out(r, &action);

        if (error != DDNS_OK) {
            ddns_transport_close(r->links, link);
            ddns_engine_on_lost(r->engine, link, error, now());
        }
    }
}

/* What the loop waits for; with the last of it gone, the loop returns. */
static void close_handles(struct ddns_runner *r)
{
    if (uv_is_closing((uv_handle_t *)&r->turn)) {
        return;
    }
    ddns_transport_free(r->links);
    r->links = NULL;
    uv_close((uv_handle_t *)&r->turn, NULL);
    uv_close((uv_handle_t *)&r->alarm, NULL);
    uv_close((uv_handle_t *)&r->bell, NULL);
}

static void on_alarm(uv_timer_t *alarm)
{
    (void)alarm; /* the sleep has ended; the turn does the rest */
}

static void on_bell(uv_async_t *bell)
{
    (void)bell; /* as above */
}

static void set_alarm(struct ddns_runner *r)
{
    uint64_t letters = sooner(r->read_on_at_ms, r->look_at_ms);
    uint64_t due = sooner(ddns_engine_deadline(r->engine),
                          sooner(letters, ddns_bookkeeper_deadline(&r->books)));
    uint64_t mono_ms = now().mono_ms;

    due = sooner(due, ddns_publisher_deadline(&r->publisher));

    if (r->stopping) {
        due = sooner(due, r->stop_at_ms);
    }
    uv_update_time(&r->loop); /* the delay counts from now, not from the last sleep */
    if (due == UINT64_MAX) {
        uv_timer_stop(&r->alarm);
    } else {
        uv_timer_start(&r->alarm, on_alarm, due > mono_ms ? due - mono_ms : 0, 0);
    }
}

static bool finished(const struct ddns_runner *r)
{
    bool busy = r->letters.count > 0 || ddns_engine_busy(r->engine);

    return r->stopping && (!busy || now().mono_ms >= r->stop_at_ms);
}

static void give_memory_back(struct ddns_runner *r, const ddns_stats *stats)
{
    bool letters = ddns_flood_is_over(&r->letters_flood, r->letters.count);
    bool bindings = ddns_flood_is_over(&r->bindings_flood, stats->bindings);

    if (letters || bindings) {
        ddns_flood_drain();
    }
}

/* Everything that came in since the last sleep is answered at once. */
static void on_turn(uv_prepare_t *turn)
{
    struct ddns_runner *r = turn->data;
    unsigned grace_ms;
    ddns_stats stats;
    size_t read;

    if (take_letters(r, &grace_ms) && !r->stopping) {
        r->stopping = true;
        r->stop_at_ms = now().mono_ms + grace_ms;
    }
    ddns_engine_set_time(r->engine, now());
    ddns_bookkeeper_turn(&r->books, now());
    ddns_flood_rise(&r->letters_flood, r->letters.count);
    read = read_letters(r);
    pump(r);
    ddns_mailbox_answer(r->mailbox, r->engine, r->letters.count == 0, now());
    ddns_engine_stats(r->engine, &stats);
    ddns_mailbox_publish(r->mailbox, &stats, read);
    ddns_publisher_turn(&r->publisher, now());
    give_memory_back(r, &stats);
    if (finished(r)) {
        ddns_publisher_stop(&r->publisher);
        ddns_bookkeeper_close(&r->books, now()); /* both ring the bell until then */
        close_handles(r);
    } else {
        set_alarm(r);
    }
}

/* ---- life ------------------------------------------------------------------ */

static ddns_error engine_open(struct ddns_runner *r,
                              const struct ddns_runner_config *config)
{
    struct ddns_engine_config engine = {
        .zones = config->zones,
        .answer_timeout_ms = config->timeout_ms,
        .mixed = config->mixed,
        .random = ddns_random_next,
        .random_user = &r->random,
    };
    ddns_error error = ddns_random_open(&r->random);

    return error == DDNS_OK ? ddns_engine_new(&engine, &r->engine) : error;
}

static ddns_error books_open(struct ddns_runner *r, const char *path)
{
    r->books.engine = r->engine;
    r->books.mailbox = r->mailbox;
    r->books.on_event = r->on_event;
    r->books.user = r->user;
    return ddns_bookkeeper_open(&r->books, path, &r->bell, now());
}

static ddns_error publisher_open(struct ddns_runner *r,
                                 const struct ddns_runner_config *config)
{
    r->publisher.engine = r->engine;
    r->publisher.mailbox = r->mailbox;
    r->publisher.on_event = r->on_event;
    r->publisher.user = r->user;
    return ddns_publisher_open(&r->publisher, config->prometheus, config->daemon,
                               &r->bell);
}

static ddns_error links_open(struct ddns_runner *r)
{
    struct ddns_transport_events events = { on_open, on_message, on_lost, r };

    return ddns_transport_new(&r->loop, &events, &r->links);
}

/** The loop and its three handles: all of them, or none. */
static ddns_error loop_open(struct ddns_runner *r)
{
    if (uv_loop_init(&r->loop) != 0) {
        return DDNS_E_FULL;
    }
    if (uv_async_init(&r->loop, &r->bell, on_bell) != 0) {
        (void)ddns_broken(uv_loop_close(&r->loop) != 0);
        return DDNS_E_FULL;
    }
    uv_timer_init(&r->loop, &r->alarm); /* these cannot fail */
    uv_prepare_init(&r->loop, &r->turn);
    uv_prepare_start(&r->turn, on_turn);
    r->turn.data = r;
    return DDNS_OK;
}

ddns_error ddns_runner_open(struct ddns_runner *r,
                            const struct ddns_runner_config *config)
{
    ddns_error error;

    memset(r, 0, sizeof *r);
    r->zones = config->zones;
    r->dhcids = config->dhcids;
    r->mailbox = config->mailbox;
    r->look_at_ms = UINT64_MAX;
    r->on_event = config->on_event;
    r->user = config->user;
    error = loop_open(r);
    if (error != DDNS_OK) {
        return error;
    }
    error = links_open(r);
    if (error == DDNS_OK) {
        error = engine_open(r, config);
    }
    if (error == DDNS_OK) {
        error = books_open(r, config->ledger);
    }
    if (error == DDNS_OK) {
        error = publisher_open(r, config);
    }
    if (error != DDNS_OK) {
        ddns_runner_close(r);
    }
    return error;
}

void ddns_runner_run(struct ddns_runner *r)
{
    uv_run(&r->loop, UV_RUN_DEFAULT);
}

void ddns_runner_close(struct ddns_runner *r)
{
    ddns_publisher_close(&r->publisher);
    ddns_bookkeeper_close(&r->books, now());
    close_handles(r);
    uv_run(&r->loop, UV_RUN_DEFAULT); /* what is still closing */
    (void)ddns_broken(uv_loop_close(&r->loop) != 0);
    ddns_engine_free(r->engine);
    ddns_letters_free(&r->letters);
}
