/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"

bool same_dhcid(bool has_a, const struct ddns_dhcid *a, bool has_b,
                const struct ddns_dhcid *b)
{
    return has_a == has_b && (!has_a || memcmp(a, b, sizeof *a) == 0);
}

bool same_claim(const struct wanted *wanted, const struct told *told)
{
    return wanted->owner == told->forward &&
           same_dhcid(wanted->has_dhcid, &wanted->dhcid, told->has_dhcid, &told->dhcid);
}

bool same_client(const struct wanted *wanted, const struct binding *other)
{
    const struct ddns_dhcid *dhcid = told_dhcid(other);

    return same_dhcid(wanted->has_dhcid, &wanted->dhcid, dhcid != NULL, dhcid);
}

/* In these modes nothing in the zone stops an update. */
static bool unguarded(uint8_t mode)
{
    ddns_conflict_mode plain = ddns_mode_unmixed((ddns_conflict_mode)mode);

    return plain == DDNS_NO_CHECK_WITH_DHCID || plain == DDNS_NO_CHECK_WITHOUT_DHCID;
}

bool binding_is_moot(const struct binding *b)
{
    const struct told told = told_of(b);
    const struct binding *holder;

    if (told.forward == NULL || !unguarded(told.mode)) {
        return false;
    }
    holder = *owner_holder(told.forward, b);
    return holder != NULL && holder != b && told_of(holder).forward_sure;
}

/* Does the name lead to the client, if not to this address? */
static bool client_has_name(const struct binding *b)
{
    const struct wanted *w = &b->wanted;
    const struct binding *holder = *owner_holder(w->owner, b);

    if (b->hold != HOLD_SUPERSEDED) {
        return b->hold == HOLD_NONE;
    }
    return unguarded(w->mode) || /* D2 keeps the PTR, too */
           (holder != NULL && same_client(w, holder));
}

/* Who takes over a name that has a DHCID takes that alone, as with Kea's D2. */
static bool keeps_pointer(const struct binding *b, const struct told *t)
{
    const struct wanted *w = &b->wanted;

    return b->hold == HOLD_SUPERSEDED && *owner_holder(w->owner, b) != NULL &&
           t->reverse == w->owner &&
           ddns_mode_unmixed((ddns_conflict_mode)w->mode) == DDNS_CHECK_EXISTS_WITH_DHCID;
}

/*
 * The difference between wanted and told, one change at a time.  A PTR follows
 * the forward record: a client that lost its name to another gets none either,
 * as with Kea's D2.
 */
static int next_change(const struct binding *b)
{
    const struct wanted *w = &b->wanted;
    const struct told told = told_of(b);
    const struct told *t = &told;
    bool forward = (w->directions & DDNS_FORWARD) != 0;
    bool reverse = (w->directions & DDNS_REVERSE) != 0 &&
                   (!forward || client_has_name(b) || keeps_pointer(b, t));

    if (t->forward != NULL && !(forward && same_claim(w, t))) {
        return DDNS_REMOVE_FORWARD;
    }
    if (forward && b->hold == HOLD_NONE &&
        !(t->forward != NULL && t->forward_sure && t->forward_ttl == w->ttl)) {
        return DDNS_ADD_FORWARD;
    }
    if (t->reverse != NULL &&
        (!reverse || (t->reverse != w->owner && t->reverse_before != NULL))) {
        return DDNS_REMOVE_REVERSE; /* of two possible targets, too, before there are
                                       three */
    }
    if (reverse &&
        !(t->reverse == w->owner && t->reverse_sure && t->reverse_ttl == w->ttl &&
          same_dhcid(w->has_dhcid, &w->dhcid, t->has_dhcid, &t->dhcid))) {
        return DDNS_ADD_REVERSE;
    }
    return NO_CHANGE;
}

struct owner *binding_subject(const struct binding *b)
{
    switch (b->change) {
    case DDNS_ADD_FORWARD: /* in flight, something else may be wanted already */
        return b->place == IN_FLIGHT ? told_forward(b) : b->wanted.owner;
    case DDNS_REMOVE_FORWARD:
        return told_forward(b);
    default:
        return NULL;
    }
}

ddns_conflict_mode binding_mode(const struct binding *b)
{
    bool adds = b->change == DDNS_ADD_FORWARD || b->change == DDNS_ADD_REVERSE;

    return (ddns_conflict_mode)(adds ? b->wanted.mode : told_of(b).mode);
}

