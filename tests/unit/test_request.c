/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/request.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(request, .fini = no_leaks);

/* What the captures in tests/vectors/d2-messages.txt are about. */
static const uint8_t dhcid[] = {
    0x00, 0x00, 0x01, 0xc4, 0xb8, 0xf7, 0xad, 0x7f, 0x2a, 0xc6, 0x6e, 0x4f,
    0x7a, 0x8b, 0x5c, 0x3d, 0x2e, 0x1f, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
    0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01,
};
#define DHCID "000001c4b8f7ad7f2ac66e4f7a8b5c3d2e1f00112233445566778899aabbccddeeff01"

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

static const struct ddns_step *step_of(ddns_conflict_mode mode, enum ddns_change change,
                                       unsigned step)
{
    return &ddns_plan_of(mode, change)->steps[step];
}

static struct ddns_subject subject_of(const struct ddns_step *step, const char *address,
                                      const char *fqdn)
{
    struct ddns_subject subject = {
        .step = step,
        .fqdn = name_of(fqdn),
        .dhcid = { dhcid, sizeof dhcid },
        .ttl = 1200,
    };

    cr_assert_eq(ddns_address_parse(address, &subject.address), DDNS_OK);
    return subject;
}

/* ---- messages as text --------------------------------------------------- */

struct text {
    char bytes[8192];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *text,
                                                      const char *format, ...)
{
    size_t room = sizeof text->bytes - text->len;
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = vsnprintf(text->bytes + text->len, room, format, arguments);
    va_end(arguments);
    cr_assert(written >= 0 && (size_t)written < room);
    text->len += (size_t)written;
}

static const char *class_text(unsigned klass)
{
    switch (klass) {
    case DDNS_CLASS_IN:
        return "IN";
    case DDNS_CLASS_NO:
        return "NONE";
    case DDNS_CLASS_ANY:
        return "ANY";
    default:
        return "?";
    }
}

static const char *type_text(unsigned type)
{
    switch (type) {
    case DDNS_TYPE_A:
        return "A";
    case DDNS_TYPE_AAAA:
        return "AAAA";
    case DDNS_TYPE_PTR:
        return "PTR";
    case DDNS_TYPE_DHCID:
        return "DHCID";
    case DDNS_TYPE_SOA:
        return "SOA";
    case DDNS_TYPE_ANY:
        return "ANY";
    default:
        return "?";
    }
}

/* A name in RDATA may be compressed, so it is read in its message. */
static void say_rdata(struct text *text, struct ddns_bytes message,
                      const struct ddns_rr *rr)
{
    if (rr->type == DDNS_TYPE_PTR && rr->rdata.len > 0) {
        struct ddns_reader r = ddns_reader_of(message);
        char target[DDNS_NAME_TEXT_MAX];
        struct ddns_name name;

        (void)ddns_read_bytes(&r, (size_t)(rr->rdata.data - message.data));
        ddns_read_name(&r, &name);
        cr_assert(ddns_reader_ok(&r));
        ddns_name_text(&name, target);
        say(text, " %s", target);
        return;
    }
    if (rr->rdata.len > 0) {
        say(text, " ");
    }
    for (size_t i = 0; i < rr->rdata.len; i++) {
        say(text, "%02x", rr->rdata.data[i]);
    }
}

static void say_records(struct text *text, struct ddns_bytes message,
                        struct ddns_reader *r, unsigned count, const char *mark)
{
    for (unsigned i = 0; i < count; i++) {
        char owner[DDNS_NAME_TEXT_MAX];
        struct ddns_rr rr;

        ddns_read_rr(r, &rr);
        cr_assert(ddns_reader_ok(r));
        ddns_name_text(&rr.owner, owner);
        say(text, "%s %s %u %s %s", mark, owner, rr.ttl, class_text(rr.klass),
            type_text(rr.type));
        say_rdata(text, message, &rr);
        say(text, "\n");
    }
}

/** Opcode and zone, then "?" before each prerequisite and "!" before each change. */
static void say_message(struct text *text, struct ddns_bytes message)
{
    struct ddns_reader r = ddns_reader_of(message);
    char zone[DDNS_NAME_TEXT_MAX];
    struct ddns_header header;
    struct ddns_question question;

    ddns_read_header(&r, &header);
    ddns_read_question(&r, &question);
    cr_assert(ddns_reader_ok(&r));
    ddns_name_text(&question.name, zone);
    text->len = 0;
    say(text, "opcode %u, %u zone %s %s %s\n", ddns_header_opcode(&header),
        header.counts[DDNS_ZONE], zone, class_text(question.klass),
        type_text(question.type));
    say_records(text, message, &r, header.counts[DDNS_PREREQUISITE], "?");
    say_records(text, message, &r, header.counts[DDNS_UPDATE], "!");
    cr_expect_eq(header.counts[DDNS_ADDITIONAL], 0);
    cr_expect_eq(ddns_reader_finish(&r), DDNS_OK);
}

