/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/plan_mixed.h"

#include "wire/message.h"

/*
 * Each family has a DHCID of its own at the name, at most one.  A prerequisite compares
 * all DHCIDs of a name, and no update can mean "but for those of the other family".  So
 * the DHCIDs are asked for, and whatever follows, a conflict too, wants exactly those to
 * be there: where they have changed meanwhile they are asked for again.
 *
 * The rows are read as those of plan.c.  Here "sorted" is for single names, too.
 */

#define SORT_BY_DHCIDS(...) .ask = DDNS_ASK_DHCIDS, .sorted = { __VA_ARGS__ }

/* "As was found": that no DHCID is there fails with YXRRSET, and others with NXRRSET. */
#define LOOK_AGAIN(look)                                                                 \
    { DDNS_NXRRSET, (look) },                                                            \
    {                                                                                    \
        DDNS_YXRRSET, (look)                                                             \
    }

/* ---- add ------------------------------------------------------------------ */

enum {
    M_CLAIM,
    M_REFRESH,
    M_LOOK,
    M_JOIN,
    M_REFRESH_BESIDE,
    M_SEE_ADDRESS,
    M_SEE_OWNERS,
    M_SEE_CROWD,
};

#define M_SORT                                                                           \
    SORT_BY_DHCIDS(M_CLAIM, M_REFRESH, M_SEE_OWNERS, DDNS_ALONE(M_SEE_OWNERS), M_JOIN,   \
                   M_REFRESH_BESIDE, DDNS_ALONE(M_SEE_CROWD))

/* The name is not ours, as was found: without a DHCID, or with another client's. */
#define SEE_OWNERS_STEP(claim, look)                                                     \
    .label = "see that the name is another's",                                           \
    .prerequisites = PRE_NAME_USED | PRE_DHCIDS_FOUND,                                   \
    .turns = { { DDNS_NOERROR, GO_CONFLICT },                                            \
               { DDNS_NXDOMAIN, (claim) },                                               \
               LOOK_AGAIN(look) }

/*
 * "refreshes" is what a client's address does to the name that is its own already.
 *
 * M_SEE_ADDRESS: a partner may have joined first; else the address is somebody else's.
 * M_SEE_CROWD: more DHCIDs than mixed mode makes; the name is ours if they are one, ours.
 */
#define CLAIM_OR_REFRESH_BESIDE(refreshes)                                               \
    {                                                                                    \
        [M_CLAIM] = { .label = "claim an unused name",                                   \
                      .prerequisites = PRE_NAME_UNUSED,                                  \
                      .updates = UPD_ADD_ADDRESS | UPD_ADD_DHCID,                        \
                      .turns = { { DDNS_NOERROR, GO_DONE }, { DDNS_YXDOMAIN, M_LOOK } }, \
                      M_SORT },                                                          \
        [M_REFRESH] = { .label = "refresh our own name",                                 \
                        .prerequisites = PRE_NAME_USED | PRE_DHCID_OURS,                 \
                        .updates = (refreshes),                                          \
                        .turns = { { DDNS_NOERROR, GO_DONE },                            \
                                   { DDNS_NXDOMAIN, M_CLAIM },                           \
                                   { DDNS_NXRRSET, M_LOOK } },                           \
                        M_SORT },                                                        \
        [M_LOOK] = { .label = "look whose the name is", M_SORT },                        \
        [M_JOIN] = { .label = "join a name of the other family",                         \
                     .prerequisites = PRE_DHCIDS_FOUND | PRE_NO_FAMILY,                  \
                     .updates = UPD_ADD_ADDRESS | UPD_ADD_DHCID,                         \
                     .turns = { { DDNS_NOERROR, GO_DONE },                               \
                                { DDNS_NXDOMAIN, M_CLAIM },                              \
                                { DDNS_NXRRSET, M_LOOK },                                \
                                { DDNS_YXRRSET, M_SEE_ADDRESS } },                       \
                     M_SORT },                                                           \
        [M_REFRESH_BESIDE] = { .label = "refresh our name beside the other family",      \
                               .prerequisites = PRE_DHCIDS_FOUND,                        \
                               .updates = (refreshes),                                   \
                               .turns = { { DDNS_NOERROR, GO_DONE },                     \
                                          { DDNS_NXDOMAIN, M_CLAIM },                    \
                                          { DDNS_NXRRSET, M_LOOK } },                    \
                               M_SORT },                                                 \
        [M_SEE_ADDRESS] = { .label = "see that the name has another's address",          \
                            .prerequisites = PRE_DHCIDS_FOUND | PRE_FAMILY,              \
                            .turns = { { DDNS_NOERROR, GO_CONFLICT },                    \
                                       { DDNS_NXDOMAIN, M_CLAIM },                       \
                                       { DDNS_NXRRSET, M_LOOK } },                       \
                            M_SORT },                                                    \
        [M_SEE_OWNERS] = { SEE_OWNERS_STEP(M_CLAIM, M_LOOK), M_SORT },                   \
        [M_SEE_CROWD] = { .label = "refresh our own name, or leave it",                  \
                          .prerequisites = PRE_NAME_USED | PRE_DHCID_OURS,               \
                          .updates = (refreshes),                                        \
                          .turns = { { DDNS_NOERROR, GO_DONE },                          \
                                     { DDNS_NXDOMAIN, M_CLAIM },                         \
                                     { DDNS_NXRRSET, GO_CONFLICT } },                    \
                          M_SORT },                                                      \
    }

