/* SPDX-License-Identifier: MPL-2.0 */
#include "client/flood.h"

#include <criterion/criterion.h>

enum { MANY = 100000 };

Test(flood, is_over_when_most_are_gone)
{
    struct ddns_flood flood = { 0 };

    cr_expect(!ddns_flood_is_over(&flood, MANY));
    cr_expect(!ddns_flood_is_over(&flood, MANY / 2), "half of them are still there");
    cr_expect(ddns_flood_is_over(&flood, MANY / 8));
}

Test(flood, is_over_once)
{
    struct ddns_flood flood = { 0 };

    ddns_flood_rise(&flood, MANY);
    cr_expect(ddns_flood_is_over(&flood, 1));
    cr_expect(!ddns_flood_is_over(&flood, 0));
    ddns_flood_rise(&flood, MANY);
    cr_expect(ddns_flood_is_over(&flood, 0), "there was another one");
}

Test(flood, is_none_when_there_were_few)
{
    struct ddns_flood flood = { 0 };

    ddns_flood_rise(&flood, 1000);
    cr_expect(!ddns_flood_is_over(&flood, 0));
}