static void say_request(struct text *text, const char *zone,
                        const struct ddns_subject *subjects, size_t count)
{
    struct ddns_name apex = name_of(zone);
    struct ddns_bytes message;
    struct ddns_update u;
    uint8_t buf[1024];

    cr_assert_eq(ddns_request_build(&u, buf, sizeof buf, 7, &apex, subjects, count),
                 DDNS_OK);
    cr_assert_eq(ddns_writer_finish(&u.w, &message), DDNS_OK);
    say_message(text, message);
}

/* ---- D2's messages ------------------------------------------------------ */

struct capture {
    char mode[32], change[24], family[8], hex[1024];
    unsigned step;
    struct ddns_bytes message;
    uint8_t bytes[512];
};

static void decode_hex(struct capture *c)
{
    size_t len = strlen(c->hex) / 2;

    for (size_t i = 0; i < len; i++) {
        char digits[3] = { c->hex[2 * i], c->hex[2 * i + 1], '\0' };

        c->bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    c->message = (struct ddns_bytes){ c->bytes, len };
}

static enum ddns_change change_of(const char *text)
{
    static const char *const names[DDNS_CHANGES] = {
        [DDNS_ADD_FORWARD] = "add-forward",
        [DDNS_REMOVE_FORWARD] = "remove-forward",
        [DDNS_ADD_REVERSE] = "add-reverse",
        [DDNS_REMOVE_REVERSE] = "remove-reverse",
    };

    for (size_t i = 0; i < DDNS_CHANGES; i++) {
        if (strcmp(text, names[i]) == 0) {
            return (enum ddns_change)i;
        }
    }
    cr_assert_fail("no change %s", text);
    return DDNS_ADD_FORWARD;
}

static void expect_as_captured(const struct capture *c)
{
    static struct text ours, theirs;
    bool ipv6 = strcmp(c->family, "ipv6") == 0;
    enum ddns_change change = change_of(c->change);
    ddns_conflict_mode mode = strcmp(c->mode, "check-with-dhcid") == 0
                                  ? DDNS_CHECK_WITH_DHCID
                                  : DDNS_NO_CHECK_WITH_DHCID;
    struct ddns_subject subject =
        subject_of(step_of(mode, change, c->step), ipv6 ? "2001:db8::7" : "192.0.2.7",
                   "host.example.org.");
    const char *reverse = ipv6 ? "8.b.d.0.1.0.0.2.ip6.arpa." : "2.0.192.in-addr.arpa.";

    say_request(&ours,
                ddns_change_direction(change) == DDNS_FORWARD ? "example.org." : reverse,
                &subject, 1);
    say_message(&theirs, c->message);
    cr_expect_str_eq(ours.bytes, theirs.bytes, "%s %s %u %s", c->mode, c->change, c->step,
                     c->family);
}

Test(request, says_record_by_record_what_d2_says)
{
    static char line[2048];
    static struct capture c;
    unsigned captures = 0;
    FILE *file = fopen(VECTORS "/d2-messages.txt", "r");

    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') {
            continue;
        }
        /* NOLINTNEXTLINE(cert-err34-c): a wrong number shows as a wrong message */
        cr_assert_eq(sscanf(line, "%31s %23s %u %7s %1023s", c.mode, c.change, &c.step,
                            c.family, c.hex),
                     5, "%s", line);
        decode_hex(&c);
        expect_as_captured(&c);
        captures++;
    }
    (void)fclose(file);
    cr_expect_eq(captures, 20);
}

/* ---- messages of the modes that D2 2.2.0 does not have ------------------- */

#define ZONE    "opcode 5, 1 zone example.org. IN SOA\n"
#define REVERSE "opcode 5, 1 zone 2.0.192.in-addr.arpa. IN SOA\n"
#define HOST    "host.example.org."
#define PTR     "7.2.0.192.in-addr.arpa."

/*
 * The first two modes as the check*Request() functions of Kea's
 * src/lib/d2srv/testutils/nc_test_utils.cc expect them, named in each row.
 */
