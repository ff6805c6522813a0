/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_ENGINE_RING_H
#define DDNS_ENGINE_RING_H

#include <stddef.h>

/**
 * A list with two ends and one pointer to it, for lists that are nearly always empty
 * and of which there are as many as names.  The links go round: the last is before the
 * first.
 */
struct ring_entry {
    struct ring_entry *next, *prev;
};

/** The entry after @p entry, or NULL after the last. */
static inline struct ring_entry *ring_next(const struct ring_entry *ring,
                                           const struct ring_entry *entry)
{
    return entry->next == ring ? NULL : entry->next;
}

static inline void ring_add_last(struct ring_entry **ring, struct ring_entry *entry)
{
    if (*ring == NULL) {
        entry->next = entry->prev = entry;
        *ring = entry;
        return;
    }
    entry->next = *ring;
    entry->prev = (*ring)->prev;
    entry->prev->next = entry;
    entry->next->prev = entry;
}

static inline void ring_add_first(struct ring_entry **ring, struct ring_entry *entry)
{
    ring_add_last(ring, entry);
    *ring = entry; /* one further back, and it goes round */
}

static inline void ring_remove(struct ring_entry **ring, struct ring_entry *entry)
{
    if (entry->next == entry) {
        *ring = NULL;
        return;
    }
    entry->prev->next = entry->next;
    entry->next->prev = entry->prev;
    if (*ring == entry) {
        *ring = entry->next;
    }
}

#endif
