/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_TSIG_RECORD_H
#define DDNS_PROTO_TSIG_RECORD_H

#include "proto/tsig_key.h"

/** A TSIG record taken apart; ranges are borrowed from the message. */
struct ddns_tsig_record {
    size_t start; /* of the record in the message */
    struct ddns_name owner;
    struct ddns_name algorithm;
    uint64_t time_signed;
    uint16_t fudge;
    struct ddns_bytes mac;
    struct ddns_bytes original_id;
    uint16_t error;
    struct ddns_bytes other;
};

/**
 * Find the TSIG record, which is the last one or there is none (RFC 8945
 * section 5.1).  @p out_found is false when there is none.
 *
 * @retval DDNS_E_FORMAT  the message or the record cannot be parsed
 */
DDNS_NODISCARD ddns_error ddns_tsig_find(struct ddns_bytes msg,
                                         struct ddns_tsig_record *record,
                                         bool *out_found);

/**
 * Judge @p record of @p msg, into all of @p result.
 *
 * @param before  what is digested before the message, and which of the variables
 *                follow it; the other parts are taken from the message
 */
DDNS_NODISCARD ddns_error ddns_tsig_judge(struct ddns_bytes msg,
                                          const struct ddns_tsig_key *key,
                                          const struct ddns_tsig_digest *before,
                                          const struct ddns_tsig_record *record,
                                          uint64_t now, struct ddns_tsig_result *result);

#endif
