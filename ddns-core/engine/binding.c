/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/state.h"

static bool same_dhcid(bool has_a, const struct ddns_dhcid *a, bool has_b,
                       const struct ddns_dhcid *b)
{
    return has_a == has_b && (!has_a || memcmp(a, b, sizeof *a) == 0);
}

static bool same_claim(const struct wanted *wanted, const struct told *told)
{
    return wanted->owner == told->forward &&
           same_dhcid(wanted->has_dhcid, &wanted->dhcid, told->has_dhcid, &told->dhcid);
}

/* Does the name lead to the client, if not to this address? */
static bool client_has_name(const struct binding *b)
{
    const struct wanted *w = &b->wanted;
    const struct binding *holder = *owner_holder(w->owner, &b->address);

    return b->hold == HOLD_NONE ||
           (b->hold == HOLD_SUPERSEDED && holder != NULL &&
            same_dhcid(w->has_dhcid, &w->dhcid, holder->told.has_dhcid,
                       &holder->told.dhcid));
}

/*
 * The difference between wanted and told, one change at a time.  A PTR follows
 * the forward record: a client that lost its name to another gets none either,
 * as with Kea's D2.
 */
static int next_change(const struct binding *b)
{
    const struct wanted *w = &b->wanted;
    const struct told *t = &b->told;
    bool forward = (w->directions & DDNS_FORWARD) != 0;
    bool reverse =
        (w->directions & DDNS_REVERSE) != 0 && (!forward || client_has_name(b));

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
        !(t->reverse == w->owner && t->reverse_sure && t->reverse_ttl == w->ttl)) {
        return DDNS_ADD_REVERSE;
    }
    return NO_CHANGE;
}

struct owner *binding_subject(const struct binding *b)
{
    switch (b->change) {
    case DDNS_ADD_FORWARD: /* in flight, something else may be wanted already */
        return b->place == IN_FLIGHT ? b->told.forward : b->wanted.owner;
    case DDNS_REMOVE_FORWARD:
        return b->told.forward;
    default:
        return NULL;
    }
}

ddns_conflict_mode binding_mode(const struct binding *b)
{
    bool adds = b->change == DDNS_ADD_FORWARD || b->change == DDNS_ADD_REVERSE;

    return (ddns_conflict_mode)(adds ? b->wanted.mode : b->told.mode);
}

const struct ddns_plan *binding_plan(const struct binding *b)
{
    return ddns_plan_of(binding_mode(b), (enum ddns_change)b->change);
}

/* Begin with the step that is most likely to fit; the prerequisites guard it. */
static uint8_t first_step(const struct binding *b)
{
    const struct wanted *w = &b->wanted;

    if (b->change != DDNS_ADD_FORWARD) {
        return 0;
    }
    if (b->told.forward == w->owner) {
        return binding_plan(b)->refresh;
    }
    for (size_t i = 0; i < 2; i++) {
        const struct binding *holder = w->owner->holders[i];

        if (holder != NULL && same_dhcid(w->has_dhcid, &w->dhcid, holder->told.has_dhcid,
                                         &holder->told.dhcid)) {
            return binding_plan(b)->refresh;
        }
    }
    return 0;
}

static void hold(struct binding *b, enum hold why)
{
    b->hold = (uint8_t)why;
    b->offers = b->wanted.owner->offers;
}

static void mark_dirty(struct ddns_engine *e, struct binding *b)
{
    if (e->config.durable && !b->dirty) {
        b->dirty = true;
        TAILQ_INSERT_TAIL(&e->dirty, b, dirty_entry);
        e->dirty_count++;
    }
}

static void forget_forward(struct ddns_engine *e, struct binding *b)
{
    struct owner *owner = b->told.forward;
    struct binding **holder;

    if (owner == NULL) {
        return;
    }
    holder = owner_holder(owner, &b->address);
    if (*holder == b) {
        *holder = NULL;
    }
    b->told.forward = NULL;
    b->told.forward_sure = false;
    owner_drop(e, owner);
    mark_dirty(e, b);
}

