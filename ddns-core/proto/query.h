/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_QUERY_H
#define DDNS_PROTO_QUERY_H

#include "wire/message.h"

/** Room for a query: one question and no records. */
enum { DDNS_QUERY_MAX = DDNS_HEADER_LEN + DDNS_NAME_MAX + 4 };

/** Append to @p w, which is empty, a query for @p question (RFC 1035 section 4). */
void ddns_query_write(struct ddns_writer *w, uint16_t id,
                      const struct ddns_question *question);

/**
 * Read header and question at the start of a message.  True when they are those of
 * an answer to that query: anything else is forged or late (RFC 5452 section 9.1).
 */
bool ddns_query_answered(struct ddns_reader *r, uint16_t id,
                         const struct ddns_question *question,
                         struct ddns_header *out_header);

#endif
