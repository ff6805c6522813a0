/* SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"

#include <stdlib.h>

#include "engine/parts.h"

static ddns_error init(struct ddns_engine *e)
{
    size_t count = e->config.zones->endpoint_count;

    e->servers = calloc(count > 0 ? count : 1, sizeof *e->servers);
    if (e->servers == NULL) {
        return DDNS_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        e->servers[i].endpoint = &e->config.zones->endpoints[i];
        e->servers[i].index = (unsigned)i;
    }
    return tally_open(e) && lanes_open(e) ? DDNS_OK : DDNS_E_NOMEM;
}

static void tables_open(struct ddns_engine *e, uint64_t seed)
{
    e->owners.hash_of = owner_hash;
    e->owners.seed = seed;
    e->bindings.hash_of = binding_hash;
    e->bindings.seed = seed;
    e->strays = e->bindings;
    e->found.hash_of = found_hash;
    e->found.seed = seed;
}

ddns_error ddns_engine_new(const struct ddns_engine_config *config,
                           struct ddns_engine **out_engine)
{
    struct ddns_engine *e = calloc(1, sizeof *e);
    ddns_error error;

    if (e == NULL) {
        return DDNS_E_NOMEM;
    }
    e->config = *config;
    tables_open(e, config->random(config->random_user));
    TAILQ_INIT(&e->lanes);
    TAILQ_INIT(&e->homeless);
    TAILQ_INIT(&e->links);
    TAILQ_INIT(&e->flights);
    TAILQ_INIT(&e->reports);
    STAILQ_INIT(&e->dirty);
    error = init(e);
    if (error != DDNS_OK) {
        ddns_engine_free(e);
        return error;
    }
    *out_engine = e;
    return DDNS_OK;
}

static void free_flights(struct ddns_engine *e)
{
    struct flight *f = TAILQ_FIRST(&e->flights);

    while (f != NULL) {
        struct flight *next = TAILQ_NEXT(f, entry);

        flight_free(f);
        f = next;
    }
}

void ddns_engine_free(struct ddns_engine *e)
{
    if (e == NULL) {
        return;
    }
    report_free_all(e);
    free_flights(e);
    while (!TAILQ_EMPTY(&e->links)) {
        struct link *link = TAILQ_FIRST(&e->links);

        TAILQ_REMOVE(&e->links, link, entry);
        free(link);
    }
    table_free(&e->found, found_destroy);
    table_free(&e->strays, binding_destroy);
    table_free(&e->bindings, binding_destroy);
    table_free(&e->owners, owner_destroy);
    while (!TAILQ_EMPTY(&e->lanes)) {
        struct lane *lane = TAILQ_FIRST(&e->lanes);

        TAILQ_REMOVE(&e->lanes, lane, entry);
        free(lane);
    }
    tally_close(e);
    free(e->lane_of_zone);
    free(e->servers);
    free(e->rows);
    free(e);
}

/* ---- what to do ---------------------------------------------------------- */

static bool take_report(struct ddns_engine *e, struct ddns_action *out)
{
    const ddns_event *event = report_next(e);

    if (event == NULL) {
        return false;
    }
    *out = (struct ddns_action){ .kind = DDNS_DO_TELL, .event = event };
    return true;
}

static bool take_link(struct ddns_engine *e, struct ddns_now now, struct ddns_action *out)
{
    struct link *link;

    TAILQ_FOREACH(link, &e->links, entry)
    {
        if (link->state == LINK_CLOSING) {
            *out = (struct ddns_action){ .kind = DDNS_DO_CLOSE, .link = link->id };
            link_free(e, link);
            return true;
        }
        if (link->state == LINK_NEW) {
            *out = (struct ddns_action){ .kind = DDNS_DO_CONNECT,
                                         .link = link->id,
                                         .endpoint = link->server->index,
                                         .transport = link->transport };
            link->state = link->transport == DDNS_UDP ? LINK_OPEN : LINK_CONNECTING;
            link->since = now.mono_ms;
            return true;
        }
    }
    return false;
}

/* Its time to be answered begins, or for UDP goes on (RFC 1035 section 4.2.1). */
static void depart_at(const struct ddns_engine *e, struct flight *f, uint64_t now)
{
    uint32_t timeout = e->config.answer_timeout_ms;
    bool udp = f->link->transport == DDNS_UDP;

    if (f->tries == 0 || !udp) {
        f->sent_at = now;
        f->deadline = now + timeout;
    }
    f->tries++;
    f->resend_at = udp && f->tries < UDP_TRIES ? now + timeout / UDP_TRIES : NEVER;
}

