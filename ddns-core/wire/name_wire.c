/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "wire/message.h"

enum {
    POINTER = 0xc0,                 /* RFC 1035 section 4.1.4: both bits set */
    POINTER_MAX = 0x3fff,           /* a pointer has 14 bits */
    MAX_LABELS = DDNS_NAME_MAX / 2, /* one octet and its length each */
    MAX_PROBES = 8,                 /* a full table costs little; a miss, only octets */
};

/* ---- reading ------------------------------------------------------------ */

/*
 * Follow the pointer that starts with octet @p high.  It may only aim before
 * the labels it ends: those came later than what they repeat, and each jump
 * then goes further back, which ends.  Nor may it aim into the header, where no
 * name is: counting one more record would change what such a name says.
 */
static void follow_pointer(struct ddns_reader *r, uint8_t high, size_t *run)
{
    size_t target = (size_t)(high & ~POINTER) << 8 | ddns_read_u8(r);

    if (r->error != DDNS_OK) {
        return;
    }
    if (target >= *run || target < DDNS_HEADER_LEN) {
        r->error = DDNS_E_FORMAT;
        return;
    }
    *run = target;
    r->pos = target;
}

static void take_label(struct ddns_reader *r, uint8_t len, struct ddns_name *name)
{
    struct ddns_bytes label;

    if (len > DDNS_LABEL_MAX || name->len + 1u + len + 1u > DDNS_NAME_MAX) {
        r->error = DDNS_E_FORMAT;
        return;
    }
    label = ddns_read_bytes(r, len);
    if (r->error != DDNS_OK) {
        return;
    }
    name->wire[name->len++] = len;
    memcpy(name->wire + name->len, label.data, len);
    name->len = (uint8_t)(name->len + len);
}

void ddns_read_name(struct ddns_reader *r, struct ddns_name *out_name)
{
    size_t run = r->pos; /* where the labels being read began */
    size_t after = 0;    /* where reading goes on once a pointer was followed */
    uint8_t octet = 0;

    out_name->len = 0;
    while ((octet = ddns_read_u8(r)) != 0) {
        if ((octet & POINTER) == POINTER) {
            size_t next = r->pos + 1;

            follow_pointer(r, octet, &run);
            after = after == 0 ? next : after;
        } else {
            take_label(r, octet, out_name);
        }
    }
    if (r->error != DDNS_OK) {
        out_name->len = 0; /* what a failed read yields: the root */
    } else if (after != 0) {
        r->pos = after;
    }
    out_name->wire[out_name->len++] = 0;
}

/* ---- writing ------------------------------------------------------------ */

/* True when a label of @p name, or its root, begins at @p offset. */
static bool begins_at(const struct ddns_name *name, size_t offset)
{
    size_t at = 0;

    while (at < offset) {
        at += 1u + name->wire[at];
    }
    return at == offset;
}

/* Offsets of the labels in @p name before @p end; returns their number. */
static size_t find_labels(const struct ddns_name *name, size_t end, uint8_t *starts)
{
    size_t count = 0;

    for (size_t at = 0; at < end; at += 1u + name->wire[at]) {
        starts[count++] = (uint8_t)at;
    }
    return count;
}

static uint64_t mix(uint64_t hash, uint64_t octets)
{
    static const uint64_t ODD = 0x9e3779b97f4a7c15u; /* carries what differs upwards */

    hash = (hash ^ octets) * ODD;
    return hash ^ hash >> 32;
}

/* A label, eight octets at a time, continued from the hash of those that follow it. */
static uint32_t hash_label(uint32_t hash, const uint8_t *label)
{
    size_t left = 1u + label[0];
    uint64_t mixed = hash;
    uint64_t octets = 0;

    for (; left >= sizeof octets; left -= sizeof octets, label += sizeof octets) {
        memcpy(&octets, label, sizeof octets);
        mixed = mix(mixed, octets);
    }
    for (octets = 0; left > 0; left--, label++) {
        octets = octets << 8 | *label;
    }
    return (uint32_t)mix(mixed, octets);
}

/*
 * True when @p label stands at @p at in the message, followed by the name that
 * is at @p rest, the root for 0.
 *
 * Octets must be the same, not only letters: a pointer would otherwise change
 * the case that a client gave its name.  The message itself is asked, so an
 * entry left behind by a message that was cut back is never believed.
 */
