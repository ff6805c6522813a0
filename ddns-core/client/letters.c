/* SPDX-License-Identifier: MPL-2.0 */
#include "client/letters.h"

#include <stdlib.h>
#include <string.h>

enum { BUNDLE_OCTETS = 8000 }; /* some sixty letters */

/** Letters one behind the other, each after what it takes. */
struct ddns_bundle {
    struct ddns_bundle *next;
    size_t used, read;
    uint8_t octets[BUNDLE_OCTETS];
};

/** Octets of a letter up to the end of its name, and behind them of its identity. */
struct sizes {
    uint16_t letter, identity;
};

enum { SMALL = sizeof(((struct ddns_letter *)NULL)->begin) };

_Static_assert(offsetof(struct ddns_wish, fqdn) + sizeof(struct ddns_name) ==
                   sizeof(struct ddns_wish),
               "nothing stands behind the name of a wish");
_Static_assert(SMALL >= sizeof(ddns_address) && SMALL >= sizeof(bool),
               "no letter without a name is larger than that of a walk's beginning");
_Static_assert(sizeof(struct sizes) + sizeof(struct ddns_letter) + DDNS_IDENTITY_MAX <=
                   BUNDLE_OCTETS,
               "every letter finds room in an empty bundle");

/* How much of @p letter has to be kept: a name is seldom as long as it could be. */
static size_t size_of(const struct ddns_letter *letter)
{
    switch (letter->verb) {
    case DDNS_WISH_SET:
    case DDNS_WISH_RESUME:
    case DDNS_WISH_CLEAR:
    case DDNS_REMOVE_STRAY:
        return offsetof(struct ddns_letter, wish.fqdn.wire) + letter->wish.fqdn.len;
    case DDNS_RETELL:
    case DDNS_WALK_BEGIN:
    case DDNS_WALK_END:
        break;
    }
    return offsetof(struct ddns_letter, wish) + SMALL;
}

/* The last bundle if it has room for @p size octets, else an empty one behind it. */
static struct ddns_bundle *with_room(struct ddns_letters *letters, size_t size)
{
    struct ddns_bundle *bundle = letters->tail;

    if (bundle != NULL && BUNDLE_OCTETS - bundle->used >= size) {
        return bundle;
    }
    bundle = letters->spare != NULL ? letters->spare : malloc(sizeof *bundle);
    if (bundle == NULL) {
        return NULL;
    }
    letters->spare = NULL;
    bundle->next = NULL;
    bundle->used = 0;
    bundle->read = 0;
    if (letters->tail == NULL) {
        letters->head = bundle;
    } else {
        letters->tail->next = bundle;
    }
    letters->tail = bundle;
    return bundle;
}

static size_t whole(struct sizes sizes)
{
    return sizeof sizes + sizes.letter + sizes.identity;
}

bool ddns_letters_add(struct ddns_letters *letters, const struct ddns_letter *letter)
{
    struct sizes sizes = { (uint16_t)size_of(letter), (uint16_t)letter->identity.len };
    struct ddns_bundle *bundle = with_room(letters, whole(sizes));
    uint8_t *at;

    if (bundle == NULL) {
        return false;
    }
    at = bundle->octets + bundle->used;
    memcpy(at, &sizes, sizeof sizes);
    memcpy(at + sizeof sizes, letter, sizes.letter);
    if (sizes.identity > 0) {
        memcpy(at + sizeof sizes + sizes.letter, letter->identity.data, sizes.identity);
    }
    bundle->used += whole(sizes);
    letters->count++;
    return true;
}

void ddns_letters_append(struct ddns_letters *to, struct ddns_letters *from)
{
    struct ddns_bundle *spare = from->spare;

    if (spare == NULL) {
        spare = to->spare;
        to->spare = NULL;
    }
    if (from->head != NULL) {
        if (to->head == NULL) {
            to->head = from->head;
        } else {
            to->tail->next = from->head;
        }
        to->tail = from->tail;
        to->count += from->count;
    }
    *from = (struct ddns_letters){ .spare = spare };
}

static struct sizes first_sizes(const struct ddns_bundle *bundle)
{
    struct sizes sizes;

    memcpy(&sizes, bundle->octets + bundle->read, sizeof sizes);
    return sizes;
}

bool ddns_letters_first(const struct ddns_letters *letters,
                        struct ddns_letter *out_letter)
{
    const struct ddns_bundle *bundle = letters->head;
    const uint8_t *at;
    struct sizes sizes;

    if (bundle == NULL) {
        return false;
    }
    sizes = first_sizes(bundle);
    at = bundle->octets + bundle->read + sizeof sizes;
    memset(out_letter, 0, sizeof *out_letter);
    memcpy(out_letter, at, sizes.letter);
    out_letter->identity.data = at + sizes.letter;
    return true;
}

/* The first bundle has been read. */
static void retire(struct ddns_letters *letters)
{
    struct ddns_bundle *bundle = letters->head;

    letters->head = bundle->next;
    if (letters->head == NULL) {
        letters->tail = NULL;
    }
    if (letters->spare == NULL) {
        letters->spare = bundle;
    } else {
        free(bundle);
    }
}

void ddns_letters_drop(struct ddns_letters *letters)
{
    struct ddns_bundle *bundle = letters->head;

    bundle->read += whole(first_sizes(bundle));
    letters->count--;
    if (bundle->read == bundle->used) {
        retire(letters);
    }
}

void ddns_letters_free(struct ddns_letters *letters)
{
    while (letters->head != NULL) {
        retire(letters);
    }
    free(letters->spare);
    *letters = (struct ddns_letters){ 0 };
}
