/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "base/broken.h"
#include "engine/parts.h"

/*
 * Nearly always DNS was told what is wanted, or nothing yet.  So what it was told is
 * kept as that: which directions, and whether for sure.  It has memory of its own,
 * former, only while it is another name, TTL or client, which only a wish can make it:
 * told_keep().  Each name in it counts as a reference, either way.
 */

struct told told_of(const struct binding *b)
{
    const struct wanted *w = &b->wanted;

    if (b->former != NULL) {
        return *b->former;
    }
    return (struct told){ .forward = told_forward(b),
                          .reverse = told_reverse(b),
                          .forward_ttl = w->ttl,
                          .reverse_ttl = w->ttl,
                          .forward_sure = b->forward_sure,
                          .reverse_sure = b->reverse_sure,
                          .mode = b->told_mode,
                          .has_dhcid = w->has_dhcid,
                          .dhcid = w->dhcid };
}

struct owner *told_forward(const struct binding *b)
{
    if (b->former != NULL) {
        return b->former->forward;
    }
    return b->told_forward ? b->wanted.owner : NULL;
}

struct owner *told_reverse(const struct binding *b)
{
    if (b->former != NULL) {
        return b->former->reverse;
    }
    return b->told_reverse ? b->wanted.owner : NULL;
}

bool told_anything(const struct binding *b)
{
    return told_forward(b) != NULL || told_reverse(b) != NULL;
}

const struct ddns_dhcid *told_dhcid(const struct binding *b)
{
    if (b->former != NULL) {
        return b->former->has_dhcid ? &b->former->dhcid : NULL;
    }
    return b->wanted.has_dhcid ? &b->wanted.dhcid : NULL;
}

/* Is everything in @p t, but for the mode, what is wanted? */
static bool is_wanted(const struct told *t, const struct wanted *w)
{
    if (t->forward == NULL && t->reverse == NULL) {
        return true;
    }
    return (t->forward == NULL || (t->forward == w->owner && t->forward_ttl == w->ttl)) &&
           (t->reverse == NULL || (t->reverse == w->owner && t->reverse_ttl == w->ttl)) &&
           t->reverse_before == NULL &&
           same_dhcid(w->has_dhcid, &w->dhcid, t->has_dhcid, &t->dhcid);
}

void told_put(struct binding *b, const struct told *told)
{
    bool fits = is_wanted(told, &b->wanted);

    if (!fits && b->former != NULL) {
        *b->former = *told;
        return;
    }
    (void)ddns_broken(!fits);
    b->told_forward = told->forward != NULL;
    b->told_reverse = told->reverse != NULL;
    b->forward_sure = told->forward_sure;
    b->reverse_sure = told->reverse_sure;
    b->told_mode = told->mode;
    free(b->former);
    b->former = NULL;
}

void told_unsure(struct binding *b, unsigned directions)
{
    struct told told = told_of(b);

    told.forward_sure = told.forward_sure && (directions & DDNS_FORWARD) == 0;
    told.reverse_sure = told.reverse_sure && (directions & DDNS_REVERSE) == 0;
    told_put(b, &told);
}

bool told_keep(struct binding *b)
{
    struct told *former;

    if (b->former != NULL) {
        return true;
    }
    former = malloc(sizeof *former);
    if (former == NULL) {
        return false;
    }
    *former = told_of(b);
    b->former = former;
    return true;
}

void told_forget_forward(struct ddns_engine *e, struct binding *b)
{
    struct told told = told_of(b);
    struct owner *owner = told.forward;
    struct binding **holder;

    if (owner == NULL) {
        return;
    }
    holder = owner_holder(owner, b);
    if (*holder == b) {
        *holder = NULL;
    }
    told.forward = NULL;
    told.forward_sure = false;
    told_put(b, &told);
    owner_drop(e, owner);
    told_changed(e, b);
}

/* The PTR does not have the target that it was told last; it may have the one before. */
void told_forget_reverse(struct ddns_engine *e, struct binding *b)
{
    struct told told = told_of(b);

    owner_drop(e, told.reverse);
    told.reverse = told.reverse_before;
    told.reverse_before = NULL;
    told.reverse_sure = false;
    told_put(b, &told);
    told_changed(e, b);
}

