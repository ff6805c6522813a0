/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/compare.h"

#include <stdlib.h>
#include <string.h>

#include "proto/dhcid.h"

enum { FAMILIES = 2 };

/* Everything about one owner: neighbours in both sorted lists. */
struct group {
    const struct ddns_comparison *c;
    struct ddns_bytes owner;
    const struct ddns_expected *expected;
    size_t expected_count;
    size_t next;             /* after the expectations */
    size_t first;            /* of the records */
    size_t end;              /* after them */
    struct ddns_bytes dhcid; /* one that DNS has, or nothing */
};

/* ---- texts ---------------------------------------------------------------- */

static void name_text(struct ddns_bytes wire, char *text)
{
    struct ddns_name name = { .len = (uint8_t)wire.len };

    memcpy(name.wire, wire.data, wire.len);
    ddns_name_text(&name, text);
}

static ddns_address address_of(struct ddns_bytes rdata)
{
    ddns_address address = { .len = (uint8_t)rdata.len };

    memcpy(address.bytes, rdata.data, rdata.len);
    return address;
}

static void tell(const struct group *g, ddns_finding *finding)
{
    char owner[DDNS_NAME_TEXT_MAX];

    name_text(g->owner, owner);
    finding->owner = owner;
    finding->dhcid = g->dhcid.data;
    finding->dhcid_len = g->dhcid.len;
    g->c->on_finding(g->c->user, finding);
}

/* What DNS has instead is @p found, nothing for none. */
static void tell_expected(const struct group *g, ddns_finding_kind kind, bool conflict,
                          const struct ddns_expected *e, struct ddns_bytes found)
{
    char target[DDNS_NAME_TEXT_MAX];
    char found_target[DDNS_NAME_TEXT_MAX];
    ddns_finding finding = { .kind = kind,
                             .direction = e->direction,
                             .claim = e->claim,
                             .conflict = conflict,
                             .address = e->address };

    if (e->direction == DDNS_REVERSE) {
        name_text(e->rdata, target);
        finding.target = target;
    }
    if (found.len > 0 && e->direction == DDNS_REVERSE) {
        name_text(found, found_target);
        finding.found_target = found_target;
    } else if (found.len > 0) {
        finding.found = address_of(found);
    }
    tell(g, &finding);
}

static void tell_leftover(const struct group *g, ddns_direction direction,
                          const ddns_address *address, struct ddns_bytes rdata)
{
    char target[DDNS_NAME_TEXT_MAX];
    ddns_finding finding = { .kind = DDNS_FINDING_LEFTOVER,
                             .direction = direction,
                             .claim = SIZE_MAX,
                             .address = *address };

    if (direction == DDNS_REVERSE) {
        name_text(rdata, target);
        finding.target = target;
    }
    tell(g, &finding);
}

/* ---- looking -------------------------------------------------------------- */

static struct ddns_record record_at(const struct group *g, size_t index)
{
    return ddns_records_at(g->c->records, index);
}

