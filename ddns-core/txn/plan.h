/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_PLAN_H
#define DDNS_TXN_PLAN_H

#include "ddns/ddns.h"

/** Prerequisites a step can ask for (RFC 2136 section 2.4). */
enum {
    PRE_NAME_UNUSED = 1u << 0,      /* 2.4.5 */
    PRE_NAME_USED = 1u << 1,        /* 2.4.4 */
    PRE_DHCID_OURS = 1u << 2,       /* 2.4.2 */
    PRE_DHCID_ANY = 1u << 3,        /* 2.4.1 */
    PRE_NO_ADDRESS = 1u << 4,       /* 2.4.3, for A and for AAAA */
    PRE_PTR_OURS = 1u << 5,         /* 2.4.2 */
    PRE_OTHER_FAMILY = 1u << 6,     /* 2.4.1, AAAA where the address is an A, or A */
    PRE_REVERSE_UNUSED = 1u << 7,   /* 2.4.5, of the reverse name */
    PRE_DHCIDS_FOUND = 1u << 8,     /* 2.4.2, all that an answer has shown */
    PRE_FAMILY = 1u << 9,           /* 2.4.1, A or AAAA as the address is */
    PRE_NO_FAMILY = 1u << 10,       /* 2.4.3, of the same */
    PRE_NO_OTHER_FAMILY = 1u << 11, /* 2.4.3, AAAA where the address is an A, or A */
};

/** Changes a step can make, in the order in which they stand in the message. */
enum {
    UPD_DROP_NAME = 1u << 0,    /* 2.5.3 */
    UPD_DROP_FAMILY = 1u << 1,  /* 2.5.2, A or AAAA */
    UPD_DROP_ADDRESS = 1u << 2, /* 2.5.4 */
    UPD_DROP_PTRS = 1u << 3,    /* 2.5.2 */
    UPD_DROP_PTR = 1u << 4,     /* 2.5.4 */
    UPD_DROP_DHCID = 1u << 5,   /* 2.5.2 */
    UPD_DROP_OURS = 1u << 6,    /* 2.5.4, our DHCID alone */
    UPD_DROP_RIVALS = 1u << 7,  /* 2.5.4, those found that may not stand beside ours */
    UPD_ADD_ADDRESS = 1u << 8,  /* 2.5.1 */
    UPD_ADD_PTR = 1u << 9,      /* 2.5.1 */
    UPD_ADD_DHCID = 1u << 10,   /* 2.5.1 */
};

/**
 * Where an answer leads.  Non-negative values index the plan's steps.  A plan
 * names only the RCODEs that say something about the name; for every other one
 * the engine decides between the next server and a later try.
 */
enum { GO_DONE = -1, GO_CONFLICT = -2, GO_OTHER = -3 };

struct ddns_turn {
    uint8_t rcode;
    int8_t go;
};

enum { DDNS_STEP_TURNS = 4 };

/** What to ask about a name when it is not clear which name spoilt a batch. */
enum ddns_ask {
    DDNS_ASK_NOTHING,
    DDNS_ASK_DHCID,
    DDNS_ASK_PTR,
    DDNS_ASK_OTHER_FAMILY,
    DDNS_ASK_DHCIDS, /**< for mixed mode: all of them are wanted */
};

/** What the answer says about the records that were asked for. */
enum ddns_found {
    DDNS_FOUND_NO_NAME,
    DDNS_FOUND_OURS,   /**< the record that the change is about */
    DDNS_FOUND_OTHERS, /**< records of the type, and that one is not among them */
    DDNS_FOUND_NONE,   /**< the name has no such record; or the answer does not say */
    /* Of DDNS_ASK_DHCIDS alone. */
    DDNS_FOUND_NEIGHBOUR, /**< the other family's, and nothing else */
    DDNS_FOUND_BOTH,      /**< ours and the other family's */
    DDNS_FOUND_CROWD,     /**< more than mixed mode makes, or no DHCIDs of leases */
    DDNS_FOUND_UNKNOWN,   /**< the answer does not say */
    DDNS_FOUND_COUNT = DDNS_FOUND_UNKNOWN, /**< that lead to a step */
};

/** In place of a step: that step, but in a message of its own. */
#define DDNS_ALONE(step) (-1 - (step))

/** One update message and what each answer to it means. */
struct ddns_step {
    const char *label;
    uint16_t prerequisites;
    uint16_t updates; /**< none: the prerequisites are all that is to be known */
    /* Neither: no message is sent, and what is asked decides. */
    struct ddns_turn turns[DDNS_STEP_TURNS];
    uint8_t ask;                      /**< enum ddns_ask, after a refused batch; */
    int16_t sorted[DDNS_FOUND_COUNT]; /**< the step that fits what is found */
};

/** A conflict policy for one change: data, not code. */
struct ddns_plan {
    const char *label;
    const struct ddns_step *steps;
    uint8_t count;
    uint8_t
        refresh; /**< step to begin with when the name is thought to be ours already */
};

enum { DDNS_PLAN_MAX_TURNS = 8 }; /* claim and refresh may alternate; bounded */

/** The four things that can be done about an address. */
enum ddns_change {
    DDNS_ADD_FORWARD,
    DDNS_REMOVE_FORWARD,
    DDNS_ADD_REVERSE,
    DDNS_REMOVE_REVERSE,
};
enum { DDNS_CHANGES = 4 };

/* A plan of these rows; @p refresh_ is the step to begin with where DNS was told before.
 */
#define DDNS_PLAN(label_, rows, refresh_)                                                \
    {                                                                                    \
        .label = (label_), .steps = (rows),                                              \
        .count = (uint8_t)(sizeof(rows) / sizeof *(rows)), .refresh = (refresh_),        \
    }

/** The zone a change belongs to. */
ddns_direction ddns_change_direction(enum ddns_change change);

/** The mode of which @p mode is the mixed one, or @p mode itself. */
ddns_conflict_mode ddns_mode_unmixed(ddns_conflict_mode mode);

/** The mixed mode of @p mode; @p mode itself where DHCIDs play no part in it. */
ddns_conflict_mode ddns_mode_mixed(ddns_conflict_mode mode);

/** The plan for @p change under @p mode; never NULL. */
const struct ddns_plan *ddns_plan_of(ddns_conflict_mode mode, enum ddns_change change);

/**
 * The plan of @p mode, DDNS_CHECK_WITH_DHCID or its mixed one, that adds an address and
 * leaves the others that the client's name leads to; never NULL.
 */
const struct ddns_plan *ddns_plan_beside(ddns_conflict_mode mode);

/** Is there no message in @p step, but only a question? */
bool ddns_step_only_asks(const struct ddns_step *step);

/** Next step for @p rcode at @p step, or one of GO_*.  Pure. */
int ddns_plan_turn(const struct ddns_plan *plan, unsigned step, unsigned rcode);

#endif
