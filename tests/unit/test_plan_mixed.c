/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/plan.h"

#include <criterion/criterion.h>

#include "support/leaks.h"
#include "wire/message.h"

TestSuite(plan_mixed, .fini = no_leaks);

/** Whose DHCIDs a name has: ours, the other family's, another client's of our family. */
enum { OURS = 1u, NEIGHBOUR = 2u, RIVAL = 4u };

/** One name of a zone, as far as the plans of mixed mode can tell names apart. */
struct name_state {
    unsigned dhcids;
    bool our_address;
    bool beside;       /* another address of our family */
    bool other_family; /* an address of the other one */
    bool other_record;
};

enum { STATES = 128 };

static struct name_state state_of(unsigned number)
{
    return (struct name_state){ .dhcids = number & 7u,
                                .our_address = (number & 8u) != 0,
                                .beside = (number & 16u) != 0,
                                .other_family = (number & 32u) != 0,
                                .other_record = (number & 64u) != 0 };
}

static bool is_used(const struct name_state *n)
{
    return n->dhcids != 0 || n->our_address || n->beside || n->other_family ||
           n->other_record;
}

/* RFC 2136 section 3.2.5: values are compared after everything else. */
static unsigned judge(const struct name_state *n, unsigned wanted, unsigned found)
{
    bool family = n->our_address || n->beside;

    if ((wanted & PRE_NAME_UNUSED) != 0 && is_used(n)) {
        return DDNS_YXDOMAIN;
    }
    if ((wanted & PRE_NAME_USED) != 0 && !is_used(n)) {
        return DDNS_NXDOMAIN;
    }
    if (((wanted & PRE_NO_ADDRESS) != 0 && (family || n->other_family)) ||
        ((wanted & PRE_NO_FAMILY) != 0 && family) ||
        ((wanted & PRE_NO_OTHER_FAMILY) != 0 && n->other_family) ||
        ((wanted & PRE_DHCIDS_FOUND) != 0 && found == 0 && n->dhcids != 0)) {
        return DDNS_YXRRSET;
    }
    if (((wanted & PRE_FAMILY) != 0 && !family) ||
        ((wanted & PRE_DHCID_ANY) != 0 && n->dhcids == 0) ||
        ((wanted & PRE_DHCID_OURS) != 0 && n->dhcids != OURS) ||
        ((wanted & PRE_DHCIDS_FOUND) != 0 && n->dhcids != found)) {
        return DDNS_NXRRSET;
    }
    return DDNS_NOERROR;
}

static void apply(struct name_state *n, unsigned updates, unsigned found)
{
    if ((updates & UPD_DROP_NAME) != 0) {
        *n = (struct name_state){ 0 };
    }
    if ((updates & UPD_DROP_FAMILY) != 0) {
        n->our_address = n->beside = false;
    }
    if ((updates & UPD_DROP_ADDRESS) != 0) {
        n->our_address = false;
    }
    if ((updates & UPD_DROP_DHCID) != 0) {
        n->dhcids = 0;
    }
    if ((updates & UPD_DROP_OURS) != 0) {
        n->dhcids &= ~(unsigned)OURS;
    }
    if ((updates & UPD_DROP_RIVALS) != 0) {
        n->dhcids &= ~(found & RIVAL);
    }
    if ((updates & UPD_ADD_ADDRESS) != 0) {
        n->our_address = true;
    }
    if ((updates & UPD_ADD_DHCID) != 0) {
        n->dhcids |= OURS;
    }
}

static enum ddns_found look(const struct name_state *n)
{
    if (!is_used(n)) {
        return DDNS_FOUND_NO_NAME;
    }
    switch (n->dhcids) {
    case 0:
        return DDNS_FOUND_NONE;
    case OURS:
        return DDNS_FOUND_OURS;
    case NEIGHBOUR:
        return DDNS_FOUND_NEIGHBOUR;
    case OURS | NEIGHBOUR:
        return DDNS_FOUND_BOTH;
    default:
        return DDNS_FOUND_OTHERS;
    }
}