/* Types stand in order, A before PTR before AAAA before DHCID. */
static bool dns_has(const struct group *g, uint16_t type, struct ddns_bytes rdata)
{
    size_t low = g->first;
    size_t high = g->end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct ddns_record record = record_at(g, middle);
        int order = (int)type - (int)record.type;

        if (order == 0) {
            order = ddns_octets_compare(rdata, record.rdata);
        }
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

static bool is_address(const struct ddns_record *record)
{
    return record->type == DDNS_TYPE_A || record->type == DDNS_TYPE_AAAA;
}

/* The expectation that gives @p rdata, or NULL; they stand in order of RDATA. */
static const struct ddns_expected *claimed(const struct group *g, struct ddns_bytes rdata)
{
    size_t low = 0;
    size_t high = g->expected_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = ddns_octets_compare(rdata, g->expected[middle].rdata);

        if (order == 0) {
            return &g->expected[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

static struct ddns_bytes find_dhcid(const struct group *g)
{
    for (size_t i = g->first; i < g->end; i++) {
        struct ddns_record record = record_at(g, i);

        if (record.type == DDNS_TYPE_DHCID) {
            return record.rdata;
        }
    }
    return (struct ddns_bytes){ NULL, 0 };
}

/* ---- names ---------------------------------------------------------------- */

/* What the addresses of a name have in common, and those that nobody claims. */
struct addresses {
    bool ours[FAMILIES];                    /* all of it are in the prefixes */
    struct ddns_bytes spare[FAMILIES];      /* one unclaimed of each family, or nothing */
    struct ddns_bytes spare_ours[FAMILIES]; /* one of these in the prefixes */
    bool held[FAMILIES]; /* a claim with the name's DHCID, or none, wants one */
};

static size_t family_of(size_t len)
{
    return len == 4 ? 0 : 1;
}

static struct addresses look_at_addresses(const struct group *g)
{
    struct addresses a = { .ours = { true, true } };

    for (size_t i = g->first; i < g->end; i++) {
        struct ddns_record record = record_at(g, i);

        if (!is_address(&record)) {
            continue;
        }
        ddns_address address = address_of(record.rdata);
        size_t family = family_of(record.rdata.len);
        bool ours = ddns_prefixes_hold(g->c->ours, &address);

        a.ours[family] = a.ours[family] && ours;
        if (claimed(g, record.rdata) == NULL) {
            a.spare[family] = record.rdata;
            a.spare_ours[family] = ours ? record.rdata : a.spare_ours[family];
        }
    }
    return a;
}

/* A DHCID beside which the claim's may not stand, or nothing. */
static struct ddns_bytes find_rival(const struct group *g, const struct ddns_expected *e)
{
    for (size_t i = g->first; i < g->end; i++) {
        struct ddns_record record = record_at(g, i);

        if (record.type == DDNS_TYPE_DHCID &&
            !(g->c->mixed &&
              ddns_dhcid_may_neighbour(&e->address, e->dhcid, record.rdata))) {
            return record.rdata;
        }
    }
    return (struct ddns_bytes){ NULL, 0 };
}

/*
 * A name without the claim's DHCID is another's as soon as anything else is there:
 * another's DHCID, or an address that no lease gave it.  In mixed mode the addresses
 * beside the other family's DHCID are its own.
 */
static void judge_unmarked(const struct group *g, const struct addresses *a,
                           const struct ddns_expected *e)
{
    size_t family = family_of(e->rdata.len);
    struct ddns_bytes found = a->spare[family];
    struct ddns_bytes rival = find_rival(g, e);
    bool neighbour = g->dhcid.len > 0 && rival.len == 0;
    bool static_address = found.len > 0 || (!neighbour && a->spare[1 - family].len > 0);

    if (rival.len > 0 || static_address) {
        struct group its = *g;

        its.dhcid = rival.len > 0 ? rival : g->dhcid;
        tell_expected(&its, DDNS_FINDING_WRONG, true, e, found);
    } else {
        tell_expected(g, DDNS_FINDING_MISSING, false, e, found);
    }
}

/* An address beside the claimed one is the claim's to remove only where it is ours. */
static void judge_marked(const struct group *g, const struct addresses *a,
                         const struct ddns_expected *e)
{
    static const struct ddns_bytes nothing = { NULL, 0 };
    size_t family = family_of(e->rdata.len);
    bool there = dns_has(g, e->rdata.len == 4 ? DDNS_TYPE_A : DDNS_TYPE_AAAA, e->rdata);
    struct ddns_bytes other = there ? a->spare_ours[family] : a->spare[family];

    if (there && e->dhcid.len == 0) {
        other = nothing; /* without a DHCID, whose it is cannot be said */
    }
    if (other.len > 0) {
        tell_expected(g, DDNS_FINDING_WRONG, false, e, other);
    } else if (!there) {
        tell_expected(g, DDNS_FINDING_MISSING, false, e, other);
    }
}

static bool has_own_dhcid(const struct group *g, const struct ddns_expected *e)
{
    return e->dhcid.len == 0 || dns_has(g, DDNS_TYPE_DHCID, e->dhcid);
}

/*
 * The DHCID that makes @p address, which nobody claims, one that is left over; nothing
 * when it may be somebody else's.  In mixed mode a DHCID that only one family writes
 * speaks for the addresses of that family, and for no other.
 */
static struct ddns_bytes guard_of(const struct group *g, const struct addresses *a,
                                  const ddns_address *address)
{
    static const struct ddns_bytes nothing = { NULL, 0 };

    for (size_t i = g->first; g->c->mixed && i < g->end; i++) {
        struct ddns_record record = record_at(g, i);

        if (record.type == DDNS_TYPE_DHCID &&
            ddns_dhcid_is_of_family(address, record.rdata)) {
            return a->ours[family_of(address->len)] ? record.rdata : nothing;
        }
    }
    if (g->c->mixed && address->len != 4) {
        return nothing;
    }
    return a->ours[0] && a->ours[1] ? g->dhcid : nothing;
}

/* Where a claim holds the family, it was told that another address is wrong. */
static void find_left_addresses(const struct group *g, const struct addresses *a)
{
    for (size_t i = g->first; i < g->end; i++) {
        struct ddns_record record = record_at(g, i);
        struct group its = *g;
        ddns_address address;

        if (!is_address(&record) || a->held[family_of(record.rdata.len)] ||
            claimed(g, record.rdata) != NULL) {
            continue;
        }
        address = address_of(record.rdata);
        its.dhcid = guard_of(g, a, &address);
        if (its.dhcid.len > 0) {
            tell_leftover(&its, DDNS_FORWARD, &address, record.rdata);
        }
    }
}

static void judge_name(const struct group *g)
{
    struct addresses a = look_at_addresses(g);

    for (size_t i = 0; i < g->expected_count; i++) {
        const struct ddns_expected *e = &g->expected[i];

        if (has_own_dhcid(g, e)) {
            a.held[family_of(e->rdata.len)] = true;
            judge_marked(g, &a, e);
        } else {
            judge_unmarked(g, &a, e);
        }
    }
    find_left_addresses(g, &a);
}

/* ---- reverse names -------------------------------------------------------- */

/* A target that is not @p wanted, or nothing. */
static struct ddns_bytes other_target(const struct group *g, struct ddns_bytes wanted)
{
    for (size_t i = g->first; i < g->end; i++) {
        struct ddns_record record = record_at(g, i);

        if (record.type == DDNS_TYPE_PTR &&
            ddns_octets_compare(record.rdata, wanted) != 0) {
            return record.rdata;
        }
    }
    return (struct ddns_bytes){ NULL, 0 };
}

/* An address has one holder, so whatever else is said there is wrong. */
static void judge_pointer(const struct group *g, const struct ddns_expected *e)
{
    struct ddns_bytes other = other_target(g, e->rdata);
    bool own_dhcid = has_own_dhcid(g, e);

    if (other.len > 0 || (!own_dhcid && g->dhcid.len > 0)) {
        tell_expected(g, DDNS_FINDING_WRONG, false, e, other);
    } else if (!own_dhcid || !dns_has(g, DDNS_TYPE_PTR, e->rdata)) {
        tell_expected(g, DDNS_FINDING_MISSING, false, e, other);
    }
}

static void find_left_pointers(const struct group *g)
{
    struct ddns_name owner = { .len = (uint8_t)g->owner.len };
    ddns_address address;

    memcpy(owner.wire, g->owner.data, g->owner.len);
    if (g->dhcid.len == 0 || !ddns_zones_address(g->c->zones, &owner, &address) ||
        !ddns_prefixes_hold(g->c->ours, &address)) {
        return;
    }
    for (size_t i = g->first; i < g->end; i++) {
        struct ddns_record record = record_at(g, i);

        if (record.type == DDNS_TYPE_PTR) {
            tell_leftover(g, DDNS_REVERSE, &address, record.rdata);
        }
    }
}

/* ---- all owners ----------------------------------------------------------- */

static void judge(struct group *g)
{
    size_t pointers = 0;

    g->dhcid = find_dhcid(g);
    while (g->expected_count > 0 &&
           g->expected[g->expected_count - 1].direction == DDNS_REVERSE) {
        judge_pointer(g, &g->expected[--g->expected_count]);
        pointers++;
    }
    judge_name(g);
    if (pointers == 0) {
        find_left_pointers(g);
    }
}

static int by_owner(const void *a, const void *b)
{
    const struct ddns_expected *x = a;
    const struct ddns_expected *y = b;
    int order = ddns_octets_compare(x->owner, y->owner);

    if (order == 0) {
        order = (int)x->direction - (int)y->direction;
    }
    return order != 0 ? order : ddns_octets_compare(x->rdata, y->rdata);
}

void ddns_expected_sort(struct ddns_expected *expected, size_t count)
{
    if (count > 0) {
        qsort(expected, count, sizeof *expected, by_owner);
    }
}

static struct ddns_bytes record_owner(const struct ddns_comparison *c, size_t index)
{
    return ddns_records_at(c->records, index).owner;
}

/* The group that follows @p g in both lists; false at the end of them. */
static bool next_group(struct group *g)
{
    const struct ddns_comparison *c = g->c;
    size_t next = g->next;

    g->first = g->end;
    if (next < c->count) {
        g->owner = c->expected[next].owner;
    }
    if (g->first < c->records->count) {
        struct ddns_bytes owner = record_owner(c, g->first);

        if (next == c->count || ddns_octets_compare(owner, g->owner) < 0) {
            g->owner = owner;
        }
    }
    while (g->next < c->count &&
           ddns_octets_compare(c->expected[g->next].owner, g->owner) == 0) {
        g->next++;
    }
    while (g->end < c->records->count &&
           ddns_octets_compare(record_owner(c, g->end), g->owner) == 0) {
        g->end++;
    }
    g->expected = c->expected + next;
    g->expected_count = g->next - next;
    return g->expected_count > 0 || g->end > g->first;
}

void ddns_compare(const struct ddns_comparison *c)
{
    struct group g = { .c = c };

    while (next_group(&g)) {
        judge(&g);
    }
}
