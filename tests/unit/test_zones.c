/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/zones.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(zones, .fini = no_leaks);

/** A zone in text; @p zone "*" is the wildcard. */
static const struct {
    const char *zone;
    ddns_direction direction;
} configured[] = {
    { "*", DDNS_FORWARD },
    { "org.", DDNS_FORWARD },
    { "lab.example.org.", DDNS_FORWARD },
    { "example.org.", DDNS_FORWARD },
    { "192.in-addr.arpa.", DDNS_REVERSE },
    { "2.0.192.in-addr.arpa.", DDNS_REVERSE },
};

enum { ZONES = sizeof configured / sizeof *configured };

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

enum { MANY = 400, TRIES = 20000 };

/** These zones; one set at a time. */
static struct ddns_zones in_order(const struct ddns_zone *zones, size_t count)
{
    static uint32_t order[MANY];
    struct ddns_zones all = { .zones = zones, .zone_count = count, .order = order };

    for (size_t i = 0; i < count; i++) {
        if (zones[i].network == NULL) {
            ddns_zones_put_in_order(&all, i, order);
            all.order_count++;
        }
    }
    return all;
}

/** The first @p count zones of the table above, held by @p zones. */
static struct ddns_zones zones_of(struct ddns_zone *zones, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool wildcard = strcmp(configured[i].zone, "*") == 0;

        zones[i] = (struct ddns_zone){
            .name = name_of(wildcard ? "." : configured[i].zone),
            .wildcard = wildcard,
            .direction = configured[i].direction,
        };
    }
    return in_order(zones, count);
}

static const struct {
    const char *label;
    ddns_direction direction;
    const char *name;
    int found; /* index into the table above, or -1 */
} searches[] = {
    { "the longest zone wins, whatever the order", DDNS_FORWARD, "a.b.example.org.", 3 },
    { "case does not matter", DDNS_FORWARD, "Host.LAB.Example.ORG.", 2 },
    { "an apex is in its zone", DDNS_FORWARD, "lab.example.org.", 2 },
    { "a label is not cut in two", DDNS_FORWARD, "badexample.org.", 1 },
    { "the wildcard takes the rest", DDNS_FORWARD, "host.example.net.", 0 },
    { "directions do not mix", DDNS_REVERSE, "host.example.org.", -1 },
    { "reverse", DDNS_REVERSE, "7.2.0.192.in-addr.arpa.", 5 },
    { "a shorter reverse zone", DDNS_REVERSE, "7.3.0.192.in-addr.arpa.", 4 },
    { "outside every reverse zone", DDNS_REVERSE, "7.0.0.10.in-addr.arpa.", -1 },
};

Test(zones, the_longest_zone_that_encloses_the_name_is_found)
{
    struct ddns_zone held[ZONES];
    struct ddns_zones zones = zones_of(held, ZONES);

    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        struct ddns_name name = name_of(searches[i].name);
        const struct ddns_zone *want =
            searches[i].found < 0 ? NULL : &held[searches[i].found];

        cr_expect_eq(ddns_zones_find(&zones, searches[i].direction, &name), want, "%s",
                     searches[i].label);
    }
}

/* ---- many ---------------------------------------------------------------- */

/* Names of few letters and labels, so that many are equal or enclose one another. */
static struct ddns_name random_name(unsigned *seed, int labels_max)
{
    static const char *const words[] = { "a.", "B.", "b.", "aa.", "c." };
    char text[64] = ".";
    int labels = rand_r(seed) % (labels_max + 1);
    size_t len = 0;

    for (int i = 0; i < labels; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s",
                                words[rand_r(seed) % 5]);
    }
    return name_of(text);
}

/* What ddns_zones_find() says, without an order. */
static const struct ddns_zone *look_at_each(const struct ddns_zones *zones,
                                            ddns_direction direction,
                                            const struct ddns_name *name)
{
    const struct ddns_zone *best = NULL;

    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_zone *zone = &zones->zones[i];
        bool encloses = zone->wildcard || ddns_name_in_zone(name, &zone->name);

        if (zone->direction != direction || zone->network != NULL || !encloses) {
            continue;
        }
        if (best == NULL || zone->name.len > best->name.len ||
            (best->wildcard && !zone->wildcard)) {
            best = zone;
        }
    }
    return best;
}

Test(zones, in_order_are_found_as_where_each_is_looked_at)
{
    static const struct ddns_network network;
    static struct ddns_zone held[MANY];
    struct ddns_zones zones;
    unsigned seed = 1;
    size_t count = 0;
    size_t found = 0;

    while (count < MANY) {
        struct ddns_zone *zone = &held[count];
        const struct ddns_zone *other = held;

        zone->name = random_name(&seed, 5);
        zone->direction = rand_r(&seed) % 2 == 0 ? DDNS_FORWARD : DDNS_REVERSE;
        zone->wildcard = zone->name.len == 1 && rand_r(&seed) % 2 == 0;
        zone->network = rand_r(&seed) % 16 == 0 ? &network : NULL;
        while (other->direction != zone->direction || other->wildcard != zone->wildcard ||
               !ddns_name_equal(&other->name, &zone->name)) {
            other++;
        }
        count += other == zone; /* there is none like it yet */
    }
    zones = in_order(held, MANY);
    for (int i = 0; i < TRIES; i++) {
        ddns_direction direction = i % 2 == 0 ? DDNS_FORWARD : DDNS_REVERSE;
        struct ddns_name name = random_name(&seed, 7);
        const struct ddns_zone *want = look_at_each(&zones, direction, &name);

        cr_assert_eq(ddns_zones_find(&zones, direction, &name), want);
        found += want != NULL;
    }
    cr_expect(found > TRIES / 4 && found <= TRIES, "%zu were found", found);
}