bool stands_beside_others(const struct binding *b, uint8_t mode)
{
    return b->address_len == 16 &&
           ddns_mode_unmixed((ddns_conflict_mode)mode) == DDNS_CHECK_WITH_DHCID;
}

const struct ddns_plan *binding_plan(const struct binding *b)
{
    if (b->change == DDNS_ADD_FORWARD && stands_beside_others(b, b->wanted.mode)) {
        return ddns_plan_beside((ddns_conflict_mode)b->wanted.mode);
    }
    return ddns_plan_of(binding_mode(b), (enum ddns_change)b->change);
}

bool binding_asks(const struct binding *b)
{
    return b->sorting == TO_ASK || ddns_step_only_asks(&binding_plan(b)->steps[b->step]);
}

/* Begin with the step that is most likely to fit; the prerequisites guard it. */
static uint8_t first_step(const struct binding *b)
{
    const struct wanted *w = &b->wanted;

    if (b->change != DDNS_ADD_FORWARD) {
        return 0;
    }
    if (told_forward(b) == w->owner) {
        return binding_plan(b)->refresh;
    }
    for (size_t i = 0; i < 2; i++) {
        const struct binding *holder = w->owner->holders[i];

        if (holder != NULL && same_client(w, holder)) {
            return binding_plan(b)->refresh;
        }
    }
    return 0;
}

void binding_leave(struct ddns_engine *e, struct binding *b)
{
    struct owner *owner = binding_subject(b);

    switch ((enum place)b->place) {
    case QUEUED:
        TAILQ_REMOVE(&b->lane->queue, b, entry);
        b->lane->queued--;
        b->lane->load->backlog--;
        break;
    case ASIDE:
        TAILQ_REMOVE(&b->lane->aside, b, entry);
        b->lane->load->backlog--;
        break;
    case SHUNNED:
        TAILQ_REMOVE(&b->lane->shunned, b, entry);
        b->lane->load->backlog--;
        break;
    case HOMELESS:
        TAILQ_REMOVE(&e->homeless, b, entry);
        break;
    case BLOCKED:
        ring_remove(&owner->blocked, &b->ring);
        break;
    case WAITING:
        ring_remove(&b->wanted.owner->waiting, &b->ring);
        break;
    case IDLE:
    case IN_FLIGHT:
        break;
    }
    if (b->place != IDLE && b->place != WAITING) {
        e->stats.unsettled--;
    }
    b->place = IDLE;
    b->lane = NULL;
}

/* Lost to another: clients of the name before strangers, as owner_offer() expects. */
static void wait_for_name(struct binding *b)
{
    struct ring_entry **waiting = &b->wanted.owner->waiting;

    b->place = WAITING;
    if (b->hold == HOLD_SUPERSEDED) {
        ring_add_first(waiting, &b->ring);
    } else {
        ring_add_last(waiting, &b->ring);
    }
}

bool binding_is_empty(const struct binding *b)
{
    return b->place == IDLE && b->wanted.directions == 0 && !told_anything(b) &&
           !b->dirty;
}

/* Nothing to do, for now or for good. */
static void settle(struct ddns_engine *e, struct binding *b)
{
    b->change = NO_CHANGE;
    tally_rest(b);
    found_forget(e, b);
    if (b->hold != HOLD_NONE) {
        wait_for_name(b);
    } else if (binding_is_empty(b) && (b->stray || !e->walking)) {
        binding_free(e, b); /* a walk has to know who spoke meanwhile */
    }
}

static void enqueue(struct ddns_engine *e, struct binding *b, struct lane *lane,
                    bool first)
{
    b->lane = lane;
    b->place = QUEUED;
    tally_wish(e, b, 0);
    lane->queued++;
    lane->load->backlog++;
    e->stats.unsettled++;
    if (first) {
        TAILQ_INSERT_HEAD(&lane->queue, b, entry);
    } else {
        TAILQ_INSERT_TAIL(&lane->queue, b, entry);
    }
}

/* For lack of memory, which comes back. */
static void leave_homeless(struct ddns_engine *e, struct binding *b)
{
    b->change = NO_CHANGE;
    b->place = HOMELESS;
    e->stats.unsettled++;
    if (TAILQ_EMPTY(&e->homeless)) {
        e->homeless_retry_at = e->now_ms + REST_FIRST_MS;
    }
    TAILQ_INSERT_TAIL(&e->homeless, b, entry);
}

