/* SPDX-License-Identifier: MPL-2.0 */
#include "client/binding.h"

#include <criterion/criterion.h>
#include <string.h>

#include "client/config.h"
#include "support/leaks.h"

/* Both trees, the forward one alone, no tree at all. */
static ddns_config *both, *forward, *neither;

static void add_zone(ddns_config *config, ddns_direction direction, const char *zone)
{
    static const ddns_server server = { .address = "192.0.2.53" };

    cr_assert_eq(ddns_config_add_zone(config, direction, zone, &server, 1), DDNS_OK);
}

static void begin(void)
{
    cr_assert_eq(ddns_config_new(&both), DDNS_OK);
    cr_assert_eq(ddns_config_new(&forward), DDNS_OK);
    cr_assert_eq(ddns_config_new(&neither), DDNS_OK);
    add_zone(both, DDNS_FORWARD, "example.org");
    add_zone(both, DDNS_FORWARD, "sub.example.org");
    add_zone(both, DDNS_REVERSE, "2.0.192.in-addr.arpa");
    add_zone(forward, DDNS_FORWARD, "*");
}

static void end(void)
{
    ddns_config_free(both);
    ddns_config_free(forward);
    ddns_config_free(neither);
    no_leaks();
}

TestSuite(binding, .init = begin, .fini = end);

static const uint8_t duid[] = { 0, 1, 2, 3 };

/* 192.0.2.7, both directions, checked with a DHCID. */
static ddns_binding lease(const char *fqdn)
{
    return (ddns_binding){
        .address = { { 192, 0, 2, 7 }, 4 },
        .directions = DDNS_FORWARD | DDNS_REVERSE,
        .fqdn = fqdn,
        .identity = { DDNS_ID_DUID, duid, sizeof duid },
        .mode = DDNS_CHECK_WITH_DHCID,
        .ttl = 600,
    };
}

static ddns_error wish_of(const ddns_config *config, const ddns_binding *binding,
                          struct ddns_wish *wish)
{
    struct ddns_zones zones = ddns_config_zones(config);

    return ddns_wish_of(&zones, binding, wish);
}

Test(binding, becomes_a_wish)
{
    ddns_binding binding = lease("Host.Example.ORG");
    struct ddns_wish wish;
    char text[DDNS_NAME_TEXT_MAX];

    cr_assert_eq(wish_of(both, &binding, &wish), DDNS_OK);
    ddns_name_text(&wish.fqdn, text);
    cr_expect_str_eq(text, "Host.Example.ORG.");
    cr_expect_eq(wish.directions, DDNS_FORWARD | DDNS_REVERSE);
    cr_expect_eq(wish.address.len, 4);
    cr_expect_arr_eq(wish.address.bytes, binding.address.bytes, 4);
    cr_expect_eq(wish.ttl, 600);
    cr_expect_eq(wish.mode, DDNS_CHECK_WITH_DHCID);
    cr_expect(wish.has_dhcid);
}

static const struct {
    const char *fqdn;
    ddns_error checked; /* for a lease */
    ddns_error by_hand; /* for DDNS_ASSOCIATE */
} names[] = {
    { "host.example.org", DDNS_OK, DDNS_OK },
    { "a.b.sub.example.org.", DDNS_OK, DDNS_OK },
    { "example.org", DDNS_E_NOT_OURS, DDNS_OK },
    { "EXAMPLE.org.", DDNS_E_NOT_OURS, DDNS_OK },
    { "sub.example.org", DDNS_E_NOT_OURS, DDNS_OK },
    { "*.example.org", DDNS_E_NOT_OURS, DDNS_OK },
    { "a.*.example.org", DDNS_E_NOT_OURS, DDNS_OK },
    { "\\042.example.org", DDNS_E_NOT_OURS, DDNS_OK },
    { "*a.example.org", DDNS_OK, DDNS_OK },
    { "host.example.com", DDNS_E_NO_ZONE, DDNS_E_NO_ZONE },
    { "badexample.org", DDNS_E_NO_ZONE, DDNS_E_NO_ZONE },
    { "host..example.org", DDNS_E_NAME, DDNS_E_NAME },
    { "", DDNS_E_NAME, DDNS_E_NAME },
    { NULL, DDNS_E_NAME, DDNS_E_NAME },
};

Test(binding, of_a_lease_leaves_apex_and_wildcard_alone)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *label = names[i].fqdn == NULL ? "NULL" : names[i].fqdn;
        ddns_binding binding = lease(names[i].fqdn);
        struct ddns_wish wish;

        cr_expect_eq(wish_of(both, &binding, &wish), names[i].checked, "%s", label);
        binding.mode = DDNS_ASSOCIATE;
        cr_expect_eq(wish_of(both, &binding, &wish), names[i].by_hand, "%s", label);
    }
}

