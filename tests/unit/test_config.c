/* SPDX-License-Identifier: MPL-2.0 */
#include "client/config.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/heap.h"
#include "support/leaks.h"

static ddns_config *config;

static void begin(void)
{
    cr_assert_eq(ddns_config_new(&config), DDNS_OK);
}

static void end(void)
{
    ddns_config_free(config);
    no_leaks();
}

TestSuite(config, .init = begin, .fini = end);

static const ddns_key good_key = {
    .name = "Key.Example",
    .algorithm = "hmac-sha256",
    .secret = "MTIzNDU2Nzg5MGFiY2RlZg==",
};

static const ddns_server good_server = { .address = "192.0.2.1" };

/* ---- keys ------------------------------------------------------------------ */

static const struct {
    const char *label;
    ddns_key key;
    ddns_error error;
} bad_keys[] = {
    { "no name", { NULL, "hmac-sha256", 0, "AAAA", 0 }, DDNS_E_NAME },
    { "empty label", { "a..b", "hmac-sha256", 0, "AAAA", 0 }, DDNS_E_NAME },
    { "no algorithm", { "k", NULL, 0, "AAAA", 0 }, DDNS_E_ALGORITHM },
    { "strange algorithm", { "k", "hmac-sha3", 0, "AAAA", 0 }, DDNS_E_ALGORITHM },
    { "odd bits", { "k", "hmac-sha256", 129, "AAAA", 0 }, DDNS_E_DIGEST_BITS },
    { "no secret", { "k", "hmac-sha256", 0, NULL, 0 }, DDNS_E_INVALID },
    { "empty secret", { "k", "hmac-sha256", 0, "", 0 }, DDNS_E_INVALID },
    { "empty text", { "k", "hmac-sha256", 0, "", DDNS_SECRET_TEXT }, DDNS_E_INVALID },
    { "not base64", { "k", "hmac-sha256", 0, "A*AA", 0 }, DDNS_E_BASE64 },
    { "cut base64", { "k", "hmac-sha256", 0, "AAA", 0 }, DDNS_E_BASE64 },
    { "only white space", { "k", "hmac-sha256", 0, "  ", 0 }, DDNS_E_INVALID },
};

Test(config, says_what_is_wrong_with_a_key)
{
    for (size_t i = 0; i < sizeof bad_keys / sizeof *bad_keys; i++) {
        cr_expect_eq(ddns_config_add_key(config, &bad_keys[i].key), bad_keys[i].error,
                     "%s", bad_keys[i].label);
    }
}

Test(config, takes_a_key_once_whatever_its_case)
{
    ddns_key again = good_key;

    again.name = "kEY.eXAMPLE.";
    cr_expect_eq(ddns_config_add_key(config, &good_key), DDNS_OK);
    cr_expect_eq(ddns_config_add_key(config, &again), DDNS_E_DUPLICATE);
}

Test(config, takes_a_secret_as_text)
{
    ddns_key key = good_key;

    key.secret = "not * base64";
    cr_expect_eq(ddns_config_add_key(config, &key), DDNS_E_BASE64);
    key.encoding = DDNS_SECRET_TEXT;
    cr_expect_eq(ddns_config_add_key(config, &key), DDNS_OK);
}

/* ---- zones ------------------------------------------------------------------- */

static const struct {
    const char *label;
    const char *zone;
    ddns_server server;
    size_t count;
    ddns_direction direction;
    ddns_error error;
} bad_zones[] = {
    { "no zone", NULL, { "192.0.2.1", 0, DDNS_TCP, NULL }, 1, DDNS_FORWARD, DDNS_E_NAME },
    { "bad zone", "a..", { "::1", 0, DDNS_TCP, NULL }, 1, DDNS_FORWARD, DDNS_E_NAME },
    { "there already",
      "HAVE.Example",
      { "192.0.2.1", 0, DDNS_TCP, NULL },
      1,
      DDNS_FORWARD,
      DDNS_E_DUPLICATE },
    { "no server",
      "x",
      { "192.0.2.1", 0, DDNS_TCP, NULL },
      0,
      DDNS_FORWARD,
      DDNS_E_INVALID },
    { "no address", "x", { NULL, 0, DDNS_TCP, NULL }, 1, DDNS_FORWARD, DDNS_E_ADDRESS },
    { "a name",
      "x",
      { "ns.example", 0, DDNS_TCP, NULL },
      1,
      DDNS_FORWARD,
      DDNS_E_ADDRESS },
    { "strange key",
      "x",
      { "::1", 0, DDNS_TCP, "other" },
      1,
      DDNS_FORWARD,
      DDNS_E_NO_KEY },
    { "bad key name",
      "x",
      { "::1", 0, DDNS_TCP, "a..b" },
      1,
      DDNS_FORWARD,
      DDNS_E_NO_KEY },
    { "strange transport",
      "x",
      { "::1", 0, (ddns_transport)9, NULL },
      1,
      DDNS_FORWARD,
      DDNS_E_INVALID },
    { "both directions",
      "x",
      { "::1", 0, DDNS_TCP, NULL },
      1,
      (ddns_direction)(DDNS_FORWARD | DDNS_REVERSE),
      DDNS_E_INVALID },
};

