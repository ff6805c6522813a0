/* SPDX-License-Identifier: MPL-2.0 */
#include "wire/name.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(name, .fini = no_leaks);

#define A10      "aaaaaaaaaa"
#define A63      A10 A10 A10 A10 A10 A10 "aaa"
#define NAME_255 A63 "." A63 "." A63 "." A10 A10 A10 A10 A10 A10 "a"

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

/* ---- text --------------------------------------------------------------- */

static const struct {
    const char *text;
    const char *wire; /* NULL: not a name */
    size_t len;
    const char *printed; /* NULL: as given */
} texts[] = {
    { ".", "\0", 1, NULL },
    { "org.", "\3org\0", 5, NULL },
    { "Host.example.org", "\4Host\7example\3org\0", 18, "Host.example.org." },
    { "a\\.b.c.", "\3a.b\1c\0", 7, NULL },
    { "a\\\\.c.", "\2a\\\1c\0", 6, NULL },
    { "\\000\\255.", "\2\0\377\0", 4, NULL },
    { "a b.", "\3a b\0", 5, "a\\032b." },
    { "\\x\\@.", "\2x@\0", 4, "x\\@." },
    { "\\065.", "\1A\0", 3, "A." },
    { "m\303\274ller.", "\7m\303\274ller\0", 9, "m\\195\\188ller." },
    { "*._tcp.x.", "\1*\4_tcp\1x\0", 10, NULL },
    { "a\\.", "\2a.\0", 4, "a\\.." },
    { "", NULL, 0, NULL },
    { "..", NULL, 0, NULL },
    { ".a", NULL, 0, NULL },
    { "a..b", NULL, 0, NULL },
    { "a..", NULL, 0, NULL },
    { "a\\", NULL, 0, NULL },
    { "a\\1", NULL, 0, NULL },
    { "a\\12", NULL, 0, NULL },
    { "a\\1x3", NULL, 0, NULL },
    { "a\\256", NULL, 0, NULL },
    { "a\\999", NULL, 0, NULL },
    { A63 "a.org", NULL, 0, NULL },
    { NAME_255 "a", NULL, 0, NULL },
    { A63 "." A63 "." A63 "." A10 A10 A10 A10 A10 A10 ".a", NULL, 0, NULL },
};

Test(name, text_becomes_wire_and_text_again)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char printed[DDNS_NAME_TEXT_MAX];
        struct ddns_name name = { .len = 77 };
        ddns_error error = ddns_name_parse(texts[i].text, &name);

        if (texts[i].wire == NULL) {
            cr_expect_eq(error, DDNS_E_NAME, "%s", texts[i].text);
            cr_expect_eq(name.len, 77, "a result is written only on success");
            continue;
        }
        cr_assert_eq(error, DDNS_OK, "%s", texts[i].text);
        cr_expect_eq(name.len, texts[i].len, "%s", texts[i].text);
        cr_expect_arr_eq(name.wire, texts[i].wire, texts[i].len, "%s", texts[i].text);
        ddns_name_text(&name, printed);
        cr_expect_str_eq(printed, texts[i].printed ? texts[i].printed : texts[i].text);
    }
}

Test(name, a_label_has_63_octets_and_a_name_255)
{
    struct ddns_name name = name_of(NAME_255);

    cr_expect_eq(name.len, 255);
    cr_expect_eq(name.wire[0], 63);
    cr_expect_eq(ddns_name_labels(&name), 4);
}

Test(name, the_longest_text_fits)
{
    char text[DDNS_NAME_TEXT_MAX];
    struct ddns_name name = name_of(NAME_255);

    for (size_t at = 0; name.wire[at] != 0; at += 1u + name.wire[at]) {
        memset(name.wire + at + 1, 0xff, name.wire[at]);
    }
    memset(text, 'x', sizeof text);
    ddns_name_text(&name, text);
    cr_expect_lt(strnlen(text, sizeof text), sizeof text);
}