static const struct ddns_step mixed_claim_or_refresh[] =
    CLAIM_OR_REFRESH_BESIDE(UPD_DROP_FAMILY | UPD_ADD_ADDRESS);
static const struct ddns_step mixed_claim_or_join[] =
    CLAIM_OR_REFRESH_BESIDE(UPD_ADD_ADDRESS);

enum { M_ANY_CLAIM, M_ANY_LOOK, M_ANY_TAKE, M_ANY_TAKE_WHOLE, M_ANY_SEE_NONE };

#define M_ANY_SORT                                                                       \
    SORT_BY_DHCIDS(M_ANY_CLAIM, M_ANY_TAKE, M_ANY_TAKE, DDNS_ALONE(M_ANY_SEE_NONE),      \
                   M_ANY_TAKE, M_ANY_TAKE, DDNS_ALONE(M_ANY_TAKE_WHOLE))

#define TAKE_FAMILY (UPD_DROP_FAMILY | UPD_DROP_RIVALS | UPD_ADD_ADDRESS | UPD_ADD_DHCID)

static const struct ddns_step mixed_claim_or_refresh_any[] = {
    [M_ANY_CLAIM] = {
        .label = "claim an unused name",
        .prerequisites = PRE_NAME_UNUSED,
        .updates = UPD_ADD_ADDRESS | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE }, { DDNS_YXDOMAIN, M_ANY_LOOK } },
        M_ANY_SORT,
    },
    [M_ANY_LOOK] = { .label = "look whose DHCIDs the name has", M_ANY_SORT },
    [M_ANY_TAKE] = {
        .label = "take over the family's part of a name",
        .prerequisites = PRE_DHCIDS_FOUND,
        .updates = TAKE_FAMILY,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, M_ANY_CLAIM },
                   { DDNS_NXRRSET, M_ANY_LOOK } },
        M_ANY_SORT,
    },
    /* More DHCIDs than mixed mode makes give way together, as they do without it. */
    [M_ANY_TAKE_WHOLE] = {
        .label = "take over a name that has a DHCID",
        .prerequisites = PRE_NAME_USED | PRE_DHCID_ANY,
        .updates = UPD_DROP_FAMILY | UPD_DROP_DHCID | UPD_ADD_ADDRESS | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, M_ANY_CLAIM },
                   { DDNS_NXRRSET, M_ANY_LOOK } },
        M_ANY_SORT,
    },
    [M_ANY_SEE_NONE] = { SEE_OWNERS_STEP(M_ANY_CLAIM, M_ANY_LOOK), M_ANY_SORT },
};

