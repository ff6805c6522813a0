/* SPDX-License-Identifier: MPL-2.0 */
#include "engine/parts.h"

/* What is known, for whoever asks why a host is, or is not, in DNS. */

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t left(uint64_t due, struct ddns_now now)
{
    if (due == NEVER) {
        return NEVER;
    }
    return due > now.mono_ms ? due - now.mono_ms : 0;
}

/* Until some server of the zone may be tried. */
static uint64_t lane_retry_ms(const struct lane *lane, struct ddns_now now)
{
    uint64_t soonest = NEVER;

    for (size_t i = 0; i < lane->zone->count; i++) {
        const struct pair *pair = &lane->pairs[i];
        uint64_t ms = left(later(pair->rest.until, pair->server->rest.until), now);

        soonest = ms < soonest ? ms : soonest;
    }
    return soonest;
}

static uint64_t retry_ms(const struct binding *b, struct ddns_now now)
{
    switch ((enum place)b->place) {
    case QUEUED:
    case ASIDE:
        return lane_retry_ms(b->lane, now);
    case SHUNNED:
        return left(b->lane->shunned_retry_at, now);
    case BLOCKED:
    case HOMELESS:
    case IN_FLIGHT:
        return 0;
    case IDLE:
    case WAITING:
        break;
    }
    return NEVER;
}

static ddns_lease_state state_of(const struct binding *b)
{
    switch ((enum place)b->place) {
    case QUEUED:
    case BLOCKED:
    case ASIDE:
    case HOMELESS:
        return DDNS_LEASE_QUEUED;
    case WAITING:
        return b->hold == HOLD_CONFLICT ? DDNS_LEASE_CONFLICT : DDNS_LEASE_SUPERSEDED;
    case SHUNNED:
        return DDNS_LEASE_REFUSED;
    case IN_FLIGHT:
        return DDNS_LEASE_IN_FLIGHT;
    case IDLE:
        break;
    }
    return b->held ? DDNS_LEASE_UNHEARD : DDNS_LEASE_SETTLED;
}

/* The name that is wanted, or NULL when nothing is. */
static const struct owner *wanted_owner(const struct binding *b)
{
    return b->wanted.directions == 0 ? NULL : b->wanted.owner;
}

static void show_lease(struct ddns_engine *e, const struct binding *b,
                       struct ddns_now now, ddns_lease_fn *fn, void *user)
{
    static const struct wanted nothing = { .owner = NULL };
    const struct wanted *wanted = b->wanted.directions == 0 ? &nothing : &b->wanted;
    const struct told told = told_of(b);
    ddns_lease_info info = { .address = binding_address(b),
                             .state = state_of(b),
                             .wanted = wanted->directions,
                             .fqdn = owner_text(wanted->owner, e->text_fqdn),
                             .ttl = wanted->ttl,
                             .mode = (ddns_conflict_mode)wanted->mode,
                             .told_fqdn = owner_text(told.forward, e->text_told),
                             .told_ptr = owner_text(told.reverse, e->text_ptr),
                             .told_fqdn_sure = told.forward_sure,
                             .told_ptr_sure = told.reverse_sure,
                             .told_at = b->told_at,
                             .answered_at = b->answered_at,
                             .error = (ddns_error)b->answer.error,
                             .rcode = b->answer.rcode,
                             .tsig_error = b->answer.tsig_error,
                             .retry_ms = retry_ms(b, now) };

    if (b->lane != NULL) {
        ddns_name_text(&b->lane->apex, e->text_zone);
        info.zone = e->text_zone;
    }
    fn(user, &info);
}

void ddns_engine_lease(struct ddns_engine *e, const ddns_address *address,
                       struct ddns_now now, ddns_lease_fn *fn, void *user)
{
    const struct binding *b = binding_find(e, address);

    if (b != NULL && !binding_is_empty(b)) {
        show_lease(e, b, now, fn, user);
    }
}

