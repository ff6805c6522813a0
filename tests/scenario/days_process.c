/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/days.h"
#include "scenario/judge.h"

enum {
    DOWNTIME_MS = 3600000,
    GRACE_MS = 3000,
    SETTLING_MS = 60000, /* a change that was under way is through */
    GLANCES = 2,         /* leases looked at in each step */
};

void complain(struct days *d, const char *what, const struct ddns_name *name)
{
    char text[DDNS_NAME_TEXT_MAX];

    ddns_name_text(name, text);
    (void)printf("seed %llu: day %llu, life %u: %s: %s\n", (unsigned long long)d->seed,
                 (unsigned long long)(d->world->now / 86400000), d->lives, text, what);
    d->bad++;
}

/* ---- what the engine asks for --------------------------------------------- */

static void on_commit(struct world *w, const struct ddns_action *act)
{
    struct days *d = w->user;

    ledger_take(&d->ledger, act);
    world_commits(w, act->commit, 1 + below(w, below(w, 30) == 0 ? 5000 : 20));
}

static void on_committed(struct world *w, uint64_t commit)
{
    struct days *d = w->user;

    ledger_write(&d->ledger, commit);
    d->ledger.written = commit > d->ledger.written ? commit : d->ledger.written;
    ddns_engine_on_commit(w->engine, commit);
}

static void check_claim(struct days *d, struct ddns_bytes message,
                        const struct ddns_rr *rr)
{
    struct ddns_name room;

    if (rr->klass == DDNS_CLASS_IN &&
        !ledger_covers_claim(&d->ledger, &rr->owner, rr->type,
                             model_rdata(message, rr, &room))) {
        complain(d, "told before the ledger knew", &rr->owner);
    }
}

/* What makes death harmless: the ledger knows first. */
static void on_sent(struct world *w, struct ddns_bytes message)
{
    struct days *d = w->user;
    struct ddns_reader r = ddns_reader_of(message);
    struct ddns_header h;
    struct ddns_question zone;
    struct ddns_rr rr;

    if (d->silent) {
        complain(d, "told before it was known who has a lease", &w->zones[0].name);
    }
    if (d->ledger.behind) {
        return;
    }
    ddns_read_header(&r, &h);
    ddns_read_question(&r, &zone);
    for (unsigned i = 0; i < h.counts[DDNS_PREREQUISITE]; i++) {
        ddns_read_rr(&r, &rr);
    }
    for (unsigned i = 0; i < h.counts[DDNS_UPDATE]; i++) {
        ddns_read_rr(&r, &rr);
        check_claim(d, message, &rr);
    }
}

const struct world_hooks process_hooks = { on_commit, on_committed, on_sent };

/* ---- beginning ------------------------------------------------------------ */

static void set_durable(struct days *d, enum ddns_durability how)
{
    while (ddns_engine_set_durable(d->world->engine, how) != DDNS_OK) {
    }
}

static void restore_rows(struct days *d)
{
    unsigned order[ADDRESSES];

    for (unsigned i = 0; i < ADDRESSES; i++) {
        unsigned j = below(d->world, i + 1);

        order[i] = order[j];
        order[j] = i;
    }
    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ledger_row *slot = &d->ledger.rows[order[i]];
        struct ddns_row row = slot->row;

        row.confirmed = row.confirmed && (d->trusts || !d->ledger.behind);
        while (slot->there && ddns_engine_restore(d->world->engine, &row) != DDNS_OK) {
        }
    }
}

static void excuse(struct days *d, const struct ddns_name *owner)
{
    if (is_excused(d, owner)) {
        return;
    }
    if (d->excused_count == EXCUSES_MAX) {
        abort();
    }
    d->excused[d->excused_count++] = *owner;
}

/*
 * Records that are not in the ledger: a process that starts now knows of them only
 * where a lease still wants them.  There are some only where the ledger was behind.
 */
static void look_for_forgotten(struct days *d)
{
    const struct model_server *dns = d->world->dns;
    struct ddns_name statics = static_name();

    for (size_t i = 0; i < dns->count; i++) {
        const struct model_record *r = &dns->records[i];

        if ((!d->ledger.down && ledger_covers(&d->ledger, dns, r)) ||
            ddns_name_equal(&r->owner, &statics)) {
            continue;
        }
        if (d->ledger.behind) {
            excuse(d, &r->owner);
        } else if (!is_excused(d, &r->owner) && !hand_was_at(d, &r->owner)) {
            complain(d, "not in the ledger when the process ended", &r->owner);
        }
    }
}

static void rewrite(struct days *d)
{
    d->ledger.generation++;
    d->ledger.rewriting = true;
    set_durable(d, DDNS_DURABLE_ANEW);
    d->ledger.rewritten_by = ddns_engine_commit_awaited(d->world->engine);
}

void process_start(struct days *d)
{
    world_begin(d->world);
    d->ledger.written = 0;
    d->lives++;
    if (d->ledger.down && below(d->world, 2) == 0) {
        d->ledger.down = false;
    }
    look_for_forgotten(d);
    d->knows = !d->ledger.down;
    if (!d->ledger.down) {
        restore_rows(d);
    }
    if (!d->ledger.down && !d->ledger.behind) {
        set_durable(d, DDNS_DURABLE);
    } else if (!d->ledger.down) {
        rewrite(d);
    }
    d->silent = true;
    world_pass(d->world, below(d->world, 3000));
    d->silent = false;
    d->mail.count = 0;
    d->reading = (struct reading){ .owed = true };
    reading_begin(d, 0, 255, false);
    hand_insists(d);
}