enum { M_NO_CHECK_LOOK, M_NO_CHECK_TAKE, M_NO_CHECK_TAKE_WHOLE };

#define M_NO_CHECK_SORT                                                                  \
    SORT_BY_DHCIDS(M_NO_CHECK_TAKE, M_NO_CHECK_TAKE, M_NO_CHECK_TAKE, M_NO_CHECK_TAKE,   \
                   M_NO_CHECK_TAKE, M_NO_CHECK_TAKE, DDNS_ALONE(M_NO_CHECK_TAKE_WHOLE))

static const struct ddns_step mixed_replace_address_and_dhcid[] = {
    [M_NO_CHECK_LOOK] = { .label = "look whose DHCIDs the name has", M_NO_CHECK_SORT },
    [M_NO_CHECK_TAKE] = {
        .label = "replace the family's address and DHCID",
        .prerequisites = PRE_DHCIDS_FOUND,
        .updates = TAKE_FAMILY,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, M_NO_CHECK_LOOK },
                   LOOK_AGAIN(M_NO_CHECK_LOOK) },
        M_NO_CHECK_SORT,
    },
    [M_NO_CHECK_TAKE_WHOLE] = {
        .label = "replace the address and the DHCIDs",
        .updates = UPD_DROP_FAMILY | UPD_DROP_DHCID | UPD_ADD_ADDRESS | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

/* ---- remove --------------------------------------------------------------- */

enum {
    M_DROP_ADDRESS,
    M_DROP_REST,
    M_SEE_GONE,
    M_LOOK_AGAIN,
    M_DROP_OURS,
    M_SEE_AS_FOUND,
    M_LEAVE_CROWD,
    M_DROP_BESIDE,
    M_SEE_KEPT,
    M_DROP_UNUSED,
};

#define M_SORT_REMOVALS                                                                  \
    SORT_BY_DHCIDS(M_SEE_GONE, M_DROP_ADDRESS, M_DROP_UNUSED,                            \
                   DDNS_ALONE(M_SEE_AS_FOUND), M_SEE_AS_FOUND, M_DROP_BESIDE,            \
                   DDNS_ALONE(M_LEAVE_CROWD))

/*
 * What the removals have in common.  M_DROP_OURS: the other family keeps the name, and
 * another address of this one keeps the DHCID.
 */
#define M_REMOVAL_STEPS                                                                  \
    [M_SEE_GONE] = { .label = "see that the name is gone",                               \
                     .prerequisites = PRE_NAME_UNUSED,                                   \
                     .turns = { { DDNS_NOERROR, GO_DONE },                               \
                                { DDNS_YXDOMAIN, M_DROP_ADDRESS } } },                   \
    [M_DROP_OURS] = { .label = "remove our DHCID when no address of the family is left", \
                      .prerequisites = PRE_DHCIDS_FOUND | PRE_NO_FAMILY,                 \
                      .updates = UPD_DROP_OURS,                                          \
                      .turns = { { DDNS_NOERROR, GO_DONE },                              \
                                 { DDNS_YXRRSET, GO_DONE },                              \
                                 { DDNS_NXRRSET, M_LOOK_AGAIN },                         \
                                 { DDNS_NXDOMAIN, GO_DONE } } },                         \
    [M_SEE_AS_FOUND] = { .label = "see that nothing of ours is left to remove",          \
                         .prerequisites = PRE_DHCIDS_FOUND,                              \
                         .turns = { { DDNS_NOERROR, GO_DONE },                           \
                                    { DDNS_NXDOMAIN, GO_DONE },                          \
                                    LOOK_AGAIN(M_LOOK_AGAIN) } }

static const struct ddns_step mixed_remove_ours[] = {
    [M_DROP_ADDRESS] = {
        .label = "remove our address",
        .prerequisites = PRE_DHCID_OURS,
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, M_DROP_REST },
                   { DDNS_NXRRSET, M_LOOK_AGAIN },
                   { DDNS_NXDOMAIN, GO_DONE } },
        M_SORT_REMOVALS,
    },
    [M_DROP_REST] = {
        .label = "remove our name when no address is left",
        .prerequisites = PRE_DHCID_OURS | PRE_NO_ADDRESS,
        .updates = UPD_DROP_NAME,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, M_LOOK_AGAIN },
                   { DDNS_YXRRSET, M_SEE_KEPT },
                   { DDNS_NXDOMAIN, GO_DONE } },
        .ask = DDNS_ASK_OTHER_FAMILY,
        .sorted = { M_SEE_GONE, M_SEE_KEPT, M_SEE_KEPT, M_DROP_REST },
    },
    M_REMOVAL_STEPS,
    [M_LOOK_AGAIN] = { .label = "look whose the name is", M_SORT_REMOVALS },
    [M_DROP_BESIDE] = {
        .label = "remove our address beside the other family",
        .prerequisites = PRE_DHCIDS_FOUND,
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, M_DROP_OURS },
                   { DDNS_NXRRSET, M_LOOK_AGAIN },
                   { DDNS_NXDOMAIN, GO_DONE } },
        M_SORT_REMOVALS,
    },
    /* One DHCID for both families (RFC 4361), or another address of the client. */
    [M_SEE_KEPT] = {
        .label = "see that another address keeps our DHCID",
        .prerequisites = PRE_DHCID_OURS,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, M_LOOK_AGAIN },
                   { DDNS_NXDOMAIN, GO_DONE } },
        M_SORT_REMOVALS,
    },
    /* A DHCPv4 client's DUID, beside another that has the name by now: it is DHCPv6's, or
       is left from when our address went and nobody heard of it. */
    [M_DROP_UNUSED] = {
        .label = "remove our DHCID when no address of the other family needs it",
        .prerequisites = PRE_DHCIDS_FOUND | PRE_NO_OTHER_FAMILY,
        .updates = UPD_DROP_OURS,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_YXRRSET, M_SEE_AS_FOUND },
                   { DDNS_NXRRSET, M_LOOK_AGAIN },
                   { DDNS_NXDOMAIN, GO_DONE } },
        M_SORT_REMOVALS,
    },
    /* More DHCIDs than mixed mode makes: what is ours among them cannot be guarded. */
    [M_LEAVE_CROWD] = {
        .label = "remove our address, or leave another's name",
        .prerequisites = PRE_DHCID_OURS,
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, M_DROP_REST },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
        M_SORT_REMOVALS,
    },
};

