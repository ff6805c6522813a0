/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/ask.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proto/query.h"
#include "support/leaks.h"

TestSuite(ask, .fini = no_leaks);

enum { ID = 4711, FLAGS = DDNS_FLAG_QR | DDNS_FLAG_AA };

static const uint8_t our_dhcid[] = { 0, 1, 1, 0xaa, 0xbb };
static const uint8_t other_dhcid[] = { 0, 1, 1, 0xaa, 0xbc };

/** A subject for one thing to ask; its step is made to fit. */
struct asked {
    struct ddns_step step;
    struct ddns_subject subject;
};

static void begin(struct asked *a, enum ddns_ask ask)
{
    *a = (struct asked){ .step = { .ask = (uint8_t)ask } };
    a->subject.step = &a->step;
    a->subject.dhcid = (struct ddns_bytes){ our_dhcid, sizeof our_dhcid };
    cr_assert_eq(ddns_name_parse("h1.example.org", &a->subject.fqdn), DDNS_OK);
    cr_assert_eq(ddns_address_parse("192.0.2.7", &a->subject.address), DDNS_OK);
}

static void expect_question(enum ddns_ask ask, const char *name, uint16_t type)
{
    struct asked a;
    struct ddns_question question;
    struct ddns_name expected;

    begin(&a, ask);
    question = ddns_ask_question(&a.subject);
    cr_assert_eq(ddns_name_parse(name, &expected), DDNS_OK);
    cr_expect(ddns_name_equal(&question.name, &expected), "%s", name);
    cr_expect_eq(question.type, type, "%s", name);
    cr_expect_eq(question.klass, DDNS_CLASS_IN);
}

Test(ask, each_step_has_its_question)
{
    expect_question(DDNS_ASK_DHCID, "h1.example.org", DDNS_TYPE_DHCID);
    expect_question(DDNS_ASK_PTR, "7.2.0.192.in-addr.arpa", DDNS_TYPE_PTR);
    expect_question(DDNS_ASK_OTHER_FAMILY, "h1.example.org", DDNS_TYPE_AAAA);
}

Test(ask, the_other_family_of_an_ipv6_address_is_ipv4)
{
    struct asked a;

    begin(&a, DDNS_ASK_OTHER_FAMILY);
    cr_assert_eq(ddns_address_parse("2001:db8::7", &a.subject.address), DDNS_OK);
    cr_expect_eq(ddns_ask_question(&a.subject).type, DDNS_TYPE_A);
}

/* ---- answers ---------------------------------------------------------------- */

struct record {
    const char *owner;
    uint16_t type;
    struct ddns_bytes rdata;
};

#define DHCID(bytes)                                                                     \
    {                                                                                    \
        "H1.example.org", DDNS_TYPE_DHCID,                                               \
        {                                                                                \
            (bytes), sizeof(bytes)                                                       \
        }                                                                                \
    }
#define OTHER_NAME                                                                       \
    {                                                                                    \
        "h2.example.org", DDNS_TYPE_DHCID,                                               \
        {                                                                                \
            our_dhcid, sizeof our_dhcid                                                  \
        }                                                                                \
    }
#define OTHER_TYPE                                                                       \
    {                                                                                    \
        "h1.example.org", DDNS_TYPE_A,                                                   \
        {                                                                                \
            our_dhcid, 4                                                                 \
        }                                                                                \
    }

static const struct answer_case {
    const char *label;
    unsigned flags;
    struct record records[2];
    enum ddns_found found;
} cases[] = {
    { "ours", FLAGS, { DHCID(our_dhcid) }, DDNS_FOUND_OURS },
    { "another client's", FLAGS, { DHCID(other_dhcid) }, DDNS_FOUND_OTHERS },
    { "shorter",
      FLAGS,
      { { "h1.example.org", DDNS_TYPE_DHCID, { our_dhcid, 4 } } },
      DDNS_FOUND_OTHERS },
    { "ours and another",
      FLAGS,
      { DHCID(our_dhcid), DHCID(other_dhcid) },
      DDNS_FOUND_OTHERS },
    { "no such name", FLAGS | DDNS_NXDOMAIN, { { 0 } }, DDNS_FOUND_NO_NAME },
    { "no DHCID", FLAGS, { { 0 } }, DDNS_FOUND_NONE },
    { "another name's", FLAGS, { OTHER_NAME }, DDNS_FOUND_NONE },
    { "another type", FLAGS, { OTHER_TYPE }, DDNS_FOUND_NONE },
    { "refused", FLAGS | DDNS_REFUSED, { DHCID(our_dhcid) }, DDNS_FOUND_NONE },
    { "from a cache", DDNS_FLAG_QR, { DHCID(our_dhcid) }, DDNS_FOUND_NONE },
    { "not whole", FLAGS | DDNS_FLAG_TC, { DHCID(our_dhcid) }, DDNS_FOUND_NONE },
    { "no such name, from a cache",
      DDNS_FLAG_QR | DDNS_NXDOMAIN,
      { { 0 } },
      DDNS_FOUND_NONE },
};

