/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_ENGINE_TABLE_H
#define DDNS_ENGINE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** First member of whatever is kept in a table. */
struct table_node {
    struct table_node *next;
};

/**
 * Intrusive hash table with chains; owns its buckets, never its nodes.  A node does
 * not keep its hash: to compute it again is cheaper than the memory for a million.
 */
struct table {
    uint64_t (*hash_of)(const struct table_node *node, uint64_t seed);
    uint64_t seed; /* makes collisions unpredictable to clients */
    struct table_node **buckets;
    size_t size; /* number of buckets: zero or a power of two */
    size_t count;
};

/** Make room for one more node; false when there is no memory for any. */
bool table_reserve(struct table *t);

/** Add @p node, whose hash is @p hash.  table_reserve() must have said true before. */
void table_add(struct table *t, struct table_node *node, uint64_t hash);
void table_remove(struct table *t, struct table_node *node);

/** First node of the chain for @p hash; go on with node->next, and compare. */
struct table_node *table_chain(const struct table *t, uint64_t hash);

/** The node after @p node in no particular order; the first after NULL, NULL after the
 * last. */
struct table_node *table_next(const struct table *t, const struct table_node *node);

/** Give every node to @p release and forget them all. */
void table_free(struct table *t, void (*release)(struct table_node *node));

/** Hash of @p len octets. */
uint64_t table_hash(const uint8_t *data, size_t len, uint64_t seed);

#endif