static const struct {
    const char *source;
    ddns_conflict_mode mode;
    enum ddns_change change;
    unsigned step;
    const char *text;
} expected[] = {
    { "checkAddFwdAddressRequest", DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_ADD_FORWARD, 0,
      ZONE "? " HOST " 0 NONE ANY\n"
           "! " HOST " 1200 IN A c0000207\n"
           "! " HOST " 1200 IN DHCID " DHCID "\n" },
    { "checkExistsReplaceFwdAddressRequest", DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_ADD_FORWARD, 1,
      ZONE "? " HOST " 0 ANY DHCID\n"
           "! " HOST " 0 ANY A\n"
           "! " HOST " 0 ANY DHCID\n"
           "! " HOST " 1200 IN A c0000207\n"
           "! " HOST " 1200 IN DHCID " DHCID "\n" },
    { "not Kea's: the step above, asking for the name first",
      DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_ADD_FORWARD, 2,
      ZONE "? " HOST " 0 ANY ANY\n"
           "? " HOST " 0 ANY DHCID\n"
           "! " HOST " 0 ANY A\n"
           "! " HOST " 0 ANY DHCID\n"
           "! " HOST " 1200 IN A c0000207\n"
           "! " HOST " 1200 IN DHCID " DHCID "\n" },
    { "checkExistsRemoveFwdAddressRequest", DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_REMOVE_FORWARD, 0,
      ZONE "? " HOST " 0 ANY DHCID\n"
           "! " HOST " 0 NONE A c0000207\n" },
    { "checkExistsRemoveFwdRRsRequest", DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_REMOVE_FORWARD,
      1,
      ZONE "? " HOST " 0 NONE A\n"
           "? " HOST " 0 NONE AAAA\n"
           "! " HOST " 0 ANY DHCID\n" },
    { "checkReplaceRevPtrsRequest", DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_ADD_REVERSE, 0,
      REVERSE "! " PTR " 0 ANY PTR\n"
              "! " PTR " 0 ANY DHCID\n"
              "! " PTR " 1200 IN PTR " HOST "\n"
              "! " PTR " 1200 IN DHCID " DHCID "\n" },
    { "checkRemoveRevPtrsRequest", DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_REMOVE_REVERSE, 0,
      REVERSE "? " PTR " 0 IN PTR " HOST "\n"
              "! " PTR " 0 ANY ANY\n" },

    { "checkSimpleReplaceFwdAddressWithoutDHCIDRequest", DDNS_NO_CHECK_WITHOUT_DHCID,
      DDNS_ADD_FORWARD, 0,
      ZONE "! " HOST " 0 ANY A\n"
           "! " HOST " 1200 IN A c0000207\n" },
    { "checkSimpleRemoveFwdRRsWithoutDHCIDRequest", DDNS_NO_CHECK_WITHOUT_DHCID,
      DDNS_REMOVE_FORWARD, 0, ZONE "! " HOST " 0 ANY A\n" },
    { "checkSimpleReplaceRevPtrsWithoutDHCIDRequest", DDNS_NO_CHECK_WITHOUT_DHCID,
      DDNS_ADD_REVERSE, 0,
      REVERSE "! " PTR " 0 ANY PTR\n"
              "! " PTR " 1200 IN PTR " HOST "\n" },
    { "checkSimpleRemoveRevPtrsWithoutDHCIDRequest", DDNS_NO_CHECK_WITHOUT_DHCID,
      DDNS_REMOVE_REVERSE, 0, REVERSE "! " PTR " 0 ANY PTR\n" },

    { "not Kea's", DDNS_ASSOCIATE, DDNS_ADD_FORWARD, 0,
      ZONE "! " HOST " 0 ANY A\n"
           "! " HOST " 1200 IN A c0000207\n" },
    { "not Kea's", DDNS_ASSOCIATE, DDNS_REMOVE_FORWARD, 0,
      ZONE "! " HOST " 0 NONE A c0000207\n" },
    { "not Kea's", DDNS_ASSOCIATE, DDNS_ADD_REVERSE, 0,
      REVERSE "! " PTR " 0 ANY PTR\n"
              "! " PTR " 1200 IN PTR " HOST "\n" },
    { "not Kea's", DDNS_ASSOCIATE, DDNS_REMOVE_REVERSE, 0,
      REVERSE "! " PTR " 0 NONE PTR " HOST "\n" },
};

