/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/parts.h"

/*
 * A record that was found in DNS, that DHCP has put there, and that no lease wants.
 * It is removed like that of a lease which ended, but has no row in the ledger: what
 * removes it is found by looking at DNS, and can be found again.
 */

/* A name with the DHCID of another client is not the lease's; without one, it may be. */
static bool may_be_same(const struct binding *stray, bool has_dhcid,
                        const struct ddns_dhcid *dhcid)
{
    const struct ddns_dhcid *found = told_dhcid(stray);

    return !has_dhcid || same_dhcid(true, dhcid, found != NULL, found);
}

/*
 * Does the lease of @p other want, or may it have, the very record of @p b?  A PTR
 * has no other guard than its target.
 */
static bool is_a_leases(const struct binding *other, const struct binding *b,
                        const struct owner *name, ddns_direction direction)
{
    const struct ddns_dhcid *dhcid;
    const struct wanted *wanted;

    if (other == NULL) {
        return false;
    }
    dhcid = told_dhcid(other);
    wanted = &other->wanted;
    if (direction == DDNS_REVERSE) {
        return ((wanted->directions & DDNS_REVERSE) && wanted->owner == name) ||
               told_reverse(other) == name;
    }
    return ((wanted->directions & DDNS_FORWARD) && wanted->owner == name &&
            may_be_same(b, wanted->has_dhcid, &wanted->dhcid)) ||
           (told_forward(other) == name && may_be_same(b, dhcid != NULL, dhcid));
}

bool stray_is_moot(const struct ddns_engine *e, const struct binding *b)
{
    ddns_address address = binding_address(b);
    const struct binding *other = b->stray ? binding_find(e, &address) : NULL;
    bool forward = b->change == DDNS_REMOVE_FORWARD;

    return is_a_leases(other, b, forward ? told_forward(b) : told_reverse(b),
                       forward ? DDNS_FORWARD : DDNS_REVERSE);
}

static struct binding *stray_new(struct ddns_engine *e, const struct ddns_wish *found)
{
    struct binding *b = binding_new(&found->address);

    if (b == NULL || !table_reserve(&e->strays)) {
        free(b);
        return NULL;
    }
    b->stray = true;
    /* The DHCID, or the PTR, guards it; the other family's may stand beside it. */
    b->told_mode = e->config.mixed ? DDNS_MIXED_CHECK_WITH_DHCID : DDNS_CHECK_WITH_DHCID;
    b->wanted.has_dhcid = found->has_dhcid;
    b->wanted.dhcid = found->dhcid;
    table_add(&e->strays, &b->node, binding_hash(&b->node, e->strays.seed));
    return b;
}

/* What is no lease's of the records found becomes what @p b was told. */
static void adopt(struct ddns_engine *e, struct binding *b, unsigned found)
{
    struct owner *name = b->wanted.owner;
    ddns_address address = binding_address(b);
    const struct binding *other = binding_find(e, &address);

    if ((found & DDNS_FORWARD) && !is_a_leases(other, b, name, DDNS_FORWARD)) {
        b->told_forward = true;
        owner_share(name);
    }
    if ((found & DDNS_REVERSE) && !is_a_leases(other, b, name, DDNS_REVERSE)) {
        b->told_reverse = true;
        owner_share(name);
    }
}

ddns_error ddns_engine_remove_stray(struct ddns_engine *e, const struct ddns_wish *found)
{
    struct binding *b = stray_new(e, found);

    if (b == NULL) {
        return DDNS_E_NOMEM;
    }
    b->wanted.owner = owner_take(e, &found->fqdn);
    if (b->wanted.owner == NULL) {
        binding_free(e, b);
        return DDNS_E_NOMEM;
    }
    adopt(e, b, found->directions);
    binding_route(e, b, false);
    return DDNS_OK;
}
