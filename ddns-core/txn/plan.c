/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/plan.h"

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
 * with those in its state.  The step that it goes on with still guards it.  In mixed mode
 * the next step of a single name depends on it as well.
 */

#define COUNT(rows) ((uint8_t)(sizeof(rows) / sizeof *(rows)))

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

/* ---- forward, add, mixed mode ------------------------------------------- */

/*
 * Each family has a DHCID of its own at the name, at most one.  A prerequisite compares
 * all DHCIDs of a name, and no update can mean "but for those of the other family".  So
 * the DHCIDs are asked for, and whatever follows, a conflict too, wants exactly those to
 * be there: where they have changed meanwhile they are asked for again.
 */

#define SORT_BY_DHCIDS(...) .ask = DDNS_ASK_DHCIDS, .sorted = { __VA_ARGS__ }

/* "As was found": that no DHCID is there fails with YXRRSET, and others with NXRRSET. */
#define LOOK_AGAIN(look)                                                                 \
    { DDNS_NXRRSET, (look) },                                                            \
    {                                                                                    \
        DDNS_YXRRSET, (look)                                                             \
    }

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

/* "refreshes" is what a client's address does to the name that is its own already. */
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
                               M_SORT }, /* A partner may have joined first; else the    \
                                            address is somebody else's. */               \
            [M_SEE_ADDRESS] = { .label = "see that the name has another's address",      \
                                .prerequisites = PRE_DHCIDS_FOUND | PRE_FAMILY,          \
                                .turns = { { DDNS_NOERROR, GO_CONFLICT },                \
                                           { DDNS_NXDOMAIN, M_CLAIM },                   \
                                           { DDNS_NXRRSET, M_LOOK } },                   \
                                M_SORT },                                                \
        [M_SEE_OWNERS] = { SEE_OWNERS_STEP(M_CLAIM, M_LOOK),                             \
                           M_SORT }, /* More DHCIDs than mixed mode makes: the name is   \
                                        ours if they are one, ours. */                   \
            [M_SEE_CROWD] = { .label = "refresh our own name, or leave it",              \
                              .prerequisites = PRE_NAME_USED | PRE_DHCID_OURS,           \
                              .updates = (refreshes),                                    \
                              .turns = { { DDNS_NOERROR, GO_DONE },                      \
                                         { DDNS_NXDOMAIN, M_CLAIM },                     \
                                         { DDNS_NXRRSET, GO_CONFLICT } },                \
                              M_SORT },                                                  \
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

/* ---- forward, remove, mixed mode ---------------------------------------- */

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

/* What the removals in mixed mode have in common. */
#define M_REMOVAL_STEPS                                                                  \
    [M_SEE_GONE] = { .label = "see that the name is gone",                               \
                     .prerequisites = PRE_NAME_UNUSED,                                   \
                     .turns = { { DDNS_NOERROR, GO_DONE },                               \
                                { DDNS_YXDOMAIN,                                         \
                                  M_DROP_ADDRESS } } }, /* The other family keeps the    \
                                                           name; another address of this \
                                                           one, the DHCID. */            \
        [M_DROP_OURS] = { .label =                                                       \
                              "remove our DHCID when no address of the family is left",  \
                          .prerequisites = PRE_DHCIDS_FOUND | PRE_NO_FAMILY,             \
                          .updates = UPD_DROP_OURS,                                      \
                          .turns = { { DDNS_NOERROR, GO_DONE },                          \
                                     { DDNS_YXRRSET, GO_DONE },                          \
                                     { DDNS_NXRRSET, M_LOOK_AGAIN },                     \
                                     { DDNS_NXDOMAIN, GO_DONE } } },                     \
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

/* ---- forward, remove, without a check ----------------------------------- */

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

#define PLAN(label_, rows, refresh_)                                                     \
    {                                                                                    \
        .label = (label_), .steps = (rows), .count = COUNT(rows), .refresh = (refresh_), \
    }

