/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"

static void subject_of(const struct lane *lane, const struct binding *b,
                       struct ddns_subject *out_subject)
{
    bool adds = b->change == DDNS_ADD_FORWARD || b->change == DDNS_ADD_REVERSE;
    const struct owner *owner = b->wanted.owner;
    const struct ddns_dhcid *dhcid = b->wanted.has_dhcid ? &b->wanted.dhcid : NULL;

    if (!adds) {
        owner = b->change == DDNS_REMOVE_FORWARD ? told_forward(b) : told_reverse(b);
        dhcid = told_dhcid(b);
    }
    out_subject->step = &binding_plan(b)->steps[b->step];
    out_subject->address = binding_address(b);
    out_subject->network = lane->zone->network;
    out_subject->fqdn = owner_name(owner);
    out_subject->ttl = adds ? b->wanted.ttl : 0;
    out_subject->dhcid = (struct ddns_bytes){ 0 };
    if (dhcid != NULL) {
        out_subject->dhcid = (struct ddns_bytes){ dhcid->rdata, DDNS_DHCID_LEN };
    }
}

static size_t id_count(const struct flight *f)
{
    return f->questions == NULL ? 1 : f->count;
}

bool flight_has_id(const struct flight *f, uint16_t id)
{
    return (uint16_t)(id - f->id) < id_count(f);
}

uint16_t fresh_ids(struct ddns_engine *e, const struct link *link, size_t count)
{
    for (;;) {
        uint16_t id = (uint16_t)e->config.random(e->config.random_user);
        bool used = false;
        const struct flight *f;

        TAILQ_FOREACH(f, &e->flights, entry)
        {
            used = used || (f->link == link &&
                            (flight_has_id(f, id) || (uint16_t)(f->id - id) < count));
        }
        if (!used) {
            return id;
        }
    }
}

/* Put the message for @p batch into e->update, signed. */
static ddns_error build(struct ddns_engine *e, const struct batch *batch, size_t cap,
                        uint16_t id, uint64_t unix_s, struct ddns_mac *out_mac)
{
    const struct ddns_tsig_key *key = batch->pair->key;
    size_t overhead = key == NULL ? 0 : ddns_tsig_key_overhead(key);
    ddns_error error;

    for (size_t i = 0; i < batch->count; i++) {
        subject_of(batch->lane, batch->members[i], &e->subjects[i]);
        e->subjects[i].found = found_of(e, batch->members[i]);
    }
    error = ddns_request_build(&e->update, e->message, cap - overhead, id,
                               &batch->lane->apex, e->subjects, batch->count);
    if (error != DDNS_OK || key == NULL) {
        return error;
    }
    e->update.w.cap = cap;
    return ddns_tsig_sign(&e->update.w, key, unix_s, out_mac);
}

void flight_free(struct flight *f)
{
    free(f->wire);
    free(f->questions);
    free(f);
}

struct flight *flight_new(const struct batch *batch)
{
    struct flight *f = calloc(1, sizeof *f + batch->count * sizeof(struct binding *));

    if (f == NULL) {
        return NULL;
    }
    f->lane = batch->lane;
    f->pair = batch->pair;
    f->plan = binding_plan(batch->members[0]);
    f->step = batch->members[0]->step;
    f->count = batch->count;
    memcpy(f->members, batch->members, batch->count * sizeof(struct binding *));
    return f;
}

/* Give the flight a copy of the message in e->update. */
static bool load(const struct ddns_engine *e, struct flight *f)
{
    f->wire_len = e->update.w.len;
    f->wire = malloc(f->wire_len);
    if (f->wire != NULL) {
        memcpy(f->wire, e->update.w.buf, f->wire_len);
    }
    return f->wire != NULL;
}

