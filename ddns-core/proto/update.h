/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_UPDATE_H
#define DDNS_PROTO_UPDATE_H

#include "wire/message.h"

/**
 * Builder of one UPDATE message (RFC 2136 section 2).
 *
 * Prerequisites first, then updates: a prerequisite after an update is kept as
 * DDNS_E_BUG.  Errors are sticky, as in the writer below it.
 */
struct ddns_update {
    struct ddns_writer w;
    struct ddns_compressor names;
    struct ddns_header header;
};

/** RDATA of a record: bytes, or a domain name where @p name is not NULL. */
struct ddns_rdata {
    uint16_t type;
    struct ddns_bytes bytes;
    const struct ddns_name *name;
};

struct ddns_rdata
ddns_rdata_address(const ddns_address *address);         /**< A or AAAA; borrows */
uint16_t ddns_other_family(const ddns_address *address); /**< the type that it is not */
struct ddns_rdata ddns_rdata_ptr(const struct ddns_name *target); /**< borrows */
struct ddns_rdata ddns_rdata_dhcid(struct ddns_bytes dhcid);      /**< borrows */

void ddns_update_begin(struct ddns_update *u, uint8_t *buf, size_t cap, uint16_t id,
                       const struct ddns_name *zone);

/* Prerequisites, RFC 2136 section 2.4. */
void ddns_update_require_rrset(struct ddns_update *u, const struct ddns_name *owner,
                               uint16_t type); /**< 2.4.1 RRset exists */
void ddns_update_require_rr(struct ddns_update *u, const struct ddns_name *owner,
                            const struct ddns_rdata *rdata); /**< 2.4.2 with this value */
void ddns_update_require_no_rrset(struct ddns_update *u, const struct ddns_name *owner,
                                  uint16_t type); /**< 2.4.3 */
void ddns_update_require_name(struct ddns_update *u,
                              const struct ddns_name *owner); /**< 2.4.4 */
void ddns_update_require_no_name(struct ddns_update *u,
                                 const struct ddns_name *owner); /**< 2.4.5 */

/* Updates, RFC 2136 section 2.5. */
void ddns_update_add(struct ddns_update *u, const struct ddns_name *owner, uint32_t ttl,
                     const struct ddns_rdata *rdata); /**< 2.5.1 */
void ddns_update_delete_rrset(struct ddns_update *u, const struct ddns_name *owner,
                              uint16_t type); /**< 2.5.2 */
void ddns_update_delete_name(struct ddns_update *u,
                             const struct ddns_name *owner); /**< 2.5.3 */
void ddns_update_delete(struct ddns_update *u, const struct ddns_name *owner,
                        const struct ddns_rdata *rdata); /**< 2.5.4 one record */

/** Fill in the counts.  The writer @p u->w then holds the message, ready to be signed. */
DDNS_NODISCARD ddns_error ddns_update_finish(struct ddns_update *u);

#endif
