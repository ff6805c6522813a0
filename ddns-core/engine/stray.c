/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/state.h"

/*
 * A record that was found in DNS, that DHCP has put there, and that no lease wants.
 * It is removed like that of a lease which ended, but has no row in the ledger: what
 * removes it is found by looking at DNS, and can be found again.
 */

/* Does the lease of the address want, or may it have, this very record? */
static bool is_a_leases(const struct binding *b, const struct owner *name,
                        ddns_direction direction)
{
    if (b == NULL) {
        return false;
    }
    return ((b->wanted.directions & direction) != 0 && b->wanted.owner == name) ||
           (direction == DDNS_FORWARD ? b->told.forward : b->told.reverse) == name;
}

static struct binding *stray_new(struct ddns_engine *e, const struct ddns_row *row)
{
    struct binding *b = calloc(1, sizeof *b);

    if (b == NULL) {
        return NULL;
    }
    b->stray = true;
    b->address = row->address;
    b->change = NO_CHANGE;
    b->limit = LEASES_PER_MESSAGE;
    b->told.mode = DDNS_CHECK_WITH_DHCID; /* the DHCID, or the PTR, guards it */
    b->told.has_dhcid = row->has_dhcid;
    b->told.dhcid = row->dhcid;
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
    if (is_a_leases(binding_find(e, &b->address), owner, direction)) {
        owner_drop(e, owner);
    } else if (direction == DDNS_FORWARD) {
        b->told.forward = owner;
    } else {
        b->told.reverse = owner;
    }
    return DDNS_OK;
}

ddns_error ddns_engine_remove_stray(struct ddns_engine *e, const struct ddns_row *row)
{
    struct binding *b = stray_new(e, row);
    ddns_error error = b == NULL ? DDNS_E_NOMEM : DDNS_OK;

    if (error == DDNS_OK && (row->directions & DDNS_FORWARD)) {
        error = adopt(e, b, DDNS_FORWARD, &row->fqdn);
    }
    if (error == DDNS_OK && (row->directions & DDNS_REVERSE)) {
        error = adopt(e, b, DDNS_REVERSE, &row->ptr);
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