Test(config, says_what_is_wrong_with_a_zone_and_stays_as_it_was)
{
    cr_assert_eq(
        ddns_config_add_zone(config, DDNS_FORWARD, "have.example.", &good_server, 1),
        DDNS_OK);
    for (size_t i = 0; i < sizeof bad_zones / sizeof *bad_zones; i++) {
        /* A good server first: it must not stay behind. */
        ddns_server servers[] = { { .address = "2001:db8::5" }, bad_zones[i].server };
        size_t count = bad_zones[i].count == 0 ? 0 : 2;

        cr_expect_eq(ddns_config_add_zone(config, bad_zones[i].direction,
                                          bad_zones[i].zone, servers, count),
                     bad_zones[i].error, "%s", bad_zones[i].label);
        cr_expect_eq(ddns_config_zones(config).endpoint_count, 1, "%s",
                     bad_zones[i].label);
    }
    cr_expect_eq(ddns_config_zones(config).zone_count, 1);
}

Test(config, keeps_the_two_directions_and_the_star_apart)
{
    static const char *const names[] = { "*", ".", "example" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_expect_eq(
            ddns_config_add_zone(config, DDNS_FORWARD, names[i], &good_server, 1),
            DDNS_OK, "%s", names[i]);
        cr_expect_eq(
            ddns_config_add_zone(config, DDNS_REVERSE, names[i], &good_server, 1),
            DDNS_OK, "%s", names[i]);
        cr_expect_eq(
            ddns_config_add_zone(config, DDNS_REVERSE, names[i], &good_server, 1),
            DDNS_E_DUPLICATE, "%s", names[i]);
    }
    struct ddns_zones zones = ddns_config_zones(config);

    cr_assert_eq(zones.zone_count, 6);
    cr_expect(zones.zones[0].wildcard);
    cr_expect_eq(zones.zones[0].name.len, 1, "\"*\" is kept as the root");
    cr_expect(!zones.zones[2].wildcard);
}

Test(config, has_each_server_once_however_many_zones_name_it)
{
    static const ddns_server servers[] = {
        { "192.0.2.1", 0, DDNS_TCP, NULL },    { "192.0.2.1", 53, DDNS_TCP, NULL },
        { "192.0.2.1", 5353, DDNS_TCP, NULL }, { "192.0.2.1", 53, DDNS_UDP, NULL },
        { "2001:db8::1", 53, DDNS_TCP, NULL }, { "2001:DB8:0::1", 0, DDNS_TCP, NULL },
    };
    static const unsigned endpoints[] = { 0, 0, 1, 2, 3, 3 };

    for (unsigned i = 0; i < 20; i++) {
        char name[] = { (char)('a' + i), '\0' };

        cr_assert_eq(ddns_config_add_zone(config, DDNS_FORWARD, name, servers, 6),
                     DDNS_OK);
    }
    struct ddns_zones zones = ddns_config_zones(config);

    cr_assert_eq(zones.zone_count, 20);
    cr_assert_eq(zones.endpoint_count, 4);
    cr_expect_eq(zones.endpoints[0].port, 53);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_eq(zones.zones[19].servers[i].endpoint, endpoints[i], "%zu", i);
    }
}

Test(config, limits_the_time_to_wait)
{
    cr_expect_eq(config->timeout_ms, DDNS_TIMEOUT_DEFAULT_MS);
    cr_expect_eq(ddns_config_set_timeout(config, 0), DDNS_E_INVALID);
    cr_expect_eq(ddns_config_set_timeout(config, 60001), DDNS_E_INVALID);
    cr_expect_eq(ddns_config_set_timeout(config, 60000), DDNS_OK);
    cr_expect_eq(ddns_config_set_timeout(config, 1), DDNS_OK);
    cr_expect_eq(config->timeout_ms, 1);
}

/* ---- networks ------------------------------------------------------------------ */

static ddns_error set_network(const char *text, const char *pattern)
{
    ddns_prefix prefix;

    cr_assert_eq(ddns_prefix_parse(text, &prefix), DDNS_OK);
    return ddns_config_set_network(config, &prefix, pattern);
}

static void add_zone(ddns_direction direction, const char *name)
{
    cr_assert_eq(ddns_config_add_zone(config, direction, name, &good_server, 1), DDNS_OK);
}

