/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "engine/parts.h"

/*
 * In mixed mode also of what was told before it was chosen: the other family may have
 * joined the name since.
 */
static ddns_conflict_mode mode_of(const struct ddns_engine *e, ddns_conflict_mode mode)
{
    return e->config.mixed ? ddns_mode_mixed(mode) : mode;
}

/* The same but for the TTL. */
static bool same_binding(const struct ddns_engine *e, const struct wanted *w,
                         const struct owner *owner, const struct ddns_wish *wish)
{
    return w->owner == owner && w->directions == wish->directions &&
           w->mode == mode_of(e, wish->mode) &&
           same_dhcid(w->has_dhcid, &w->dhcid, wish->has_dhcid, &wish->dhcid);
}

/* Another lease of the client has the name; they would take it in turns. */
static bool yields(const struct binding *b)
{
    return b->hold == HOLD_SUPERSEDED && *owner_holder(b->wanted.owner, b) != NULL;
}

static bool is_at_rest(const struct binding *b)
{
    return b->place == IDLE || b->place == WAITING;
}

/* At rest, but for what doubt() has made unsure. */
static bool in_doubt(const struct binding *b)
{
    const struct told told = told_of(b);

    return is_at_rest(b) && ((told.forward != NULL && !told.forward_sure) ||
                             (told.reverse != NULL && !told.reverse_sure));
}

