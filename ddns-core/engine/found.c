/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"

/*
 * The DHCIDs that an answer has shown, from then until the change is over that asked for
 * them.  Few bindings have any at a time, so they are kept beside the bindings.
 */
struct found {
    struct table_node node; /* in engine.found */
    const struct binding *of;
    struct ddns_dhcids dhcids;
};

static uint64_t hash_of(const struct binding *b, uint64_t seed)
{
    uintptr_t place = (uintptr_t)b;

    return table_hash((const uint8_t *)&place, sizeof place, seed);
}

uint64_t found_hash(const struct table_node *node, uint64_t seed)
{
    return hash_of(((const struct found *)node)->of, seed);
}

void found_destroy(struct table_node *node)
{
    free((struct found *)node);
}

static struct found *find(const struct ddns_engine *e, const struct binding *b)
{
    struct table_node *n =
        b->has_found ? table_chain(&e->found, hash_of(b, e->found.seed)) : NULL;

    while (n != NULL && ((struct found *)n)->of != b) {
        n = n->next;
    }
    return (struct found *)n;
}

const struct ddns_dhcids *found_of(const struct ddns_engine *e, const struct binding *b)
{
    const struct found *found = find(e, b);

    return found == NULL ? NULL : &found->dhcids;
}

bool found_keep(struct ddns_engine *e, struct binding *b,
                const struct ddns_dhcids *dhcids)
{
    struct found *found = find(e, b);

    if (found == NULL) {
        found = malloc(sizeof *found);
        if (found == NULL || !table_reserve(&e->found)) {
            free(found);
            return false;
        }
        found->of = b;
        table_add(&e->found, &found->node, hash_of(b, e->found.seed));
        b->has_found = true;
    }
    found->dhcids = *dhcids;
    return true;
}

void found_forget(struct ddns_engine *e, struct binding *b)
{
    struct found *found = find(e, b);

    if (found != NULL) {
        table_remove(&e->found, &found->node);
        free(found);
        b->has_found = false;
    }
}
