/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/state.h"

/*
 * A record that was found in DNS, that DHCP has put there, and that no lease wants.
 * It is removed like that of a lease which ended, but has no row in the ledger: what
 * removes it is found by looking at DNS, and can be found again.
 */

/* A name with the DHCID of another client is not the lease's; without one, it may be. */
static bool may_be_same(const struct binding *stray, bool has_dhcid,
                        const struct ddns_dhcid *dhcid)
{
    return !has_dhcid ||
           same_dhcid(true, dhcid, stray->told.has_dhcid, &stray->told.dhcid);
}

/*
 * Does the lease of @p other want, or may it have, the very record of @p b?  A PTR
 * has no other guard than its target.
 */
static bool is_a_leases(const struct binding *other, const struct binding *b,
                        const struct owner *name, ddns_direction direction)
{
    const struct told *told;
    const struct wanted *wanted;

    if (other == NULL) {
        return false;
    }
    told = &other->told;
    wanted = &other->wanted;
    if (direction == DDNS_REVERSE) {
        return ((wanted->directions & DDNS_REVERSE) && wanted->owner == name) ||
               told->reverse == name;
    }
    return ((wanted->directions & DDNS_FORWARD) && wanted->owner == name &&
            may_be_same(b, wanted->has_dhcid, &wanted->dhcid)) ||
           (told->forward == name && may_be_same(b, told->has_dhcid, &told->dhcid));
}

bool stray_is_moot(const struct ddns_engine *e, const struct binding *b)
{
    const struct binding *other = b->stray ? binding_find(e, &b->address) : NULL;
    bool forward = b->change == DDNS_REMOVE_FORWARD;

    return is_a_leases(other, b, forward ? b->told.forward : b->told.reverse,
                       forward ? DDNS_FORWARD : DDNS_REVERSE);
}

static struct binding *stray_new(struct ddns_engine *e, const struct ddns_wish *found)
{
    struct binding *b = calloc(1, sizeof *b);

    if (b == NULL) {
        return NULL;
    }
    b->stray = true;
    b->address = found->address;
    b->change = NO_CHANGE;
    b->limit = LEASES_PER_MESSAGE;
    b->told.mode = DDNS_CHECK_WITH_DHCID; /* the DHCID, or the PTR, guards it */
    b->told.has_dhcid = found->has_dhcid;
    b->told.dhcid = found->dhcid;
    TAILQ_INSERT_TAIL(&e->strays, b, stray_entry);
    return b;
}

/* The record of one direction becomes something that @p b was told. */
static ddns_error adopt(struct ddns_engine *e, struct binding *b,
                        ddns_direction direction, const struct ddns_name *name)
{
    struct owner *owner = owner_take(e, name);

    if (owner == NULL) {
        return DDNS_E_NOMEM;
    }
    if (is_a_leases(binding_find(e, &b->address), b, owner, direction)) {
        owner_drop(e, owner);
    } else if (direction == DDNS_FORWARD) {
        b->told.forward = owner;
    } else {
        b->told.reverse = owner;
    }
    return DDNS_OK;
}

ddns_error ddns_engine_remove_stray(struct ddns_engine *e, const struct ddns_wish *found)
{
    struct binding *b = stray_new(e, found);
    ddns_error error = b == NULL ? DDNS_E_NOMEM : DDNS_OK;

    if (error == DDNS_OK && (found->directions & DDNS_FORWARD)) {
        error = adopt(e, b, DDNS_FORWARD, &found->fqdn);
    }
    if (error == DDNS_OK && (found->directions & DDNS_REVERSE)) {
        error = adopt(e, b, DDNS_REVERSE, &found->fqdn);
    }
    if (error != DDNS_OK) {
        if (b != NULL) {
            binding_free(e, b);
        }
        return error;
    }
    binding_route(e, b, false);
    return DDNS_OK;
}
