/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leaks.h"
#include "wire/message.h"

TestSuite(plan, .fini = no_leaks);

/* The tables of mixed mode are walked through in test_plan_mixed.c. */
enum { MODES = DDNS_ASSOCIATE + 1, ALL_MODES = DDNS_MIXED_NO_CHECK_WITH_DHCID + 1 };

static const char *const mode_names[MODES] = {
    [DDNS_CHECK_WITH_DHCID] = "check-with-dhcid",
    [DDNS_CHECK_EXISTS_WITH_DHCID] = "check-exists-with-dhcid",
    [DDNS_NO_CHECK_WITH_DHCID] = "no-check-with-dhcid",
    [DDNS_NO_CHECK_WITHOUT_DHCID] = "no-check-without-dhcid",
    [DDNS_ASSOCIATE] = "associate",
};

/* ---- the form of the tables --------------------------------------------- */

static void expect_sorted_into_steps(const struct ddns_plan *plan,
                                     const struct ddns_step *step)
{
    for (size_t found = 0; found < DDNS_FOUND_COUNT; found++) {
        int to = step->sorted[found];

        cr_expect_lt(to < 0 ? DDNS_ALONE(to) : to, plan->count, "%s: %s", plan->label,
                     step->label);
        cr_expect(step->ask != DDNS_ASK_NOTHING || to == 0, "%s: %s", plan->label,
                  step->label);
    }
}

static void expect_well_formed(const struct ddns_plan *plan)
{
    cr_assert_gt(plan->count, 0, "%s", plan->label);
    cr_expect_lt(plan->refresh, plan->count, "%s", plan->label);
    for (size_t i = 0; i < plan->count; i++) {
        const struct ddns_step *step = &plan->steps[i];

        cr_expect_not_null(step->label, "%s", plan->label);
        cr_expect_eq(step->turns[0].rcode, DDNS_NOERROR, "%s: %s", plan->label,
                     step->label);
        cr_expect(step->updates == 0 || step->turns[0].go != GO_CONFLICT, "%s: %s",
                  plan->label, step->label);
        for (size_t t = 0; t < DDNS_STEP_TURNS; t++) {
            cr_expect_geq(step->turns[t].go, GO_OTHER, "%s: %s", plan->label,
                          step->label);
            cr_expect_lt(step->turns[t].go, plan->count, "%s: %s", plan->label,
                         step->label);
        }
        expect_sorted_into_steps(plan, step);
    }
}

Test(plan, every_table_is_well_formed)
{
    for (size_t mode = 0; mode < ALL_MODES; mode++) {
        for (size_t change = 0; change < DDNS_CHANGES; change++) {
            expect_well_formed(
                ddns_plan_of((ddns_conflict_mode)mode, (enum ddns_change)change));
        }
    }
}

Test(plan, an_unknown_mode_is_the_careful_one)
{
    cr_expect_eq(ddns_plan_of((ddns_conflict_mode)99, DDNS_ADD_FORWARD),
                 ddns_plan_of(DDNS_CHECK_WITH_DHCID, DDNS_ADD_FORWARD));
}

Test(plan, an_answer_that_says_nothing_of_the_name_is_left_to_the_engine)
{
    const struct ddns_plan *plan = ddns_plan_of(DDNS_CHECK_WITH_DHCID, DDNS_ADD_FORWARD);

    cr_expect_eq(ddns_plan_turn(plan, 0, DDNS_REFUSED), GO_OTHER);
    cr_expect_eq(ddns_plan_turn(plan, 0, 4095), GO_OTHER);
    cr_expect_eq(ddns_plan_turn(plan, 99, DDNS_NOERROR), GO_OTHER);
}

Test(plan, a_change_belongs_to_one_direction)
{
    cr_expect_eq(ddns_change_direction(DDNS_ADD_FORWARD), DDNS_FORWARD);
    cr_expect_eq(ddns_change_direction(DDNS_REMOVE_FORWARD), DDNS_FORWARD);
    cr_expect_eq(ddns_change_direction(DDNS_ADD_REVERSE), DDNS_REVERSE);
    cr_expect_eq(ddns_change_direction(DDNS_REMOVE_REVERSE), DDNS_REVERSE);
}

/* ---- walks through a zone ----------------------------------------------- */

/** Whose DHCID a name has. */
enum owner { NOBODY, US, SOMEBODY };

/** One name of a zone, as far as the plans can tell names apart. */
struct name_state {
    enum owner dhcid;
    unsigned our_address, other_address, other_records; /* 0 or 1 */
};

static bool is_used(const struct name_state *n)
{
    return n->dhcid != NOBODY || n->our_address + n->other_address + n->other_records > 0;
}

