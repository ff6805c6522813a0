/* SPDX-License-Identifier: MPL-2.0 */
#include "client/bookkeeper.h"

#include <stdio.h>

#include "base/broken.h"

enum {
    COMMIT_PATIENCE_MS = 2000, /* a disk that takes longer must not hold up DNS */
    READ_PATIENCE_MS = 20000,
    RETRY_MS = 500, /* memory that ran out is likely to be there soon */
};

static void ring(void *bell)
{
    uv_async_send(bell);
}

ddns_error ddns_bookkeeper_open(struct ddns_bookkeeper *k, const char *path,
                                uv_async_t *bell, struct ddns_now now)
{
    struct ddns_ledger_config config = { .path = path, .on_result = ring, .user = bell };

    k->info.state = path == NULL ? DDNS_LEDGER_IS_OFF : DDNS_LEDGER_IS_READING;
    k->info.since = now.unix_s;
    k->since_ms = now.mono_ms;
    ddns_mailbox_publish_ledger(k->mailbox, &k->info);
    return path == NULL ? DDNS_OK : ddns_ledger_start(&config, &k->ledger);
}

bool ddns_bookkeeper_is_reading(const struct ddns_bookkeeper *k)
{
    return k->info.state == DDNS_LEDGER_IS_READING;
}

/* ---- down and up ----------------------------------------------------------- */

static void tell(const struct ddns_bookkeeper *k, const ddns_event *event)
{
    if (k->on_event != NULL) {
        k->on_event(k->user, event);
    }
}

static void turn_to(struct ddns_bookkeeper *k, ddns_ledger_state state,
                    struct ddns_now now)
{
    k->info.state = state;
    k->info.since = now.unix_s;
    ddns_mailbox_publish_ledger(k->mailbox, &k->info);
}

/* The ledger will say when it is well again. */
static void do_without(struct ddns_bookkeeper *k, const char *why, struct ddns_now now)
{
    ddns_event event = { .kind = DDNS_EVENT_LEDGER_DOWN, .detail = k->info.detail };
    bool known = k->info.state == DDNS_LEDGER_IS_DOWN;

    (void)snprintf(k->info.detail, sizeof k->info.detail, "%s", why);
    (void)ddns_broken(ddns_engine_set_durable(k->engine, DDNS_NOT_DURABLE) != DDNS_OK);
    k->rewriting = false;
    k->given_up = false;
    turn_to(k, DDNS_LEDGER_IS_DOWN, now);
    if (!known) {
        tell(k, &event);
    }
}

/* The ledger knows of no trouble: it is back once it has answered everything. */
static void give_up(struct ddns_bookkeeper *k, const char *why, struct ddns_now now)
{
    do_without(k, why, now);
    k->given_up = true;
    k->since_ms = now.mono_ms;
}

/* It gets everything that was told, whatever it had before. */
static void write_anew(struct ddns_bookkeeper *k, struct ddns_now now)
{
    ddns_event event = { .kind = DDNS_EVENT_LEDGER_UP };

    if (ddns_ledger_begin_rewrite(k->ledger) != DDNS_OK ||
        ddns_engine_set_durable(k->engine, DDNS_DURABLE_ANEW) != DDNS_OK) {
        give_up(k, ddns_strerror(DDNS_E_NOMEM), now);
        return;
    }
    k->rewriting = true;
    k->rewritten_by = ddns_engine_commit_awaited(k->engine);
    k->given_up = false;
    turn_to(k, DDNS_LEDGER_IS_UP, now);
    tell(k, &event);
}

/* ---- what the ledger says ---------------------------------------------------- */

/* Rows become what DNS was told; false when memory ran out on the way. */
static bool restore(struct ddns_bookkeeper *k)
{
    while (k->next_row < k->result.count) {
        if (ddns_engine_restore(k->engine, &k->result.rows[k->next_row]) != DDNS_OK) {
            return false;
        }
        k->next_row++;
    }
    return true;
}

static void on_ready(struct ddns_bookkeeper *k, struct ddns_now now)
{
    ddns_event event = { .kind = DDNS_EVENT_LEDGER_READ, .count = k->result.count };

    k->ready = true;
    if (k->info.state != DDNS_LEDGER_IS_READING) {
        return; /* it is done without already */
    }
    tell(k, &event);
    if (ddns_engine_set_durable(k->engine, DDNS_DURABLE) == DDNS_OK) {
        turn_to(k, DDNS_LEDGER_IS_UP, now);
    } else {
        give_up(k, ddns_strerror(DDNS_E_NOMEM), now);
    }
}