/* ---- end ------------------------------------------------------------------ */

/* What becomes of @p name is not for sure for a while. */
static void disturb(struct days *d, const struct ddns_name *name)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        struct standing *s = &d->standing[i];

        if (ddns_name_equal(&s->wish.fqdn, name)) {
            s->since = d->world->now;
            s->stands = false;
        }
    }
}

/* The partner of the pair, or time, changes leases while nobody looks. */
static void pass_unattended(struct days *d)
{
    struct world *w = d->world;

    w->now += below(w, 2) == 0 ? below(w, 2000) : below(w, DOWNTIME_MS);
    for (unsigned n = below(w, ADDRESSES / 4); n > 0; n--) {
        unsigned address = below(w, ADDRESSES);

        disturb(d, &w->wishes[address].fqdn); /* that wish may be younger than a look */
        if (below(w, 3) == 0) {
            w->wishes[address] = world_wish(w, address);
        } else {
            w->wishes[address].directions = 0;
        }
    }
}

void process_is_killed(struct days *d)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (d->leaves_at[i] != 0) {
            disturb(d, &d->world->wishes[i].fqdn);
            d->leaves_at[i] = 0; /* that lease is not released */
        }
    }
    ledger_break(&d->ledger, d->world);
    world_end(d->world);
    pass_unattended(d);
    process_start(d);
}

static void let_it_finish(struct days *d, uint64_t grace)
{
    uint64_t end = d->world->now + grace;

    while (!d->world->dead && d->world->now < end &&
           (d->mail.count > 0 || ddns_engine_busy(d->world->engine))) {
        (void)read_letters(d, MAIL_MAX);
        world_pass(d->world, 10);
    }
}

void process_reloads(struct days *d)
{
    struct world *w = d->world;

    let_it_finish(d, below(w, 4) == 0 ? 0 : below(w, GRACE_MS));
    if (w->dead) {
        return; /* killed over it */
    }
    ledger_write(&d->ledger, UINT64_MAX); /* what was handed over is written first */
    world_end(w);
    w->ttl = below(w, 2) == 0 ? 600 : 900;
    process_start(d);
}

/* ---- the ledger ----------------------------------------------------------- */

void process_ledger(struct days *d)
{
    if (d->ledger.down) {
        d->ledger.down = false;
        rewrite(d);
        return;
    }
    ledger_break(&d->ledger, d->world);
    world_forget_commits(d->world);
    d->ledger.down = true;
    d->ledger.behind = true;
    d->ledger.rewriting = false;
    set_durable(d, DDNS_NOT_DURABLE);
    d->ledger.written =
        ddns_engine_commit_awaited(d->world->engine); /* none is to come */
}

static void notice_change(struct days *d, unsigned address)
{
    const struct ddns_wish *wish = &d->world->wishes[address];
    struct standing *s = &d->standing[address];

    if (d->leaves_at[address] == 0 && !d->damaged[address] &&
        s->wish.directions == wish->directions &&
        ddns_name_equal(&wish->fqdn, &s->wish.fqdn) &&
        memcmp(&wish->dhcid, &s->wish.dhcid, sizeof wish->dhcid) == 0) {
        return;
    }
    disturb(d, &s->wish.fqdn);
    s->wish = *wish;
    disturb(d, &s->wish.fqdn);
}

static bool has_rival(const struct days *d, unsigned address)
{
    const struct ddns_wish *wishes = d->world->wishes;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (i != address && wishes[i].directions != 0 &&
            ddns_name_equal(&wishes[i].fqdn, &wishes[address].fqdn)) {
            return true;
        }
    }
    return false;
}

/*
 * What a lease alone has in DNS it keeps, whatever else fails.  Where no DHCID guards
 * it, the end of a lease that may have had the name before takes it away for a moment.
 */
static void look_at_lease(struct days *d, unsigned address)
{
    const struct ddns_wish *wish = &d->world->wishes[address];
    struct standing *s = &d->standing[address];
    bool stands = (wish->directions & DDNS_FORWARD) && world_is_guarded(d->world) &&
                  judge_leads_to(d->world, wish) && !has_rival(d, address) &&
                  model_has(d->world->dns, &wish->fqdn, DDNS_TYPE_DHCID,
                            (struct ddns_bytes){ wish->dhcid.rdata, DDNS_DHCID_LEN });

    if (s->stands && !stands && !has_rival(d, address) && !is_excused(d, &wish->fqdn)) {
        complain(d, "removed from under a lease", &wish->fqdn);
    }
    s->stands = stands && d->world->now - s->since > SETTLING_MS;
}

void process_looks(struct days *d)
{
    struct model_ledger *l = &d->ledger;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        notice_change(d, i);
    }
    for (unsigned i = 0; i < GLANCES; i++) {
        look_at_lease(d, below(d->world, ADDRESSES));
    }
    if (l->rewriting && l->written >= l->rewritten_by) {
        ledger_sweep(l);
    }
    if (l->behind && !l->down && !l->rewriting && d->knows) {
        l->behind = false;
    }
}