static const struct ddns_plan plans[][DDNS_CHANGES] = {
    [DDNS_CHECK_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            PLAN("check-with-dhcid, add", claim_or_refresh_ours, REFRESH),
        [DDNS_REMOVE_FORWARD] = PLAN("check-with-dhcid, remove", remove_ours, 0),
        [DDNS_ADD_REVERSE] =
            PLAN("check-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            PLAN("check-with-dhcid, remove reverse", remove_our_reverse, 0),
    },
    [DDNS_CHECK_EXISTS_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            PLAN("check-exists-with-dhcid, add", claim_or_refresh_any, RESUME),
        [DDNS_REMOVE_FORWARD] = PLAN("check-exists-with-dhcid, remove", remove_any, 0),
        [DDNS_ADD_REVERSE] =
            PLAN("check-exists-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            PLAN("check-exists-with-dhcid, remove reverse", remove_our_reverse, 0),
    },
    [DDNS_NO_CHECK_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            PLAN("no-check-with-dhcid, add", replace_address_and_dhcid, 0),
        [DDNS_REMOVE_FORWARD] =
            PLAN("no-check-with-dhcid, remove", remove_family_and_dhcid, 0),
        [DDNS_ADD_REVERSE] =
            PLAN("no-check-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            PLAN("no-check-with-dhcid, remove reverse", remove_ptrs_and_dhcid, 0),
    },
    [DDNS_NO_CHECK_WITHOUT_DHCID] = {
        [DDNS_ADD_FORWARD] = PLAN("no-check-without-dhcid, add", replace_address, 0),
        [DDNS_REMOVE_FORWARD] = PLAN("no-check-without-dhcid, remove", remove_family, 0),
        [DDNS_ADD_REVERSE] = PLAN("no-check-without-dhcid, add reverse", replace_ptr, 0),
        [DDNS_REMOVE_REVERSE] =
            PLAN("no-check-without-dhcid, remove reverse", remove_ptrs, 0),
    },
    [DDNS_ASSOCIATE] = {
        [DDNS_ADD_FORWARD] = PLAN("associate", replace_address, 0),
        [DDNS_REMOVE_FORWARD] = PLAN("dissociate", remove_address, 0),
        [DDNS_ADD_REVERSE] = PLAN("associate, reverse", replace_ptr, 0),
        [DDNS_REMOVE_REVERSE] = PLAN("dissociate, reverse", remove_ptr, 0),
    },
    [DDNS_MIXED_CHECK_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] =
            PLAN("mixed check-with-dhcid, add", mixed_claim_or_refresh, M_REFRESH),
        [DDNS_REMOVE_FORWARD] =
            PLAN("mixed check-with-dhcid, remove", mixed_remove_ours, 0),
        [DDNS_ADD_REVERSE] =
            PLAN("mixed check-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            PLAN("mixed check-with-dhcid, remove reverse", remove_our_reverse, 0),
    },
    [DDNS_MIXED_CHECK_EXISTS_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] = PLAN("mixed check-exists-with-dhcid, add",
                                  mixed_claim_or_refresh_any, M_ANY_LOOK),
        [DDNS_REMOVE_FORWARD] =
            PLAN("mixed check-exists-with-dhcid, remove", mixed_remove_any, 0),
        [DDNS_ADD_REVERSE] =
            PLAN("mixed check-exists-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] =
            PLAN("mixed check-exists-with-dhcid, remove reverse", remove_our_reverse, 0),
    },
    [DDNS_MIXED_NO_CHECK_WITH_DHCID] = {
        [DDNS_ADD_FORWARD] = PLAN("mixed no-check-with-dhcid, add",
                                  mixed_replace_address_and_dhcid, 0),
        [DDNS_REMOVE_FORWARD] =
            PLAN("mixed no-check-with-dhcid, remove", mixed_remove_family, 0),
        [DDNS_ADD_REVERSE] =
            PLAN("mixed no-check-with-dhcid, add reverse", replace_ptr_and_dhcid, 0),
        [DDNS_REMOVE_REVERSE] = PLAN("mixed no-check-with-dhcid, remove reverse",
                                     remove_ptrs_and_dhcid, 0),
    },
};

/** The modes that have a mixed one. */
static const ddns_conflict_mode mixed_modes[][2] = {
    { DDNS_CHECK_WITH_DHCID, DDNS_MIXED_CHECK_WITH_DHCID },
    { DDNS_CHECK_EXISTS_WITH_DHCID, DDNS_MIXED_CHECK_EXISTS_WITH_DHCID },
    { DDNS_NO_CHECK_WITH_DHCID, DDNS_MIXED_NO_CHECK_WITH_DHCID },
};

ddns_conflict_mode ddns_mode_unmixed(ddns_conflict_mode mode)
{
    for (size_t i = 0; i < COUNT(mixed_modes); i++) {
        if (mixed_modes[i][1] == mode) {
            return mixed_modes[i][0];
        }
    }
    return mode;
}

ddns_conflict_mode ddns_mode_mixed(ddns_conflict_mode mode)
{
    for (size_t i = 0; i < COUNT(mixed_modes); i++) {
        if (mixed_modes[i][0] == mode) {
            return mixed_modes[i][1];
        }
    }
    return mode;
}

ddns_direction ddns_change_direction(enum ddns_change change)
{
    return change == DDNS_ADD_FORWARD || change == DDNS_REMOVE_FORWARD ? DDNS_FORWARD
                                                                       : DDNS_REVERSE;
}

const struct ddns_plan *ddns_plan_of(ddns_conflict_mode mode, enum ddns_change change)
{
    if ((size_t)mode >= COUNT(plans)) {
        mode = DDNS_CHECK_WITH_DHCID; /* the one that spares what it does not know */
    }
    return &plans[mode][(size_t)change % DDNS_CHANGES];
}

const struct ddns_plan *ddns_plan_beside(ddns_conflict_mode mode)
{
    static const struct ddns_plan beside =
        PLAN("check-with-dhcid, add beside", claim_or_join_ours, REFRESH);
    static const struct ddns_plan mixed =
        PLAN("mixed check-with-dhcid, add beside", mixed_claim_or_join, M_REFRESH);

    return mode == DDNS_MIXED_CHECK_WITH_DHCID ? &mixed : &beside;
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