/* The PTR does not have the target that it was told last; it may have the one before. */
static void forget_reverse(struct ddns_engine *e, struct binding *b)
{
    owner_drop(e, b->told.reverse);
    b->told.reverse = b->told.reverse_before;
    b->told.reverse_before = NULL;
    b->told.reverse_sure = false;
    mark_dirty(e, b);
}

void binding_leave(struct ddns_engine *e, struct binding *b)
{
    struct owner *owner = binding_subject(b);

    switch ((enum place)b->place) {
    case QUEUED:
        TAILQ_REMOVE(&b->lane->queue, b, entry);
        break;
    case REFUSED:
        TAILQ_REMOVE(&b->lane->refused, b, entry);
        break;
    case BLOCKED:
        TAILQ_REMOVE(&owner->blocked, b, entry);
        break;
    case WAITING:
        TAILQ_REMOVE(&b->wanted.owner->waiting, b, entry);
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

/* Nothing to do, for now or for good. */
static void settle(struct ddns_engine *e, struct binding *b)
{
    b->change = NO_CHANGE;
    if (b->hold != HOLD_NONE) {
        if (b->hold == HOLD_SUPERSEDED) { /* before strangers, as owner_offer() expects */
            TAILQ_INSERT_HEAD(&b->wanted.owner->waiting, b, entry);
        } else {
            TAILQ_INSERT_TAIL(&b->wanted.owner->waiting, b, entry);
        }
        b->place = WAITING;
        return;
    }
    if (b->wanted.directions == 0 && b->told.forward == NULL && b->told.reverse == NULL &&
        !b->dirty) {
        binding_free(e, b);
    }
}

static void enqueue(struct ddns_engine *e, struct binding *b, struct lane *lane,
                    bool first)
{
    b->lane = lane;
    b->place = QUEUED;
    e->stats.unsettled++;
    if (first) {
        TAILQ_INSERT_HEAD(&lane->queue, b, entry);
    } else {
        TAILQ_INSERT_TAIL(&lane->queue, b, entry);
    }
}

/* The configuration no longer has a zone for it: it is out of our hands. */
static void give_up(struct ddns_engine *e, struct binding *b, int change)
{
    switch (change) {
    case DDNS_REMOVE_FORWARD:
        forget_forward(e, b);
        break;
    case DDNS_REMOVE_REVERSE:
        forget_reverse(e, b);
        break;
    case DDNS_ADD_FORWARD:
        b->wanted.directions &= (uint8_t)~DDNS_FORWARD;
        break;
    default:
        b->wanted.directions &= (uint8_t)~DDNS_REVERSE;
        break;
    }
}

void binding_route(struct ddns_engine *e, struct binding *b, bool first)
{
    if (b->place == IN_FLIGHT) {
        return; /* its answer comes first */
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
            return;
        }
        lane = lane_of(e, b, (enum ddns_change)change);
        if (lane == NULL) {
            give_up(e, b, change);
            continue;
        }
        if (b->change != change) {
            b->change = (uint8_t)change;
            b->step = first_step(b);
            b->turns = 0;
            b->limit = LEASES_PER_MESSAGE;
        }
        enqueue(e, b, lane, first);
        return;
    }
}

/* A change that was blocked or queued may leave the name to whoever waits behind it. */
static void hand_on(struct ddns_engine *e, struct owner *owner)
{
    if (owner->busy != NULL) {
        return;
    }
    if (!TAILQ_EMPTY(&owner->blocked)) {
        owner_release(e, owner);
    } else if (owner->holders[0] == NULL && owner->holders[1] == NULL) {
        owner_offer(e, owner);
    }
}

static struct binding *find(const struct ddns_engine *e, const ddns_address *address,
                            uint64_t hash)
{
    for (struct table_node *n = table_chain(&e->bindings, hash); n != NULL; n = n->next) {
        struct binding *b = (struct binding *)n;

        if (n->hash == hash && b->address.len == address->len &&
            memcmp(b->address.bytes, address->bytes, address->len) == 0) {
            return b;
        }
    }
    return NULL;
}

static struct binding *find_or_add(struct ddns_engine *e, const ddns_address *address,
                                   bool *out_added)
{
    uint64_t hash = table_hash(address->bytes, address->len, e->hash_seed);
    struct binding *b = find(e, address, hash);

    *out_added = b == NULL;
    if (b != NULL) {
        return b;
    }
    b = calloc(1, sizeof *b);
    if (b == NULL || !table_reserve(&e->bindings)) {
        free(b);
        return NULL;
    }
    b->address = *address;
    b->change = NO_CHANGE;
    table_add(&e->bindings, &b->node, hash);
    e->stats.bindings++;
    return b;
}

void binding_free(struct ddns_engine *e, struct binding *b)
{
    table_remove(&e->bindings, &b->node);
    e->stats.bindings--;
    owner_drop(e, b->wanted.owner);
    owner_drop(e, b->told.forward);
    owner_drop(e, b->told.reverse);
    owner_drop(e, b->told.reverse_before);
    free(b);
}

static bool same_wish(const struct wanted *w, const struct owner *owner,
                      const struct ddns_wish *wish)
{
    return w->owner == owner && w->directions == wish->directions &&
           w->ttl == wish->ttl && w->mode == wish->mode &&
           same_dhcid(w->has_dhcid, &w->dhcid, wish->has_dhcid, &wish->dhcid);
}

/* Is there nothing new in hearing the same wish again? */
static bool under_way(const struct binding *b)
{
    switch ((enum place)b->place) {
    case IDLE:
    case QUEUED:
    case BLOCKED:
    case IN_FLIGHT:
        return true;
    case WAITING:
        return b->hold ==
               HOLD_SUPERSEDED; /* or two leases of a client would take turns */
    case REFUSED:
        break;
    }
    return false;
}

/* Want @p wish of @p owner, whose reference is taken over; NULL wants nothing. */
static void want(struct ddns_engine *e, struct binding *b, struct owner *owner,
                 const struct ddns_wish *wish)
{
    struct owner *before = b->wanted.owner;
    struct owner *subject = binding_subject(b);

    if (owner != NULL && same_wish(&b->wanted, owner, wish) && under_way(b)) {
        owner_drop(e, owner);
        return;
    }
    if (subject != NULL) {
        owner_share(subject);
    }
    if (b->place != IN_FLIGHT) {
        binding_leave(e, b); /* while the old wish still tells which list it is in */
        b->change = NO_CHANGE;
    }
    b->hold = HOLD_NONE;
    b->wanted = (struct wanted){ .owner = owner };
    if (owner != NULL) {
        b->wanted.ttl = wish->ttl;
        b->wanted.directions = (uint8_t)wish->directions;
        b->wanted.mode = (uint8_t)wish->mode;
        b->wanted.has_dhcid = wish->has_dhcid;
        b->wanted.dhcid = wish->dhcid;
    }
    binding_route(e, b, false);
    owner_drop(e, before);
    if (subject != NULL) {
        hand_on(e, subject);
        owner_drop(e, subject);
    }
}

/* As if DNS had been told @p wish, but not for sure. */
static void suppose(struct ddns_engine *e, struct binding *b, struct owner *owner,
                    const struct ddns_wish *wish)
{
    if (wish->directions & DDNS_FORWARD) {
        b->told.forward = owner_share(owner);
        *owner_holder(owner, &b->address) = b;
    }
    if (wish->directions & DDNS_REVERSE) {
        b->told.reverse = owner_share(owner);
    }
    b->told.forward_ttl = wish->ttl;
    b->told.reverse_ttl = wish->ttl;
    b->told.mode = (uint8_t)wish->mode;
    b->told.has_dhcid = wish->has_dhcid;
    b->told.dhcid = wish->dhcid;
    mark_dirty(e, b);
}

ddns_error ddns_engine_set(struct ddns_engine *e, const struct ddns_wish *wish)
{
    bool added;
    struct owner *owner = owner_take(e, &wish->fqdn);
    struct binding *b = owner == NULL ? NULL : find_or_add(e, &wish->address, &added);

    if (b == NULL) {
        owner_drop(e, owner);
        return DDNS_E_NOMEM;
    }
    want(e, b, owner, wish);
    return DDNS_OK;
}

ddns_error ddns_engine_resume(struct ddns_engine *e, const struct ddns_wish *wish)
{
    bool added;
    struct owner *owner = owner_take(e, &wish->fqdn);
    struct binding *b = owner == NULL ? NULL : find_or_add(e, &wish->address, &added);

    if (b == NULL) {
        owner_drop(e, owner);
        return DDNS_E_NOMEM;
    }
    if (added) {
        suppose(e, b, owner, wish);
    }
    want(e, b, owner, wish);
    return DDNS_OK;
}

ddns_error ddns_engine_clear(struct ddns_engine *e, const struct ddns_wish *wish)
{
    bool added;
    struct binding *b = find_or_add(e, &wish->address, &added);

    if (b == NULL) {
        return DDNS_E_NOMEM;
    }
    if (added) {
        struct owner *owner = owner_take(e, &wish->fqdn);

        if (owner == NULL) {
            binding_free(e, b);
            return DDNS_E_NOMEM;
        }
        suppose(e, b, owner, wish);
        owner_drop(e, owner);
    }
    want(e, b, NULL, wish);
    return DDNS_OK;
}

ddns_error ddns_engine_restore(struct ddns_engine *e, const struct ddns_row *row)
{
    bool added;
    struct owner *forward = owner_take(e, &row->fqdn);
    struct owner *reverse = owner_take(e, &row->ptr);
    struct binding *b = NULL;

    if (forward != NULL && reverse != NULL) {
        b = find_or_add(e, &row->address, &added);
    }
    if (b == NULL) {
        owner_drop(e, forward);
        owner_drop(e, reverse);
        return DDNS_E_NOMEM;
    }
    if (row->directions & DDNS_FORWARD) {
        b->told.forward = owner_share(forward);
        *owner_holder(forward, &b->address) = b;
    }
    if (row->directions & DDNS_REVERSE) {
        b->told.reverse = owner_share(reverse);
    }
    if (row->ptr_before.len > 0) {
        b->told.reverse_before =
            owner_take(e, &row->ptr_before); /* without memory: none */
    }
    owner_drop(e, forward);
    owner_drop(e, reverse);
    b->told.forward_ttl = b->told.reverse_ttl = row->ttl;
    b->told.forward_sure = b->told.reverse_sure = row->confirmed;
    b->told.mode = (uint8_t)row->mode;
    b->told.has_dhcid = row->has_dhcid;
    b->told.dhcid = row->dhcid;
    binding_route(e, b, false);
    return DDNS_OK;
}

/* Can the change of @p b replace a record that DNS was told for @p before? */
static bool may_replace(const struct binding *b, const struct binding *before)
{
    return b->wanted.mode != DDNS_CHECK_WITH_DHCID ||
           same_dhcid(b->wanted.has_dhcid, &b->wanted.dhcid, before->told.has_dhcid,
                      &before->told.dhcid);
}

/* Another address of the client, or of a bolder one, takes the name from @p b. */
static void overshadow(struct ddns_engine *e, struct binding *b,
                       const struct owner *owner, bool for_sure)
{
    if (b->place != IN_FLIGHT) {
        binding_leave(e, b); /* while what it was told still says which list it is in */
        b->change = NO_CHANGE;
    }
    b->told.forward_sure = false;
    if (b->wanted.owner == owner && b->hold == HOLD_NONE &&
        (b->wanted.directions & DDNS_FORWARD)) {
        hold(b, HOLD_SUPERSEDED);
    }
    if (for_sure) {
        forget_forward(e, b);
    }
    mark_dirty(e, b);
    binding_route(e, b, false);
}

/* The name has another holder, or none: who waits for it may have to give up its PTR. */
static void review(struct ddns_engine *e, struct owner *owner)
{
    struct binding *b = TAILQ_FIRST(&owner->waiting);

    while (b != NULL && b->hold == HOLD_SUPERSEDED) {
        struct binding *next = TAILQ_NEXT(b, entry);

        binding_route(e, b, false);
        b = next;
    }
}

/*
 * A name leads to one address of a family, the last one that a client got.  From
 * the moment an update leaves that can take the name from its holder, the holder
 * may have lost it; it waits, in case the name becomes free again.
 */
static void take_over(struct ddns_engine *e, struct binding *b, bool done)
{
    struct owner *owner = b->told.forward;
    struct binding **holder = owner_holder(owner, &b->address);
    struct binding *before = *holder;

    if (before != NULL && before != b) {
        if (!done && !may_replace(b, before)) {
            return;
        }
        overshadow(e, before, owner, done);
    }
    *holder = b;
    if (done) {
        review(e, owner);
    }
}

void binding_claim(struct ddns_engine *e, struct binding *b)
{
    struct owner *wanted = b->wanted.owner;

    switch (b->change) {
    case DDNS_ADD_FORWARD:
        if (b->told.forward == NULL) {
            b->told.forward = owner_share(wanted);
        }
        b->told.forward_sure = false;
        b->told.forward_ttl = b->wanted.ttl;
        b->told.has_dhcid = b->wanted.has_dhcid;
        b->told.dhcid = b->wanted.dhcid;
        b->told.mode = b->wanted.mode;
        take_over(e, b, false);
        break;
    case DDNS_REMOVE_FORWARD:
        b->told.forward_sure = false; /* it may be half gone from now on */
        break;
    case DDNS_ADD_REVERSE:
        if (b->told.reverse == wanted) {
            owner_drop(e, wanted);
        } else {
            b->told.reverse_before = b->told.reverse;
        }
        b->told.reverse = owner_share(wanted);
        b->told.reverse_sure = false;
        b->told.reverse_ttl = b->wanted.ttl;
        if (b->told.forward == NULL) {
            b->told.mode = b->wanted.mode;
        }
        break;
    default:
        b->told.reverse_sure = false;
        break;
    }
    mark_dirty(e, b);
}

void binding_done(struct ddns_engine *e, struct binding *b, const struct lane *lane)
{
    struct reason none = { 0 };
    struct owner *owner;

    switch (b->change) {
    case DDNS_ADD_FORWARD:
        b->told.forward_sure = true;
        e->stats.added++;
        report_lease(e, DDNS_EVENT_ADDED, b, b->told.forward, lane, NULL, none);
        take_over(e, b, true);
        break;
    case DDNS_REMOVE_FORWARD:
        owner = owner_share(b->told.forward);
        e->stats.removed++;
        report_lease(e, DDNS_EVENT_REMOVED, b, owner, lane, NULL, none);
        forget_forward(e, b);
        b->change = NO_CHANGE;
        owner_offer(e, owner);
        owner_drop(e, owner);
        break;
    case DDNS_ADD_REVERSE:
        b->told.reverse_sure = true;
        owner_drop(e, b->told.reverse_before);
        b->told.reverse_before = NULL;
        e->stats.added++;
        report_lease(e, DDNS_EVENT_ADDED, b, b->told.reverse, lane, NULL, none);
        break;
    default:
        e->stats.removed++;
        report_lease(e, DDNS_EVENT_REMOVED, b, b->told.reverse, lane, NULL, none);
        forget_reverse(e, b);
        break;
    }
    mark_dirty(e, b);
    b->change = NO_CHANGE;
}

void binding_conflict(struct ddns_engine *e, struct binding *b, const struct lane *lane,
                      struct reason reason)
{
    struct owner *owner = owner_share(b->told.forward);

    e->stats.conflicts++;
    report_lease(e, DDNS_EVENT_CONFLICT, b, owner, lane, NULL, reason);
    if (same_claim(&b->wanted, &b->told)) {
        hold(b, HOLD_CONFLICT); /* unless something else is wanted meanwhile */
    }
    forget_forward(e, b);
    b->change = NO_CHANGE;
    review(e, owner);
    owner_drop(e, owner);
}

void binding_refused(struct ddns_engine *e, struct binding *b, const struct pair *pair,
                     struct reason reason, uint64_t now)
{
    struct lane *lane = b->lane;
    struct owner *owner = binding_subject(b);

    if (owner == NULL) {
        owner = b->told.reverse;
    }
    e->stats.refused++;
    report_lease(e, DDNS_EVENT_REFUSED, b, owner, lane, pair, reason);
    binding_leave(e, b);
    b->lane = lane;
    b->place = REFUSED;
    e->stats.unsettled++;
    if (TAILQ_EMPTY(&lane->refused)) {
        lane->refused_retry_at = now + REFUSED_RETRY_MS;
    }
    TAILQ_INSERT_TAIL(&lane->refused, b, entry);
}
