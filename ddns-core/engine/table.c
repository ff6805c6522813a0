/* SPDX-License-Identifier: MPL-2.0 */
#include "engine/table.h"

#include <stdlib.h>

enum { FIRST_SIZE = 64, PER_BUCKET = 2 };

static struct table_node **bucket_of(const struct table *t, const struct table_node *node)
{
    return &t->buckets[t->hash_of(node, t->seed) & (t->size - 1)];
}

static void rehash(struct table *t, struct table_node **buckets, size_t size)
{
    for (size_t i = 0; i < t->size; i++) {
        struct table_node *node = t->buckets[i];

        while (node != NULL) {
            struct table_node *next = node->next;
            struct table_node **head = &buckets[t->hash_of(node, t->seed) & (size - 1)];

            node->next = *head;
            *head = node;
            node = next;
        }
    }
    free(t->buckets);
    t->buckets = buckets;
    t->size = size;
}

bool table_reserve(struct table *t)
{
    if (t->count < t->size * PER_BUCKET) {
        return true;
    }

    size_t size = t->size == 0 ? FIRST_SIZE : t->size * 2;
    struct table_node **buckets = calloc(size, sizeof(struct table_node *));

    if (buckets == NULL) {
        return t->size > 0; /* longer chains are better than no entry */
    }
    rehash(t, buckets, size);
    return true;
}

void table_add(struct table *t, struct table_node *node, uint64_t hash)
{
    struct table_node **head = &t->buckets[hash & (t->size - 1)];

    node->next = *head;
    *head = node;
    t->count++;
}

void table_remove(struct table *t, struct table_node *node)
{
    struct table_node **at = bucket_of(t, node);

    while (*at != node) {
        at = &(*at)->next;
    }
    *at = node->next;
    t->count--;
}

struct table_node *table_chain(const struct table *t, uint64_t hash)
{
    return t->size == 0 ? NULL : t->buckets[hash & (t->size - 1)];
}

struct table_node *table_next(const struct table *t, const struct table_node *node)
{
    size_t i = 0;

    if (node != NULL && node->next != NULL) {
        return node->next;
    }
    if (node != NULL) {
        i = (size_t)(bucket_of(t, node) - t->buckets) + 1;
    }
    while (i < t->size && t->buckets[i] == NULL) {
        i++;
    }
    return i < t->size ? t->buckets[i] : NULL;
}

void table_free(struct table *t, void (*release)(struct table_node *node))
{
    for (size_t i = 0; i < t->size; i++) {
        struct table_node *node = t->buckets[i];

        while (node != NULL) {
            struct table_node *next = node->next;

            release(node);
            node = next;
        }
    }
    free(t->buckets);
    t->buckets = NULL;
    t->size = 0;
    t->count = 0;
}

/* FNV-1a from a random start, its bits mixed at the end. */
uint64_t table_hash(const uint8_t *data, size_t len, uint64_t seed)
{
    uint64_t hash = 0xcbf29ce484222325u ^ seed;

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ data[i]) * 0x100000001b3u;
    }
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93u;
    return hash ^ (hash >> 32);
}
