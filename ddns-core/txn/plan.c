/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/plan.h"

#include "txn/plan_mixed.h"
#include "wire/message.h"

/*
 * Reading this file is reading the policies: every step with the records that
 * must or must not be there, the records it changes, and where each answer
 * leads.  The four modes for leases mean what they mean to Kea's D2, message by
 * message, so that a site can change over and back; D2's own model of them is
 * RFC 4703 section 5.
 *
 * The rows are shared where two modes do the same thing.
 *
 * "sorted" is for batches: where one is refused, each name is asked about, and goes on
 * with those in its state.  The step that it goes on with still guards it.
 */

/* Of a plan with one step, which does not care what stands in the zone. */
enum { ONLY };

/* ---- forward, add ------------------------------------------------------- */

enum { CLAIM, REFRESH, RESUME };

#define SORT_BY_DHCID(...) .ask = DDNS_ASK_DHCID, .sorted = { __VA_ARGS__ }

/* Names without a DHCID may be somebody's, or not exist where a wildcard answers. */
#define SORT_CLAIMS(ours, others) SORT_BY_DHCID(CLAIM, ours, others, DDNS_ALONE(ours))

/* RFC 4703 section 5.3.1: nobody has the name, so take it. */
#define CLAIM_STEP(ours, others)                                                         \
    {                                                                                    \
        .label = "claim an unused name", .prerequisites = PRE_NAME_UNUSED,               \
        .updates = UPD_ADD_ADDRESS | UPD_ADD_DHCID,                                      \
        .turns = { { DDNS_NOERROR, GO_DONE }, { DDNS_YXDOMAIN, REFRESH } },              \
        SORT_CLAIMS(ours, others),                                                       \
    }

static const struct ddns_step claim_or_refresh_ours[] = {
    [CLAIM] = CLAIM_STEP(REFRESH, DDNS_ALONE(REFRESH)),
    /* Section 5.3.2: the name is taken; go on only if the DHCID says it is ours. */
    [REFRESH] = {
        .label = "refresh our own name",
        .prerequisites = PRE_NAME_USED | PRE_DHCID_OURS,
        .updates = UPD_DROP_FAMILY | UPD_ADD_ADDRESS,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, CLAIM }, /* freed since the claim */
                   { DDNS_NXRRSET, GO_CONFLICT } },
        SORT_CLAIMS(REFRESH, DDNS_ALONE(REFRESH)),
    },
};

/* A client of DHCPv6 may have several addresses: each is added beside the others. */
static const struct ddns_step claim_or_join_ours[] = {
    [CLAIM] = CLAIM_STEP(REFRESH, DDNS_ALONE(REFRESH)),
    [REFRESH] = {
        .label = "add an address to our own name",
        .prerequisites = PRE_NAME_USED | PRE_DHCID_OURS,
        .updates = UPD_ADD_ADDRESS,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, CLAIM },
                   { DDNS_NXRRSET, GO_CONFLICT } },
        SORT_CLAIMS(REFRESH, DDNS_ALONE(REFRESH)),
    },
};

static const struct ddns_step claim_or_refresh_any[] = {
    [CLAIM] = CLAIM_STEP(RESUME, RESUME),
    /* The name is taken; any DHCID says that it came from DHCP. */
    [REFRESH] = {
        .label = "take over a name that has a DHCID",
        .prerequisites = PRE_DHCID_ANY,
        .updates = UPD_DROP_FAMILY | UPD_DROP_DHCID | UPD_ADD_ADDRESS | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, CLAIM },
                   { DDNS_NXRRSET, GO_CONFLICT } },
        SORT_CLAIMS(RESUME, RESUME),
    },
    /*
     * The same without a claim before it.  NXRRSET would then also mean that the
     * name is free, so the name is asked for first (RFC 2136 section 3.2.5).
     */
    [RESUME] = {
        .label = "refresh a name that has a DHCID",
        .prerequisites = PRE_NAME_USED | PRE_DHCID_ANY,
        .updates = UPD_DROP_FAMILY | UPD_DROP_DHCID | UPD_ADD_ADDRESS | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXDOMAIN, CLAIM },
                   { DDNS_NXRRSET, GO_CONFLICT } },
        SORT_CLAIMS(RESUME, RESUME),
    },
};