/* Can the change of @p b replace a record that DNS was told for @p before? */
static bool may_replace(const struct binding *b, const struct binding *before)
{
    ddns_conflict_mode mode = ddns_mode_unmixed((ddns_conflict_mode)b->wanted.mode);

    return mode != DDNS_CHECK_WITH_DHCID || same_client(&b->wanted, before);
}

/* Does @p before keep its record when that of @p b is added to the name? */
static bool may_stay(const struct binding *b, const struct binding *before)
{
    const struct told told = told_of(b);
    const struct ddns_dhcid *dhcid = told_dhcid(before);

    return stands_beside_others(b, told.mode) &&
           same_dhcid(told.has_dhcid, &told.dhcid, dhcid != NULL, dhcid);
}

/*
 * Is nothing of @p before left where @p b now has the name?  In mixed mode a DHCID of
 * another client may be: that of a DUID from which a DHCPv4 address has gone already.
 */
static bool has_replaced(const struct binding *b, const struct binding *before)
{
    ddns_conflict_mode mode = (ddns_conflict_mode)b->wanted.mode;

    return mode != DDNS_MIXED_CHECK_WITH_DHCID || same_client(&b->wanted, before);
}

/* Another address of the client, or of a bolder one, takes the name from @p b. */
static void overshadow(struct ddns_engine *e, struct binding *b,
                       const struct owner *owner, bool for_sure)
{
    if (b->place != IN_FLIGHT) {
        binding_leave(e, b); /* while what it was told still says which list it is in */
        b->change = NO_CHANGE;
    }
    told_unsure(b, DDNS_FORWARD);
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
    struct binding *b = binding_of_ring(owner->waiting);

    while (b != NULL && b->hold == HOLD_SUPERSEDED) {
        struct binding *next = binding_of_ring(ring_next(owner->waiting, &b->ring));

        binding_route(e, b, false);
        b = next;
    }
}

/* Its client has the name by now: other addresses that waited for it may join it. */
static void invite(struct ddns_engine *e, const struct binding *b, struct owner *owner)
{
    struct binding *other = binding_of_ring(owner->waiting);

    while (other != NULL) {
        struct binding *next = binding_of_ring(ring_next(owner->waiting, &other->ring));

        if (stands_beside_others(other, other->wanted.mode) &&
            same_client(&other->wanted, b)) {
            other->hold = HOLD_NONE;
            binding_route(e, other, false);
        }
        other = next;
    }
}

/* Who waits to remove an address that is gone with this change need not. */
static void relieve(struct ddns_engine *e, const struct binding *b, struct owner *owner)
{
    struct binding *other = binding_of_ring(owner->blocked);

    for (size_t seen = 0; other != NULL && seen < LOOK_BEHIND; seen++) {
        struct binding *next = binding_of_ring(ring_next(owner->blocked, &other->ring));

        if (told_forward(other) == owner && other->address_len == b->address_len &&
            !may_stay(b, other)) {
            overshadow(e, other, owner, has_replaced(b, other));
        }
        other = next;
    }
}

/*
 * A name leads to one IPv4 address, the last one that a client got, and to all of its
 * IPv6 addresses where DHCIDs say whose they are; in the other modes to one of these,
 * too. From the moment an update leaves that can take the name from its holder, the
 * holder may have lost it; it waits, in case the name becomes free again.
 */
static void take_over(struct ddns_engine *e, struct binding *b, bool done)
{
    struct owner *owner = told_forward(b);
    struct binding **holder = owner_holder(owner, b);
    struct binding *before = *holder;

    if (before != NULL && before != b && !may_stay(b, before)) {
        if (!done && !may_replace(b, before)) {
            return;
        }
        overshadow(e, before, owner, done && has_replaced(b, before));
    }
    *holder = b;
    if (done) {
        relieve(e, b, owner);
        invite(e, b, owner);
        review(e, owner);
    }
}

/* Whose the records are; the PTR still has the DHCID of the client before. */
static void tell_client(const struct wanted *w, struct told *told)
{
    if (!same_dhcid(w->has_dhcid, &w->dhcid, told->has_dhcid, &told->dhcid)) {
        told->reverse_sure = false;
    }
    told->has_dhcid = w->has_dhcid;
    told->dhcid = w->dhcid;
    told->mode = w->mode;
}