/*
 * Follow @p plan from @p step against @p n.  When @p stale, the first answer is that of
 * another moment; whatever it says must not do any harm.
 */
static int walk(const struct ddns_plan *plan, unsigned step, struct name_state *n,
                const struct name_state *stale)
{
    unsigned found = 0;

    for (unsigned turn = 0; turn < 2 * DDNS_PLAN_MAX_TURNS; turn++) {
        const struct ddns_step *s = &plan->steps[step];
        unsigned rcode;
        int go;

        if (ddns_step_only_asks(s)) {
            const struct name_state *seen = stale != NULL ? stale : n;
            int to = s->sorted[look(seen)];

            found = seen->dhcids;
            stale = NULL;
            step = (unsigned)(to < 0 ? DDNS_ALONE(to) : to);
            continue;
        }
        rcode = judge(n, s->prerequisites, found);
        if (rcode == DDNS_NOERROR) {
            apply(n, s->updates, found);
        }
        go = ddns_plan_turn(plan, step, rcode);
        if (go < 0) {
            return go;
        }
        step = (unsigned)go;
    }
    cr_assert_fail("%s does not end", plan->label);
    return GO_OTHER;
}

/* The other family keeps what is its own. */
static void expect_spared(const char *label, const struct name_state *before,
                          const struct name_state *after, unsigned number)
{
    cr_expect_eq(after->other_family, before->other_family, "%s: %u", label, number);
    if (before->other_family && (before->dhcids & NEIGHBOUR) != 0) {
        cr_expect((after->dhcids & NEIGHBOUR) != 0, "%s: %u", label, number);
    }
}

/* Check-with-dhcid: may the name of @p n be, or become, ours? */
static bool is_ours_to_take(const struct name_state *n)
{
    bool family = n->our_address || n->beside;

    return !is_used(n) || n->dhcids == OURS || n->dhcids == (OURS | NEIGHBOUR) ||
           (n->dhcids == NEIGHBOUR && !family);
}

static void expect_guarded_add(const struct ddns_plan *plan, unsigned step,
                               unsigned number, const struct name_state *stale)
{
    const struct name_state before = state_of(number);
    struct name_state after = before;
    int end = walk(plan, step, &after, stale);
    bool taken = is_ours_to_take(&before);

    cr_expect_eq(end, taken ? GO_DONE : GO_CONFLICT, "%s: %u", plan->label, number);
    cr_expect_eq(after.our_address, taken || before.our_address, "%s: %u", plan->label,
                 number);
    cr_expect_eq(after.dhcids, before.dhcids | (taken ? OURS : 0), "%s: %u", plan->label,
                 number);
    expect_spared(plan->label, &before, &after, number);
}

Test(plan_mixed, a_name_is_taken_where_only_the_other_family_has_it)
{
    const struct ddns_plan *plans[] = {
        ddns_plan_of(DDNS_MIXED_CHECK_WITH_DHCID, DDNS_ADD_FORWARD),
        ddns_plan_beside(DDNS_MIXED_CHECK_WITH_DHCID),
    };

    for (size_t i = 0; i < 2; i++) {
        for (unsigned number = 0; number < STATES; number++) {
            expect_guarded_add(plans[i], 0, number, NULL);
            expect_guarded_add(plans[i], plans[i]->refresh, number, NULL);
            for (unsigned other = 0; other < STATES; other++) {
                struct name_state stale = state_of(other);

                expect_guarded_add(plans[i], 0, number, &stale);
            }
        }
    }
}

/* The name may be taken over, but each client of a family has its own DHCID there. */
static void expect_unguarded_add(ddns_conflict_mode mode, unsigned number,
                                 const struct name_state *stale)
{
    const struct ddns_plan *plan = ddns_plan_of(mode, DDNS_ADD_FORWARD);
    const struct name_state before = state_of(number);
    struct name_state after = before;
    bool taken =
        mode == DDNS_MIXED_NO_CHECK_WITH_DHCID || before.dhcids != 0 || !is_used(&before);

    cr_expect_eq(walk(plan, 0, &after, stale), taken ? GO_DONE : GO_CONFLICT, "%s: %u",
                 plan->label, number);
    if (taken) {
        cr_expect(after.our_address && !after.beside, "%s: %u", plan->label, number);
        cr_expect_eq(after.dhcids, OURS | (before.dhcids & NEIGHBOUR), "%s: %u",
                     plan->label, number);
    }
    expect_spared(plan->label, &before, &after, number);
}