/* RFC 2136 section 3.2.5: values are compared after everything else. */
static unsigned judge(const struct name_state *n, unsigned prerequisites)
{
    if ((prerequisites & PRE_NAME_UNUSED) != 0 && is_used(n)) {
        return DDNS_YXDOMAIN;
    }
    if ((prerequisites & PRE_NAME_USED) != 0 && !is_used(n)) {
        return DDNS_NXDOMAIN;
    }
    if ((prerequisites & PRE_DHCID_ANY) != 0 && n->dhcid == NOBODY) {
        return DDNS_NXRRSET;
    }
    if ((prerequisites & PRE_OTHER_FAMILY) != 0 && n->other_address == 0) {
        return is_used(n) ? DDNS_NXRRSET : DDNS_NXDOMAIN;
    }
    if ((prerequisites & PRE_NO_ADDRESS) != 0 && n->our_address + n->other_address > 0) {
        return DDNS_YXRRSET;
    }
    if ((prerequisites & PRE_DHCID_OURS) != 0 && n->dhcid != US) {
        return DDNS_NXRRSET;
    }
    return DDNS_NOERROR;
}

static void apply(struct name_state *n, unsigned updates)
{
    if ((updates & UPD_DROP_NAME) != 0) {
        *n = (struct name_state){ 0 };
    }
    if ((updates & UPD_DROP_FAMILY) != 0) {
        n->our_address = n->other_address = 0;
    }
    if ((updates & UPD_DROP_ADDRESS) != 0) {
        n->our_address = 0;
    }
    if ((updates & UPD_DROP_DHCID) != 0) {
        n->dhcid = NOBODY;
    }
    if ((updates & UPD_ADD_ADDRESS) != 0) {
        n->our_address = 1;
    }
    if ((updates & UPD_ADD_DHCID) != 0) {
        n->dhcid = US;
    }
}

