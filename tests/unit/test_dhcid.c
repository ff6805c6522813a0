/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/dhcid.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"
#include "support/vectors.h"

static struct ddns_dhcid_maker *maker;

static void begin(void)
{
    cr_assert_eq(ddns_dhcid_maker_new(&maker), DDNS_OK);
}

static void end(void)
{
    ddns_dhcid_maker_free(maker);
    no_leaks();
}

TestSuite(dhcid, .init = begin, .fini = end);

static ddns_identity_kind kind_of(const char *text)
{
    if (strcmp(text, "hwaddr") == 0) {
        return DDNS_ID_HWADDR;
    }
    return strcmp(text, "duid") == 0 ? DDNS_ID_DUID : DDNS_ID_CLIENT_ID;
}

Test(dhcid, is_what_the_standard_and_kea_say)
{
    struct vectors v = vectors_open(VECTORS "/dhcid.txt");

    while (vectors_next(&v, 4)) {
        uint8_t data[DDNS_IDENTITY_MAX];
        uint8_t want[DDNS_DHCID_LEN];
        struct ddns_dhcid dhcid;
        struct ddns_name name;
        ddns_identity identity = { .kind = kind_of(v.columns[0]), .data = data };
        ddns_error error;

        cr_assert_eq(ddns_name_parse(v.columns[1], &name), DDNS_OK);
        identity.len = vector_bytes(v.columns[2], data, sizeof data);
        error = ddns_dhcid_compute(maker, &identity, &name, &dhcid);
        if (strcmp(v.columns[3], "refused") == 0) {
            cr_expect_eq(error, DDNS_E_INVALID, "%s %s", v.columns[0], v.columns[2]);
            continue;
        }
        cr_assert_eq(error, DDNS_OK, "%s %s", v.columns[0], v.columns[2]);
        cr_assert_eq(vector_bytes(v.columns[3], want, sizeof want), sizeof want);
        cr_expect_arr_eq(dhcid.rdata, want, sizeof want, "%s %s", v.columns[0],
                         v.columns[2]);
    }
    vectors_close(&v);
}

static const struct {
    const char *label;
    ddns_identity_kind kind;
    size_t len;
    ddns_error error;
} sizes[] = {
    { "no identity", DDNS_ID_NONE, 10, DDNS_E_INVALID },
    { "a kind from nowhere", (ddns_identity_kind)9, 10, DDNS_E_INVALID },
    { "empty hardware address", DDNS_ID_HWADDR, 0, DDNS_E_INVALID },
    { "empty client identifier", DDNS_ID_CLIENT_ID, 0, DDNS_E_INVALID },
    { "empty DUID", DDNS_ID_DUID, 0, DDNS_E_INVALID },
    { "longest DUID of RFC 8415", DDNS_ID_DUID, 130, DDNS_OK },
    { "DUID too long", DDNS_ID_DUID, 131, DDNS_E_INVALID },
    { "longest client identifier", DDNS_ID_CLIENT_ID, 255, DDNS_OK },
    { "client identifier too long", DDNS_ID_CLIENT_ID, 256, DDNS_E_INVALID },
    { "a length that wraps", DDNS_ID_CLIENT_ID, SIZE_MAX, DDNS_E_INVALID },
};

Test(dhcid, sizes_are_checked_before_anything_is_read)
{
    static const uint8_t data[256];
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse("host.example.org", &name), DDNS_OK);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct ddns_dhcid dhcid;
        ddns_identity identity = { sizes[i].kind, sizes[i].len > 0 ? data : NULL,
                                   sizes[i].len };

        cr_expect_eq(ddns_dhcid_compute(maker, &identity, &name, &dhcid), sizes[i].error,
                     "%s", sizes[i].label);
    }
}

#define DHCID(type)                                                                      \
    {                                                                                    \
        (const uint8_t[]){ (type) >> 8, (type)&0xff, 1 }, 3                              \
    }

static const struct {
    const char *label;
    const char *address;
    struct ddns_bytes ours, other;
    bool may;
} neighbours[] = {
    { "a DUID beside a hardware address", "192.0.2.7", DHCID(0), DHCID(2), true },
    { "a DUID beside a client identifier", "192.0.2.7", DHCID(1), DHCID(2), true },
    { "a hardware address beside a DUID", "2001:db8::7", DHCID(2), DHCID(0), true },
    { "a client identifier beside a DUID", "2001:db8::7", DHCID(2), DHCID(1), true },
    { "two of DHCPv4", "192.0.2.7", DHCID(0), DHCID(1), false },
    { "two of DHCPv6", "2001:db8::7", DHCID(2), DHCID(2), false },
    { "DHCPv4 with a DUID", "192.0.2.7", DHCID(2), DHCID(1), false },
    { "two DUIDs, one of DHCPv4", "192.0.2.7", DHCID(2), DHCID(2), false },
    { "a type from nowhere", "192.0.2.7", DHCID(1), DHCID(3), false },
    { "types have two octets", "192.0.2.7", DHCID(1), DHCID(258), false },
    { "no type", "192.0.2.7", DHCID(1), { NULL, 0 }, false },
};

Test(dhcid, of_two_at_a_name_each_family_has_one)
{
    for (size_t i = 0; i < sizeof neighbours / sizeof *neighbours; i++) {
        ddns_address address;

        cr_assert_eq(ddns_address_parse(neighbours[i].address, &address), DDNS_OK);
        cr_expect_eq(
            ddns_dhcid_may_neighbour(&address, neighbours[i].ours, neighbours[i].other),
            neighbours[i].may, "%s", neighbours[i].label);
    }
}
