/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_AUDIT_RECORDS_H
#define DDNS_AUDIT_RECORDS_H

#include "wire/message.h"

/**
 * The A, AAAA, PTR and DHCID records that servers told, close together: there may
 * be a million.  Names are in lower case and not compressed, so equal octets are
 * equal records.  Zero is empty; ddns_records_free() after use.
 */
struct ddns_records {
    uint8_t *octets; /**< the records, one after another */
    size_t len, cap;
    size_t *starts; /**< where each begins */
    size_t count, starts_cap;
};

/** One of them, borrowed until the next is added. */
struct ddns_record {
    struct ddns_bytes owner;
    uint16_t type;
    struct ddns_bytes rdata; /**< an address, a name or a DHCID */
};

/**
 * Take @p rr of @p msg, unless its type is none of ours.
 *
 * @retval DDNS_E_FORMAT  its RDATA is not what the type has
 * @retval DDNS_E_NOMEM   nothing was added
 */
DDNS_NODISCARD ddns_error ddns_records_take(struct ddns_records *records,
                                            struct ddns_bytes msg,
                                            const struct ddns_rr *rr);

struct ddns_record ddns_records_at(const struct ddns_records *records, size_t index);

/** Forget all but the first @p count. */
void ddns_records_cut(struct ddns_records *records, size_t count);

/** Put them in the order of ddns_octets_compare() of owner, type and RDATA, each once. */
void ddns_records_sort(struct ddns_records *records);
void ddns_records_free(struct ddns_records *records);

/** An order of names in lower case, for searching: less than, equal to or above 0. */
int ddns_octets_compare(struct ddns_bytes a, struct ddns_bytes b);

#endif