void flight_depart(struct ddns_engine *e, struct flight *f, struct link *link)
{
    f->link = link;
    f->unsent = true;
    for (size_t i = 0; i < f->count; i++) {
        struct binding *b = f->members[i];

        binding_leave(e, b);
        b->place = IN_FLIGHT;
        b->lane = f->lane;
        e->stats.unsettled++;
        if (f->questions == NULL || ddns_step_only_asks(&f->plan->steps[f->step])) {
            binding_claim(e, b);
        }
    }
    if (e->durable && f->questions == NULL) {
        f->commit = ddns_engine_commit_awaited(e);
    }
    f->lane->in_flight++;
    f->pair->in_flight++;
    f->pair->server->in_flight++;
    link->in_flight++;
    e->stats.in_flight++;
    TAILQ_INSERT_TAIL(&e->flights, f, entry);
}

ddns_error flight_begin(struct ddns_engine *e, const struct batch *batch,
                        struct link *link, size_t cap, struct ddns_now now)
{
    struct ddns_mac mac = { .len = 0 };
    uint16_t id = fresh_ids(e, link, 1);
    ddns_error error = build(e, batch, cap, id, now.unix_s, &mac);
    struct flight *f;

    if (error != DDNS_OK) {
        return error;
    }
    f = flight_new(batch);
    if (f == NULL || !load(e, f)) {
        free(f);
        return DDNS_E_NOMEM;
    }
    f->id = id;
    f->mac = mac;
    flight_depart(e, f, link);
    return DDNS_OK;
}

void flight_arrive(struct ddns_engine *e, struct flight *f, struct ddns_now now)
{
    struct link *link = f->link;

    TAILQ_REMOVE(&e->flights, f, entry);
    f->lane->in_flight--;
    f->pair->in_flight--;
    f->pair->server->in_flight--;
    link->in_flight--;
    e->stats.in_flight--;
    if (link->transport == DDNS_UDP) {
        link_close(e, link);
    } else if (now.mono_ms > link->since) {
        link->since = now.mono_ms;
    }
    flight_free(f);
}

enum { FROM_THE_START = -1 };
enum ending { DONE, STEP, AGAIN, SPLIT, SPOILT, CONFLICT, PUT_ASIDE, SHUN };

/** How the members of a flight come down. */
struct landing {
    enum ending ending;
    int step; /* where the plan goes on; FROM_THE_START when too much may have changed */
    bool first; /* at the head of the queue, because it is their turn already */
    struct reason reason;
    struct ddns_now now;
};

/*
 * Among the names of the batch is one that is not as was supposed.  Names to be
 * refreshed that do not exist are so by the dozen, as after a start with empty
 * zones: then all may be claimed.  Otherwise each is asked about, or, where that was
 * of no use or takes longer, the batch is halved until the one is found.
 */
static void spoil(const struct flight *f, struct binding *b, unsigned rcode)
{
    bool turned = rcode == DDNS_NXDOMAIN && f->step != 0 && f->step == f->plan->refresh;

    if (f->count <= FEW || b->sorting == SORTED ||
        f->plan->steps[f->step].ask == DDNS_ASK_NOTHING) {
        b->limit = (uint16_t)(f->count / 2);
    } else if (!turned) {
        b->sorting = TO_ASK;
    }
}

/* Go on, or again, from where the landing says. */
static void go_on(const struct flight *f, struct binding *b, const struct landing *how,
                  enum ending ending)
{
    if (ending == SPLIT) {
        b->limit = (uint16_t)(f->count > 1 ? f->count / 2 : 1);
    } else if (ending == SPOILT) {
        spoil(f, b, how->reason.rcode);
    }
    if (ending == SHUN || how->step == FROM_THE_START || binding_plan(b) != f->plan) {
        b->change =
            NO_CHANGE; /* also when another mode, with other steps, is wanted now */
    } else {
        b->step = (uint8_t)how->step;
    }
}

/* For whoever asks why a host is not in DNS; the ledger has it with its next change. */
static void note_answer(struct binding *b, const struct landing *how)
{
    b->answered_at = (uint32_t)how->now.unix_s;
    b->answer = (struct answer){ .error = (int8_t)how->reason.error,
                                 .rcode = (uint8_t)how->reason.rcode,
                                 .tsig_error = (uint16_t)how->reason.tsig_error };
}

