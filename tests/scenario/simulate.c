/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Random lives of leases against a model of DNS, in virtual time.
 *
 * Clients come, rename, move and leave while two servers of one zone hang,
 * refuse, lose answers and close connections.  Then everything is well again and
 * the zone must say exactly what is wanted.
 *
 *     simulate FIRST_SEED COUNT [poor]
 *
 * "poor": one allocation in fifty fails meanwhile; a wish that could not be
 * remembered is expressed again, as a caller must.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/judge.h"
#include "support/heap.h"

enum {
    STEPS = 1500,
    QUIET_MS = 600000,
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

static int run(uint64_t seed, unsigned poverty, bool ipv6, uint64_t *asked)
{
    struct world *w = world_new(seed);
    ddns_stats stats;
    int bad;

    if (ipv6) {
        world_make_ipv6(w);
    }
    world_begin(w);
    if (seed % 2 == 0 && ddns_engine_set_durable(w->engine, DDNS_DURABLE) != DDNS_OK) {
        abort();
    }
    heap_fail_often(poverty);
    for (unsigned i = 0; i < STEPS; i++) {
        live(w);
    }
    heap_fail_often(0);
    memset(w->moods, 0, sizeof w->moods);
    world_pass(w, QUIET_MS);
    ddns_engine_stats(w->engine, &stats);
    bad = judge(w, seed);
    bad += misses_in_the_count(w, seed);
    if (stats.unsettled != 0 || stats.in_flight != 0 ||
        (poverty == 0 && (w->mode == DDNS_CHECK_WITH_DHCID && w->conflicts == 0))) {
        (void)printf("seed %llu: %llu unsettled, %llu in flight, %llu conflicts\n",
                     (unsigned long long)seed, (unsigned long long)stats.unsettled,
                     (unsigned long long)stats.in_flight,
                     (unsigned long long)w->conflicts);
        bad++;
    }
    *asked += w->asked;
    world_free(w);
    return bad;
}

int main(int argc, char **argv)
{
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    unsigned poverty = argc > 3 && strcmp(argv[3], "poor") == 0 ? POOR : 0;
    bool ipv6 = argc > 3 && strcmp(argv[3], "ipv6") == 0;
    uint64_t asked = 0;
    int bad = 0;

    for (unsigned long seed = first; seed < first + count; seed++) {
        bad += run(seed, poverty, ipv6, &asked);
    }
    (void)printf("%lu lives, %llu queries, %d differences\n", count,
                 (unsigned long long)asked, bad);
    if (asked == 0 && count >= ENOUGH) {
        (void)printf("no refused batch was ever asked about\n");
        bad++;
    }
    return bad == 0 ? 0 : 1;
}