Test(name, every_octet_survives_text)
{
    for (unsigned octet = 0; octet <= UINT8_MAX; octet++) {
        char text[DDNS_NAME_TEXT_MAX];
        struct ddns_name before = { .wire = { 1, (uint8_t)octet, 0 }, .len = 3 };
        struct ddns_name after;

        ddns_name_text(&before, text);
        cr_assert_eq(ddns_name_parse(text, &after), DDNS_OK, "%s", text);
        cr_expect_eq(after.len, 3);
        cr_expect_arr_eq(after.wire, before.wire, 3, "%s", text);
    }
}

/* ---- reading: the picture in RFC 1035 section 4.1.4 ---------------------- */

enum { PICTURE_LEN = 93 };

static void draw_picture(uint8_t *msg)
{
    memset(msg, 0, PICTURE_LEN);
    memcpy(msg + 20, "\1F\3ISI\4ARPA\0", 12);
    memcpy(msg + 40, "\3FOO\300\24", 6);
    memcpy(msg + 64, "\300\32", 2);
}

static const struct {
    size_t at;
    const char *text;
    size_t after;
} picture[] = {
    { 20, "F.ISI.ARPA.", 32 },
    { 40, "FOO.F.ISI.ARPA.", 46 },
    { 64, "ARPA.", 66 },
    { 92, ".", 93 },
};

Test(name, reads_the_names_that_the_standard_draws)
{
    uint8_t msg[PICTURE_LEN];

    draw_picture(msg);
    for (size_t i = 0; i < sizeof picture / sizeof *picture; i++) {
        char text[DDNS_NAME_TEXT_MAX];
        struct ddns_name name;
        struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, sizeof msg });

        r.pos = picture[i].at;
        ddns_read_name(&r, &name);
        cr_assert(ddns_reader_ok(&r), "%s", picture[i].text);
        cr_expect_eq(r.pos, picture[i].after, "%s", picture[i].text);
        ddns_name_text(&name, text);
        cr_expect_str_eq(text, picture[i].text);
    }
}

Test(name, writes_the_names_as_the_standard_draws_them)
{
    uint8_t want[PICTURE_LEN];
    uint8_t msg[PICTURE_LEN] = { 0 };
    struct ddns_compressor compressor = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    draw_picture(want);
    for (size_t i = 0; i < sizeof picture / sizeof *picture; i++) {
        struct ddns_name name = name_of(picture[i].text);

        w.len = picture[i].at;
        ddns_write_name(&w, &compressor, &name);
        cr_assert_eq(w.error, DDNS_OK);
        cr_expect_eq(w.len, picture[i].after, "%s", picture[i].text);
    }
    cr_expect_arr_eq(msg, want, sizeof want);
}

enum { HEADER_LEN = 12, HOSTILE_MAX = 20 };

/* What follows a header of zeros; offsets count from its end. */
static const struct {
    const char *label;
    const char *body;
    size_t len;
    size_t at;
    ddns_error error;
} hostile[] = {
    { "pointer to itself", "\300\14", 2, 0, DDNS_E_FORMAT },
    { "pointer to the labels before it", "\1a\300\14", 4, 0, DDNS_E_FORMAT },
    { "pointer forward", "\300\16\1a\0", 5, 0, DDNS_E_FORMAT },
    { "pointer past the end", "\0\377\377", 3, 1, DDNS_E_FORMAT },
    { "two pointers at each other", "\300\16\300\14", 4, 2, DDNS_E_FORMAT },
    { "pointer at the header's first octet", "\300\0", 2, 0, DDNS_E_FORMAT },
    { "pointer at the header's last octet", "\1a\300\13", 4, 0, DDNS_E_FORMAT },
    { "half a pointer", "\0\300", 2, 1, DDNS_E_SHORT },
    { "label type 01", "\101a\0", 3, 0, DDNS_E_FORMAT },
    { "label type 10", "\200a\0", 3, 0, DDNS_E_FORMAT },
    { "no end", "\1a", 2, 0, DDNS_E_SHORT },
    { "label cut", "\3ab", 3, 0, DDNS_E_SHORT },
    { "nothing", "", 0, 0, DDNS_E_SHORT },
};

