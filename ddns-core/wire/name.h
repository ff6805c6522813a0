/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_WIRE_NAME_H
#define DDNS_WIRE_NAME_H

#include "wire/cursor.h"

enum { DDNS_NAME_MAX = 255, DDNS_LABEL_MAX = 63 }; /* RFC 1035 section 2.3.4 */

/**
 * An absolute, uncompressed domain name by value.  Nothing to free.  Case is
 * kept, and ignored in every comparison (RFC 4343).
 */
struct ddns_name {
    uint8_t len; /**< 1 for the root */
    uint8_t wire[DDNS_NAME_MAX];
};

/**
 * Parse presentation form with \. and \DDD (RFC 1035 section 5.1).  The final
 * dot is optional; "." is the root.
 *
 * @retval DDNS_E_NAME  empty text or label, a label over 63 octets, a name over
 *                      255, or a bad escape
 */
DDNS_NODISCARD ddns_error ddns_name_parse(const char *text, struct ddns_name *out_name);

/** Presentation form with the final dot; @p text has DDNS_NAME_TEXT_MAX bytes. */
void ddns_name_text(const struct ddns_name *name, char *text);

/**
 * Read a possibly compressed name at the cursor.
 *
 * A pointer must aim before the place it was found at and before every pointer
 * followed so far, so a loop is impossible, and past the header (RFC 1035 section
 * 4.1.4: at a prior occurrence of the name).
 */
void ddns_read_name(struct ddns_reader *r, struct ddns_name *out_name);

/** Offsets of names written so far, for compression. */
enum { DDNS_COMPRESS_SLOTS = 512 };
struct ddns_compressor {
    uint16_t offsets[DDNS_COMPRESS_SLOTS]; /**< hashed by suffix; 0 is empty */
    uint32_t first_hash;                   /**< of the message's first name */
    uint32_t first_len;                    /**< 0: there is none yet */
};

/**
 * Write a name, compressed against what @p compressor has seen and remembered
 * there; in full when it is NULL (names inside TSIG, RFC 8945 section 4.2).
 * Only equal octets are shared, so that compression keeps a name's case, and what
 * was cut back from the writer is never pointed at.
 * The message must start at offset 0 of the writer.
 */
void ddns_write_name(struct ddns_writer *w, struct ddns_compressor *compressor,
                     const struct ddns_name *name);

/**
 * An order of names, without regard to case: below, at or above zero where what @p name
 * says from octet @p at on comes before @p other, is equal, or comes behind it.  Shorter
 * ones come first.
 */
int ddns_name_compare(const struct ddns_name *name, size_t at,
                      const struct ddns_name *other);

bool ddns_name_equal(const struct ddns_name *a, const struct ddns_name *b);

/** True when @p name is @p zone or below it. */
bool ddns_name_in_zone(const struct ddns_name *name, const struct ddns_name *zone);

/** Number of labels, without the root's. */
unsigned ddns_name_labels(const struct ddns_name *name);

/** True when one of the labels is "*" (RFC 4592 section 2.1.1). */
bool ddns_name_has_wildcard(const struct ddns_name *name);

/** The name without its first label; the root stays the root. */
struct ddns_name ddns_name_parent(const struct ddns_name *name);

/** Copy with ASCII letters in lower case (RFC 4034 section 6.2). */
struct ddns_name ddns_name_lower(const struct ddns_name *name);

/** "4.3.2.1.in-addr.arpa." or the ip6.arpa nibbles (RFC 1035, RFC 3596). */
struct ddns_name ddns_name_reverse(const ddns_address *address);

/** The address whose ddns_name_reverse() is @p name, in any case; false for none. */
bool ddns_name_reversed(const struct ddns_name *name, ddns_address *out_address);

#endif