static size_t write_answer(const struct answer_case *c, const struct ddns_question *q,
                           uint8_t *out, size_t size)
{
    struct ddns_writer w = ddns_writer_of(out, size);
    struct ddns_header h = { .id = ID, .flags = (uint16_t)c->flags, .counts = { 1 } };

    for (size_t i = 0; i < 2; i++) {
        if (c->records[i].owner != NULL) {
            h.counts[DDNS_PREREQUISITE]++;
        }
    }
    ddns_write_header(&w, &h);
    ddns_write_name(&w, NULL, &q->name);
    ddns_write_u16(&w, q->type);
    ddns_write_u16(&w, q->klass);
    for (size_t i = 0; i < h.counts[DDNS_PREREQUISITE]; i++) {
        struct ddns_name owner;

        cr_assert_eq(ddns_name_parse(c->records[i].owner, &owner), DDNS_OK);
        ddns_write_name(&w, NULL, &owner);
        ddns_write_u16(&w, c->records[i].type);
        ddns_write_u16(&w, DDNS_CLASS_IN);
        ddns_write_u32(&w, 600);
        ddns_write_u16(&w, (uint16_t)c->records[i].rdata.len);
        ddns_write_bytes(&w, c->records[i].rdata);
    }
    return w.len;
}

static enum ddns_found found_all(const struct asked *a, struct ddns_bytes msg,
                                 struct ddns_dhcids *out_found)
{
    struct ddns_question question = ddns_ask_question(&a->subject);
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_header header;

    cr_assert(ddns_query_answered(&r, ID, &question, &header));
    return ddns_ask_finding(&a->subject, msg, &r, &header, out_found);
}

static enum ddns_found found_in(const struct asked *a, struct ddns_bytes msg)
{
    struct ddns_dhcids found;
    enum ddns_found finding = found_all(a, msg, &found);

    cr_expect_eq(found.count, 0);
    return finding;
}

Test(ask, an_answer_is_read_as_a_prerequisite_compares)
{
    struct asked a;

    begin(&a, DDNS_ASK_DHCID);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ddns_question question = ddns_ask_question(&a.subject);
        uint8_t msg[512];
        size_t len = write_answer(&cases[i], &question, msg, sizeof msg);

        cr_expect_eq(found_in(&a, (struct ddns_bytes){ msg, len }), cases[i].found, "%s",
                     cases[i].label);
    }
}

/* ---- all DHCIDs -------------------------------------------------------------- */

/** A letter for each DHCID in the answer: ours, neighbour, rival, short. */
static const struct dhcids_case {
    const char *label;
    const char *records;
    unsigned flags;
    enum ddns_found found;
    size_t kept;
} dhcids_cases[] = {
    { "ours", "o", FLAGS, DDNS_FOUND_OURS, 1 },
    { "the other family's", "n", FLAGS, DDNS_FOUND_NEIGHBOUR, 1 },
    { "both", "no", FLAGS, DDNS_FOUND_BOTH, 2 },
    { "both, in the other order", "on", FLAGS, DDNS_FOUND_BOTH, 2 },
    { "another client's", "r", FLAGS, DDNS_FOUND_OTHERS, 1 },
    { "another client's beside the other family's", "rn", FLAGS, DDNS_FOUND_OTHERS, 2 },
    { "another client's beside ours", "or", FLAGS, DDNS_FOUND_OTHERS, 2 },
    { "all three", "orn", FLAGS, DDNS_FOUND_OTHERS, 3 },
    { "one too many", "ornr", FLAGS, DDNS_FOUND_CROWD, 0 },
    { "one of another length", "s", FLAGS, DDNS_FOUND_CROWD, 0 },
    { "one of another length beside ours", "os", FLAGS, DDNS_FOUND_CROWD, 0 },
    { "none", "", FLAGS, DDNS_FOUND_NONE, 0 },
    { "no such name", "", FLAGS | DDNS_NXDOMAIN, DDNS_FOUND_NO_NAME, 0 },
    { "refused", "", FLAGS | DDNS_REFUSED, DDNS_FOUND_UNKNOWN, 0 },
    { "from a cache", "o", DDNS_FLAG_QR, DDNS_FOUND_UNKNOWN, 0 },
    { "not whole", "o", FLAGS | DDNS_FLAG_TC, DDNS_FOUND_UNKNOWN, 0 },
};