Test(name, hostile_names_are_refused_and_yield_the_root)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct ddns_name name;
        uint8_t msg[HEADER_LEN + HOSTILE_MAX] = { 0 };
        struct ddns_reader r =
            ddns_reader_of((struct ddns_bytes){ msg, HEADER_LEN + hostile[i].len });

        cr_assert_leq(hostile[i].len, HOSTILE_MAX);
        memcpy(msg + HEADER_LEN, hostile[i].body, hostile[i].len);
        r.pos = HEADER_LEN + hostile[i].at;
        ddns_read_name(&r, &name);
        cr_expect_eq(r.error, hostile[i].error, "%s", hostile[i].label);
        cr_expect_eq(name.len, 1, "%s", hostile[i].label);
        cr_expect_eq(name.wire[0], 0, "%s", hostile[i].label);
    }
}

static struct ddns_reader reader_of_name(const struct ddns_name *name, uint8_t *msg,
                                         size_t cap)
{
    struct ddns_writer w = ddns_writer_of(msg, cap);

    ddns_write_name(&w, NULL, name);
    cr_assert_eq(w.error, DDNS_OK);
    return ddns_reader_of((struct ddns_bytes){ msg, w.len });
}

Test(name, reads_255_octets_and_no_more)
{
    uint8_t msg[300];
    struct ddns_name longest = name_of(NAME_255);
    struct ddns_name name;
    struct ddns_reader r = reader_of_name(&longest, msg, sizeof msg);

    ddns_read_name(&r, &name);
    cr_expect_eq(ddns_reader_finish(&r), DDNS_OK);
    cr_expect(ddns_name_equal(&name, &longest));

    msg[192]++; /* the last label one octet longer: 256 in all */
    msg[254] = 'a';
    msg[255] = 0;
    r = ddns_reader_of((struct ddns_bytes){ msg, 256 });
    ddns_read_name(&r, &name);
    cr_expect_eq(r.error, DDNS_E_FORMAT);
}

Test(name, pointers_do_not_make_a_name_longer_than_255)
{
    uint8_t msg[300] = { 0 };
    struct ddns_name longest = name_of(NAME_255);
    struct ddns_name name;
    struct ddns_reader r = { .msg = msg };

    memcpy(msg + HEADER_LEN, longest.wire, longest.len);
    memcpy(msg + HEADER_LEN + longest.len, "\300\14\1b\300\14", 6);
    r.len = HEADER_LEN + longest.len + 6u;
    r.pos = HEADER_LEN + longest.len;
    ddns_read_name(&r, &name);
    cr_assert(ddns_reader_ok(&r));
    cr_expect(ddns_name_equal(&name, &longest));
    ddns_read_name(&r, &name);
    cr_expect_eq(r.error, DDNS_E_FORMAT);
}

Test(name, a_name_cut_anywhere_is_short)
{
    uint8_t msg[300];
    struct ddns_name longest = name_of(NAME_255);
    struct ddns_reader whole = reader_of_name(&longest, msg, sizeof msg);

    for (size_t len = 0; len < whole.len; len++) {
        struct ddns_name name;
        struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ msg, len });

        ddns_read_name(&r, &name);
        cr_expect_eq(r.error, DDNS_E_SHORT, "%zu octets", len);
    }
}

/* ---- writing ------------------------------------------------------------ */

static size_t written_len(struct ddns_writer *w, struct ddns_compressor *compressor,
                          const char *text)
{
    struct ddns_name name = name_of(text);
    struct ddns_name back;
    size_t start = w->len;
    struct ddns_reader r;

    ddns_write_name(w, compressor, &name);
    cr_assert_eq(w->error, DDNS_OK);
    r = ddns_reader_of((struct ddns_bytes){ w->buf, w->len });
    r.pos = start;
    ddns_read_name(&r, &back);
    cr_assert_eq(ddns_reader_finish(&r), DDNS_OK, "%s", text);
    cr_expect_eq(back.len, name.len, "%s", text);
    cr_expect_arr_eq(back.wire, name.wire, name.len, "%s: case included", text);
    return w->len - start;
}

