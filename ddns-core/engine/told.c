/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "engine/state.h"

void told_forget_forward(struct ddns_engine *e, struct binding *b)
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
    told_changed(e, b);
}

/* The PTR does not have the target that it was told last; it may have the one before. */
void told_forget_reverse(struct ddns_engine *e, struct binding *b)
{
    owner_drop(e, b->told.reverse);
    b->told.reverse = b->told.reverse_before;
    b->told.reverse_before = NULL;
    b->told.reverse_sure = false;
    told_changed(e, b);
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
        b->hold = HOLD_SUPERSEDED;
        b->offers = owner->offers;
    }
    if (for_sure) {
        told_forget_forward(e, b);
    }
    told_changed(e, b);
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

/* Who waits to remove an address that is gone with this change need not. */
static void relieve(struct ddns_engine *e, const struct binding *b, struct owner *owner)
{
    struct binding *other = TAILQ_FIRST(&owner->blocked);

    for (size_t seen = 0; other != NULL && seen < LOOK_BEHIND; seen++) {
        struct binding *next = TAILQ_NEXT(other, entry);

        if (other->told.forward == owner && other->address.len == b->address.len) {
            overshadow(e, other, owner, true);
        }
        other = next;
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
        relieve(e, b, owner);
        review(e, owner);
    }
}

/* Whose the records are; the PTR still has the DHCID of the client before. */
static void tell_client(struct binding *b)
{
    if (!same_dhcid(b->wanted.has_dhcid, &b->wanted.dhcid, b->told.has_dhcid,
                    &b->told.dhcid)) {
        b->told.reverse_sure = false;
    }
    b->told.has_dhcid = b->wanted.has_dhcid;
    b->told.dhcid = b->wanted.dhcid;
    b->told.mode = b->wanted.mode;
}

void binding_claim(struct ddns_engine *e, struct binding *b)
{
    struct owner *wanted = b->wanted.owner;

    b->doubted = false;
    switch (b->change) {
    case DDNS_ADD_FORWARD:
        if (b->turns == 0) {
            b->offers = wanted->offers; /* an offer from here on calls for another try */
        }
        if (b->told.forward == NULL) {
            b->told.forward = owner_share(wanted);
        }
        b->told.forward_sure = false;
        b->told.forward_ttl = b->wanted.ttl;
        tell_client(b);
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
            tell_client(b);
        }
        break;
    default:
        b->told.reverse_sure = false;
        break;
    }
    told_changed(e, b);
}

/* What was held against it is settled with the change that it was about. */
static void forgive(struct binding *b, struct lane *lane)
{
    if (b->suspect) {
        lane->second_chances = 0; /* it was not to blame, and others may not be */
        lane->second_chance_at = 0;
    }
    b->change = NO_CHANGE;
    b->limit = LEASES_PER_MESSAGE;
    b->suspect = false;
    b->strikes = 0;
}

void binding_done(struct ddns_engine *e, struct binding *b, struct lane *lane)
{
    struct reason none = { 0 };
    struct owner *owner;

    switch (b->change) {
    case DDNS_ADD_FORWARD:
        b->told.forward_sure = !b->doubted;
        e->stats.added++;
        report_lease(e, DDNS_EVENT_ADDED, b,
                     (struct report_of){ b->told.forward, lane, NULL }, none);
        take_over(e, b, true);
        break;
    case DDNS_REMOVE_FORWARD:
        owner = owner_share(b->told.forward);
        e->stats.removed++;
        report_lease(e, DDNS_EVENT_REMOVED, b, (struct report_of){ owner, lane, NULL },
                     none);
        told_forget_forward(e, b);
        b->change = NO_CHANGE;
        owner_offer(e, owner);
        owner_drop(e, owner);
        break;
    case DDNS_ADD_REVERSE:
        b->told.reverse_sure = !b->doubted;
        owner_drop(e, b->told.reverse_before);
        b->told.reverse_before = NULL;
        e->stats.added++;
        report_lease(e, DDNS_EVENT_ADDED, b,
                     (struct report_of){ b->told.reverse, lane, NULL }, none);
        break;
    default:
        e->stats.removed++;
        report_lease(e, DDNS_EVENT_REMOVED, b,
                     (struct report_of){ b->told.reverse, lane, NULL }, none);
        told_forget_reverse(e, b);
        break;
    }
    told_changed(e, b);
    forgive(b, lane);
}

void binding_conflict(struct ddns_engine *e, struct binding *b, struct lane *lane,
                      struct reason reason)
{
    struct owner *owner = owner_share(b->told.forward);

    e->stats.conflicts++;
    report_lease(e, DDNS_EVENT_CONFLICT, b, (struct report_of){ owner, lane, NULL },
                 reason);
    if ((b->wanted.directions & DDNS_FORWARD) && same_claim(&b->wanted, &b->told)) {
        b->hold = HOLD_CONFLICT; /* unless something else is wanted meanwhile */
    }
    told_forget_forward(e, b);
    forgive(b, lane);
    review(e, owner);
    owner_drop(e, owner);
}

/* The name that a report about @p b, in flight or queued, is about. */
static struct owner *name_of(const struct binding *b)
{
    struct owner *owner = binding_subject(b);

    if (owner != NULL) {
        return owner;
    }
    return b->told.reverse != NULL ? b->told.reverse : b->wanted.owner;
}

void binding_shun(struct ddns_engine *e, struct binding *b, const struct pair *pair,
                  struct reason reason, uint64_t now)
{
    struct lane *lane = b->lane;

    if (!b->suspect) { /* once is enough to know */
        e->stats.refused++;
        report_lease(e, DDNS_EVENT_REFUSED, b,
                     (struct report_of){ name_of(b), lane, pair }, reason);
    }
    binding_leave(e, b);
    b->suspect = true;
    b->strikes = 0;
    b->limit = 1;
    b->lane = lane;
    b->place = SHUNNED;
    e->stats.unsettled++;
    if (TAILQ_EMPTY(&lane->shunned)) {
        lane->shunned_retry_at = now + SHUNNED_RETRY_MS;
    }
    if (lane->second_chances == 0) {
        lane->second_chance_at = now + SECOND_CHANCE_MS;
    }
    TAILQ_INSERT_TAIL(&lane->shunned, b, entry);
}

void binding_set_aside(struct ddns_engine *e, struct binding *b)
{
    struct lane *lane = b->lane;

    binding_leave(e, b);
    b->lane = lane;
    b->place = ASIDE;
    e->stats.unsettled++;
    TAILQ_INSERT_TAIL(&lane->aside, b, entry);
}