static void write_dhcid(struct ddns_writer *w, const struct ddns_name *owner, char kind)
{
    uint8_t rdata[DDNS_DHCID_LEN] = { 0, kind == 'n' ? 2 : 1, 1, (uint8_t)kind };
    size_t len = kind == 's' ? 4 : sizeof rdata;

    ddns_write_name(w, NULL, owner);
    ddns_write_u16(w, DDNS_TYPE_DHCID);
    ddns_write_u16(w, DDNS_CLASS_IN);
    ddns_write_u32(w, 600);
    ddns_write_u16(w, (uint16_t)len);
    ddns_write_bytes(w, (struct ddns_bytes){ rdata, len });
}

static void expect_dhcids(const struct dhcids_case *c)
{
    static const uint8_t ours[DDNS_DHCID_LEN] = { 0, 1, 1, 'o' };
    uint8_t msg[512];
    struct ddns_writer w = ddns_writer_of(msg, sizeof msg);
    struct ddns_header h = { .id = ID, .flags = (uint16_t)c->flags, .counts = { 1 } };
    struct ddns_dhcids found;
    struct asked a;

    begin(&a, DDNS_ASK_DHCIDS);
    a.subject.dhcid = (struct ddns_bytes){ ours, sizeof ours };
    h.counts[DDNS_PREREQUISITE] = (uint16_t)strlen(c->records);
    ddns_write_header(&w, &h);
    ddns_write_name(&w, NULL, &a.subject.fqdn);
    ddns_write_u16(&w, DDNS_TYPE_DHCID);
    ddns_write_u16(&w, DDNS_CLASS_IN);
    for (const char *kind = c->records; *kind != '\0'; kind++) {
        write_dhcid(&w, &a.subject.fqdn, *kind);
    }
    cr_expect_eq(found_all(&a, (struct ddns_bytes){ msg, w.len }, &found), c->found, "%s",
                 c->label);
    cr_expect_eq(found.count, c->kept, "%s", c->label);
    for (size_t i = 0; i < found.count; i++) {
        cr_expect_eq(found.each[i].rdata[3], (uint8_t)c->records[i], "%s", c->label);
    }
}

Test(ask, all_dhcids_are_sorted_by_family_and_kept)
{
    for (size_t i = 0; i < sizeof dhcids_cases / sizeof *dhcids_cases; i++) {
        expect_dhcids(&dhcids_cases[i]);
    }
}

Test(ask, an_answer_that_is_cut_says_nothing)
{
    struct asked a;
    struct ddns_question question;
    uint8_t msg[512];
    size_t len;

    begin(&a, DDNS_ASK_DHCID);
    question = ddns_ask_question(&a.subject);
    len = write_answer(&cases[0], &question, msg, sizeof msg);
    for (size_t cut = DDNS_HEADER_LEN + question.name.len + 4; cut < len; cut++) {
        cr_expect_eq(found_in(&a, (struct ddns_bytes){ msg, cut }), DDNS_FOUND_NONE,
                     "%zu", cut);
    }
}

static enum ddns_found found_ptr(const char *target)
{
    struct asked a;
    struct ddns_question question;
    struct ddns_name name;
    struct answer_case c = { .flags = FLAGS };
    uint8_t msg[512];

    begin(&a, DDNS_ASK_PTR);
    question = ddns_ask_question(&a.subject);
    cr_assert_eq(ddns_name_parse(target, &name), DDNS_OK);
    c.records[0] = (struct record){ "7.2.0.192.in-addr.arpa",
                                    DDNS_TYPE_PTR,
                                    { name.wire, name.len } };
    return found_in(
        &a, (struct ddns_bytes){ msg, write_answer(&c, &question, msg, sizeof msg) });
}

Test(ask, a_ptr_is_ours_by_its_target)
{
    cr_expect_eq(found_ptr("h1.EXAMPLE.org"), DDNS_FOUND_OURS);
    cr_expect_eq(found_ptr("h2.example.org"), DDNS_FOUND_OTHERS);
}
