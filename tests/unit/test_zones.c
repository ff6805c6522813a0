/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/zones.h"

#include <criterion/criterion.h>
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
    return (struct ddns_zones){ .zones = zones, .zone_count = count };
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

Test(zones, the_root_zone_is_preferred_to_the_wildcard)
{
    struct ddns_zone held[2] = { { .wildcard = true, .direction = DDNS_FORWARD },
                                 { .direction = DDNS_FORWARD } };
    struct ddns_zones zones = { .zones = held, .zone_count = 2 };
    struct ddns_name name = name_of("host.example.org.");

    held[0].name = held[1].name = name_of(".");
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