static void on_set_aside(const struct ddns_bookkeeper *k)
{
    ddns_event event = { .kind = DDNS_EVENT_LEDGER_SET_ASIDE, .detail = k->result.why };

    tell(k, &event);
}

static void on_committed(struct ddns_bookkeeper *k, struct ddns_now now)
{
    k->answered = k->result.commit;
    k->since_ms = now.mono_ms;
    /* After an error as well: DOWN follows, and nothing waits for a ledger. */
    ddns_engine_on_commit(k->engine, k->result.commit);
}

/* False when it has to be heard again, for want of memory. */
static bool heed(struct ddns_bookkeeper *k, struct ddns_now now)
{
    switch (k->result.kind) {
    case DDNS_LEDGER_ROWS:
        k->since_ms = now.mono_ms;
        return restore(k);
    case DDNS_LEDGER_READY:
        on_ready(k, now);
        break;
    case DDNS_LEDGER_COMMITTED:
        on_committed(k, now);
        break;
    case DDNS_LEDGER_DOWN:
        do_without(k, k->result.why, now);
        break;
    case DDNS_LEDGER_UP:
        write_anew(k, now);
        break;
    case DDNS_LEDGER_SET_ASIDE:
        on_set_aside(k); /* UP or DOWN comes next */
        break;
    }
    return true;
}

static void hear(struct ddns_bookkeeper *k, struct ddns_now now)
{
    while (k->waiting || ddns_ledger_next(k->ledger, &k->result)) {
        if (!k->waiting) {
            k->next_row = 0;
        }
        k->waiting = !heed(k, now);
        if (k->waiting) {
            return;
        }
    }
}

/* ---- patience ------------------------------------------------------------------ */

/* When something has to happen by itself; UINT64_MAX for never. */
static uint64_t due(const struct ddns_bookkeeper *k)
{
    bool all_answered = k->answered == k->asked;

    if (k->waiting) {
        return k->since_ms + RETRY_MS;
    }
    if (k->given_up) {
        return k->ready && all_answered ? k->since_ms + RETRY_MS : UINT64_MAX;
    }
    if (ddns_bookkeeper_is_reading(k)) {
        return k->since_ms + READ_PATIENCE_MS;
    }
    return k->info.state == DDNS_LEDGER_IS_UP && !all_answered
               ? k->since_ms + COMMIT_PATIENCE_MS
               : UINT64_MAX;
}

void ddns_bookkeeper_turn(struct ddns_bookkeeper *k, struct ddns_now now)
{
    if (k->ledger == NULL) {
        return;
    }
    hear(k, now);
    if (!k->waiting && now.mono_ms >= due(k)) {
        if (k->given_up) {
            write_anew(k, now);
        } else {
            give_up(k, "the disk does not answer", now);
        }
    }
    if (k->rewriting && k->answered >= k->rewritten_by &&
        ddns_ledger_end_rewrite(k->ledger) == DDNS_OK) {
        k->rewriting = false;
    }
}

void ddns_bookkeeper_commit(struct ddns_bookkeeper *k, const struct ddns_action *commit,
                            struct ddns_now now)
{
    if (k->answered == k->asked) {
        k->since_ms = now.mono_ms;
    }
    if (ddns_ledger_commit(k->ledger, commit->commit, commit->rows, commit->row_count) ==
        DDNS_OK) {
        k->asked = commit->commit;
    } else {
        give_up(k, ddns_strerror(DDNS_E_NOMEM), now);
    }
}

uint64_t ddns_bookkeeper_deadline(const struct ddns_bookkeeper *k)
{
    return k->ledger == NULL ? UINT64_MAX : due(k);
}

/* Give the ledger what the engine still has for it, without waiting for answers. */
static void flush(struct ddns_bookkeeper *k, struct ddns_now now)
{
    struct ddns_action action;

    while (k->info.state == DDNS_LEDGER_IS_UP &&
           ddns_engine_next_commit(k->engine, &action)) {
        ddns_bookkeeper_commit(k, &action, now);
    }
    if (k->info.state == DDNS_LEDGER_IS_UP && k->rewriting) {
        /* Without memory for it, rows too many are kept, which the next start finds. */
        k->rewriting = ddns_ledger_end_rewrite(k->ledger) != DDNS_OK;
    }
}

void ddns_bookkeeper_close(struct ddns_bookkeeper *k, struct ddns_now now)
{
    if (k->ledger == NULL) {
        return;
    }
    flush(k, now);
    ddns_ledger_stop(k->ledger);
    k->ledger = NULL;
}