/* No zone is configured for it, or it is a lease's by now: it is out of our hands. */
static void give_up(struct ddns_engine *e, struct binding *b, int change)
{
    switch (change) {
    case DDNS_REMOVE_FORWARD:
        told_forget_forward(e, b);
        break;
    case DDNS_REMOVE_REVERSE:
        told_forget_reverse(e, b);
        break;
    case DDNS_ADD_FORWARD:
        b->wanted.directions &= DDNS_REVERSE;
        break;
    default:
        b->wanted.directions &= DDNS_FORWARD;
        break;
    }
}

bool binding_route(struct ddns_engine *e, struct binding *b, bool first)
{
    if (b->place == IN_FLIGHT || b->held) {
        return false; /* its answer, or its wish, comes first */
    }
    binding_leave(e, b);
    for (;;) {
        int change = next_change(b);
        struct lane *lane;

        if (change == NO_CHANGE && b->hold != HOLD_NONE &&
            b->offers != b->wanted.owner->offers) {
            b->hold = HOLD_NONE; /* the name became free meanwhile */
            continue;
        }
        if (change == NO_CHANGE) {
            settle(e, b);
            return false;
        }
        if (change == DDNS_REMOVE_FORWARD && binding_is_moot(b)) {
            told_forget_forward(e, b);
            continue;
        }
        if (!lane_of(e, b, (enum ddns_change)change, &lane)) {
            leave_homeless(e, b);
            return false;
        }
        if (lane == NULL) {
            give_up(e, b, change);
            continue;
        }
        if (b->change != change) {
            b->change = (uint8_t)change;
            b->step = first_step(b);
            b->turns = 0;
            b->sorting = UNSORTED;
            found_forget(e, b);
        }
        enqueue(e, b, lane, first);
        return true;
    }
}

void binding_give_up(struct ddns_engine *e, struct binding *b)
{
    int change = b->change;

    binding_leave(e, b);
    give_up(e, b, change);
    b->change = NO_CHANGE;
    binding_route(e, b, false);
}

static struct binding *find(const struct ddns_engine *e, const ddns_address *address,
                            uint64_t hash)
{
    for (struct table_node *n = table_chain(&e->bindings, hash); n != NULL; n = n->next) {
        struct binding *b = (struct binding *)n;

        if (b->address_len == address->len &&
            memcmp(b->address, address->bytes, address->len) == 0) {
            return b;
        }
    }
    return NULL;
}

struct binding *binding_find(const struct ddns_engine *e, const ddns_address *address)
{
    return find(e, address, table_hash(address->bytes, address->len, e->bindings.seed));
}

uint64_t binding_hash(const struct table_node *node, uint64_t seed)
{
    const struct binding *b = (const struct binding *)node;

    return table_hash(b->address, b->address_len, seed);
}

void binding_destroy(struct table_node *node)
{
    struct binding *b = (struct binding *)node;

    free(b->former);
    free(b);
}

struct binding *binding_of_ring(struct ring_entry *entry)
{
    return entry == NULL
               ? NULL
               : (struct binding *)((char *)entry - offsetof(struct binding, ring));
}

ddns_address binding_address(const struct binding *b)
{
    ddns_address address = { .len = b->address_len };

    memcpy(address.bytes, b->address, b->address_len);
    return address;
}

struct binding *binding_new(const ddns_address *address)
{
    struct binding *b = calloc(1, offsetof(struct binding, address) + address->len);

    if (b == NULL) {
        return NULL;
    }
    b->address_len = address->len;
    memcpy(b->address, address->bytes, address->len);
    b->change = NO_CHANGE;
    b->limit = LEASES_PER_MESSAGE;
    return b;
}

struct binding *binding_take(struct ddns_engine *e, const ddns_address *address,
                             bool *out_added)
{
    uint64_t hash = table_hash(address->bytes, address->len, e->bindings.seed);
    struct binding *b = find(e, address, hash);

    *out_added = b == NULL;
    if (b != NULL) {
        return b;
    }
    b = binding_new(address);
    if (b == NULL || !table_reserve(&e->bindings)) {
        free(b);
        return NULL;
    }
    table_add(&e->bindings, &b->node, hash);
    e->stats.bindings++;
    return b;
}

void binding_free(struct ddns_engine *e, struct binding *b)
{
    const struct told told = told_of(b);

    found_forget(e, b);
    if (b->stray) {
        table_remove(&e->strays, &b->node);
    } else {
        table_remove(&e->bindings, &b->node);
        e->stats.bindings--;
    }
    owner_drop(e, told.forward);
    owner_drop(e, told.reverse);
    owner_drop(e, told.reverse_before);
    owner_drop(e, b->wanted.owner);
    binding_destroy(&b->node);
}