Test(request, says_in_the_other_modes_what_later_kea_expects)
{
    static struct text text;

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct ddns_subject subject =
            subject_of(step_of(expected[i].mode, expected[i].change, expected[i].step),
                       "192.0.2.7", HOST);
        bool forward = ddns_change_direction(expected[i].change) == DDNS_FORWARD;

        say_request(&text, forward ? "example.org." : "2.0.192.in-addr.arpa.", &subject,
                    1);
        cr_expect_str_eq(text.bytes, expected[i].text, "%s", expected[i].source);
    }
}

/* ---- mixed mode ----------------------------------------------------------- */

#define DUID  "000201" ZEROS
#define RIVAL "000101" ZEROS
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void expect_mixed(const struct ddns_step *step, const struct ddns_dhcids *found,
                         const char *wanted)
{
    static struct text text;
    struct ddns_subject subject = subject_of(step, "192.0.2.7", HOST);

    subject.found = found;
    say_request(&text, "example.org.", &subject, 1);
    cr_expect_str_eq(text.bytes, wanted, "%s", text.bytes);
}

Test(request, names_the_dhcids_that_were_found)
{
    static const struct ddns_step step = {
        .prerequisites = PRE_DHCIDS_FOUND | PRE_NO_FAMILY | PRE_NO_OTHER_FAMILY,
        .updates = UPD_DROP_OURS | UPD_DROP_RIVALS,
    };
    static const struct ddns_step see = { .prerequisites =
                                              PRE_DHCIDS_FOUND | PRE_FAMILY };
    struct ddns_dhcids found = { 3, { { { 0, 2, 1 } }, { { 0 } }, { { 0, 1, 1 } } } };
    const struct ddns_dhcids none = { .count = 0 };

    memcpy(found.each[1].rdata, dhcid, sizeof dhcid);
    expect_mixed(&step, &found,
                 ZONE "? " HOST " 0 IN DHCID " DUID "\n"
                      "? " HOST " 0 IN DHCID " DHCID "\n"
                      "? " HOST " 0 IN DHCID " RIVAL "\n"
                      "? " HOST " 0 NONE A\n"
                      "? " HOST " 0 NONE AAAA\n"
                      "! " HOST " 0 NONE DHCID " DHCID "\n"
                      "! " HOST " 0 NONE DHCID " RIVAL "\n");
    expect_mixed(&see, &none,
                 ZONE "? " HOST " 0 NONE DHCID\n"
                      "? " HOST " 0 ANY A\n");
    expect_mixed(&see, NULL,
                 ZONE "? " HOST " 0 NONE DHCID\n"
                      "? " HOST " 0 ANY A\n");
}

/* ---- several at once ---------------------------------------------------- */

Test(request, puts_every_prerequisite_before_every_change)
{
    static struct text text;
    const struct ddns_step *claim = step_of(DDNS_CHECK_WITH_DHCID, DDNS_ADD_FORWARD, 0);
    const struct ddns_step *remove =
        step_of(DDNS_CHECK_WITH_DHCID, DDNS_REMOVE_FORWARD, 0);
    const struct ddns_subject subjects[] = {
        subject_of(claim, "192.0.2.7", HOST),
        subject_of(remove, "2001:db8::8", "other.example.org."),
    };

    say_request(&text, "example.org.", subjects, 2);
    cr_expect_str_eq(text.bytes, ZONE "? " HOST " 0 NONE ANY\n"
                                      "? other.example.org. 0 IN DHCID " DHCID "\n"
                                      "! " HOST " 1200 IN A c0000207\n"
                                      "! " HOST " 1200 IN DHCID " DHCID "\n"
                                      "! other.example.org. 0 NONE AAAA "
                                      "20010db8000000000000000000000008\n");
}

Test(request, that_does_not_fit_says_so)
{
    struct ddns_subject subject = subject_of(
        step_of(DDNS_CHECK_WITH_DHCID, DDNS_ADD_FORWARD, 0), "192.0.2.7", HOST);
    struct ddns_name zone = name_of("example.org.");
    struct ddns_update u;
    uint8_t buf[512];
    size_t whole;

    cr_assert_eq(ddns_request_build(&u, buf, sizeof buf, 7, &zone, &subject, 1), DDNS_OK);
    whole = u.w.len;
    for (size_t cap = 0; cap < whole; cap++) {
        cr_expect_eq(ddns_request_build(&u, buf, cap, 7, &zone, &subject, 1),
                     DDNS_E_SPACE, "%zu", cap);
    }
    cr_expect_eq(ddns_request_build(&u, buf, whole, 7, &zone, &subject, 1), DDNS_OK);
}