/* What follows the removal of the address where the DHCID is not compared. */
#define M_ANY_REST_STEPS                                                                 \
    [M_DROP_REST] = { .label = "remove the DHCIDs when no address is left",              \
                      .prerequisites = PRE_NO_ADDRESS,                                   \
                      .updates = UPD_DROP_DHCID,                                         \
                      .turns = { { DDNS_NOERROR, GO_DONE },                              \
                                 { DDNS_NXRRSET, GO_DONE },                              \
                                 { DDNS_YXRRSET, M_LOOK_AGAIN },                         \
                                 { DDNS_NXDOMAIN, GO_DONE } } },                         \
    M_REMOVAL_STEPS,                                                                     \
    [M_LOOK_AGAIN] = { .label = "look whose DHCIDs the name has",                        \
                       SORT_BY_DHCIDS(M_SEE_GONE, M_SEE_AS_FOUND, M_DROP_OURS,           \
                                      M_SEE_AS_FOUND, M_SEE_AS_FOUND, M_DROP_OURS,       \
                                      DDNS_ALONE(M_LEAVE_CROWD)) },                      \
    [M_LEAVE_CROWD] = { .label = "remove our DHCID from among many",                     \
                        .prerequisites = PRE_NO_FAMILY,                                  \
                        .updates = UPD_DROP_OURS,                                        \
                        .turns = { { DDNS_NOERROR, GO_DONE },                            \
                                   { DDNS_YXRRSET, GO_DONE },                            \
                                   { DDNS_NXRRSET, GO_DONE },                            \
                                   { DDNS_NXDOMAIN, GO_DONE } } }

