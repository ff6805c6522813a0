/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/compare.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(compare, .fini = no_leaks);

enum { CLAIMS = 8, WORDS = 4, TEXT = 1024, ROOM = 64 };

/*
 * Claims are "name address dhcid", records "name type data", with ';' between; names
 * are relative to example.org., a DHCID is one character.  What is expected forward is
 * expected in reverse where the name is preceded by '<', and only there with '<<'.
 * Our prefixes are 192.0.2.0/24 and 2001:db8::/32.
 *
 * Findings are "kind owner what"; '!' says that the name is another's, and '>' leads
 * to what DNS has instead.
 */
static const struct {
    const char *label;
    const char *claims;
    const char *records;
    const char *findings;
} cases[] = {
    /* ---- names */
    { "what agrees is no finding", "pc 192.0.2.7 x", "pc A 192.0.2.7;pc DHCID x", "" },
    { "nothing at all", "", "", "" },
    { "case does not matter", "PC 192.0.2.7 x", "pC A 192.0.2.7;Pc DHCID x", "" },
    { "both families", "pc 192.0.2.7 x;pc 2001:db8::7 x",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID x", "" },
    { "a name that is absent", "pc 192.0.2.7 x", "", "missing pc 192.0.2.7" },
    { "an address that is absent", "pc 192.0.2.7 x;pc 2001:db8::7 x",
      "pc AAAA 2001:db8::7;pc DHCID x", "missing pc 192.0.2.7" },
    { "a DHCID that is absent", "pc 192.0.2.7 x", "pc A 192.0.2.7",
      "missing pc 192.0.2.7" },
    { "no DHCID is wanted", "pc 192.0.2.7", "pc A 192.0.2.7", "" },
    { "another address instead", "pc 192.0.2.7 x", "pc A 192.0.2.8;pc DHCID x",
      "wrong pc 192.0.2.7 > 192.0.2.8" },
    { "another address beside", "pc 192.0.2.7 x",
      "pc A 192.0.2.7;pc A 192.0.2.8;pc DHCID x", "wrong pc 192.0.2.7 > 192.0.2.8" },
    { "an operator's address beside", "pc 192.0.2.7 x",
      "pc A 192.0.2.7;pc A 203.0.113.8;pc DHCID x", "" },
    { "an address outside instead", "pc 192.0.2.7 x", "pc A 203.0.113.8;pc DHCID x",
      "wrong pc 192.0.2.7 > 203.0.113.8" },
    { "two addresses of one family, both claimed", "pc 192.0.2.7 x;pc 192.0.2.8 x",
      "pc A 192.0.2.7;pc A 192.0.2.8;pc DHCID x", "" },
    { "the other claim's address is not instead of this one's",
      "pc 192.0.2.7 x;pc 192.0.2.8 x", "pc A 192.0.2.8;pc DHCID x",
      "missing pc 192.0.2.7" },
    { "another address, and no DHCID is wanted", "pc 192.0.2.7", "pc A 192.0.2.8",
      "wrong pc 192.0.2.7 > 192.0.2.8" },
    { "one beside, and no DHCID is wanted", "pc 192.0.2.7",
      "pc A 192.0.2.7;pc A 192.0.2.8", "" },
    { "another's DHCID", "pc 192.0.2.7 x", "pc A 192.0.2.7;pc DHCID y",
      "wrong! pc 192.0.2.7" },
    { "another's name, outside", "pc 192.0.2.7 x", "pc A 203.0.113.8;pc DHCID y",
      "wrong! pc 192.0.2.7 > 203.0.113.8" },
    { "another's DHCID alone", "pc 192.0.2.7 x", "pc DHCID y", "wrong! pc 192.0.2.7" },
    { "a static name", "www 192.0.2.7 x", "www A 192.0.2.80",
      "wrong! www 192.0.2.7 > 192.0.2.80" },
    { "a static name of the other family", "www 192.0.2.7 x", "www AAAA 2001:db8::80",
      "wrong! www 192.0.2.7" },
    /* ---- names that are left over */
    { "a name that nobody claims", "", "old A 192.0.2.9;old DHCID x",
      "leftover old 192.0.2.9" },
    { "each of its addresses", "", "old A 192.0.2.9;old AAAA 2001:db8::9;old DHCID x",
      "leftover old 192.0.2.9;leftover old 2001:db8::9" },
    { "without a DHCID it is the operator's", "", "old A 192.0.2.9", "" },
    { "outside it is not ours", "", "old A 203.0.113.9;old DHCID x", "" },
    { "partly outside it is not ours", "",
      "old A 192.0.2.9;old A 203.0.113.9;old DHCID x", "" },
    { "a DHCID alone says nothing of an address", "", "old DHCID x", "" },
    { "of the family that is not claimed", "pc 192.0.2.7 x",
      "pc A 192.0.2.7;pc AAAA 2001:db8::9;pc DHCID x", "leftover pc 2001:db8::9" },
    { "blocks another's claim", "pc 192.0.2.7 x", "pc A 192.0.2.9;pc DHCID y",
      "wrong! pc 192.0.2.7 > 192.0.2.9;leftover pc 192.0.2.9" },
    { "the claim is of another name", "new 192.0.2.9 x",
      "new A 192.0.2.9;new DHCID x;old A 192.0.2.9;old DHCID x",
      "leftover old 192.0.2.9" },
    /* ---- addresses */
    { "a pointer that agrees", "<<pc 192.0.2.7 x", "<192.0.2.7 PTR PC;<192.0.2.7 DHCID x",
      "" },
    { "a pointer that is absent", "<<pc 192.0.2.7 x", "", "missing <192.0.2.7 pc" },
    { "a pointer without its DHCID", "<<pc 192.0.2.7 x", "<192.0.2.7 PTR pc",
      "missing <192.0.2.7 pc" },
    { "another target", "<<pc 192.0.2.7 x", "<192.0.2.7 PTR old;<192.0.2.7 DHCID x",
      "wrong <192.0.2.7 pc > old" },
    { "another target beside", "<<pc 192.0.2.7 x",
      "<192.0.2.7 PTR old;<192.0.2.7 PTR pc;<192.0.2.7 DHCID x",
      "wrong <192.0.2.7 pc > old" },
    { "another's DHCID beside a pointer", "<<pc 192.0.2.7 x",
      "<192.0.2.7 PTR pc;<192.0.2.7 DHCID y", "wrong <192.0.2.7 pc" },
    { "no DHCID is wanted beside a pointer", "<<pc 192.0.2.7", "<192.0.2.7 PTR pc", "" },
    { "both directions are told apart", "<pc 2001:db8::7 x", "pc AAAA 2001:db8::7",
      "missing pc 2001:db8::7;missing <2001:db8::7 pc" },
    { "a pointer that nobody claims", "", "<192.0.2.9 PTR old;<192.0.2.9 DHCID x",
      "leftover <192.0.2.9 old" },
    { "of IPv6", "", "<2001:db8::9 PTR old;<2001:db8::9 DHCID x",
      "leftover <2001:db8::9 old" },
    { "a pointer without a DHCID is the operator's", "", "<192.0.2.9 PTR old", "" },
    { "a pointer outside is not ours", "", "<203.0.113.9 PTR old;<203.0.113.9 DHCID x",
      "" },
    { "a pointer that is no address's", "", "x PTR old;x DHCID x", "" },
    { "the name is claimed, the pointer is not", "pc 192.0.2.7 x",
      "pc A 192.0.2.7;pc DHCID x;<192.0.2.7 PTR pc;<192.0.2.7 DHCID x",
      "leftover <192.0.2.7 pc" },
    { "the same record twice", "", "old A 192.0.2.9;old A 192.0.2.9;old DHCID x",
      "leftover old 192.0.2.9" },
};

/*
 * In mixed mode; the last letter of a DHCID, 4 or 6, is the family that alone writes
 * such.  One DHCP server serves 192.0.2.0/24, and one 2001:db8::/32.
 */
static const struct {
    const char *label;
    unsigned server; /* 4 or 6 */
    const char *claims;
    const char *records;
    const char *findings;
} mixed_cases[] = {
    { "the other family beside", 4, "pc 192.0.2.7 x4",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID x4;pc DHCID y6", "" },
    { "the same of the other server", 6, "pc 2001:db8::7 y6",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID x4;pc DHCID y6", "" },
    { "one DUID for both", 4, "pc 192.0.2.7 x6",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID x6", "" },
    { "only the other family is there", 4, "pc 192.0.2.7 x4",
      "pc AAAA 2001:db8::7;pc DHCID y6", "missing pc 192.0.2.7" },
    { "only the other family, for the other server", 6, "pc 2001:db8::7 y6",
      "pc A 192.0.2.7;pc DHCID x4", "missing pc 2001:db8::7" },
    { "another client of the family", 4, "pc 192.0.2.7 x4",
      "pc A 192.0.2.9;pc AAAA 2001:db8::7;pc DHCID z4;pc DHCID y6",
      "wrong! pc 192.0.2.7 > 192.0.2.9;leftover pc 192.0.2.9 of z4" },
    { "another's DUID in the family", 4, "pc 192.0.2.7 x6", "pc A 192.0.2.7;pc DHCID z6",
      "wrong! pc 192.0.2.7" },
    { "an address of a client known by its DUID", 4, "pc 192.0.2.7 x4",
      "pc A 192.0.2.9;pc DHCID y6",
      "wrong! pc 192.0.2.7 > 192.0.2.9;leftover pc 192.0.2.9 of y6" },
    { "a static name", 4, "www 192.0.2.7 x4", "www AAAA 2001:db8::80",
      "wrong! www 192.0.2.7" },
    { "an address left over beside the other family", 4, "",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID x4;pc DHCID y6",
      "leftover pc 192.0.2.7 of x4" },
    { "the same of the other server", 6, "",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID x4;pc DHCID y6",
      "leftover pc 2001:db8::7 of y6" },
    { "outside it is not ours", 4, "", "pc A 203.0.113.9;pc DHCID x4", "" },
    { "the other family's DHCID says nothing of an address", 6, "",
      "pc AAAA 2001:db8::7;pc DHCID x4", "" },
    { "nor does a DUID while the other family has an address", 4, "",
      "pc A 192.0.2.7;pc AAAA 2001:db8::7;pc DHCID y6", "" },
};

/* What is expected, with room for what its ranges are borrowed from. */
struct expectations {
    struct ddns_expected list[2 * CLAIMS];
    size_t count;
    struct ddns_name names[2 * CLAIMS];
    ddns_address addresses[CLAIMS];
    char text[TEXT];
};

static ddns_address address_of(const char *text)
{
    ddns_address address;

    cr_assert_eq(ddns_address_parse(text, &address), DDNS_OK, "%s", text);
    return address;
}

/* "<192.0.2.7" is the owner of its PTR record. */
static struct ddns_name name_of(const char *text)
{
    char absolute[DDNS_NAME_TEXT_MAX];
    struct ddns_name name;

    if (*text == '<') {
        ddns_address address = address_of(text + 1);

        return ddns_name_reverse(&address);
    }
    cr_assert_eq(ddns_name_in(text, "example.org.", absolute), DDNS_OK, "%s", text);
    cr_assert_eq(ddns_name_parse(absolute, &name), DDNS_OK);
    return name;
}

/* Cut @p part into words; those that are not there are empty. */
static void split(char *part, const char *words[WORDS])
{
    for (size_t i = 0; i < WORDS; i++) {
        const char *word = part == NULL ? NULL : strsep(&part, " ");

        words[i] = word == NULL ? "" : word;
    }
}

static struct ddns_bytes keep_name(struct expectations *e, size_t at,
                                   const struct ddns_name *name)
{
    e->names[at] = ddns_name_lower(name);
    return (struct ddns_bytes){ e->names[at].wire, e->names[at].len };
}

static void expect(struct expectations *e, size_t claim, const char *const words[WORDS])
{
    size_t arrows = strspn(words[0], "<");
    struct ddns_name name = name_of(words[0] + arrows);
    struct ddns_bytes fqdn = keep_name(e, 2 * claim, &name);
    ddns_address *address = &e->addresses[claim];
    struct ddns_expected expected = { .claim = claim };

    *address = address_of(words[1]);
    expected.address = *address;
    expected.dhcid = (struct ddns_bytes){ (const uint8_t *)words[2], strlen(words[2]) };
    if (arrows < 2) {
        expected.direction = DDNS_FORWARD;
        expected.owner = fqdn;
        expected.rdata = (struct ddns_bytes){ address->bytes, address->len };
        e->list[e->count++] = expected;
    }
    if (arrows > 0) {
        struct ddns_name reverse = ddns_name_reverse(address);

        expected.direction = DDNS_REVERSE;
        expected.owner = keep_name(e, 2 * claim + 1, &reverse);
        expected.rdata = fqdn;
        e->list[e->count++] = expected;
    }
}

static void expect_all(struct expectations *e, const char *claims)
{
    char *rest = e->text;
    size_t claim = 0;
    const char *words[WORDS];

    (void)snprintf(e->text, sizeof e->text, "%s", claims);
    for (char *part = strsep(&rest, ";"); part != NULL && *part != '\0';
         part = strsep(&rest, ";")) {
        cr_assert_lt(claim, CLAIMS);
        split(part, words);
        expect(e, claim++, words);
    }
    ddns_expected_sort(e->list, e->count);
}

/* Do the DHCIDs of the records have a family? */
static bool tagged;

/* Put an identifier type before @p tag, such as "x4"; lives as long as the tests. */
static struct ddns_bytes mixed_dhcid(struct ddns_bytes tag)
{
    static uint8_t room[ROOM][4];
    static size_t used;
    uint8_t *at = room[used++ % ROOM];

    at[0] = 0;
    at[1] = tag.data[1] == '4' ? 1 : 2;
    at[2] = tag.data[0];
    at[3] = tag.data[1];
    return (struct ddns_bytes){ at, 4 };
}

static void add(struct ddns_records *records, const char *const words[WORDS])
{
    struct ddns_rr rr = { .owner = name_of(words[0]), .klass = DDNS_CLASS_IN };
    struct ddns_name target;
    ddns_address address;

    if (words[1][0] == 'A') {
        address = address_of(words[2]);
        rr.type = address.len == 4 ? DDNS_TYPE_A : DDNS_TYPE_AAAA;
        rr.rdata = (struct ddns_bytes){ address.bytes, address.len };
    } else if (words[1][0] == 'P') {
        target = name_of(words[2]);
        rr.type = DDNS_TYPE_PTR;
        rr.rdata = (struct ddns_bytes){ target.wire, target.len };
    } else {
        rr.type = DDNS_TYPE_DHCID;
        rr.rdata = (struct ddns_bytes){ (const uint8_t *)words[2], strlen(words[2]) };
        rr.rdata = tagged ? mixed_dhcid(rr.rdata) : rr.rdata;
    }
    cr_assert_eq(ddns_records_take(records, rr.rdata, &rr), DDNS_OK);
}

static void add_all(struct ddns_records *records, const char *text)
{
    char buf[TEXT];
    char *rest = buf;
    const char *words[WORDS];

    (void)snprintf(buf, sizeof buf, "%s", text);
    for (char *part = strsep(&rest, ";"); part != NULL && *part != '\0';
         part = strsep(&rest, ";")) {
        split(part, words);
        add(records, words);
    }
    ddns_records_sort(records);
}

static void say(char *text, const char *before, const char *what)
{
    size_t len = strlen(text);

    (void)snprintf(text + len, TEXT - len, "%s%s", before, what);
}

/* As the table writes a name: relative where it may be. */
static const char *relative(const char *name, char *buf)
{
    const char *end = strstr(name, ".example.org.");

    (void)snprintf(buf, TEXT, "%.*s", end == NULL ? (int)strlen(name) : (int)(end - name),
                   name);
    return buf;
}

static void on_finding(void *user, const ddns_finding *f)
{
    static const char *const kinds[] = { "missing", "wrong", "leftover" };
    char address[DDNS_ADDRESS_TEXT_MAX];
    char found[DDNS_ADDRESS_TEXT_MAX];
    char buf[TEXT];
    char *text = user;

    ddns_address_text(&f->address, address);
    say(text, *text == '\0' ? "" : ";", kinds[f->kind]);
    say(text, f->conflict ? "!" : "", "");
    if (f->direction == DDNS_REVERSE) {
        char owner[DDNS_NAME_TEXT_MAX];

        ddns_address_reverse_text(&f->address, owner);
        cr_expect_str_eq(f->owner, owner);
        say(text, " <", address);
        say(text, " ", relative(f->target, buf));
    } else {
        cr_expect_null(f->target);
        say(text, " ", relative(f->owner, buf));
        say(text, " ", address);
    }
    if (f->found_target != NULL) {
        say(text, " > ", relative(f->found_target, buf));
    } else if (f->found.len > 0) {
        ddns_address_text(&f->found, found);
        say(text, " > ", found);
    }
    cr_expect_eq(f->claim == SIZE_MAX, f->kind == DDNS_FINDING_LEFTOVER);
    cr_expect(f->kind != DDNS_FINDING_LEFTOVER || f->dhcid_len > 0);
}

/* In the order of the table, which is not that of the owners. */
static bool same_findings(const char *found, const char *wanted)
{
    char buf[TEXT];
    char *rest = buf;

    if (strlen(found) != strlen(wanted)) {
        return false;
    }
    (void)snprintf(buf, sizeof buf, "%s", wanted);
    for (char *part = strsep(&rest, ";"); part != NULL; part = strsep(&rest, ";")) {
        if (strstr(found, part) == NULL) {
            return false;
        }
    }
    return true;
}

/* As in the table: with the DHCID by which what is left over is removed. */
static void on_mixed_finding(void *user, const ddns_finding *f)
{
    char tag[] = { ' ', 'o', 'f', ' ', 0, 0, 0 };

    on_finding(user, f);
    if (f->kind == DDNS_FINDING_LEFTOVER) {
        cr_assert_eq(f->dhcid_len, 4);
        tag[4] = (char)f->dhcid[2];
        tag[5] = (char)f->dhcid[3];
        say(user, "", tag);
    }
}

/* Addresses have the names of RFC 1035. */
static const struct ddns_zones no_zones;

Test(compare, finds_what_differs_and_nothing_else)
{
    const ddns_prefix list[] = { { address_of("192.0.2.0"), 24 },
                                 { address_of("2001:db8::"), 32 } };
    struct ddns_prefixes ours;

    cr_assert_eq(ddns_prefixes_of(list, 2, &ours), DDNS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct expectations e = { .count = 0 };
        struct ddns_records records = { 0 };
        char text[TEXT] = "";

        expect_all(&e, cases[i].claims);
        add_all(&records, cases[i].records);
        ddns_compare(&(struct ddns_comparison){
            .expected = e.list,
            .count = e.count,
            .records = &records,
            .ours = &ours,
            .zones = &no_zones,
            .on_finding = on_finding,
            .user = text,
        });
        cr_expect(same_findings(text, cases[i].findings), "%s: \"%s\"", cases[i].label,
                  text);
        ddns_records_free(&records);
    }
    ddns_prefixes_free(&ours);
}

static void compare_mixed(const char *claims, const char *text, unsigned server,
                          char *findings)
{
    const ddns_prefix served = server == 4
                                   ? (ddns_prefix){ address_of("192.0.2.0"), 24 }
                                   : (ddns_prefix){ address_of("2001:db8::"), 32 };
    struct expectations e = { .count = 0 };
    struct ddns_records records = { 0 };
    struct ddns_prefixes ours;

    tagged = true;
    cr_assert_eq(ddns_prefixes_of(&served, 1, &ours), DDNS_OK);
    expect_all(&e, claims);
    for (size_t i = 0; i < e.count; i++) {
        e.list[i].dhcid = mixed_dhcid(e.list[i].dhcid);
    }
    add_all(&records, text);
    ddns_compare(&(struct ddns_comparison){
        .expected = e.list,
        .count = e.count,
        .records = &records,
        .ours = &ours,
        .zones = &no_zones,
        .mixed = true,
        .on_finding = on_mixed_finding,
        .user = findings,
    });
    tagged = false;
    ddns_records_free(&records);
    ddns_prefixes_free(&ours);
}

Test(compare, of_a_shared_name_each_family_is_judged_by_itself)
{
    for (size_t i = 0; i < sizeof mixed_cases / sizeof *mixed_cases; i++) {
        char text[TEXT] = "";

        compare_mixed(mixed_cases[i].claims, mixed_cases[i].records,
                      mixed_cases[i].server, text);
        cr_expect(same_findings(text, mixed_cases[i].findings), "%s: \"%s\"",
                  mixed_cases[i].label, text);
    }
}

Test(compare, a_finding_names_its_claim)
{
    struct expectations e = { .count = 0 };
    struct ddns_records records = { 0 };
    struct ddns_prefixes ours = { 0 };
    char text[TEXT] = "";

    expect_all(&e, "b 192.0.2.2 x;a 192.0.2.1 x");
    for (size_t i = 0; i < e.count; i++) {
        cr_expect_eq(e.list[i].claim, e.list[i].address.bytes[3] == 2 ? 0 : 1);
    }
    ddns_compare(&(struct ddns_comparison){ .expected = e.list,
                                            .count = e.count,
                                            .records = &records,
                                            .ours = &ours,
                                            .zones = &no_zones,
                                            .on_finding = on_finding,
                                            .user = text });
    cr_expect_str_eq(text, "missing a 192.0.2.1;missing b 192.0.2.2");
}