static bool suffix_at(const struct ddns_writer *w, size_t at, const uint8_t *label,
                      size_t rest)
{
    size_t size = 1u + label[0];
    size_t next = at + size;

    if (next >= w->len || memcmp(w->buf + at, label, size) != 0) {
        return false;
    }
    if (rest == 0) {
        return w->buf[next] == 0;
    }
    if (next == rest) {
        return true;
    }
    return next + 1 < w->len && w->buf[next] == (POINTER | rest >> 8) &&
           w->buf[next + 1] == (uint8_t)rest;
}

/* The slot of the suffix, or the empty one to remember it in; NULL when crowded. */
static uint16_t *find_slot(struct ddns_compressor *compressor, uint32_t hash,
                           const struct ddns_writer *w, const uint8_t *label, size_t rest)
{
    for (uint32_t i = 0; i < MAX_PROBES; i++) {
        uint16_t *slot = &compressor->offsets[(hash + i) % DDNS_COMPRESS_SLOTS];

        if (*slot == 0 || suffix_at(w, *slot, label, rest)) {
            return slot;
        }
    }
    return NULL;
}

static void remember(struct ddns_compressor *compressor, uint32_t hash, size_t at)
{
    for (uint32_t i = 0; i < MAX_PROBES && at <= POINTER_MAX; i++) {
        uint16_t *slot = &compressor->offsets[(hash + i) % DDNS_COMPRESS_SLOTS];

        if (*slot == 0) {
            *slot = (uint16_t)at;
            return;
        }
    }
}

/* The end of a name, which is in the message already. */
struct rest {
    size_t start; /* in the name */
    size_t at;    /* in the message; 0: it is the root alone, and nowhere */
    uint32_t hash;
};

/*
 * What is known without a search: most names end with the first one of the message,
 * which is an update's zone.
 */
static struct rest first_rest(const struct ddns_writer *w,
                              const struct ddns_compressor *compressor,
                              const struct ddns_name *name)
{
    size_t len = compressor->first_len;
    size_t start = name->len - len;

    if (len <= 1 || len > name->len || DDNS_HEADER_LEN + len > w->len ||
        memcmp(name->wire + start, w->buf + DDNS_HEADER_LEN, len) != 0 ||
        !begins_at(name, start)) {
        return (struct rest){ name->len - 1u, 0, 0 };
    }
    return (struct rest){ start, DDNS_HEADER_LEN, compressor->first_hash };
}

static void write_compressed(struct ddns_writer *w, struct ddns_compressor *compressor,
                             const struct ddns_name *name)
{
    uint8_t starts[MAX_LABELS];
    size_t base = w->len;
    struct rest rest = first_rest(w, compressor, name);
    size_t fresh = find_labels(name, rest.start, starts); /* labels not found yet */

    /* From the last label on: the longest suffix is known only when all shorter
     * ones are, so the first miss ends the search. */
    while (fresh > 0) {
        const uint8_t *label = name->wire + starts[fresh - 1];
        uint32_t hash = hash_label(rest.hash, label);
        const uint16_t *slot = find_slot(compressor, hash, w, label, rest.at);

        if (slot == NULL || *slot == 0) {
            break;
        }
        rest = (struct rest){ starts[--fresh], *slot, hash };
    }
    ddns_write_bytes(w, (struct ddns_bytes){ name->wire, rest.start });
    if (rest.at == 0) {
        ddns_write_u8(w, 0);
    } else {
        ddns_write_u16(w, (uint16_t)(POINTER << 8 | rest.at));
    }
    if (w->error != DDNS_OK) {
        return;
    }
    while (fresh-- > 0) {
        rest.hash = hash_label(rest.hash, name->wire + starts[fresh]);
        remember(compressor, rest.hash, base + starts[fresh]);
    }
    if (base == DDNS_HEADER_LEN) {
        compressor->first_len = name->len;
        compressor->first_hash = rest.hash;
    }
}

void ddns_write_name(struct ddns_writer *w, struct ddns_compressor *compressor,
                     const struct ddns_name *name)
{
    if (compressor == NULL) {
        ddns_write_bytes(w, (struct ddns_bytes){ name->wire, name->len });
    } else {
        write_compressed(w, compressor, name);
    }
}