Test(name, compression_never_changes_the_case_of_a_name)
{
    uint8_t msg[200] = { 0 };
    struct ddns_compressor compressor = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    w.len = 12;
    cr_expect_eq(written_len(&w, &compressor, "example.org."), 13);
    cr_expect_eq(written_len(&w, &compressor, "a.example.org."), 4);
    cr_expect_eq(written_len(&w, &compressor, "a.example.org."), 2);
    cr_expect_eq(written_len(&w, &compressor, "A.example.org."), 4);
    cr_expect_eq(written_len(&w, &compressor, "a.Example.org."), 12);
    cr_expect_eq(written_len(&w, &compressor, "b.a.Example.org."), 4);
    cr_expect_eq(written_len(&w, &compressor, "."), 1);
}

/* The octets of the first name, but not its labels: "\003" is text here. */
Test(name, a_label_that_ends_like_the_first_name_is_not_taken_for_it)
{
    uint8_t msg[200] = { 0 };
    struct ddns_compressor compressor = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    w.len = 12;
    cr_expect_eq(written_len(&w, &compressor, "org."), 5);
    cr_expect_eq(written_len(&w, &compressor, "a\\003org."), 7);
    cr_expect_eq(written_len(&w, &compressor, "a.org."), 4);
    cr_expect_eq(written_len(&w, &compressor, "org."), 2);
}

Test(name, without_a_compressor_a_name_is_written_in_full)
{
    uint8_t msg[100] = { 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    cr_expect_eq(written_len(&w, NULL, "a.example.org."), 15);
    cr_expect_eq(written_len(&w, NULL, "a.example.org."), 15);
}

Test(name, what_was_cut_back_is_never_pointed_at)
{
    uint8_t msg[200] = { 0 };
    struct ddns_compressor compressor = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    w.len = 12;
    (void)written_len(&w, &compressor, "host.example.org.");
    w.len = 12;
    cr_expect_eq(written_len(&w, &compressor, "host.example.org."), 18);
    w.len = 12;
    cr_expect_eq(written_len(&w, &compressor, "other.example.org."), 19);
    cr_expect_eq(written_len(&w, &compressor, "host.example.org."), 7);
    cr_expect_eq(written_len(&w, &compressor, "host.example.org."), 2);
}

/* More names than the compressor has slots, and beyond what a pointer can reach. */
Test(name, a_crowded_compressor_still_writes_every_name)
{
    static uint8_t msg[DDNS_NAME_MAX * 800];
    struct ddns_compressor compressor = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    w.len = 12;
    for (unsigned i = 0; i < 2000; i++) {
        char text[64];

        (void)snprintf(text, sizeof text, "host-%u.with-a-long-label-%u.example.org.",
                       i % 1000, i % 1000);
        (void)written_len(&w, &compressor, text);
        (void)snprintf(text, sizeof text, "host.b%u.example.org.", i % 500);
        (void)written_len(&w, &compressor, text + strlen("host."));
        (void)written_len(&w, &compressor, text);
    }
    cr_expect_gt(w.len, 0x4000);
}

/* Both octets of a pointer count: here the second ones are the same. */
Test(name, names_at_offsets_256_apart_are_told_apart)
{
    static uint8_t msg[8192];
    struct ddns_compressor compressor = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);

    for (unsigned i = 1; i <= 4; i++) {
        char text[64];

        w.len = (size_t)256 * i;
        (void)snprintf(text, sizeof text, "b%u.example.org.", i);
        (void)written_len(&w, &compressor, text);
    }
    for (unsigned i = 0; i < 400; i++) {
        char text[64];

        (void)snprintf(text, sizeof text, "h%u.b%u.example.org.", i / 4, i % 4 + 1);
        (void)written_len(&w, &compressor, text);
    }
}

