/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/network.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(network, .fini = no_leaks);

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

static ddns_address address_of(const char *text)
{
    ddns_address address;

    cr_assert_eq(ddns_address_parse(text, &address), DDNS_OK, "%s", text);
    return address;
}

static ddns_error init(struct ddns_network *network, const char *text, const char *zone,
                       const char *pattern)
{
    struct ddns_name name = name_of(zone);
    ddns_prefix prefix;

    cr_assert_eq(ddns_prefix_parse(text, &prefix), DDNS_OK, "%s", text);
    return ddns_network_init(network, &prefix, &name, pattern);
}

static const struct {
    const char *network, *zone, *pattern, *address, *owner;
} names[] = {
    /* RFC 2317 section 4 */
    { "192.0.2.128/26", "128/26.2.0.192.in-addr.arpa", NULL, "192.0.2.130",
      "130.128/26.2.0.192.in-addr.arpa" },
    /* section 5.2: any zone will do */
    { "192.0.2.128/25", "a.example", "host-$.ptr", "192.0.2.255",
      "host-255.ptr.a.example" },
    { "192.0.2.0/24", "example", "$", "192.0.2.0", "0.example" },
    { "192.0.0.0/22", "example", "p.$", "192.0.3.9", "p.9.3.example" },
    { "192.0.2.7/32", "example", "$", "192.0.2.7", "7.example" },
    { "0.0.0.0/0", "example", "$", "192.0.2.7", "7.2.0.192.example" },
    { "2001:db8::/32", "example", "$", "2001:db8::1",
      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.example" },
    { "2001:db8::fff0/126", "example", "$", "2001:db8::fff3", "3.example" },
    { "2001:db8::7/128", "example", "x$y", "2001:db8::7", "x7y.example" },
};

Test(network, names_its_addresses_in_its_zone_and_knows_them_again)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ddns_address address = address_of(names[i].address);
        ddns_address back = { .len = 0 };
        struct ddns_name want = name_of(names[i].owner);
        struct ddns_network network;
        struct ddns_name name;

        cr_assert_eq(init(&network, names[i].network, names[i].zone, names[i].pattern),
                     DDNS_OK, "%s", names[i].owner);
        cr_expect(ddns_network_holds(&network, &address), "%s", names[i].owner);
        name = ddns_network_name(&network, &address);
        cr_expect(ddns_name_equal(&name, &want), "%s", names[i].owner);
        cr_expect(ddns_network_address(&network, &name, &back), "%s", names[i].owner);
        cr_expect_arr_eq(back.bytes, address.bytes, address.len);
        cr_expect_eq(back.len, address.len);
    }
}

Test(network, none_has_the_names_of_rfc_1035)
{
    ddns_address address = address_of("192.0.2.7");
    ddns_address back = { .len = 0 };
    struct ddns_name want = name_of("7.2.0.192.in-addr.arpa");
    struct ddns_name name = ddns_network_name(NULL, &address);

    cr_expect(ddns_name_equal(&name, &want));
    cr_expect(ddns_network_address(NULL, &name, &back));
    cr_expect_arr_eq(back.bytes, address.bytes, 4);
}

Test(network, holds_what_begins_as_it_does)
{
    static const struct {
        const char *address;
        bool held;
    } addresses[] = {
        { "192.0.2.128", true },  { "192.0.2.191", true },  { "192.0.2.127", false },
        { "192.0.2.192", false }, { "192.0.3.128", false }, { "2001:db8::80", false },
    };
    struct ddns_network network;

    cr_assert_eq(init(&network, "192.0.2.128/26", "example", NULL), DDNS_OK);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        ddns_address address = address_of(addresses[i].address);

        cr_expect_eq(ddns_network_holds(&network, &address), addresses[i].held, "%s",
                     addresses[i].address);
    }
}

Test(network, names_that_are_none_of_its_own_have_no_address)
{
    static const char *const strangers[] = {
        "130.example",          /* another zone */
        "a.example",            /* the zone itself */
        "h130.a.example",       /* not the pattern */
        "h-.p.a.example",       /* no address */
        "h-130.p.p.a.example",  /* labels too many */
        "h-1.130.p.a.example",  /* the same before */
        "h-0130.p.a.example",   /* a number written otherwise */
        "h-256.p.a.example",    /* none at all */
        "h-127.p.a.example",    /* outside */
        "h-1\\.30.p.a.example", /* a dot inside a label */
        ".",
    };
    ddns_address address;
    struct ddns_network network;
    struct ddns_name name = name_of("H-130.P.A.EXAMPLE");

    cr_assert_eq(init(&network, "192.0.2.128/26", "a.example", "h-$.p"), DDNS_OK);
    cr_expect(ddns_network_address(&network, &name, &address), "in any case");
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        name = name_of(strangers[i]);
        cr_expect_not(ddns_network_address(&network, &name, &address), "%s",
                      strangers[i]);
    }
}

static const struct {
    const char *label, *network, *zone, *pattern;
    ddns_error error;
} bad[] = {
    { "a bit past the length", "192.0.2.129/26", "example", "$", DDNS_E_ADDRESS },
    { "the last one", "2001:db8::1/127", "example", "$", DDNS_E_ADDRESS },
    { "one owner for all", "192.0.2.128/26", "example", "ptr", DDNS_E_NAME },
    { "none", "192.0.2.128/26", "example", "", DDNS_E_NAME },
    { "two places", "192.0.2.128/26", "example", "$.$", DDNS_E_NAME },
    { "an empty label", "192.0.2.128/26", "example", "$..a", DDNS_E_NAME },
    { "a dot at the end", "192.0.2.128/26", "example", "$.", DDNS_E_NAME },
    { "longer than a label", "192.0.2.128/26", "example",
      "$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", DDNS_E_NAME },
    { "longer than we keep", "192.0.2.128/26", "example",
      "$.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", DDNS_E_NAME },
};

Test(network, says_what_is_wrong)
{
    struct ddns_network network;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_eq(init(&network, bad[i].network, bad[i].zone, bad[i].pattern),
                     bad[i].error, "%s", bad[i].label);
    }
}

Test(network, name_that_becomes_too_long_is_refused)
{
    struct ddns_network network;
    char zone[256] = "";

    for (size_t i = 0; i < 62; i++) { /* a zone of 249 octets */
        memcpy(zone + 4 * i, "abc.", 5);
    }
    cr_expect_eq(init(&network, "192.0.2.0/24", zone, "$"), DDNS_OK);
    cr_expect_eq(init(&network, "192.0.2.0/24", zone, "$abc"), DDNS_E_NAME);
    cr_expect_eq(init(&network, "192.0.0.0/16", zone, "$"), DDNS_E_NAME);
}
