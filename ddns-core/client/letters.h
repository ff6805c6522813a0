/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_LETTERS_H
#define DDNS_CLIENT_LETTERS_H

#include "engine/engine.h"

enum ddns_verb {
    DDNS_WISH_SET,
    DDNS_WISH_RESUME,
    DDNS_WISH_CLEAR,
    DDNS_REMOVE_STRAY,
    DDNS_RETELL,
    DDNS_WALK_BEGIN,
    DDNS_WALK_END,
};

/** What the client's thread is told. */
struct ddns_letter {
    enum ddns_verb verb;
    ddns_identity identity; /**< whose DHCID the wish is to have, if it has none yet */
    union {
        struct ddns_wish wish; /**< of the wishes and the stray */
        ddns_address address;  /**< of DDNS_RETELL */
        struct {
            ddns_range range;
            bool afresh;
        } begin;
        bool complete; /**< of DDNS_WALK_END */
    };
};

/**
 * Letters in the order in which they were added, each as small as it can be, and many
 * in one piece of memory: who adds one, on a thread that has no time, seldom allocates.
 * All zeros is an empty list.
 */
struct ddns_letters {
    struct ddns_bundle *head, *tail;
    struct ddns_bundle *spare; /**< empty, for letters to come; or NULL */
    size_t count;
};

/** Copy @p letter to the end; false when there is no memory. */
DDNS_NODISCARD bool ddns_letters_add(struct ddns_letters *letters,
                                     const struct ddns_letter *letter);

/** Move all of @p from to the end of @p to, and in exchange a spare piece of memory. */
void ddns_letters_append(struct ddns_letters *to, struct ddns_letters *from);

/**
 * Copy the first letter; false when there is none.  Its identity's octets are borrowed
 * until it is dropped.
 */
bool ddns_letters_first(const struct ddns_letters *letters,
                        struct ddns_letter *out_letter);

/** Throw the first letter away; there must be one. */
void ddns_letters_drop(struct ddns_letters *letters);

void ddns_letters_free(struct ddns_letters *letters);

#endif
