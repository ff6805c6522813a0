/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "engine/state.h"

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

/* The same but for the TTL. */
static bool same_binding(const struct wanted *w, const struct owner *owner,
                         const struct ddns_wish *wish)
{
    return w->owner == owner && w->directions == wish->directions &&
           w->mode == wish->mode &&
           same_dhcid(w->has_dhcid, &w->dhcid, wish->has_dhcid, &wish->dhcid);
}

/* Another lease of the client has the name; they would take it in turns. */
static bool yields(const struct binding *b)
{
    return b->hold == HOLD_SUPERSEDED &&
           *owner_holder(b->wanted.owner, &b->address) != NULL;
}

static bool is_at_rest(const struct binding *b)
{
    return b->place == IDLE || b->place == WAITING;
}

/* At rest, but for what doubt() has made unsure. */
static bool in_doubt(const struct binding *b)
{
    return is_at_rest(b) && ((b->told.forward != NULL && !b->told.forward_sure) ||
                             (b->told.reverse != NULL && !b->told.reverse_sure));
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
        return yields(b);
    case ASIDE:
    case SHUNNED:
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
    bool same = owner != NULL && same_binding(&b->wanted, owner, wish);
    bool goes_on_yielding = same && yields(b);

    if (same && b->wanted.ttl == wish->ttl && under_way(b) && !in_doubt(b)) {
        owner_drop(e, owner);
        return;
    }
    b->held = false;
    if (subject != NULL) {
        owner_share(subject);
    }
    if (b->place != IN_FLIGHT) {
        binding_leave(e, b); /* while the old wish still tells which list it is in */
        b->change = NO_CHANGE;
        b->limit = LEASES_PER_MESSAGE;
    }
    b->hold = goes_on_yielding ? HOLD_SUPERSEDED : HOLD_NONE;
    b->suspect = same && b->suspect;
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

/* It may have the name, but not before one that is known to. */
static void suppose_holder(struct binding *b, struct owner *owner)
{
    struct binding **holder = owner_holder(owner, &b->address);

    if (*holder == NULL) {
        *holder = b;
    }
}

/* As if DNS had been told @p wish, but not for sure. */
static void suppose(struct ddns_engine *e, struct binding *b, struct owner *owner,
                    const struct ddns_wish *wish)
{
    if (wish->directions & DDNS_FORWARD) {
        b->told.forward = owner_share(owner);
        suppose_holder(b, owner);
    }
    if (wish->directions & DDNS_REVERSE) {
        b->told.reverse = owner_share(owner);
    }
    b->told.forward_ttl = wish->ttl;
    b->told.reverse_ttl = wish->ttl;
    b->told.mode = (uint8_t)wish->mode;
    b->told.has_dhcid = wish->has_dhcid;
    b->told.dhcid = wish->dhcid;
    told_changed(e, b);
}

/* DNS may not have what it was told; does it have to be told again, now? */
static bool doubt(struct ddns_engine *e, struct binding *b)
{
    bool known = b->told.forward != NULL || b->told.reverse != NULL;

    b->told.forward_sure = false;
    b->told.reverse_sure = false;
    if (known) {
        told_changed(e, b);
    }
    return known;
}

void distrust(struct ddns_engine *e, struct binding *b)
{
    if (doubt(e, b) && is_at_rest(b)) {
        binding_route(e, b, false);
    }
}

void want_nothing(struct ddns_engine *e, struct binding *b)
{
    struct ddns_wish nothing = { .directions = 0 };

    want(e, b, NULL, &nothing);
}

/* Want @p wish; "supposed" when DNS may have been told it before. */
static ddns_error express(struct ddns_engine *e, const struct ddns_wish *wish,
                          bool supposed)
{
    bool added;
    struct owner *owner = owner_take(e, &wish->fqdn);
    struct binding *b = owner == NULL ? NULL : binding_take(e, &wish->address, &added);

    if (b == NULL) {
        owner_drop(e, owner);
        return DDNS_E_NOMEM;
    }
    if (added && supposed) {
        suppose(e, b, owner, wish);
    }
    b->heard = e->walk;
    want(e, b, owner, wish);
    return DDNS_OK;
}

ddns_error ddns_engine_set(struct ddns_engine *e, const struct ddns_wish *wish)
{
    return express(e, wish, false);
}

ddns_error ddns_engine_resume(struct ddns_engine *e, const struct ddns_wish *wish)
{
    struct binding *b = binding_find(e, &wish->address);

    if (b != NULL && e->walking && b->heard == e->walk) {
        return DDNS_OK; /* what was said since is newer than what was read */
    }
    if (b != NULL && e->walking && e->afresh) {
        (void)doubt(e, b);
    }
    return express(e, wish, true);
}

ddns_error ddns_engine_clear(struct ddns_engine *e, const struct ddns_wish *wish)
{
    bool added;
    struct binding *b = binding_take(e, &wish->address, &added);

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
    b->heard = e->walk;
    want_nothing(e, b);
    return DDNS_OK;
}

ddns_error ddns_engine_restore(struct ddns_engine *e, const struct ddns_row *row)
{
    bool added;
    struct owner *forward = owner_take(e, &row->fqdn);
    struct owner *reverse = owner_take(e, &row->ptr);
    struct binding *b = NULL;

    if (forward != NULL && reverse != NULL) {
        b = binding_take(e, &row->address, &added);
    }
    if (b == NULL || !added) {
        owner_drop(e, forward);
        owner_drop(e, reverse);
        return b == NULL ? DDNS_E_NOMEM : DDNS_OK;
    }
    b->held = true;
    if (row->directions & DDNS_FORWARD) {
        b->told.forward = owner_share(forward);
        suppose_holder(b, forward);
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
    b->told_at = (uint32_t)row->told_at;
    b->answer.at = (uint32_t)row->answered_at;
    b->answer.rcode = row->rcode;
    return DDNS_OK;
}
