/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/subnets.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "support/leaks.h"

TestSuite(subnets, .fini = no_leaks);

Test(subnets, are_a_list)
{
    static const unsigned lengths[] = { 24, 32, 128, 0 };
    ddns_prefix *list = NULL;
    size_t count = 0;

    cr_assert_eq(
        subnets_parse("192.0.2.0/24,2001:db8::/32,2001:db8::1,0.0.0.0/0", &list, &count),
        DDNS_OK);
    cr_assert_eq(count, 4);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(list[i].length, lengths[i]);
        cr_expect_eq(list[i].address.len, i == 1 || i == 2 ? 16 : 4);
    }
    free(list);
}

Test(subnets, that_are_none_are_refused)
{
    static const char *const texts[] = {
        "",
        ",",
        "192.0.2.0/24,",
        "192.0.2.0/",
        "192.0.2.0/33",
        "192.0.2.0/0024",
        "192.0.2.0/-1",
        "192.0.2.0/24 ",
        "192.0.2/24",
        "2001:db8::/129",
        "example.org/24",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/24",
    };
    ddns_prefix *list = NULL;
    size_t count = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cr_expect_eq(subnets_parse(texts[i], &list, &count), DDNS_E_INVALID, "%s",
                     texts[i]);
    }
}
