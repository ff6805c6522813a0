/* SPDX-License-Identifier: MPL-2.0 */
#include "wire/cursor.h"

#include <criterion/criterion.h>

#include "support/leaks.h"

TestSuite(cursor, .fini = no_leaks);

static const struct {
    const char *label;
    uint8_t bytes[8];
    size_t len;
    ddns_error error;
    uint64_t value;
} u48[] = {
    { "largest value",
      { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
      6,
      DDNS_OK,
      0xffffffffffff },
    { "octets in network order", { 1, 2, 3, 4, 5, 6 }, 6, DDNS_OK, 0x010203040506 },
    { "one byte missing", { 1, 2, 3, 4, 5 }, 5, DDNS_E_SHORT, 0 },
    { "one byte left over", { 0, 0, 0, 0, 0, 1, 0 }, 7, DDNS_E_FORMAT, 1 },
    { "nothing there", { 0 }, 0, DDNS_E_SHORT, 0 },
};

Test(cursor, reads_48_bits_or_says_why_not)
{
    for (size_t i = 0; i < sizeof u48 / sizeof *u48; i++) {
        struct ddns_reader r =
            ddns_reader_of((struct ddns_bytes){ u48[i].bytes, u48[i].len });

        cr_expect_eq(ddns_read_u48(&r), u48[i].value, "%s", u48[i].label);
        cr_expect_eq(ddns_reader_finish(&r), u48[i].error, "%s", u48[i].label);
    }
}

Test(cursor, reads_every_width_in_network_order)
{
    static const uint8_t bytes[] = { 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88 };
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ bytes, sizeof bytes });

    cr_expect_eq(ddns_read_u8(&r), 0x81);
    cr_expect_eq(ddns_read_u16(&r), 0x8283);
    cr_expect_eq(ddns_read_u32(&r), 0x84858687);
    cr_expect_eq(ddns_read_bytes(&r, 1).data, bytes + 7);
    cr_expect_eq(ddns_reader_finish(&r), DDNS_OK);
}

Test(cursor, keeps_the_first_error_and_reads_zero_after_it)
{
    struct ddns_reader r =
        ddns_reader_of((struct ddns_bytes){ (const uint8_t *)"\x12", 1 });

    cr_expect_eq(ddns_read_u16(&r), 0);
    cr_expect_eq(ddns_read_u8(&r), 0, "a byte is there, but the cursor has failed");
    cr_expect_eq(ddns_read_bytes(&r, 0).len, 0);
    cr_expect_null(ddns_read_bytes(&r, 1).data);
    cr_expect_not(ddns_reader_ok(&r));
    cr_expect_eq(ddns_reader_finish(&r), DDNS_E_SHORT);
}

Test(cursor, a_length_that_would_wrap_is_short)
{
    struct ddns_reader r =
        ddns_reader_of((struct ddns_bytes){ (const uint8_t *)"ab", 2 });

    (void)ddns_read_u8(&r);
    cr_expect_eq(ddns_read_bytes(&r, SIZE_MAX).len, 0);
    cr_expect_eq(ddns_reader_finish(&r), DDNS_E_SHORT);
}

Test(cursor, writes_every_width_in_network_order)
{
    uint8_t buf[21];
    struct ddns_bytes out;
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);

    ddns_write_u8(&w, 0x01);
    ddns_write_u16(&w, 0x0203);
    ddns_write_u32(&w, 0x04050607);
    ddns_write_u48(&w, 0x08090a0b0c0d);
    ddns_write_u64(&w, 0x0e0f101112131415);
    cr_assert_eq(ddns_writer_finish(&w, &out), DDNS_OK);
    cr_expect_eq(out.len, sizeof buf);
    for (size_t i = 0; i < sizeof buf; i++) {
        cr_expect_eq(out.data[i], i + 1);
    }
}

Test(cursor, fills_a_held_length)
{
    uint8_t buf[5];
    struct ddns_bytes out;
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    size_t hold = ddns_hold_u16(&w);

    ddns_write_bytes(&w, (struct ddns_bytes){ (const uint8_t *)"abc", 3 });
    ddns_fill_u16(&w, hold, w.len - hold - 2);
    cr_assert_eq(ddns_writer_finish(&w, &out), DDNS_OK);
    cr_expect_arr_eq(out.data, "\0\3abc", 5);
    ddns_write_u8(&w, 0);
    cr_expect_eq(ddns_writer_finish(&w, &out), DDNS_E_SPACE);
}

Test(cursor, writes_nothing_beyond_its_room)
{
    uint8_t buf[4] = { 0xee, 0xee, 0xee, 0xee };
    struct ddns_bytes out;
    struct ddns_writer w = ddns_writer_of(buf, 3);

    ddns_write_u32(&w, 0);
    ddns_write_u8(&w, 0);
    cr_expect_eq(ddns_writer_finish(&w, &out), DDNS_E_SPACE);
    cr_expect_eq(w.len, 0);
    cr_expect_arr_eq(buf, "\xee\xee\xee\xee", 4);
}

Test(cursor, a_length_over_16_bits_does_not_fit)
{
    uint8_t buf[2];
    struct ddns_bytes out;
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    size_t hold = ddns_hold_u16(&w);

    ddns_fill_u16(&w, hold, 65536);
    cr_expect_eq(ddns_writer_finish(&w, &out), DDNS_E_SPACE);
}

Test(cursor, only_what_was_held_can_be_filled)
{
    uint8_t buf[4];
    struct ddns_bytes out;
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);

    ddns_write_u16(&w, 0);
    ddns_fill_u16(&w, 1, 0);
    cr_expect_eq(ddns_writer_finish(&w, &out), DDNS_E_BUG);
}