Test(config, a_reverse_zone_may_serve_one_network)
{
    struct ddns_zones zones;

    add_zone(DDNS_REVERSE, "a.example");
    add_zone(DDNS_REVERSE, "b.example");
    cr_assert_eq(set_network("192.0.2.0/26", NULL), DDNS_OK);
    zones = ddns_config_zones(config);
    cr_expect_null(zones.zones[0].network);
    cr_assert_not_null(zones.zones[1].network);
    cr_expect_eq(zones.zones[1].network->prefix.length, 26);
    cr_expect_eq(set_network("192.0.2.64/26", NULL), DDNS_E_INVALID, "it has one");
    add_zone(DDNS_REVERSE, "c.example");
    cr_expect_eq(set_network("192.0.2.0/26", NULL), DDNS_E_DUPLICATE);
    cr_expect_eq(set_network("192.0.2.0/27", "x"), DDNS_E_NAME);
    cr_expect_eq(set_network("192.0.2.1/27", "$"), DDNS_E_ADDRESS);
    cr_expect_eq(set_network("192.0.2.0/27", "$"), DDNS_OK, "a part of another's");
}

Test(config, no_other_zone_serves_a_network)
{
    cr_expect_eq(set_network("192.0.2.0/26", NULL), DDNS_E_INVALID, "there is none");
    add_zone(DDNS_FORWARD, "example");
    cr_expect_eq(set_network("192.0.2.0/26", NULL), DDNS_E_INVALID);
    add_zone(DDNS_REVERSE, "*");
    cr_expect_eq(set_network("192.0.2.0/26", NULL), DDNS_E_INVALID);
}

/* ---- copies -------------------------------------------------------------------- */

Test(config, copy_lives_on_without_the_original)
{
    ddns_server server = { "192.0.2.1", 0, DDNS_UDP, "key.example" };
    ddns_config *copy;

    cr_assert_eq(ddns_config_add_key(config, &good_key), DDNS_OK);
    cr_assert_eq(ddns_config_add_zone(config, DDNS_FORWARD, "example", &server, 1),
                 DDNS_OK);
    add_zone(DDNS_REVERSE, "b.example");
    cr_assert_eq(set_network("192.0.2.0/26", "p$"), DDNS_OK);
    cr_assert_eq(ddns_config_set_timeout(config, 77), DDNS_OK);
    cr_assert_eq(ddns_config_copy(config, &copy), DDNS_OK);
    ddns_config_free(config);
    config = NULL;

    struct ddns_zones zones = ddns_config_zones(copy);
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse("key.example", &name), DDNS_OK);
    cr_assert_eq(zones.zone_count, 2);
    cr_expect_str_eq(zones.zones[1].network->pattern, "p$");
    cr_expect_eq(copy->timeout_ms, 77);
    cr_expect_eq(zones.zones[0].servers[0].endpoint, 0);
    cr_expect(ddns_name_equal(ddns_tsig_key_name(zones.zones[0].servers[0].key), &name));
    cr_expect_eq(zones.endpoints[0].transport, DDNS_UDP);
    ddns_config_free(copy);
}

Test(config, copy_and_original_grow_apart)
{
    ddns_config *copy;

    cr_assert_eq(ddns_config_copy(config, &copy), DDNS_OK, "an empty one, too");
    cr_assert_eq(ddns_config_add_zone(copy, DDNS_FORWARD, "a", &good_server, 1), DDNS_OK);
    cr_assert_eq(ddns_config_add_key(copy, &good_key), DDNS_OK);
    cr_expect_eq(ddns_config_zones(config).zone_count, 0);
    cr_expect_eq(ddns_config_add_key(config, &good_key), DDNS_OK);
    ddns_config_free(copy);
    ddns_config_free(NULL);
}

/* ---- no memory ------------------------------------------------------------------ */

static ddns_error build_and_copy(void)
{
    const ddns_server server = { "192.0.2.1", 0, DDNS_UDP, "key.example" };
    ddns_config *built;
    ddns_config *copy = NULL;
    ddns_error error = ddns_config_new(&built);

    if (error != DDNS_OK) {
        return error;
    }
    error = ddns_config_add_key(built, &good_key);
    if (error == DDNS_OK) {
        error = ddns_config_add_zone(built, DDNS_FORWARD, "a", &server, 1);
    }
    if (error == DDNS_OK) {
        error = ddns_config_add_zone(built, DDNS_REVERSE, "b", &server, 1);
    }
    if (error == DDNS_OK) {
        const ddns_prefix network = { .address = { .len = 4 }, .length = 0 };

        error = ddns_config_set_network(built, &network, NULL);
    }
    if (error == DDNS_OK) {
        error = ddns_config_copy(built, &copy);
    }
    ddns_config_free(copy);
    ddns_config_free(built);
    return error;
}

Test(config, says_so_when_memory_runs_out_at_any_point)
{
    unsigned number = 0;

    for (;; number++) {
        heap_fail_after(number);

        ddns_error error = build_and_copy();

        if (!heap_stop_failing()) {
            cr_expect_eq(error, DDNS_OK);
            break;
        }
        cr_expect_eq(error, DDNS_E_NOMEM, "allocation %u", number);
    }
    cr_expect_geq(number, 10);
}
