/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_SOA_H
#define DDNS_CLIENT_SOA_H

#include "wire/message.h"

/** What an answer to a query for the SOA of a name says about the name's zone. */
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