Test(name, a_name_that_does_not_fit_is_not_remembered)
{
    for (size_t cap = 12; cap < 30; cap++) {
        uint8_t msg[60] = { 0 };
        struct ddns_compressor compressor = { .first_len = 0 };
        struct ddns_compressor empty = { .first_len = 0 };
        struct ddns_name name = name_of("host.example.org.");
        struct ddns_writer w = ddns_writer_of(msg, cap);

        w.len = 12;
        ddns_write_name(&w, &compressor, &name);
        cr_expect_eq(w.error, DDNS_E_SPACE);
        cr_expect_arr_eq(&compressor, &empty, sizeof empty);
    }
}

/* ---- comparing and taking apart ----------------------------------------- */

Test(name, only_ascii_letters_ignore_case)
{
    struct ddns_name a = name_of("Example.ORG");
    struct ddns_name b = name_of("eXAMPLE.org.");
    struct ddns_name bracket = name_of("[.");
    struct ddns_name brace = name_of("{.");
    struct ddns_name at = name_of("\\@.");
    struct ddns_name backtick = name_of("`.");
    struct ddns_name upper = name_of("\\196.");
    struct ddns_name lower = name_of("\\228.");

    cr_expect(ddns_name_equal(&a, &b));
    cr_expect_not(ddns_name_equal(&bracket, &brace));
    cr_expect_not(ddns_name_equal(&at, &backtick));
    cr_expect_not(ddns_name_equal(&upper, &lower), "Latin-1 is not DNS's business");
}

static const struct {
    const char *name;
    const char *zone;
    bool in;
} zones[] = {
    { "example.org", "example.org", true },
    { "a.b.EXAMPLE.org", "example.ORG", true },
    { "example.org", ".", true },
    { ".", ".", true },
    { "example.org", "a.example.org", false },
    { "badexample.org", "example.org", false },
    { "7example.org", "example.org", false },
    { "org", "example.org", false },
    { ".", "org", false },
    { "a\\.example.org", "example.org", false },
    { "a.example.com", "example.org", false },
};

Test(name, a_zone_encloses_itself_and_what_is_below)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct ddns_name name = name_of(zones[i].name);
        struct ddns_name zone = name_of(zones[i].zone);

        cr_expect_eq(ddns_name_in_zone(&name, &zone), zones[i].in, "%s in %s",
                     zones[i].name, zones[i].zone);
    }
}

Test(name, labels_parents_wildcards_and_lower_case)
{
    char text[DDNS_NAME_TEXT_MAX];
    struct ddns_name root = name_of(".");
    struct ddns_name name = name_of("Host.Example.org");
    struct ddns_name star = name_of("a.*.example.org");
    struct ddns_name no_star = name_of("a*.**.example.org");
    struct ddns_name parent = ddns_name_parent(&name);
    struct ddns_name above_root = ddns_name_parent(&root);
    struct ddns_name lower = ddns_name_lower(&name);

    cr_expect_eq(ddns_name_labels(&name), 3);
    cr_expect_eq(ddns_name_labels(&root), 0);
    cr_expect(ddns_name_has_wildcard(&star));
    cr_expect_not(ddns_name_has_wildcard(&no_star));
    ddns_name_text(&parent, text);
    cr_expect_str_eq(text, "Example.org.");
    ddns_name_text(&lower, text);
    cr_expect_str_eq(text, "host.example.org.");
    cr_expect(ddns_name_equal(&above_root, &root));
}

Test(name, reverse_names_are_the_ones_of_the_address)
{
    static const char *const addresses[] = { "10.2.0.52", "255.100.9.0",
                                             "4321:0:1:2:3:4:567:89ab", "::" };

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char want[DDNS_NAME_TEXT_MAX];
        char text[DDNS_NAME_TEXT_MAX];
        ddns_address address;
        struct ddns_name name;

        cr_assert_eq(ddns_address_parse(addresses[i], &address), DDNS_OK);
        ddns_address_reverse_text(&address, want);
        name = ddns_name_reverse(&address);
        ddns_name_text(&name, text);
        cr_expect_str_eq(text, want);
    }
}

