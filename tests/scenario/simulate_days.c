/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Ten days of a server that dies and is started again, in virtual time.
 *
 * Leases come, are renewed, renamed, move, are released and expire, while DNS
 * servers fail, the process is killed at any moment or reloaded, the ledger and
 * the lease database fail, and people change the zone.  Then all is well for a
 * while, and the zone must say exactly what the lease database says.
 *
 *     simulate_days FIRST_SEED COUNT [poor] [trusting]
 *
 * "poor": one allocation in fifty fails.  "trusting": after the ledger was down,
 * what its old rows call confirmed is believed.  In every second seed the ledger
 * fails now and then; only there may it take a look at the zone to find what is
 * left over, and no more than what no process could have known of.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/days.h"
#include "scenario/judge.h"
#include "support/heap.h"

enum {
    POOR = 50,
    QUIET_MS = 600000,
    SECOND_MS = 1000,
    MINUTE_MS = 60 * SECOND_MS,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS,
    DAYS = 10,
};

/* ---- leases ---------------------------------------------------------------- */

static void lease_begins(struct days *d, unsigned address)
{
    d->world->wishes[address] = world_wish(d->world, address);
    post(d, SET, &d->world->wishes[address]);
}

static void lease_is_renewed(struct days *d, unsigned address)
{
    struct ddns_wish *wish = &d->world->wishes[address];

    if (wish->directions != 0) {
        wish->ttl = d->world->ttl;
        post(d, SET, wish);
    }
}

static void lease_expires(struct days *d, unsigned address)
{
    if (d->world->wishes[address].directions != 0) {
        post(d, CLEAR, &d->world->wishes[address]);
        d->world->wishes[address].directions = 0;
    }
}

static void lease_is_released(struct days *d, unsigned address)
{
    if (d->world->wishes[address].directions != 0) {
        post(d, CLEAR, &d->world->wishes[address]);
        d->leaves_at[address] = d->world->now + 1 + below(d->world, 50);
    }
}

static void lease_moves(struct days *d, unsigned address)
{
    struct world *w = d->world;
    unsigned to = below(w, ADDRESSES);

    if (w->wishes[address].directions == 0 || to == address || d->leaves_at[to] != 0) {
        return;
    }
    w->wishes[to] = w->wishes[address];
    w->wishes[to].address.bytes[3] = (uint8_t)to;
    if (below(w, 2) == 0) {
        lease_expires(d, address);
        post(d, SET, &w->wishes[to]);
    } else {
        post(d, SET, &w->wishes[to]);
        lease_is_released(d, address);
    }
}

static void releases_end(struct days *d)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (d->leaves_at[i] != 0 && d->leaves_at[i] <= d->world->now) {
            d->world->wishes[i].directions = 0;
            d->leaves_at[i] = 0;
        }
    }
}

static void leases_live(struct days *d)
{
    unsigned address = below(d->world, ADDRESSES);

    if (d->leaves_at[address] != 0) {
        return;
    }
    switch (below(d->world, 8)) {
    case 0:
    case 1:
    case 2:
        lease_begins(d, address);
        break;
    case 3:
        lease_is_renewed(d, address);
        break;
    case 4:
    case 5:
        lease_expires(d, address);
        break;
    case 6:
        lease_is_released(d, address);
        break;
    default:
        lease_moves(d, address);
        break;
    }
}

/* ---- all the rest ---------------------------------------------------------- */

static void resync(struct days *d)
{
    unsigned first = below(d->world, ADDRESSES);

    if (below(d->world, 2) == 0) {
        reading_begin(d, 0, 255, below(d->world, 4) != 0);
    } else {
        reading_begin(d, first, first + below(d->world, ADDRESSES - first), true);
    }
}

static void database_is_read(struct days *d)
{
    if (d->reading.under_way) {
        reading_go_on(d, below(d->world, 60) == 0);
    } else if ((d->reading.owed || d->reading.owed_afresh) && below(d->world, 10) == 0) {
        reading_begin(d, 0, 255, d->reading.owed_afresh);
    }
}

static void process_lives(struct days *d)
{
    struct world *w = d->world;

    switch (below(w, 1000)) {
    case 0:
    case 1:
        process_reloads(d);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
        w->breath = 1 + below(w, 30);
        break;
    case 6:
    case 7:
        if (d->ledger_fails) {
            process_ledger(d);
        }
        break;
    case 8:
    case 9:
        resync(d);
        break;
    case 10:
    case 11:
    case 12:
        hand_damages(d);
        break;
    case 13:
    case 14:
    case 15:
        hand_plants(d);
        break;
    default:
        break;
    }
}

static uint64_t a_while(struct world *w)
{
    switch (below(w, 64)) {
    case 0:
        return below(w, 2 * HOUR_MS);
    case 1:
    case 2:
    case 3:
        return below(w, 5 * MINUTE_MS);
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
        return below(w, 3 * SECOND_MS);
    default:
        return below(w, 10);
    }
}