void ddns_engine_leases_named(struct ddns_engine *e, const struct ddns_name *name,
                              struct ddns_now now, ddns_lease_fn *fn, void *user)
{
    const struct owner *owner = owner_find(e, name);
    struct table_node *n = NULL;

    while (owner != NULL && (n = table_next(&e->bindings, n)) != NULL) {
        const struct binding *b = (const struct binding *)n;

        if (wanted_owner(b) == owner || told_forward(b) == owner ||
            told_reverse(b) == owner) {
            show_lease(e, b, now, fn, user);
        }
    }
}

static uint64_t length(const struct binding_list *list)
{
    const struct binding *b;
    uint64_t count = 0;

    TAILQ_FOREACH(b, list, entry)
    {
        count++;
    }
    return count;
}

static void show_pair(struct ddns_engine *e, const struct pair *pair, struct ddns_now now,
                      ddns_zone_info *info)
{
    const struct rest *rest = &pair->rest;

    info->state = DDNS_SERVER_READY;
    if (pair->server->rest.down) {
        rest = &pair->server->rest;
        info->state = DDNS_SERVER_RESTING;
    } else if (rest->down) {
        info->state = DDNS_SERVER_REFUSING;
    } else if (pair->server->rest.since > rest->since) {
        rest = &pair->server->rest; /* what happened last */
    }
    info->server = server_text(e, pair->server);
    info->key = NULL;
    if (pair->key != NULL) {
        ddns_name_text(ddns_tsig_key_name(pair->key), e->text_key);
        info->key = e->text_key;
    }
    info->since = rest->since;
    info->retry_ms = rest->down ? left(rest->until, now) : 0;
    info->error = rest->last.error;
    info->rcode = rest->last.rcode;
    info->tsig_error = rest->last.tsig_error;
    info->clock_skew = rest->last.clock_skew;
}

void ddns_engine_zones(struct ddns_engine *e, struct ddns_now now, ddns_zone_fn *fn,
                       void *user)
{
    const struct lane *lane;

    TAILQ_FOREACH(lane, &e->lanes, entry)
    {
        ddns_zone_info info = { .zone = e->text_zone,
                                .direction = lane->zone->direction,
                                .waiting = length(&lane->queue) + length(&lane->aside),
                                .refused = length(&lane->shunned),
                                .in_flight = lane->in_flight };

        ddns_name_text(&lane->apex, e->text_zone);
        for (size_t i = 0; i < lane->zone->count; i++) {
            show_pair(e, &lane->pairs[i], now, &info);
            fn(user, &info);
        }
    }
}

/* What is to be in DNS for @p b: what is on its way is in conflict with nothing yet. */
static ddns_claim claim_of(struct ddns_engine *e, const struct binding *b)
{
    const struct owner *owner = wanted_owner(b);
    ddns_claim claim = { .address = binding_address(b),
                         .directions = b->wanted.directions,
                         .conflict = b->place != IDLE || b->held };

    if (b->place == WAITING && b->hold == HOLD_SUPERSEDED) {
        claim.directions = told_of(b).reverse_sure ? DDNS_REVERSE : 0;
        claim.conflict = false;
    }
    if (owner == NULL) { /* being removed */
        owner = told_forward(b) != NULL ? told_forward(b) : told_reverse(b);
        claim.directions = owner == NULL ? 0 : DDNS_FORWARD | DDNS_REVERSE;
    }
    claim.fqdn = owner_text(owner, e->text_fqdn);
    if (wanted_owner(b) != NULL && b->wanted.has_dhcid) {
        claim.dhcid = b->wanted.dhcid.rdata;
        claim.dhcid_len = DDNS_DHCID_LEN;
    }
    return claim;
}

void ddns_engine_claims(struct ddns_engine *e, ddns_claim_fn *fn, void *user)
{
    struct table_node *n = NULL;

    while ((n = table_next(&e->bindings, n)) != NULL) {
        ddns_claim claim = claim_of(e, (const struct binding *)n);

        if (claim.directions != 0) {
            fn(user, &claim);
        }
    }
}