static void land(struct ddns_engine *e, struct flight *f, struct binding *b,
                 const struct landing *how)
{
    struct owner *owner = binding_subject(b);
    enum ending ending = how->ending;

    if (owner != NULL) {
        owner_share(owner);
    }
    note_answer(b, how);
    if (ending == STEP && ++b->turns >= DDNS_PLAN_MAX_TURNS) {
        ending = SHUN; /* claim and refresh chase each other: somebody else is at it */
    }
    if (ending == SHUN) {
        binding_shun(e, b, f->pair, how->reason, how->now.mono_ms);
    } else if (ending == PUT_ASIDE) {
        binding_set_aside(e, b);
    } else {
        binding_leave(e, b);
    }
    if (ending == DONE) {
        tally_change(f, b, how->now);
        binding_done(e, b, f->lane);
    } else if (ending == CONFLICT) {
        f->pair->traffic->counts[DDNS_COUNT_CONFLICT]++;
        binding_conflict(e, b, f->lane, how->reason);
    } else {
        go_on(f, b, how, ending);
    }
    if (ending != SHUN && ending != PUT_ASIDE) {
        binding_route(e, b, how->first);
    }
    if (owner != NULL) {
        owner_release(e, owner);
        owner_drop(e, owner);
    }
}

static void land_all(struct ddns_engine *e, struct flight *f, const struct landing *how)
{
    /* Backwards where they go to the head of the queue, so that they keep their order. */
    for (size_t i = 0; i < f->count; i++) {
        land(e, f, f->members[how->first ? f->count - 1 - i : i], how);
    }
}

/*
 * Is it always this one whose answer is lost, while the server answers others?
 * A server may stumble over one name, and must not do so for ever.
 */
static bool struck_out(const struct server *server, struct binding *b)
{
    if (b->strikes == 0 || b->struck != (uint16_t)server->answers) {
        b->struck = (uint16_t)server->answers;
        b->strikes++;
    }
    return b->strikes >= STRIKES_MAX;
}

void flight_abandon(struct ddns_engine *e, struct flight *f, ddns_error error,
                    struct ddns_now now)
{
    struct server *server = f->pair->server;
    struct landing how = { .ending = SPLIT,
                           .step = FROM_THE_START,
                           .first = true,
                           .reason = { .error = error },
                           .now = now };

    if (f->count == 1) {
        bool out = struck_out(server, f->members[0]);

        how.ending = out ? SHUN : server->rest.down ? PUT_ASIDE : AGAIN;
        how.first = false;
    }
    tally_failure(f, error);
    land_all(e, f, &how);
    flight_arrive(e, f, now);
}

void flight_shun(struct ddns_engine *e, struct flight *f, ddns_error error,
                 struct ddns_now now)
{
    struct landing how = {
        .ending = SHUN, .step = FROM_THE_START, .reason = { .error = error }, .now = now
    };

    tally_failure(f, error);
    land_all(e, f, &how);
    flight_arrive(e, f, now);
}

/* Is it the lease that is refused, rather than the zone? */
static enum ending blame(const struct flight *f, struct reason reason)
{
    struct pair *pair = f->pair;

    if (pair->accepting && reason.tsig_error == 0) {
        if (f->count > 1) {
            return SPLIT; /* it accepts others: find the one that it does not */
        }
        if (f->members[0]->suspect || ++pair->refusals < REFUSALS_MAX) {
            return SHUN;
        }
    }
    return f->count > 1 ? AGAIN : PUT_ASIDE;
}

void flight_refused(struct ddns_engine *e, struct flight *f, struct reason reason,
                    struct ddns_now now)
{
    struct pair *pair = f->pair;
    struct landing how = {
        .ending = blame(f, reason), .step = FROM_THE_START, .reason = reason, .now = now
    };

