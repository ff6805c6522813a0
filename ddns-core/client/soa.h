/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_SOA_H
#define DDNS_CLIENT_SOA_H

#include "wire/message.h"

/** Room for the query: one question and no records. */
enum { DDNS_SOA_QUERY_MAX = DDNS_HEADER_LEN + DDNS_NAME_MAX + 4 };

/** Ask for the SOA record of @p name (RFC 1035 section 4), into @p buf. */
struct ddns_bytes ddns_soa_query(uint8_t *buf, uint16_t id, const struct ddns_name *name);

/** What an answer to the query says about the zone that holds the name. */
enum ddns_soa_answer {
    DDNS_SOA_IGNORE,     /**< no answer to this query at all */
    DDNS_SOA_TRUNCATED,  /**< ask again over TCP */
    DDNS_SOA_FOUND,      /**< the zone is known */
    DDNS_SOA_ASK_PARENT, /**< an alias: its target's zone was answered, not its own */
    DDNS_SOA_NONE,       /**< the server knows no such zone */
};

/** Pure; @p out_zone is written for DDNS_SOA_FOUND. */
enum ddns_soa_answer ddns_soa_read(struct ddns_bytes msg, uint16_t id,
                                   const struct ddns_name *name,
                                   struct ddns_name *out_zone);

#endif
