/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/state.h"

static struct owner *find_hashed(const struct ddns_engine *e,
                                 const struct ddns_name *name, uint64_t hash)
{
    for (struct table_node *n = table_chain(&e->owners, hash); n != NULL; n = n->next) {
        struct owner *owner = (struct owner *)n;
        struct ddns_name known = owner_name(owner);

        if (n->hash == hash && ddns_name_equal(&known, name)) {
            return owner;
        }
    }
    return NULL;
}

static uint64_t hash_of(const struct ddns_engine *e, const struct ddns_name *name)
{
    struct ddns_name lower = ddns_name_lower(name);

    return table_hash(lower.wire, lower.len, e->hash_seed);
}

const struct owner *owner_find(const struct ddns_engine *e, const struct ddns_name *name)
{
    return find_hashed(e, name, hash_of(e, name));
}

struct owner *owner_take(struct ddns_engine *e, const struct ddns_name *name)
{
    uint64_t hash = hash_of(e, name);
    struct owner *owner = find_hashed(e, name, hash);

    if (owner != NULL) {
        return owner_share(owner);
    }
    owner = calloc(1, sizeof *owner + name->len);
    if (owner == NULL || !table_reserve(&e->owners)) {
        free(owner);
        return NULL;
    }
    owner->len = name->len;
    memcpy(owner->wire, name->wire, name->len);
    owner->refs = 1;
    TAILQ_INIT(&owner->blocked);
    TAILQ_INIT(&owner->waiting);
    table_add(&e->owners, &owner->node, hash);
    return owner;
}

struct owner *owner_share(struct owner *owner)
{
    owner->refs++;
    return owner;
}

void owner_drop(struct ddns_engine *e, struct owner *owner)
{
    if (owner == NULL || --owner->refs > 0) {
        return;
    }
    table_remove(&e->owners, &owner->node);
    free(owner);
}

struct ddns_name owner_name(const struct owner *owner)
{
    struct ddns_name name = { .len = owner->len };

    memcpy(name.wire, owner->wire, owner->len);
    return name;
}

struct binding **owner_holder(struct owner *owner, const ddns_address *address)
{
    return &owner->holders[address->len == 4 ? 0 : 1];
}

void owner_release(struct ddns_engine *e, struct owner *owner)
{
    struct binding *next = TAILQ_FIRST(&owner->blocked);

    owner->busy = NULL;
    if (next != NULL) {
        binding_route(e, next, true);
    }
}

void owner_offer(struct ddns_engine *e, struct owner *owner)
{
    struct binding *b = TAILQ_FIRST(&owner->waiting);

    owner->offers++; /* for those who are still withdrawing their PTR before they wait */
    while (b != NULL) {
        struct binding *next = TAILQ_NEXT(b, entry);
        bool stranger = b->hold == HOLD_CONFLICT;

        b->hold = HOLD_NONE;
        binding_route(e, b, false);
        b = stranger ? NULL : next;
    }
}