    how.first = how.ending == SPLIT;
    tally_answer(f, reason, now);
    land_all(e, f, &how);
    if (how.ending == AGAIN || how.ending == PUT_ASIDE) {
        if (!pair->rest.down) {
            report_zone(e, DDNS_EVENT_ZONE_DOWN, f->lane, pair, reason);
        }
        pair->accepting = false;
        rest_begin(e, &pair->rest, reason, now);
    }
    flight_arrive(e, f, now);
}

/*
 * The server did what it was asked, or would have.  A prerequisite that fails says so
 * little: what is asked for is in memory when the disk is full.
 */
static void pair_accepted(struct ddns_engine *e, struct lane *lane, struct pair *pair,
                          unsigned rcode, struct ddns_now now)
{
    bool changed = rcode == DDNS_NOERROR;

    if (changed) {
        pair->refusals = 0;
        lane_second_chance(e, lane, now);
    } else if (pair->rest.down && pair->rest.last.rcode == DDNS_SERVFAIL) {
        return;
    }
    pair->accepting = true;
    if (pair->rest.down) {
        rest_end(&pair->rest, now);
        report_zone(e, DDNS_EVENT_ZONE_UP, lane, pair, (struct reason){ 0 });
        lane_retry_shunned(e, lane); /* it may have been the zone, and never the lease */
    }
    lane_resume(e, lane);
}

/*
 * The step that the members of a batch try next.  Where one of its names is not as was
 * supposed, most may not be: names to be refreshed that do not exist, as after a
 * start with empty zones, or names to be claimed that do.
 */
static int other_way(const struct flight *f, int go)
{
    if (go < 0 || f->plan->refresh == 0) {
        return (int)f->step;
    }
    if (f->step == 0) {
        return f->plan->refresh;
    }
    return go == 0 ? 0 : (int)f->step;
}

/* An answer that says something about the names in the message. */
static void judged(struct ddns_engine *e, struct flight *f, int go, struct reason reason,
                   struct ddns_now now)
{
    struct landing how = { .reason = reason, .now = now };

    tally_answer(f, reason, now);
    pair_accepted(e, f->lane, f->pair, reason.rcode, now);
    if (reason.rcode != DDNS_NOERROR && f->count > 1) {
        how.ending = SPOILT; /* one prerequisite failed, and nobody says whose */
        how.step = other_way(f, go);
        how.first = true;
    } else if (go == GO_DONE) {
        how.ending = DONE;
    } else if (go == GO_CONFLICT) {
        how.ending = CONFLICT;
    } else {
        how.ending = STEP;
        how.step = go;
        how.first = true;
    }
    land_all(e, f, &how);
}

void flight_answered(struct ddns_engine *e, struct flight *f, unsigned rcode,
                     const struct ddns_tsig_result *tsig, struct ddns_now now)
{
    struct reason reason = { .rcode = rcode,
                             .tsig_error = tsig->error,
                             .clock_skew = tsig->clock_skew };
    int go = ddns_plan_turn(f->plan, f->step, rcode);

    server_answered(e, f->pair->server, now);
    f->link->answers++;
    if (go == GO_OTHER || tsig->error != 0) {
        flight_refused(e, f, reason, now);
        return;
    }
    judged(e, f, go, reason, now);
    flight_arrive(e, f, now);
}

void flight_expired(struct ddns_engine *e, struct flight *f, struct ddns_now now)
{
    struct server *server = f->pair->server;

    if (f->has_hint) {
        flight_refused(e, f, f->hint, now);
        return;
    }
    e->stats.timeouts++;
    if (server->heard_at <= f->sent_at || server->rest.down) {
        link_failed(e, f->link, DDNS_E_TIMEOUT, now);
    } else if (f->questions != NULL) {
        ask_conclude(e, f, now); /* from what it did answer */
    } else {
        flight_abandon(e, f, DDNS_E_TIMEOUT, now); /* it answers others */
    }
}
