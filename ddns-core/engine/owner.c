/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"

static struct owner *find_hashed(const struct ddns_engine *e,
                                 const struct ddns_name *name, uint64_t hash)
{
    for (struct table_node *n = table_chain(&e->owners, hash); n != NULL; n = n->next) {
        struct owner *owner = (struct owner *)n;

        if (owner_is_named(owner, name)) {
            return owner;
        }
    }
    return NULL;
}

static uint64_t hash_of(const struct ddns_name *name, uint64_t seed)
{
    struct ddns_name lower = ddns_name_lower(name);

    return table_hash(lower.wire, lower.len, seed);
}

uint64_t owner_hash(const struct table_node *node, uint64_t seed)
{
    struct ddns_name name = owner_name((const struct owner *)node);

    return hash_of(&name, seed);
}

void owner_destroy(struct table_node *node)
{
    free((struct owner *)node);
}

bool owner_is_named(const struct owner *owner, const struct ddns_name *name)
{
    struct ddns_name known;

    if (owner->len != name->len) {
        return false;
    }
    known = owner_name(owner);
    return ddns_name_equal(&known, name);
}

const struct owner *owner_find(const struct ddns_engine *e, const struct ddns_name *name)
{
    return find_hashed(e, name, hash_of(name, e->owners.seed));
}

struct owner *owner_take(struct ddns_engine *e, const struct ddns_name *name)
{
    uint64_t hash = hash_of(name, e->owners.seed);
    struct owner *owner = find_hashed(e, name, hash);

    if (owner != NULL) {
        return owner_share(owner);
    }
    owner = calloc(1, offsetof(struct owner, wire) + name->len);
    if (owner == NULL || !table_reserve(&e->owners)) {
        free(owner);
        return NULL;
    }
    owner->len = name->len;
    memcpy(owner->wire, name->wire, name->len);
    owner->refs = 1;
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

struct binding **owner_holder(struct owner *owner, const struct binding *b)
{
    return &owner->holders[b->address_len == 4 ? 0 : 1];
}

/* One of them, or, where it has nothing to do with the name any more, the next. */
static void unblock(struct ddns_engine *e, struct owner *owner)
{
    bool taken = false;

    while (!taken && owner->blocked != NULL) {
        struct binding *b = binding_of_ring(owner->blocked);

        taken = binding_route(e, b, true) && binding_subject(b) == owner;
    }
}

void owner_release(struct ddns_engine *e, struct owner *owner)
{
    owner->busy = false;
    unblock(e, owner);
}

void owner_hand_on(struct ddns_engine *e, struct owner *owner)
{
    if (owner->busy) {
        return;
    }
    if (owner->blocked != NULL) {
        unblock(e, owner);
    } else if (owner->holders[0] == NULL && owner->holders[1] == NULL) {
        owner_offer(e, owner);
    }
}

void owner_offer(struct ddns_engine *e, struct owner *owner)
{
    struct binding *b = binding_of_ring(owner->waiting);

    owner->offers++; /* for those who are still withdrawing their PTR before they wait */
    while (b != NULL) {
        struct binding *next = binding_of_ring(ring_next(owner->waiting, &b->ring));
        bool stranger = b->hold == HOLD_CONFLICT;

        b->hold = HOLD_NONE;
        binding_route(e, b, false);
        b = stranger ? NULL : next;
    }
}