/** Follow @p plan from @p step against @p n; GO_DONE, GO_CONFLICT or GO_OTHER. */
static int walk(const struct ddns_plan *plan, unsigned step, struct name_state *n)
{
    for (unsigned turn = 0; turn < DDNS_PLAN_MAX_TURNS; turn++) {
        unsigned rcode = judge(n, plan->steps[step].prerequisites);
        int go;

        if (rcode == DDNS_NOERROR) {
            apply(n, plan->steps[step].updates);
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

static const struct walk_case {
    const char *label;
    ddns_conflict_mode mode;
    enum ddns_change change;
    struct name_state before;
    int end;
    struct name_state after;
} walks[] = {
    /* name_state: DHCID, our address, another address, other records */
    { "a free name is claimed",
      DDNS_CHECK_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { NOBODY, 0, 0, 0 },
      GO_DONE,
      { US, 1, 0, 0 } },
    { "our own name is refreshed",
      DDNS_CHECK_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { US, 0, 1, 1 },
      GO_DONE,
      { US, 1, 0, 1 } },
    { "another client's name is a conflict",
      DDNS_CHECK_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { SOMEBODY, 0, 1, 0 },
      GO_CONFLICT,
      { SOMEBODY, 0, 1, 0 } },
    { "a name made by hand is a conflict",
      DDNS_CHECK_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { NOBODY, 0, 1, 0 },
      GO_CONFLICT,
      { NOBODY, 0, 1, 0 } },
    { "a name with other records only is a conflict",
      DDNS_CHECK_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { NOBODY, 0, 0, 1 },
      GO_CONFLICT,
      { NOBODY, 0, 0, 1 } },
    { "the last address takes its name along",
      DDNS_CHECK_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { US, 1, 0, 1 },
      GO_DONE,
      { NOBODY, 0, 0, 0 } },
    { "another address keeps the name",
      DDNS_CHECK_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { US, 1, 1, 0 },
      GO_DONE,
      { US, 0, 1, 0 } },
    { "another client's name is left alone",
      DDNS_CHECK_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { SOMEBODY, 0, 1, 0 },
      GO_DONE,
      { SOMEBODY, 0, 1, 0 } },
    { "what is gone is removed",
      DDNS_CHECK_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { NOBODY, 0, 0, 0 },
      GO_DONE,
      { NOBODY, 0, 0, 0 } },

    { "a free name is claimed",
      DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { NOBODY, 0, 0, 0 },
      GO_DONE,
      { US, 1, 0, 0 } },
    { "another client's name is taken over",
      DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { SOMEBODY, 0, 1, 0 },
      GO_DONE,
      { US, 1, 0, 0 } },
    { "a name made by hand is a conflict",
      DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { NOBODY, 0, 1, 0 },
      GO_CONFLICT,
      { NOBODY, 0, 1, 0 } },
    { "the last address takes the DHCID along",
      DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { SOMEBODY, 1, 0, 1 },
      GO_DONE,
      { NOBODY, 0, 0, 1 } },
    { "a name made by hand is left alone",
      DDNS_CHECK_EXISTS_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { NOBODY, 1, 0, 0 },
      GO_DONE,
      { NOBODY, 1, 0, 0 } },

    { "any name is taken",
      DDNS_NO_CHECK_WITH_DHCID,
      DDNS_ADD_FORWARD,
      { NOBODY, 0, 1, 1 },
      GO_DONE,
      { US, 1, 0, 1 } },
    { "the family and the DHCID go",
      DDNS_NO_CHECK_WITH_DHCID,
      DDNS_REMOVE_FORWARD,
      { SOMEBODY, 1, 1, 1 },
      GO_DONE,
      { NOBODY, 0, 0, 1 } },
    { "any name is taken without a trace",
      DDNS_NO_CHECK_WITHOUT_DHCID,
      DDNS_ADD_FORWARD,
      { SOMEBODY, 0, 1, 0 },
      GO_DONE,
      { SOMEBODY, 1, 0, 0 } },
    { "the family goes",
      DDNS_NO_CHECK_WITHOUT_DHCID,
      DDNS_REMOVE_FORWARD,
      { SOMEBODY, 1, 1, 0 },
      GO_DONE,
      { SOMEBODY, 0, 0, 0 } },

    { "the address is the only one afterwards",
      DDNS_ASSOCIATE,
      DDNS_ADD_FORWARD,
      { SOMEBODY, 0, 1, 1 },
      GO_DONE,
      { SOMEBODY, 1, 0, 1 } },
    { "just the address goes",
      DDNS_ASSOCIATE,
      DDNS_REMOVE_FORWARD,
      { SOMEBODY, 1, 1, 1 },
      GO_DONE,
      { SOMEBODY, 0, 1, 1 } },
};

static void expect_walk(const struct walk_case *c, unsigned first)
{
    const struct ddns_plan *plan = ddns_plan_of(c->mode, c->change);
    struct name_state n = c->before;

    cr_expect_eq(walk(plan, first, &n), c->end, "%s: %s from %u", plan->label, c->label,
                 first);
    cr_expect_eq(n.dhcid, c->after.dhcid, "%s: %s: DHCID", plan->label, c->label);
    cr_expect_eq(n.our_address, c->after.our_address, "%s: %s: our address", plan->label,
                 c->label);
    cr_expect_eq(n.other_address, c->after.other_address, "%s: %s: other address",
                 plan->label, c->label);
    cr_expect_eq(n.other_records, c->after.other_records, "%s: %s: other records",
                 plan->label, c->label);
}

Test(plan, every_walk_ends_where_it_should)
{
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        expect_walk(&walks[i], 0);
        expect_walk(&walks[i], ddns_plan_of(walks[i].mode, walks[i].change)->refresh);
    }
}

/** Every state a name can be in, by number. */
static struct name_state state_of(unsigned number)
{
    return (struct name_state){ .dhcid = (enum owner)(number / 8 % 3),
                                .our_address = number & 1u,
                                .other_address = number >> 1 & 1u,
                                .other_records = number >> 2 & 1u };
}

enum { STATES = 24 };

static void expect_end_from_everywhere(const struct ddns_plan *plan)
{
    for (unsigned number = 0; number < STATES; number++) {
        for (unsigned step = 0; step < plan->count; step++) {
            struct name_state n = state_of(number);

            cr_expect_neq(walk(plan, step, &n), GO_OTHER, "%s, state %u, step %u",
                          plan->label, number, step);
        }
    }
}

Test(plan, every_walk_ends_whatever_the_zone_says)
{
    for (size_t mode = 0; mode < MODES; mode++) {
        expect_end_from_everywhere(
            ddns_plan_of((ddns_conflict_mode)mode, DDNS_ADD_FORWARD));
        expect_end_from_everywhere(
            ddns_plan_of((ddns_conflict_mode)mode, DDNS_REMOVE_FORWARD));
    }
}

Test(plan, an_address_is_added_beside_what_is_there_or_nothing_changes)
{
    const struct ddns_plan *plan = ddns_plan_beside(DDNS_CHECK_WITH_DHCID);

    expect_end_from_everywhere(plan);
    for (unsigned number = 0; number < STATES; number++) {
        struct name_state before = state_of(number);
        struct name_state after = before;
        bool ours = before.dhcid == US || !is_used(&before);

        cr_expect_eq(walk(plan, plan->refresh, &after), ours ? GO_DONE : GO_CONFLICT,
                     "state %u", number);
        cr_expect_eq(after.our_address, ours ? 1 : before.our_address, "state %u",
                     number);
        cr_expect_eq(after.dhcid, ours ? US : before.dhcid, "state %u", number);
        cr_expect_eq(after.other_address, before.other_address, "state %u", number);
        cr_expect_eq(after.other_records, before.other_records, "state %u", number);
    }
}

/* ---- sorting a refused batch ---------------------------------------------- */

/** What a query about the name says. */
static enum ddns_found look(enum ddns_ask ask, const struct name_state *n)
{
    if (!is_used(n)) {
        return DDNS_FOUND_NO_NAME;
    }
    if (ask == DDNS_ASK_OTHER_FAMILY) {
        return n->other_address != 0 ? DDNS_FOUND_OTHERS : DDNS_FOUND_NONE;
    }
    return n->dhcid == NOBODY ? DDNS_FOUND_NONE
           : n->dhcid == US   ? DDNS_FOUND_OURS
                              : DDNS_FOUND_OTHERS;
}

/* Names that go on together must not spoil their batch once more. */
static void expect_step_that_fits(const struct ddns_plan *plan, unsigned number)
{
    for (unsigned i = 0; i < plan->count; i++) {
        struct name_state n = state_of(number);
        const struct ddns_step *step = &plan->steps[i];
        int to = step->sorted[look((enum ddns_ask)step->ask, &n)];

        if (step->ask == DDNS_ASK_NOTHING || to < 0 ||
            (step->ask == DDNS_ASK_OTHER_FAMILY &&
             (n.our_address != 0 || n.dhcid != US))) {
            continue; /* the last: the step before has seen to that */
        }
        cr_expect_eq(judge(&n, plan->steps[to].prerequisites), DDNS_NOERROR,
                     "%s, state %u: from %u to %d", plan->label, number, i, to);
    }
}

Test(plan, a_sorted_name_goes_on_with_a_step_that_fits)
{
    for (size_t mode = 0; mode < MODES; mode++) {
        for (unsigned number = 0; number < STATES; number++) {
            expect_step_that_fits(
                ddns_plan_of((ddns_conflict_mode)mode, DDNS_ADD_FORWARD), number);
            expect_step_that_fits(
                ddns_plan_of((ddns_conflict_mode)mode, DDNS_REMOVE_FORWARD), number);
        }
    }
}

/* ---- D2's turns --------------------------------------------------------- */

struct d2_turn {
    char mode[32], change[24], next[16];
    unsigned step, rcode;
};

static ddns_conflict_mode mode_of(const char *name)
{
    for (size_t i = 0; i < MODES; i++) {
        if (strcmp(name, mode_names[i]) == 0) {
            return (ddns_conflict_mode)i;
        }
    }
    cr_assert_fail("no mode %s", name);
    return DDNS_ASSOCIATE;
}

/*
 * Where these plans say that a removal is done and D2 2.2.0 gives up: it wanted
 * a name gone that is not there, or (as later Kea does too) kept the DHCID for
 * the name's other address.
 */
static bool is_done_but_failed_in_d2(const struct d2_turn *turn)
{
    if (strcmp(turn->change, "remove-forward") != 0) {
        return false;
    }
    return turn->rcode == DDNS_NXDOMAIN ||
           (turn->rcode == DDNS_YXRRSET && turn->step == 1);
}

static void expect_as_in_d2(const struct d2_turn *turn)
{
    enum ddns_change change =
        strcmp(turn->change, "add-forward") == 0 ? DDNS_ADD_FORWARD : DDNS_REMOVE_FORWARD;
    int go = ddns_plan_turn(ddns_plan_of(mode_of(turn->mode), change), turn->step,
                            turn->rcode);

    if (is_done_but_failed_in_d2(turn) || strcmp(turn->next, "reverse") == 0) {
        cr_expect_eq(go, GO_DONE, "%s %s %u %u", turn->mode, turn->change, turn->step,
                     turn->rcode);
    } else if (strcmp(turn->next, "nothing") == 0) {
        cr_expect(go == GO_CONFLICT || go == GO_OTHER, "%s %s %u %u", turn->mode,
                  turn->change, turn->step, turn->rcode);
    } else {
        cr_expect_eq(go, turn->next[0] - '0', "%s %s %u %u", turn->mode, turn->change,
                     turn->step, turn->rcode);
    }
}

Test(plan, every_answer_leads_where_it_leads_in_d2)
{
    char line[256];
    unsigned turns = 0;
    FILE *file = fopen(VECTORS "/d2-turns.txt", "r");

    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        struct d2_turn turn;

        if (line[0] == '#') {
            continue;
        }
        /* The file is ours, and a number that does not fit would show as a failure. */
        /* NOLINTNEXTLINE(cert-err34-c) */
        cr_assert_eq(sscanf(line, "%31s %23s %u %u %15s", turn.mode, turn.change,
                            &turn.step, &turn.rcode, turn.next),
                     5, "%s", line);
        expect_as_in_d2(&turn);
        turns++;
    }
    (void)fclose(file);
    cr_expect_eq(turns, 66);
}
