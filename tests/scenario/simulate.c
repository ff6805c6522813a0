/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Random lives of leases against a model of DNS, in virtual time.
 *
 * Clients come, rename, move and leave while two servers of one zone hang,
 * refuse, lose answers and close connections.  Then everything is well again and
 * the zone must say exactly what is wanted.
 *
 *     simulate FIRST_SEED COUNT [poor|ipv6|mixed]
 *
 * "poor": one allocation in fifty fails meanwhile; a wish that could not be
 * remembered is expressed again, as a caller must.
 *
 * "mixed": two processes, one for each address family, have the names in common.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/judge.h"
#include "support/heap.h"

enum {
    STEPS = 1500,
    QUIET_MS = 600000,
    RENEWALS = 3,
    POOR = 50,
    ENOUGH = 100, /* lives, for everything to happen once */
};

/* Say it until it is taken. */
static void say(struct world *w, const struct ddns_wish *wish,
                ddns_error (*verb)(struct ddns_engine *, const struct ddns_wish *))
{
    ddns_error error;

    do {
        error = verb(w->engine, wish);
        if (error != DDNS_OK && error != DDNS_E_NOMEM) {
            abort();
        }
    } while (error != DDNS_OK);
}

static void live(struct world *w)
{
    unsigned address = below(w, ADDRESSES);

    switch (below(w, 8)) {
    case 0:
    case 1:
    case 2:
        w->wishes[address] = world_wish(w, address);
        say(w, &w->wishes[address], ddns_engine_set);
        break;
    case 3:
    case 4:
        if (w->wishes[address].directions != 0) {
            say(w, &w->wishes[address], ddns_engine_clear);
            w->wishes[address].directions = 0;
        }
        break;
    case 5:
        if (w->wishes[address].directions != 0) { /* a renewal */
            say(w, &w->wishes[address], ddns_engine_set);
        }
        break;
    case 6:
        w->moods[below(w, SERVERS)] = (enum mood)below(w, MOODS);
        break;
    default:
        w->moods[below(w, SERVERS)] = WELL;
        break;
    }
    world_pass(w, below(w, 4) == 0 ? below(w, 3000) : below(w, 10));
}

/* At rest every update that was sent has come to an end, and nothing waits. */
static int misses_in_the_count(const struct world *w, uint64_t seed)
{
    const ddns_statistics *s = ddns_engine_statistics(w->engine);
    uint64_t flying = 0, waiting = 0, sent = 0;

    for (size_t i = 0; i < s->traffic_count; i++) {
        flying += ddns_traffic_in_flight(&s->traffic[i]);
        sent += s->traffic[i].counts[DDNS_COUNT_SENT];
    }
    for (size_t i = 0; i < s->zone_count; i++) {
        waiting += s->zones[i].backlog;
    }
    if (flying == 0 && waiting == 0 && sent == s->totals.sent) {
        return 0;
    }
    (void)printf("seed %llu: counted %llu in flight, %llu waiting, %llu of %llu sent\n",
                 (unsigned long long)seed, (unsigned long long)flying,
                 (unsigned long long)waiting, (unsigned long long)sent,
                 (unsigned long long)s->totals.sent);
    return 1;
}

static void begin(struct world *w)
{
    world_begin(w);
    if (w->seed % 2 == 0 && ddns_engine_set_durable(w->engine, DDNS_DURABLE) != DDNS_OK) {
        abort();
    }
}

static int end(const struct world *w, unsigned poverty)
{
    uint64_t seed = w->seed;
    ddns_stats stats;
    int bad = judge(w, seed);

    ddns_engine_stats(w->engine, &stats);
    bad += misses_in_the_count(w, seed);
    if (stats.unsettled != 0 || stats.in_flight != 0 ||
        (poverty == 0 && (w->mode == DDNS_CHECK_WITH_DHCID && w->conflicts == 0))) {
        (void)printf("seed %llu: %llu unsettled, %llu in flight, %llu conflicts\n",
                     (unsigned long long)seed, (unsigned long long)stats.unsettled,
                     (unsigned long long)stats.in_flight,
                     (unsigned long long)w->conflicts);
        bad++;
    }
    return bad;
}

static int run(uint64_t seed, unsigned poverty, bool ipv6, uint64_t *asked)
{
    struct world *w = world_new(seed);
    int bad;

    if (ipv6) {
        world_make_ipv6(w);
    }
    begin(w);
    heap_fail_often(poverty);
    for (unsigned i = 0; i < STEPS; i++) {
        live(w);
    }
    heap_fail_often(0);
    memset(w->moods, 0, sizeof w->moods);
    world_pass(w, QUIET_MS);
    bad = end(w, poverty);
    *asked += w->asked;
    world_free(w);
    return bad;
}

/* Both go on for as long, a little at a time, so that their messages alternate. */
static void pass_both(struct world *a, struct world *b, uint64_t until)
{
    while (a->now < until || b->now < until) {
        world_pass(a, a->now < until ? 1 : 0);
        world_pass(b, b->now < until ? 1 : 0);
    }
}

/* What one family's end has left to the other is noticed when the lease is renewed. */
static void renew_all(struct world *w)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (w->wishes[i].directions != 0) {
            say(w, &w->wishes[i], ddns_engine_set);
        }
    }
}

static int run_mixed(uint64_t seed, uint64_t *asked)
{
    struct world *a = world_new(seed);
    struct world *b = world_new(seed);
    int bad;

    world_share(b, a);
    begin(a);
    begin(b);
    for (unsigned i = 0; i < STEPS; i++) {
        live(below(a, 2) == 0 ? a : b);
        pass_both(a, b, a->now > b->now ? a->now : b->now);
    }
    memset(a->moods, 0, sizeof a->moods);
    memset(b->moods, 0, sizeof b->moods);
    for (unsigned i = 0; i < RENEWALS; i++) {
        world_pass(a, QUIET_MS);
        world_pass(b, QUIET_MS);
        renew_all(a);
        renew_all(b);
    }
    world_pass(a, QUIET_MS);
    world_pass(b, QUIET_MS);
    bad = end(a, 0) + end(b, 0);
    *asked += a->asked + b->asked;
    world_unshare(b, a);
    world_free(b);
    world_free(a);
    return bad;
}

int main(int argc, char **argv)
{
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    unsigned poverty = argc > 3 && strcmp(argv[3], "poor") == 0 ? POOR : 0;
    bool ipv6 = argc > 3 && strcmp(argv[3], "ipv6") == 0;
    bool mixed = argc > 3 && strcmp(argv[3], "mixed") == 0;
    uint64_t asked = 0;
    int bad = 0;

    for (unsigned long seed = first; seed < first + count; seed++) {
        bad += mixed ? run_mixed(seed, &asked) : run(seed, poverty, ipv6, &asked);
    }
    (void)printf("%lu lives, %llu queries, %d differences\n", count,
                 (unsigned long long)asked, bad);
    if (asked == 0 && count >= ENOUGH) {
        (void)printf("no refused batch was ever asked about\n");
        bad++;
    }
    return bad == 0 ? 0 : 1;
}