Test(zones, the_root_zone_is_preferred_to_the_wildcard)
{
    struct ddns_zone held[2] = { { .wildcard = true, .direction = DDNS_FORWARD },
                                 { .direction = DDNS_FORWARD } };
    struct ddns_zones zones;
    struct ddns_name name = name_of("host.example.org.");

    held[0].name = held[1].name = name_of(".");
    zones = in_order(held, 2);
    cr_expect_eq(ddns_zones_find(&zones, DDNS_FORWARD, &name), &held[1]);
}

Test(zones, a_direction_without_zones_is_not_served)
{
    struct ddns_zone held[ZONES];
    struct ddns_zones forward_only = zones_of(held, 4);
    struct ddns_zones none = { 0 };

    cr_expect(ddns_zones_serve(&forward_only, DDNS_FORWARD));
    cr_expect_not(ddns_zones_serve(&forward_only, DDNS_REVERSE));
    cr_expect_not(ddns_zones_serve(&none, DDNS_FORWARD));
}

Test(zones, a_wildcard_updates_the_parent_of_the_name)
{
    struct ddns_zone held[ZONES];
    struct ddns_name name = name_of("host.example.net.");
    struct ddns_name parent = name_of("example.net.");
    struct ddns_name zone = name_of("org.");
    struct ddns_name apex;

    (void)zones_of(held, ZONES);
    apex = ddns_zone_apex(&held[0], &name);
    cr_expect(ddns_name_equal(&apex, &parent));
    apex = ddns_zone_apex(&held[1], &name);
    cr_expect(ddns_name_equal(&apex, &zone));
}

/* ---- reverse zones --------------------------------------------------------- */

enum { REVERSE, WIDE, NARROW, REVERSE_ZONES };

static struct ddns_zones reverse_zones(struct ddns_zone *zones,
                                       struct ddns_network *networks)
{
    static const char *const texts[] = { "0.0.0.0/0", "192.0.2.0/24", "192.0.2.128/26" };
    static const char *const names[] = { "2.0.192.in-addr.arpa", "wide.example",
                                         "narrow.example" };

    for (size_t i = 0; i < REVERSE_ZONES; i++) {
        ddns_prefix prefix;

        zones[i] =
            (struct ddns_zone){ .name = name_of(names[i]), .direction = DDNS_REVERSE };
        if (i != REVERSE) {
            cr_assert_eq(ddns_prefix_parse(texts[i], &prefix), DDNS_OK);
            cr_assert_eq(ddns_network_init(&networks[i], &prefix, &zones[i].name, NULL),
                         DDNS_OK);
            zones[i].network = &networks[i];
        }
    }
    return in_order(zones, REVERSE_ZONES);
}

static const struct ddns_zone *find_reverse(const struct ddns_zones *zones,
                                            const char *text)
{
    ddns_address address;

    cr_assert_eq(ddns_address_parse(text, &address), DDNS_OK);
    return ddns_zones_find_reverse(zones, &address);
}

Test(zones, the_smallest_network_of_an_address_comes_first)
{
    struct ddns_zone held[REVERSE_ZONES];
    struct ddns_network networks[REVERSE_ZONES];
    struct ddns_zones zones = reverse_zones(held, networks);

    cr_expect_eq(find_reverse(&zones, "192.0.2.130"), &held[NARROW]);
    cr_expect_eq(find_reverse(&zones, "192.0.2.1"), &held[WIDE]);
    cr_expect_null(find_reverse(&zones, "192.0.3.1"));
    zones.zone_count = 1;
    cr_expect_eq(find_reverse(&zones, "192.0.2.130"), &held[REVERSE]);
}

Test(zones, a_name_has_the_address_whose_record_is_there)
{
    static const struct {
        const char *name, *address;
    } names[] = {
        { "130.narrow.example", "192.0.2.130" },
        { "1.wide.example", "192.0.2.1" },
        { "130.wide.example", NULL },       /* it is in the other zone */
        { "1.2.0.192.in-addr.arpa", NULL }, /* it is in a network's zone */
        { "1.3.0.192.in-addr.arpa", "192.0.3.1" },
        { "host.example", NULL },
    };
    struct ddns_zone held[REVERSE_ZONES];
    struct ddns_network networks[REVERSE_ZONES];
    struct ddns_zones zones = reverse_zones(held, networks);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct ddns_name name = name_of(names[i].name);
        ddns_address want = { .len = 0 };
        ddns_address address;

        cr_expect_eq(ddns_zones_address(&zones, &name, &address),
                     names[i].address != NULL, "%s", names[i].name);
        if (names[i].address != NULL) {
            cr_assert_eq(ddns_address_parse(names[i].address, &want), DDNS_OK);
            cr_expect_arr_eq(address.bytes, want.bytes, 4, "%s", names[i].name);
        }
    }
}

Test(zones, a_zone_with_a_network_encloses_no_other_names)
{
    struct ddns_zone held[REVERSE_ZONES];
    struct ddns_network networks[REVERSE_ZONES];
    struct ddns_zones zones = reverse_zones(held, networks);
    struct ddns_name name = name_of("7.wide.example");

    cr_expect_null(ddns_zones_find(&zones, DDNS_REVERSE, &name));
}
