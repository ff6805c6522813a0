/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/prefixes.h"

#include <criterion/criterion.h>

#include "support/leaks.h"

TestSuite(prefixes, .fini = no_leaks);

static ddns_address address_of(const char *text)
{
    ddns_address address;

    cr_assert_eq(ddns_address_parse(text, &address), DDNS_OK, "%s", text);
    return address;
}

static const struct {
    const char *address;
    bool held;
} addresses[] = {
    { "192.0.2.0", true },         { "192.0.2.127", true },
    { "192.0.2.128", false },      { "192.0.1.255", false },
    { "198.51.100.9", true },      { "198.51.100.8", false },
    { "198.51.100.10", false },    { "10.200.3.4", true },
    { "11.0.0.0", false },         { "9.255.255.255", false },
    { "2001:db8::1", true },       { "2001:db8:1::", false },
    { "2001:db8:0:ffff::", true }, { "255.255.255.255", false },
};

Test(prefixes, hold_the_addresses_that_begin_as_they_do)
{
    const ddns_prefix list[] = {
        { address_of("2001:db8::"), 48 },   { address_of("192.0.2.99"), 25 },
        { address_of("198.51.100.9"), 32 }, { address_of("10.0.0.0"), 8 },
        { address_of("10.1.0.0"), 16 },     { address_of("2001:db8::1"), 128 },
        { address_of("10.0.0.0"), 8 },
    };
    struct ddns_prefixes prefixes;

    cr_assert_eq(ddns_prefixes_of(list, sizeof list / sizeof *list, &prefixes), DDNS_OK);
    cr_expect_eq(prefixes.count, 4);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        ddns_address address = address_of(addresses[i].address);

        cr_expect_eq(ddns_prefixes_hold(&prefixes, &address), addresses[i].held, "%s",
                     addresses[i].address);
    }
    ddns_prefixes_free(&prefixes);
}

Test(prefixes, of_length_zero_hold_their_family)
{
    const ddns_prefix all = { address_of("192.0.2.1"), 0 };
    ddns_address v4 = address_of("255.255.255.255");
    ddns_address v6 = address_of("::");
    struct ddns_prefixes prefixes;

    cr_assert_eq(ddns_prefixes_of(&all, 1, &prefixes), DDNS_OK);
    cr_expect(ddns_prefixes_hold(&prefixes, &v4));
    cr_expect_not(ddns_prefixes_hold(&prefixes, &v6));
    ddns_prefixes_free(&prefixes);
}

Test(prefixes, none_hold_nothing)
{
    ddns_address address = address_of("192.0.2.1");
    struct ddns_prefixes prefixes;

    cr_assert_eq(ddns_prefixes_of(NULL, 0, &prefixes), DDNS_OK);
    cr_expect_not(ddns_prefixes_hold(&prefixes, &address));
    ddns_prefixes_free(&prefixes);
}

Test(prefixes, that_are_none_are_refused)
{
    const ddns_prefix list[] = {
        { address_of("192.0.2.0"), 33 },
        { address_of("2001:db8::"), 129 },
        { { .len = 5 }, 1 },
    };
    struct ddns_prefixes prefixes;

    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        cr_expect_eq(ddns_prefixes_of(&list[i], 1, &prefixes), DDNS_E_INVALID);
    }
}