/* Is there nothing new in hearing the same wish again? */
static bool under_way(const struct binding *b)
{
    switch ((enum place)b->place) {
    case IDLE:
    case QUEUED:
    case BLOCKED:
    case HOMELESS:
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

static struct wanted wanted_of(const struct ddns_engine *e, struct owner *owner,
                               const struct ddns_wish *wish)
{
    return (struct wanted){ .owner = owner,
                            .ttl = wish->ttl,
                            .directions =
                                wish->directions & (DDNS_FORWARD | DDNS_REVERSE),
                            .mode = mode_of(e, wish->mode) & MODES,
                            .has_dhcid = wish->has_dhcid,
                            .dhcid = wish->dhcid };
}

/* The owner that was wanted, to be dropped; NULL when it stays, as what was told. */
static struct owner *replace_wanted(const struct ddns_engine *e, struct binding *b,
                                    struct owner *owner, const struct ddns_wish *wish)
{
    struct owner *before = b->wanted.owner;

    if (owner != NULL) {
        b->wanted = wanted_of(e, owner, wish);
    } else if (b->former == NULL && told_anything(b)) {
        b->wanted.directions = 0;
        before = NULL;
    } else {
        b->wanted = (struct wanted){ .owner = NULL };
    }
    return before;
}

/* Want @p wish of @p owner, whose reference is taken over; NULL wants nothing. */
static void want(struct ddns_engine *e, struct binding *b, struct owner *owner,
                 const struct ddns_wish *wish)
{
    struct owner *subject = binding_subject(b);
    bool same = owner != NULL && same_binding(e, &b->wanted, owner, wish);
    bool goes_on_yielding = same && yields(b);
    struct owner *before;

    if (same && b->wanted.ttl == wish->ttl && under_way(b) && !in_doubt(b)) {
        owner_drop(e, owner);
        return;
    }
    b->held = false;
    tally_wish(e, b, wish->wished_ms);
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
    before = replace_wanted(e, b, owner, wish);
    binding_route(e, b, false);
    owner_drop(e, before);
    if (subject != NULL) {
        owner_hand_on(e, subject);
        owner_drop(e, subject);
    }
}

/* It may have the name, but not before one that is known to. */
static void suppose_holder(struct binding *b, struct owner *owner)
{
    struct binding **holder = owner_holder(owner, b);

    if (*holder == NULL || (told_of(b).forward_sure && !told_of(*holder).forward_sure)) {
        *holder = b;
    }
}

/* As if DNS had been told @p wish, but not for sure. */
static void suppose(struct ddns_engine *e, struct binding *b, struct owner *owner,
                    const struct ddns_wish *wish)
{
    b->wanted = wanted_of(e, owner_share(owner), wish);
    b->wanted.directions = 0;
    b->told_mode = b->wanted.mode;
    if (wish->directions & DDNS_FORWARD) {
        b->told_forward = true;
        owner_share(owner);
        suppose_holder(b, owner);
    }
    if (wish->directions & DDNS_REVERSE) {
        b->told_reverse = true;
        owner_share(owner);
    }
    told_changed(e, b);
}

/* DNS may not have what it was told; does it have to be told again, now? */
static bool doubt(struct ddns_engine *e, struct binding *b)
{
    bool known = told_anything(b);

    told_unsure(b, DDNS_FORWARD | DDNS_REVERSE);
    b->doubted = true; /* the answer to what is in flight is older */
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

void want_nothing(struct ddns_engine *e, struct binding *b, uint64_t wished_ms)
{
    struct ddns_wish nothing = { .directions = 0, .wished_ms = wished_ms };

    want(e, b, NULL, &nothing);
}

/* The owner for the name of @p wish; nearly always the one that was wanted before. */
static struct owner *owner_for(struct ddns_engine *e, const struct binding *b,
                               const struct ddns_wish *wish)
{
    struct owner *owner = b->wanted.owner;

    return owner != NULL && owner_is_named(owner, &wish->fqdn)
               ? owner_share(owner)
               : owner_take(e, &wish->fqdn);
}

/* What DNS was told is about to differ from what is wanted: false without memory. */
static bool keep_told(struct binding *b, const struct owner *owner,
                      const struct ddns_wish *wish)
{
    const struct wanted *w = &b->wanted;
    bool differs = w->owner != owner || w->ttl != wish->ttl ||
                   !same_dhcid(w->has_dhcid, &w->dhcid, wish->has_dhcid, &wish->dhcid);

    return !differs || !told_anything(b) || told_keep(b);
}

/* Want @p wish; "supposed" when DNS may have been told it before. */
static ddns_error express(struct ddns_engine *e, const struct ddns_wish *wish,
                          bool supposed)
{
    bool added;
    struct binding *b = binding_take(e, &wish->address, &added);
    struct owner *owner = b == NULL ? NULL : owner_for(e, b, wish);

    if (owner == NULL || !keep_told(b, owner, wish)) {
        owner_drop(e, owner);
        if (b != NULL && added) {
            binding_free(e, b);
        }
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
    want_nothing(e, b, wish->wished_ms);
    return DDNS_OK;
}

/** The names in a row; NULL where it has none. */
struct names {
    struct owner *forward;
    struct owner *reverse;
    struct owner *reverse_before;
};

static void drop_names(struct ddns_engine *e, const struct names *names)
{
    owner_drop(e, names->forward);
    owner_drop(e, names->reverse);
    owner_drop(e, names->reverse_before);
}

/* All of them, or none for lack of memory. */
static bool take_names(struct ddns_engine *e, const struct ddns_row *row,
                       struct names *out)
{
    bool forward = (row->directions & DDNS_FORWARD) != 0;
    bool reverse = (row->directions & DDNS_REVERSE) != 0;
    bool before = row->ptr_before.len > 0;
    struct names names = { forward ? owner_take(e, &row->fqdn) : NULL,
                           reverse ? owner_take(e, &row->ptr) : NULL,
                           before ? owner_take(e, &row->ptr_before) : NULL };

    if ((forward && names.forward == NULL) || (reverse && names.reverse == NULL) ||
        (before && names.reverse_before == NULL)) {
        drop_names(e, &names);
        return false;
    }
    *out = names;
    return true;
}

/* DNS was told the row, whose @p names are taken over; false without memory. */
static bool recall(const struct ddns_engine *e, struct binding *b,
                   const struct ddns_row *row, const struct names *names)
{
    struct owner *owner = names->forward != NULL ? names->forward : names->reverse;
    const struct told told = { .forward = names->forward,
                               .reverse = names->reverse,
                               .reverse_before = names->reverse_before,
                               .forward_ttl = row->ttl,
                               .reverse_ttl = row->ttl,
                               .forward_sure = row->confirmed && names->forward != NULL,
                               .reverse_sure = row->confirmed && names->reverse != NULL,
                               .mode = mode_of(e, row->mode) & MODES,
                               .has_dhcid = row->has_dhcid,
                               .dhcid = row->dhcid };

    if (!told_keep(b)) {
        return false;
    }
    b->wanted = (struct wanted){ .owner = owner == NULL ? NULL : owner_share(owner),
                                 .ttl = row->ttl,
                                 .has_dhcid = row->has_dhcid,
                                 .dhcid = row->dhcid };
    told_put(b, &told);
    b->held = true;
    b->told_at = (uint32_t)row->told_at;
    b->answered_at = (uint32_t)row->answered_at;
    b->answer.rcode = (uint8_t)row->rcode;
    if (names->forward != NULL) {
        suppose_holder(b, names->forward);
    }
    return true;
}

ddns_error ddns_engine_restore(struct ddns_engine *e, const struct ddns_row *row)
{
    bool added = false;
    struct names names;
    struct binding *b;

    if (!take_names(e, row, &names)) {
        return DDNS_E_NOMEM;
    }
    b = binding_take(e, &row->address, &added);
    if (b != NULL && added && recall(e, b, row, &names)) {
        return DDNS_OK;
    }
    drop_names(e, &names);
    if (b != NULL && added) {
        binding_free(e, b);
    }
    return added ? DDNS_E_NOMEM : DDNS_OK; /* else it is known already */
}