/* ---- names as a zone file means them ------------------------------------ */

static const struct {
    const char *name;
    const char *zone;
    ddns_error error;
    const char *text;
} relatives[] = {
    { "host", "example.org", DDNS_OK, "host.example.org." },
    { "host.sub", "example.org.", DDNS_OK, "host.sub.example.org." },
    { "host.example.org.", "example.org", DDNS_OK, "host.example.org." },
    { "host.example.org", "example.org", DDNS_OK, "host.example.org.example.org." },
    { "@", "example.org", DDNS_OK, "example.org." },
    { "@", ".", DDNS_OK, "." },
    { "host", ".", DDNS_OK, "host." },
    { "a\\.", "example.org", DDNS_OK, "a\\..example.org." },
    { "a\\\\.", "example.org", DDNS_E_NO_ZONE, NULL },
    { "host.example.com.", "example.org", DDNS_E_NO_ZONE, NULL },
    { ".", "example.org", DDNS_E_NO_ZONE, NULL },
    { ".", ".", DDNS_OK, "." },
    { "", "example.org", DDNS_E_NAME, NULL },
    { "host", "", DDNS_E_NAME, NULL },
    { "a..b", "example.org", DDNS_E_NAME, NULL },
    { NAME_255, "org", DDNS_E_NAME, NULL },
    { NAME_255, ".", DDNS_OK, NAME_255 "." },
};

Test(name, names_are_relative_unless_they_end_with_a_dot)
{
    for (size_t i = 0; i < sizeof relatives / sizeof *relatives; i++) {
        char text[DDNS_NAME_TEXT_MAX] = "untouched";
        ddns_error error = ddns_name_in(relatives[i].name, relatives[i].zone, text);

        cr_expect_eq(error, relatives[i].error, "%s in %s", relatives[i].name,
                     relatives[i].zone);
        cr_expect_str_eq(text,
                         relatives[i].error == DDNS_OK ? relatives[i].text : "untouched");
    }
}

/* ---- addresses of reverse names ------------------------------------------- */

static const struct {
    const char *name;
    const char *address; /* NULL for none */
} reversed[] = {
    { "7.2.0.192.in-addr.arpa", "192.0.2.7" },
    { "255.255.255.255.IN-ADDR.ARPA", "255.255.255.255" },
    { "0.0.0.0.in-addr.arpa", "0.0.0.0" },
    { "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.d.0.1.0.0.2.ip6.arpa",
      "2001:db8::7" },
    { "2.0.192.in-addr.arpa", NULL },
    { "x.7.2.0.192.in-addr.arpa", NULL },
    { "256.2.0.192.in-addr.arpa", NULL },
    { "07.2.0.192.in-addr.arpa", NULL },
    { "1234.2.0.192.in-addr.arpa", NULL },
    { "x.2.0.192.in-addr.arpa", NULL },
    { "0-25.2.0.192.in-addr.arpa", NULL },
    { "7.2.0.192.example.org", NULL },
    { "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.g.ip6.arpa", NULL },
    { "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.00.2.ip6.arpa", NULL },
    { "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip7.arpa", NULL },
    { ".", NULL },
};

Test(name, of_a_ptr_record_leads_back_to_its_address)
{
    for (size_t i = 0; i < sizeof reversed / sizeof *reversed; i++) {
        char text[DDNS_ADDRESS_TEXT_MAX];
        struct ddns_name name;
        ddns_address address;

        cr_assert_eq(ddns_name_parse(reversed[i].name, &name), DDNS_OK);
        cr_expect_eq(ddns_name_reversed(&name, &address), reversed[i].address != NULL,
                     "%s", reversed[i].name);
        if (reversed[i].address != NULL) {
            ddns_address_text(&address, text);
            cr_expect_str_eq(text, reversed[i].address);
        }
    }
}