static bool take_send(struct ddns_engine *e, struct ddns_now now, struct ddns_action *out)
{
    struct flight *f;

    TAILQ_FOREACH(f, &e->flights, entry)
    {
        if (!f->unsent || f->link->state != LINK_OPEN || f->commit > e->commits_done) {
            continue;
        }
        depart_at(e, f, now.mono_ms);
        *out = (struct ddns_action){ .kind = DDNS_DO_SEND, .link = f->link->id };
        if (f->questions != NULL) {
            out->message = ask_next(e, f, now);
        } else {
            out->message = (struct ddns_bytes){ f->wire, f->wire_len };
            f->unsent = false;
            tally_sent(e, f);
        }
        return true;
    }
    return false;
}

/* True when a flight or a link came of it. */
static bool advance(struct ddns_engine *e, struct ddns_now now)
{
    struct lane *lane = TAILQ_FIRST(&e->lanes);
    const struct link *link;
    bool made = false;

    if (lane != NULL) { /* each is the first to be served in its turn */
        TAILQ_REMOVE(&e->lanes, lane, entry);
        TAILQ_INSERT_TAIL(&e->lanes, lane, entry);
    }
    TAILQ_FOREACH(lane, &e->lanes, entry)
    {
        e->served = lane;
        made = lane_advance(e, lane, now) || made;
    }
    e->served = NULL;
    TAILQ_FOREACH(link, &e->links, entry)
    {
        made = made || link->state == LINK_NEW;
    }
    return made;
}

void ddns_engine_set_time(struct ddns_engine *e, struct ddns_now now)
{
    e->now_ms = now.mono_ms;
    e->unix_s = now.unix_s;
}

bool ddns_engine_next(struct ddns_engine *e, struct ddns_now now,
                      struct ddns_action *out_action)
{
    ddns_engine_set_time(e, now);
    do {
        if (take_report(e, out_action) || take_link(e, now, out_action) ||
            take_send(e, now, out_action)) {
            return true;
        }
    } while (advance(e, now));
    return commit_next(e, out_action); /* one for what was done and what comes next */
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When a server that rests may be tried again; those that do not rest need no clock. */
static uint64_t lane_deadline(const struct ddns_engine *e, const struct lane *lane)
{
    uint64_t due = TAILQ_EMPTY(&lane->shunned) ? NEVER : lane->shunned_retry_at;

    if (TAILQ_EMPTY(&lane->queue) && TAILQ_EMPTY(&lane->aside)) {
        return due;
    }
    if (lane_gathers(lane, e->now_ms)) {
        due = earlier(due, lane->gather_until);
    }
    for (size_t i = 0; i < lane->zone->count; i++) {
        const struct pair *pair = &lane->pairs[i];
        uint64_t until = pair->rest.until > pair->server->rest.until
                             ? pair->rest.until
                             : pair->server->rest.until;

        if (until > e->now_ms) {
            due = earlier(due, until);
        }
    }
    return due;
}

uint64_t ddns_engine_deadline(const struct ddns_engine *e)
{
    uint64_t due = TAILQ_EMPTY(&e->homeless) ? NEVER : e->homeless_retry_at;
    const struct flight *f;
    const struct link *link;
    const struct lane *lane;

    TAILQ_FOREACH(f, &e->flights, entry)
    {
        if (!f->unsent) {
            due = earlier(due, earlier(f->deadline, f->resend_at));
        }
    }
    TAILQ_FOREACH(link, &e->links, entry)
    {
        if (link->state == LINK_CONNECTING) {
            due = earlier(due, link_connect_deadline(e, link));
        } else if (link_is_idle(link)) {
            due = earlier(due, link->since + IDLE_MS);
        }
    }
    TAILQ_FOREACH(lane, &e->lanes, entry)
    {
        due = earlier(due, lane_deadline(e, lane));
    }
    return due;
}

bool ddns_engine_busy(const struct ddns_engine *e)
{
    const struct lane *lane;

    TAILQ_FOREACH(lane, &e->lanes, entry)
    {
        if ((lane->in_flight > 0 || !TAILQ_EMPTY(&lane->queue)) && lane_hopeful(lane)) {
            return true;
        }
    }
    return !TAILQ_EMPTY(&e->reports) || !TAILQ_EMPTY(&e->homeless);
}

void ddns_engine_stats(const struct ddns_engine *e, ddns_stats *out_stats)
{
    *out_stats = e->stats;
}