static const struct ddns_step mixed_remove_any[] = {
    [M_DROP_ADDRESS] = {
        .label = "remove the address from a name that has a DHCID",
        .prerequisites = PRE_DHCID_ANY,
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, M_DROP_REST },
                   { DDNS_NXRRSET, M_DROP_REST },
                   { DDNS_NXDOMAIN, GO_DONE } },
    },
    M_ANY_REST_STEPS,
};

static const struct ddns_step mixed_remove_family[] = {
    [M_DROP_ADDRESS] = {
        .label = "remove the addresses of the family",
        .updates = UPD_DROP_FAMILY,
        .turns = { { DDNS_NOERROR, M_DROP_REST },
                   { DDNS_NXRRSET, M_DROP_REST },
                   { DDNS_NXDOMAIN, GO_DONE } },
    },
    M_ANY_REST_STEPS,
};

/* ---- the plans ---------------------------------------------------------- */

static const struct ddns_plan add_with_check =
    DDNS_PLAN("mixed check-with-dhcid, add", mixed_claim_or_refresh, M_REFRESH);
static const struct ddns_plan add_beside =
    DDNS_PLAN("mixed check-with-dhcid, add beside", mixed_claim_or_join, M_REFRESH);
static const struct ddns_plan remove_with_check =
    DDNS_PLAN("mixed check-with-dhcid, remove", mixed_remove_ours, 0);
static const struct ddns_plan add_where_any_exists = DDNS_PLAN(
    "mixed check-exists-with-dhcid, add", mixed_claim_or_refresh_any, M_ANY_LOOK);
static const struct ddns_plan remove_where_any_exists =
    DDNS_PLAN("mixed check-exists-with-dhcid, remove", mixed_remove_any, 0);
static const struct ddns_plan add_without_check =
    DDNS_PLAN("mixed no-check-with-dhcid, add", mixed_replace_address_and_dhcid, 0);
static const struct ddns_plan remove_without_check =
    DDNS_PLAN("mixed no-check-with-dhcid, remove", mixed_remove_family, 0);

/** The modes that have a mixed one, and its plans. */
static const struct {
    ddns_conflict_mode plain, mixed;
    const struct ddns_plan *add, *remove;
} modes[] = {
    { DDNS_CHECK_WITH_DHCID, DDNS_MIXED_CHECK_WITH_DHCID, &add_with_check,
      &remove_with_check },
    { DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_MIXED_CHECK_EXISTS_WITH_DHCID,
      &add_where_any_exists, &remove_where_any_exists },
    { DDNS_NO_CHECK_WITH_DHCID, DDNS_MIXED_NO_CHECK_WITH_DHCID, &add_without_check,
      &remove_without_check },
};

enum { MODES = sizeof modes / sizeof *modes };

ddns_conflict_mode ddns_mode_unmixed(ddns_conflict_mode mode)
{
    for (size_t i = 0; i < MODES; i++) {
        if (modes[i].mixed == mode) {
            return modes[i].plain;
        }
    }
    return mode;
}

ddns_conflict_mode ddns_mode_mixed(ddns_conflict_mode mode)
{
    for (size_t i = 0; i < MODES; i++) {
        if (modes[i].plain == mode) {
            return modes[i].mixed;
        }
    }
    return mode;
}

const struct ddns_plan *ddns_plan_mixed(ddns_conflict_mode mode, enum ddns_change change)
{
    for (size_t i = 0; i < MODES; i++) {
        if (modes[i].mixed == mode && change == DDNS_ADD_FORWARD) {
            return modes[i].add;
        }
        if (modes[i].mixed == mode && change == DDNS_REMOVE_FORWARD) {
            return modes[i].remove;
        }
    }
    return NULL;
}

const struct ddns_plan *ddns_plan_mixed_beside(void)
{
    return &add_beside;
}