static void claim_forward(struct ddns_engine *e, struct binding *b)
{
    struct told told = told_of(b);

    if (b->turns == 0) { /* an offer from here on calls for another try */
        b->offers = b->wanted.owner->offers;
    }
    if (told.forward == NULL) {
        told.forward = owner_share(b->wanted.owner);
    }
    told.forward_sure = false;
    told.forward_ttl = b->wanted.ttl;
    tell_client(&b->wanted, &told);
    told_put(b, &told);
    take_over(e, b, false);
}

static void claim_reverse(struct ddns_engine *e, struct binding *b)
{
    struct owner *wanted = b->wanted.owner;
    struct told told = told_of(b);

    if (told.reverse == wanted) {
        owner_drop(e, wanted);
    } else {
        told.reverse_before = told.reverse;
    }
    told.reverse = owner_share(wanted);
    told.reverse_sure = false;
    told.reverse_ttl = b->wanted.ttl;
    if (told.forward == NULL) {
        tell_client(&b->wanted, &told);
    }
    told_put(b, &told);
}

void binding_claim(struct ddns_engine *e, struct binding *b)
{
    b->doubted = false;
    switch (b->change) {
    case DDNS_ADD_FORWARD:
        claim_forward(e, b);
        break;
    case DDNS_REMOVE_FORWARD:
        told_unsure(b, DDNS_FORWARD); /* it may be half gone from now on */
        break;
    case DDNS_ADD_REVERSE:
        claim_reverse(e, b);
        break;
    default:
        told_unsure(b, DDNS_REVERSE);
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
    struct told told = told_of(b);
    struct reason none = { 0 };
    struct owner *owner;

    switch (b->change) {
    case DDNS_ADD_FORWARD:
        told.forward_sure = !b->doubted;
        told_put(b, &told);
        e->stats.added++;
        report_lease(e, DDNS_EVENT_ADDED, b,
                     (struct report_of){ told.forward, lane, NULL }, none);
        take_over(e, b, true);
        break;
    case DDNS_REMOVE_FORWARD:
        owner = owner_share(told.forward);
        e->stats.removed++;
        report_lease(e, DDNS_EVENT_REMOVED, b, (struct report_of){ owner, lane, NULL },
                     none);
        told_forget_forward(e, b);
        b->change = NO_CHANGE;
        owner_offer(e, owner);
        owner_drop(e, owner);
        break;
    case DDNS_ADD_REVERSE:
        told.reverse_sure = !b->doubted;
        owner_drop(e, told.reverse_before);
        told.reverse_before = NULL;
        told_put(b, &told);
        e->stats.added++;
        report_lease(e, DDNS_EVENT_ADDED, b,
                     (struct report_of){ told.reverse, lane, NULL }, none);
        break;
    default:
        e->stats.removed++;
        report_lease(e, DDNS_EVENT_REMOVED, b,
                     (struct report_of){ told.reverse, lane, NULL }, none);
        told_forget_reverse(e, b);
        break;
    }
    told_changed(e, b);
    forgive(b, lane);
}

void binding_conflict(struct ddns_engine *e, struct binding *b, struct lane *lane,
                      struct reason reason)
{
    const struct told told = told_of(b);
    struct owner *owner = owner_share(told.forward);

    e->stats.conflicts++;
    report_lease(e, DDNS_EVENT_CONFLICT, b, (struct report_of){ owner, lane, NULL },
                 reason);
    if ((b->wanted.directions & DDNS_FORWARD) && same_claim(&b->wanted, &told)) {
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
    return told_reverse(b) != NULL ? told_reverse(b) : b->wanted.owner;
}

void binding_shun(struct ddns_engine *e, struct binding *b, const struct pair *pair,
                  struct reason reason, uint64_t now)
{
    struct lane *lane = b->lane;

    if (!b->suspect) { /* once is enough to know */
        e->stats.refused++;
        pair->traffic->counts[DDNS_COUNT_LEASE_REFUSED]++;
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
    lane->load->backlog++;
    TAILQ_INSERT_TAIL(&lane->shunned, b, entry);
}

void binding_set_aside(struct ddns_engine *e, struct binding *b)
{
    struct lane *lane = b->lane;

    binding_leave(e, b);
    b->lane = lane;
    b->place = ASIDE;
    e->stats.unsettled++;
    lane->load->backlog++;
    TAILQ_INSERT_TAIL(&lane->aside, b, entry);
}