static const struct ddns_step replace_address_and_dhcid[] = {
    [ONLY] = {
        .label = "replace the address and the DHCID",
        .updates = UPD_DROP_FAMILY | UPD_DROP_DHCID | UPD_ADD_ADDRESS | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

static const struct ddns_step replace_address[] = {
    [ONLY] = {
        .label = "replace the address",
        .updates = UPD_DROP_FAMILY | UPD_ADD_ADDRESS,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

/* ---- forward, remove ---------------------------------------------------- */

/*
 * In every removal, a record or a name that is not there (NXRRSET, NXDOMAIN), or
 * is no longer ours, is what was wanted.
 */
enum { DROP_ADDRESS, DROP_REST, SEE_GONE, SEE_OTHER_FAMILY };

/* For batches, of names that were found to be gone. */
#define SEE_GONE_STEP                                                                    \
    {                                                                                    \
        .label = "see that the name is gone", .prerequisites = PRE_NAME_UNUSED,          \
        .turns = { { DDNS_NOERROR, GO_DONE }, { DDNS_YXDOMAIN, DROP_ADDRESS } },         \
    }

/* For batches, of names that were found to have an address of the other family. */
#define SEE_OTHER_FAMILY_STEP                                                            \
    {                                                                                    \
        .label = "see that the name has another address",                                \
        .prerequisites = PRE_OTHER_FAMILY,                                               \
        .turns = { { DDNS_NOERROR, GO_DONE },                                            \
                   { DDNS_NXRRSET, DROP_REST },                                          \
                   { DDNS_NXDOMAIN, GO_DONE } },                                         \
    }

/* What is ours, or not, shows in the DHCID; what keeps it, in the other family. */
#define SORT_REMOVALS(others)                                                            \
    SORT_BY_DHCID(SEE_GONE, DROP_ADDRESS, others, DDNS_ALONE(DROP_ADDRESS))
#define SORT_RESTS                                                                       \
    .ask = DDNS_ASK_OTHER_FAMILY,                                                        \
    .sorted = { SEE_GONE, SEE_OTHER_FAMILY, SEE_OTHER_FAMILY, DROP_REST }

/* RFC 4703 section 5.5. */
static const struct ddns_step remove_ours[] = {
    [DROP_ADDRESS] = {
        .label = "remove our address",
        .prerequisites = PRE_DHCID_OURS,
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, DROP_REST },
                   { DDNS_NXRRSET, DROP_REST },
                   { DDNS_NXDOMAIN, GO_DONE } },
        SORT_REMOVALS(DDNS_ALONE(DROP_ADDRESS)),
    },
    /* YXRRSET: the name has another address and keeps its DHCID for it. */
    [DROP_REST] = {
        .label = "remove our name when no address is left",
        .prerequisites = PRE_DHCID_OURS | PRE_NO_ADDRESS,
        .updates = UPD_DROP_NAME,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_YXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
        SORT_RESTS,
    },
    [SEE_GONE] = SEE_GONE_STEP,
    [SEE_OTHER_FAMILY] = SEE_OTHER_FAMILY_STEP,
};

static const struct ddns_step remove_any[] = {
    [DROP_ADDRESS] = {
        .label = "remove the address from a name that has a DHCID",
        .prerequisites = PRE_DHCID_ANY,
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, DROP_REST },
                   { DDNS_NXRRSET, DROP_REST },
                   { DDNS_NXDOMAIN, GO_DONE } },
        SORT_REMOVALS(DROP_ADDRESS),
    },
    [DROP_REST] = {
        .label = "remove the DHCID when no address is left",
        .prerequisites = PRE_NO_ADDRESS,
        .updates = UPD_DROP_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_YXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
        SORT_RESTS,
    },
    [SEE_GONE] = SEE_GONE_STEP,
    [SEE_OTHER_FAMILY] = SEE_OTHER_FAMILY_STEP,
};

