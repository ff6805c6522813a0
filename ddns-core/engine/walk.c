/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "engine/parts.h"

/*
 * The lease database is the truth for what must exist, and is read in pages while
 * leases come and go.  What was said about an address since the reading began is
 * newer than what was read, also where it left nothing to remember: so during a
 * walk no binding is freed.
 */

void ddns_engine_walk_begin(struct ddns_engine *e, const ddns_range *range, bool afresh)
{
    ddns_engine_walk_end(e, false);
    e->walking = true;
    e->walk++;
    e->afresh = afresh;
    e->range = *range;
}

static bool in_range(const ddns_range *range, const struct binding *b)
{
    return b->address_len == range->first.len &&
           memcmp(b->address, range->first.bytes, b->address_len) >= 0 &&
           memcmp(b->address, range->last.bytes, b->address_len) <= 0;
}

static bool unheard(const struct ddns_engine *e, const struct binding *b)
{
    return b->heard != e->walk && in_range(&e->range, b) &&
           (b->wanted.directions != 0 || b->held);
}

/* Nobody leases these addresses any more. */
static void withdraw_unheard(struct ddns_engine *e)
{
    struct table_node *n = NULL;

    while ((n = table_next(&e->bindings, n)) != NULL) {
        struct binding *b = (struct binding *)n;

        if (unheard(e, b)) {
            want_nothing(e, b, 0); /* frees none: the walk is still on */
        }
    }
}

static void free_empty(struct ddns_engine *e)
{
    struct table_node *n = table_next(&e->bindings, NULL);

    while (n != NULL) {
        struct table_node *next = table_next(&e->bindings, n);
        struct binding *b = (struct binding *)n;

        if (binding_is_empty(b)) {
            binding_free(e, b);
        }
        n = next;
    }
}

void ddns_engine_walk_end(struct ddns_engine *e, bool complete)
{
    if (!e->walking) {
        return;
    }
    if (complete) {
        withdraw_unheard(e);
    }
    e->walking = false;
    free_empty(e);
}

void ddns_engine_retell(struct ddns_engine *e, const ddns_address *address)
{
    struct binding *b = binding_find(e, address);

    if (b != NULL) {
        distrust(e, b);
    }
}
