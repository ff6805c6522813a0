/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_PLAN_H
#define DDNS_TXN_PLAN_H

#include "ddns/ddns.h"

/** Prerequisites a step can ask for (RFC 2136 section 2.4). */
enum {
    PRE_NAME_UNUSED = 1u << 0,    /* 2.4.5 */
    PRE_NAME_USED = 1u << 1,      /* 2.4.4 */
    PRE_DHCID_OURS = 1u << 2,     /* 2.4.2 */
    PRE_DHCID_ANY = 1u << 3,      /* 2.4.1 */
    PRE_NO_ADDRESS = 1u << 4,     /* 2.4.3, for A and for AAAA */
    PRE_PTR_OURS = 1u << 5,       /* 2.4.2 */
    PRE_OTHER_FAMILY = 1u << 6,   /* 2.4.1, AAAA where the address is an A, or A */
    PRE_REVERSE_UNUSED = 1u << 7, /* 2.4.5, of the reverse name */
};

/** Changes a step can make, in the order in which they stand in the message. */
enum {
    UPD_DROP_NAME = 1u << 0,    /* 2.5.3 */
    UPD_DROP_FAMILY = 1u << 1,  /* 2.5.2, A or AAAA */
    UPD_DROP_ADDRESS = 1u << 2, /* 2.5.4 */
    UPD_DROP_PTRS = 1u << 3,    /* 2.5.2 */
    UPD_DROP_PTR = 1u << 4,     /* 2.5.4 */
    UPD_DROP_DHCID = 1u << 5,   /* 2.5.2 */
    UPD_ADD_ADDRESS = 1u << 6,  /* 2.5.1 */
    UPD_ADD_PTR = 1u << 7,      /* 2.5.1 */
    UPD_ADD_DHCID = 1u << 8,    /* 2.5.1 */
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
enum ddns_ask { DDNS_ASK_NOTHING, DDNS_ASK_DHCID, DDNS_ASK_PTR, DDNS_ASK_OTHER_FAMILY };

/** What the answer says about the records that were asked for. */
enum ddns_found {
    DDNS_FOUND_NO_NAME,
    DDNS_FOUND_OURS,   /**< the record that the change is about */
    DDNS_FOUND_OTHERS, /**< records of the type, and that one is not among them */
    DDNS_FOUND_NONE,   /**< the name has no such record; or the answer does not say */
    DDNS_FOUND_COUNT,
};

/** In place of a step: that step, but in a message of its own. */
#define DDNS_ALONE(step) (-1 - (step))

/** One update message and what each answer to it means. */
struct ddns_step {
    const char *label;
    uint16_t prerequisites;
    uint16_t updates; /**< none: the prerequisites are all that is to be known */
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

/** The zone a change belongs to. */
ddns_direction ddns_change_direction(enum ddns_change change);

/** The plan for @p change under @p mode; never NULL. */
const struct ddns_plan *ddns_plan_of(ddns_conflict_mode mode, enum ddns_change change);

/**
 * The plan of DDNS_CHECK_WITH_DHCID that adds an address and leaves the others that the
 * client's name leads to; never NULL.
 */
const struct ddns_plan *ddns_plan_beside(void);

/** Next step for @p rcode at @p step, or one of GO_*.  Pure. */
int ddns_plan_turn(const struct ddns_plan *plan, unsigned step, unsigned rcode);

#endif