static const struct ddns_step remove_family_and_dhcid[] = {
    [ONLY] = {
        .label = "remove the addresses of the family and the DHCID",
        .updates = UPD_DROP_FAMILY | UPD_DROP_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
    },
};

static const struct ddns_step remove_family[] = {
    [ONLY] = {
        .label = "remove the addresses of the family",
        .updates = UPD_DROP_FAMILY,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
    },
};

static const struct ddns_step remove_address[] = {
    [ONLY] = {
        .label = "remove the address",
        .updates = UPD_DROP_ADDRESS,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

/* ---- reverse ------------------------------------------------------------ */

/* RFC 4703 section 5.4: who has the address owns its PTR; nothing to check. */
static const struct ddns_step replace_ptr_and_dhcid[] = {
    [ONLY] = {
        .label = "replace the PTR and the DHCID",
        .updates = UPD_DROP_PTRS | UPD_DROP_DHCID | UPD_ADD_PTR | UPD_ADD_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

static const struct ddns_step replace_ptr[] = {
    [ONLY] = {
        .label = "replace the PTR",
        .updates = UPD_DROP_PTRS | UPD_ADD_PTR,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

enum { DROP_PTR, SEE_PTR_GONE };

static const struct ddns_step remove_our_reverse[] = {
    [DROP_PTR] = {
        .label = "remove the reverse name while its PTR is ours",
        .prerequisites = PRE_PTR_OURS,
        .updates = UPD_DROP_NAME,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
        .ask = DDNS_ASK_PTR,
        .sorted = { SEE_PTR_GONE, DROP_PTR, DDNS_ALONE(DROP_PTR), DDNS_ALONE(DROP_PTR) },
    },
    [SEE_PTR_GONE] = {
        .label = "see that the reverse name is gone",
        .prerequisites = PRE_REVERSE_UNUSED,
        .turns = { { DDNS_NOERROR, GO_DONE }, { DDNS_YXDOMAIN, DROP_PTR } },
    },
};

static const struct ddns_step remove_ptrs_and_dhcid[] = {
    [ONLY] = {
        .label = "remove the PTR records and the DHCID",
        .updates = UPD_DROP_PTRS | UPD_DROP_DHCID,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
    },
};

static const struct ddns_step remove_ptrs[] = {
    [ONLY] = {
        .label = "remove the PTR records",
        .updates = UPD_DROP_PTRS,
        .turns = { { DDNS_NOERROR, GO_DONE },
                   { DDNS_NXRRSET, GO_DONE },
                   { DDNS_NXDOMAIN, GO_DONE } },
    },
};

static const struct ddns_step remove_ptr[] = {
    [ONLY] = {
        .label = "remove the PTR",
        .updates = UPD_DROP_PTR,
        .turns = { { DDNS_NOERROR, GO_DONE } },
    },
};

/* ---- the plans ---------------------------------------------------------- */

static const struct ddns_plan plans[][DDNS_CHANGES] = {
    [DDNS_CHECK_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            DDNS_PLAN("check-with-dhcid, add", claim_or_refresh_ours, REFRESH),
        [DDNS_REMOVE_FORWARD] = DDNS_PLAN("check-with-dhcid, remove", remove_ours, 0),
        [DDNS_ADD_REVERSE] =
            DDNS_PLAN("check-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            DDNS_PLAN("check-with-dhcid, remove reverse", remove_our_reverse, 0),
    },
    [DDNS_CHECK_EXISTS_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            DDNS_PLAN("check-exists-with-dhcid, add", claim_or_refresh_any, RESUME),
        [DDNS_REMOVE_FORWARD] = DDNS_PLAN("check-exists-with-dhcid, remove", remove_any, 0),
        [DDNS_ADD_REVERSE] =
            DDNS_PLAN("check-exists-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            DDNS_PLAN("check-exists-with-dhcid, remove reverse", remove_our_reverse, 0),
    },
    [DDNS_NO_CHECK_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            DDNS_PLAN("no-check-with-dhcid, add", replace_address_and_dhcid, 0),
        [DDNS_REMOVE_FORWARD] =
            DDNS_PLAN("no-check-with-dhcid, remove", remove_family_and_dhcid, 0),
        [DDNS_ADD_REVERSE] =
            DDNS_PLAN("no-check-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            DDNS_PLAN("no-check-with-dhcid, remove reverse", remove_ptrs_and_dhcid, 0),
    },
    [DDNS_NO_CHECK_WITHOUT_DHCID] = {
        [DDNS_ADD_FORWARD] = DDNS_PLAN("no-check-without-dhcid, add", replace_address, 0),
        [DDNS_REMOVE_FORWARD] = DDNS_PLAN("no-check-without-dhcid, remove", remove_family, 0),
        [DDNS_ADD_REVERSE] = DDNS_PLAN("no-check-without-dhcid, add reverse", replace_ptr, 0),
        [DDNS_REMOVE_REVERSE] =
            DDNS_PLAN("no-check-without-dhcid, remove reverse", remove_ptrs, 0),
    },
    [DDNS_ASSOCIATE] = {
        [DDNS_ADD_FORWARD] = DDNS_PLAN("associate", replace_address, 0),
        [DDNS_REMOVE_FORWARD] = DDNS_PLAN("dissociate", remove_address, 0),
        [DDNS_ADD_REVERSE] = DDNS_PLAN("associate, reverse", replace_ptr, 0),
        [DDNS_REMOVE_REVERSE] = DDNS_PLAN("dissociate, reverse", remove_ptr, 0),
    },
};

ddns_direction ddns_change_direction(enum ddns_change change)
{
    return change == DDNS_ADD_FORWARD || change == DDNS_REMOVE_FORWARD ? DDNS_FORWARD
                                                                       : DDNS_REVERSE;
}

const struct ddns_plan *ddns_plan_of(ddns_conflict_mode mode, enum ddns_change change)
{
    const struct ddns_plan *mixed = ddns_plan_mixed(mode, change);

    if (mixed != NULL) {
        return mixed;
    }
    mode = ddns_mode_unmixed(mode);
    if ((size_t)mode >= sizeof plans / sizeof *plans) {
        mode = DDNS_CHECK_WITH_DHCID; /* the one that spares what it does not know */
    }
    return &plans[mode][(size_t)change % DDNS_CHANGES];
}

const struct ddns_plan *ddns_plan_beside(ddns_conflict_mode mode)
{
    static const struct ddns_plan beside =
        DDNS_PLAN("check-with-dhcid, add beside", claim_or_join_ours, REFRESH);
    return mode == DDNS_MIXED_CHECK_WITH_DHCID ? ddns_plan_mixed_beside() : &beside;
}

bool ddns_step_only_asks(const struct ddns_step *step)
{
    return step->ask != DDNS_ASK_NOTHING && step->prerequisites == 0 &&
           step->updates == 0;
}

/* First match wins.  Every step answers NOERROR, so an empty row is unreachable. */
int ddns_plan_turn(const struct ddns_plan *plan, unsigned step, unsigned rcode)
{
    if (step >= plan->count) {
        return GO_OTHER;
    }
    for (size_t i = 0; i < DDNS_STEP_TURNS; i++) {
        if (plan->steps[step].turns[i].rcode == rcode) {
            return plan->steps[step].turns[i].go;
        }
    }
    return GO_OTHER;
}