/* Everything of ours goes, and at the end nothing of DHCP's is left. */
static void expect_removed(ddns_conflict_mode mode, unsigned step, unsigned number,
                           const struct name_state *stale)
{
    const struct ddns_plan *plan = ddns_plan_of(mode, DDNS_REMOVE_FORWARD);
    const struct name_state before = state_of(number);
    struct name_state after = before;
    bool family = mode != DDNS_MIXED_NO_CHECK_WITH_DHCID && before.beside;
    bool mine = mode != DDNS_MIXED_CHECK_WITH_DHCID
                    ? before.dhcids != 0 || mode == DDNS_MIXED_NO_CHECK_WITH_DHCID
                    : before.dhcids == OURS || before.dhcids == (OURS | NEIGHBOUR);

    cr_expect_eq(walk(plan, step, &after, stale), GO_DONE, "%s: %u", plan->label, number);
    cr_expect_eq(after.our_address, !mine && before.our_address, "%s: %u", plan->label,
                 number);
    if (mine && !family && !before.other_family) {
        cr_expect_eq(after.dhcids & OURS, 0, "%s: %u", plan->label, number);
    }
    if (mine && !family && before.dhcids == (OURS | NEIGHBOUR)) {
        cr_expect_eq(after.dhcids & OURS, 0, "%s: %u", plan->label, number);
    }
    if (mine && family) {
        cr_expect_eq(after.dhcids, before.dhcids, "%s: %u", plan->label, number);
    }
    expect_spared(plan->label, &before, &after, number);
}

static void expect_of(void (*check)(unsigned number, const struct name_state *stale))
{
    for (unsigned number = 0; number < STATES; number++) {
        check(number, NULL);
        for (unsigned other = 0; other < STATES; other++) {
            struct name_state stale = state_of(other);

            check(number, &stale);
        }
    }
}

static void check_unguarded(unsigned number, const struct name_state *stale)
{
    expect_unguarded_add(DDNS_MIXED_CHECK_EXISTS_WITH_DHCID, number, stale);
    expect_unguarded_add(DDNS_MIXED_NO_CHECK_WITH_DHCID, number, stale);
}

Test(plan_mixed, the_modes_that_take_over_take_the_family_s_part)
{
    expect_of(check_unguarded);
}

static void check_removals(unsigned number, const struct name_state *stale)
{
    expect_removed(DDNS_MIXED_CHECK_WITH_DHCID, 0, number, stale);
    expect_removed(DDNS_MIXED_CHECK_EXISTS_WITH_DHCID, 0, number, stale);
    expect_removed(DDNS_MIXED_NO_CHECK_WITH_DHCID, 0, number, stale);
}

Test(plan_mixed, a_removal_leaves_the_other_family_and_nothing_of_ours)
{
    expect_of(check_removals);
}

Test(plan_mixed, each_mode_that_has_dhcids_has_a_mixed_one)
{
    cr_expect_eq(ddns_mode_mixed(DDNS_CHECK_WITH_DHCID), DDNS_MIXED_CHECK_WITH_DHCID);
    cr_expect_eq(ddns_mode_unmixed(DDNS_MIXED_CHECK_EXISTS_WITH_DHCID),
                 DDNS_CHECK_EXISTS_WITH_DHCID);
    cr_expect_eq(ddns_mode_mixed(DDNS_NO_CHECK_WITHOUT_DHCID),
                 DDNS_NO_CHECK_WITHOUT_DHCID);
    cr_expect_eq(ddns_mode_mixed(DDNS_MIXED_NO_CHECK_WITH_DHCID),
                 DDNS_MIXED_NO_CHECK_WITH_DHCID);
    cr_expect_eq(ddns_mode_unmixed(DDNS_ASSOCIATE), DDNS_ASSOCIATE);
}