static void live(struct days *d)
{
    struct world *w = d->world;
    uint64_t ms = a_while(w);

    releases_end(d);
    if (below(w, 4) == 0) {
        w->moods[below(w, SERVERS)] =
            below(w, 2) == 0 ? WELL : (enum mood)below(w, MOODS);
    } else {
        leases_live(d);
    }
    process_lives(d);
    if (below(w, 2) == 0) {
        database_is_read(d);
    }
    if (ms >= SECOND_MS) {
        read_all_letters(d); /* threads do not wait for seconds */
    } else {
        (void)read_letters(d, below(w, 4) == 0 ? below(w, 3) : MAIL_MAX);
    }
    world_pass(w, ms);
    if (w->dead) {
        process_is_killed(d);
    }
    process_looks(d);
}

/* ---- the end --------------------------------------------------------------- */

static void rest(struct days *d)
{
    read_all_letters(d);
    world_pass(d->world, QUIET_MS);
    process_looks(d);
}

static void all_is_well(struct days *d)
{
    struct world *w = d->world;

    w->breath = 0;
    memset(w->moods, 0, sizeof w->moods);
    w->now += SECOND_MS;
    releases_end(d);
    if (d->ledger.down) {
        process_ledger(d);
    }
    while (d->reading.under_way) {
        reading_go_on(d, false);
    }
    read_all_letters(d);
    if (d->reading.owed || d->reading.owed_afresh) {
        reading_begin(d, 0, 255, d->reading.owed_afresh);
        while (d->reading.under_way) {
            reading_go_on(d, false);
        }
    }
    rest(d);
    hand_tidies(d);
    rest(d);
}

/*
 * It must be sure of its name: no other lease tries to take it over, and the name is
 * one that it can have.
 */
static bool is_alone(const struct days *d, const struct ddns_row *row)
{
    struct ddns_name statics = static_name();
    unsigned leases = ddns_name_equal(&row->fqdn, &statics) ? 2 : 0;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *wish = &d->world->wishes[i];

        leases +=
            (wish->directions & DDNS_FORWARD) && ddns_name_equal(&wish->fqdn, &row->fqdn)
                ? 1
                : 0;
    }
    return leases < 2;
}

/* The ledger has a row where there is a lease, and no other. */
static void judge_ledger(struct days *d)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *wish = &d->world->wishes[i];
        const struct ledger_row *slot = &d->ledger.rows[i];

        if (slot->there && wish->directions == 0) {
            complain(d, "a row without a lease", &slot->row.fqdn);
        }
        if (slot->there && !slot->row.confirmed && is_alone(d, &slot->row)) {
            complain(d, "a row that was not confirmed", &slot->row.fqdn);
        }
    }
    if (d->ledger.behind ||
        ddns_engine_commit_awaited(d->world->engine) != d->ledger.written) {
        complain(d, "the ledger is behind", &d->world->zones[0].name);
    }
}

static void judge_all(struct days *d)
{
    ddns_stats stats;

    ddns_engine_stats(d->world->engine, &stats);
    d->bad += judge(d->world, d->seed);
    judge_ledger(d);
    if (stats.unsettled != 0 || stats.in_flight != 0) {
        complain(d, "unsettled", &d->world->zones[0].name);
    }
}

static int run(uint64_t seed, bool poor, bool trusting, unsigned *out_audits)
{
    struct days *d = calloc(1, sizeof *d);
    int bad;

    if (d == NULL) {
        abort();
    }
    d->world = world_new(seed);
    d->world->hooks = &process_hooks;
    d->world->user = d;
    d->seed = seed;
    d->trusts = trusting;
    d->ledger_fails = seed % 2 == 1;
    process_start(d);
    heap_fail_often(poor ? POOR : 0);
    while (d->world->now < (uint64_t)DAYS * DAY_MS) {
        live(d);
    }
    heap_fail_often(0);
    all_is_well(d);
    audit(d);
    rest(d);
    judge_all(d);
    *out_audits += d->audits;
    bad = d->bad;
    world_free(d->world);
    free(d);
    return bad;
}

static bool is_asked_for(int argc, char **argv, const char *word)
{
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], word) == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
    bool poor = is_asked_for(argc, argv, "poor");
    bool trusting = is_asked_for(argc, argv, "trusting");
    unsigned long failed = 0;
    unsigned audits = 0;
    int bad = 0;

    for (unsigned long seed = first; seed < first + count; seed++) {
        int differences = run(seed, poor, trusting, &audits);

        failed += differences > 0 ? 1 : 0;
        bad += differences;
    }
    (void)printf("%lu times ten days, %d differences in %lu of them, %u records found "
                 "by looking at the zone\n",
                 count, bad, failed, audits);
    return bad == 0 ? 0 : 1;
}