Test(binding, under_the_star_updates_the_parent)
{
    ddns_binding binding = lease("host.anything.example");
    struct ddns_wish wish;

    cr_expect_eq(wish_of(forward, &binding, &wish), DDNS_OK);
    binding.fqdn = ".";
    cr_expect_eq(wish_of(forward, &binding, &wish), DDNS_E_NOT_OURS,
                 "the root has no parent but itself");
}

Test(binding, loses_a_direction_that_nobody_configured)
{
    ddns_binding binding = lease("host.example.org");
    struct ddns_wish wish;

    cr_assert_eq(wish_of(forward, &binding, &wish), DDNS_OK);
    cr_expect_eq(wish.directions, DDNS_FORWARD);
    binding.directions = DDNS_REVERSE;
    cr_expect_eq(wish_of(forward, &binding, &wish), DDNS_E_NO_ZONE, "none is left");
    cr_expect_eq(wish_of(neither, &binding, &wish), DDNS_E_NO_ZONE);
}

Test(binding, is_refused_where_a_configured_tree_does_not_reach)
{
    ddns_binding binding = lease("host.example.org");
    struct ddns_wish wish;

    binding.address.bytes[2] = 3;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_E_NO_ZONE);
    binding.directions = DDNS_FORWARD;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_OK);
}

Test(binding, that_is_only_reverse_may_name_any_host)
{
    ddns_binding binding = lease("www.example.com");
    struct ddns_wish wish;

    binding.directions = DDNS_REVERSE;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_OK);
    binding.fqdn = "example.org";
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_OK,
                 "no record of the apex changes");
}

static const struct {
    ddns_conflict_mode mode;
    bool needs_identity;
} modes[] = {
    { DDNS_CHECK_WITH_DHCID, true },
    { DDNS_CHECK_EXISTS_WITH_DHCID, true },
    { DDNS_NO_CHECK_WITH_DHCID, true },
    { DDNS_NO_CHECK_WITHOUT_DHCID, false },
    { DDNS_ASSOCIATE, false },
    { DDNS_MIXED_CHECK_WITH_DHCID, true },
    { DDNS_MIXED_CHECK_EXISTS_WITH_DHCID, true },
    { DDNS_MIXED_NO_CHECK_WITH_DHCID, true },
};

Test(binding, has_an_identity_where_the_mode_uses_one)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        ddns_binding binding = lease("host.example.org");
        struct ddns_wish wish;

        binding.mode = modes[i].mode;
        cr_assert_eq(wish_of(both, &binding, &wish), DDNS_OK);
        cr_expect_eq(wish.has_dhcid, modes[i].needs_identity, "mode %zu", i);
        binding.identity = (ddns_identity){ .kind = DDNS_ID_NONE };
        cr_expect_eq(wish_of(both, &binding, &wish),
                     modes[i].needs_identity ? DDNS_E_INVALID : DDNS_OK, "mode %zu", i);
    }
}

Test(binding, that_makes_no_sense_is_invalid)
{
    struct ddns_wish wish;
    ddns_binding binding = lease("host.example.org");

    binding.directions = 0;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_E_INVALID, "no direction");
    binding.directions = 4 | DDNS_FORWARD;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_E_INVALID, "unknown direction");
    binding = lease("host.example.org");
    binding.address.len = 5;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_E_INVALID, "length of an address");
    binding = lease("host.example.org");
    binding.ttl = 0x80000000;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_E_INVALID, "TTL over 2^31 - 1");
    binding.ttl = 0x7fffffff;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_OK);
    binding.mode = (ddns_conflict_mode)99;
    cr_expect_eq(wish_of(both, &binding, &wish), DDNS_E_INVALID, "unknown mode");
}

Test(binding, is_cleared_by_its_address_where_the_rest_is_no_use)
{
    struct ddns_zones zones = ddns_config_zones(both);
    ddns_binding binding = lease("host.example.org");
    struct ddns_wish wish;

    cr_assert_eq(ddns_clearing_of(&zones, &binding, &wish), DDNS_OK);
    cr_expect_eq(wish.directions, DDNS_FORWARD | DDNS_REVERSE);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].checked != DDNS_OK) {
            binding.fqdn = names[i].fqdn;
            cr_assert_eq(ddns_clearing_of(&zones, &binding, &wish), DDNS_OK, "%zu", i);
            cr_expect_eq(wish.directions, 0, "%zu", i);
            cr_expect_eq(wish.fqdn.len, 1, "%zu", i);
            cr_expect_arr_eq(wish.address.bytes, binding.address.bytes, 4);
        }
    }
    binding.address.len = 0;
    cr_expect_eq(ddns_clearing_of(&zones, &binding, &wish), DDNS_E_INVALID);
}
