/* SPDX-License-Identifier: MPL-2.0 */
#ifndef MODEL_SERVER_H
#define MODEL_SERVER_H

#include "wire/message.h"

/**
 * A primary server's zones in memory, updated as RFC 2136 section 3 says and by
 * nothing of ours but the reader of messages: what the engine is judged by.
 */
enum { MODEL_RECORDS_MAX = 4096, MODEL_RDATA_MAX = 300 };

struct model_record {
    struct ddns_name owner;
    uint16_t type;
    uint16_t len;
    uint8_t rdata[MODEL_RDATA_MAX]; /**< names uncompressed */
};

struct model_server {
    struct model_record records[MODEL_RECORDS_MAX];
    size_t count;
    unsigned updates; /**< messages carried out */
};

/** Put a record into the zones by hand. */
void model_add(struct model_server *m, const struct ddns_name *owner, uint16_t type,
               struct ddns_bytes rdata);

/** Take records out of them by hand: of any type, or with any value when its data is
 * NULL.
 */
void model_remove(struct model_server *m, const struct ddns_name *owner, uint16_t type,
                  struct ddns_bytes rdata);

/** True when @p owner has @p type with @p rdata; any value when its data is NULL. */
bool model_has(const struct model_server *m, const struct ddns_name *owner, uint16_t type,
               struct ddns_bytes rdata);

/** Number of records of @p type at @p owner; DDNS_TYPE_ANY counts all. */
size_t model_count(const struct model_server *m, const struct ddns_name *owner,
                   uint16_t type);

/** RDATA as it is compared: a PTR's name out of its compression, lower case, in @p room.
 */
struct ddns_bytes model_rdata(struct ddns_bytes message, const struct ddns_rr *rr,
                              struct ddns_name *room);

/** Carry out an UPDATE; returns the RCODE. */
unsigned model_update(struct model_server *m, struct ddns_bytes message);

/** An answer, to an UPDATE or to a query. */
enum { MODEL_ANSWER_MAX = 1024 };

/**
 * Write the answer to @p request into @p out, which has MODEL_ANSWER_MAX bytes; returns
 * its length.
 */
size_t model_answer(struct ddns_bytes request, unsigned rcode, uint8_t *out);

/** The same for a query, with @p count records of the name that it asks about. */
size_t model_answer_with(struct ddns_bytes query, unsigned rcode,
                         const struct model_record *records, size_t count, uint8_t *out);

/** Answer a query from the zones. */
size_t model_query(const struct model_server *m, struct ddns_bytes query, uint8_t *out);

bool model_is_query(struct ddns_bytes message);

#endif
