/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_AUDIT_TRANSFER_H
#define DDNS_AUDIT_TRANSFER_H

#include "audit/reading.h"
#include "audit/records.h"

/**
 * A zone transfer (RFC 5936), message by message: knows neither sockets nor clocks.
 * Zero but for the first members, which the caller fills.
 */
struct ddns_transfer {
    struct ddns_name zone;
    const struct ddns_tsig_key *key; /**< NULL: unsigned */
    struct ddns_records *records;    /**< where those of the zone go */
    struct ddns_reading reading;     /**< only when DONE are the records all there are */

    uint16_t id;
    struct ddns_tsig_stream *stream;
    bool begun;    /**< its first message was taken */
    unsigned soas; /**< the first and the last record are the zone's SOA */
};

/** Write the request, signed at @p now, into @p w. */
DDNS_NODISCARD ddns_error ddns_transfer_ask(struct ddns_transfer *t,
                                            struct ddns_writer *w, uint16_t id,
                                            uint64_t now);

/** Take the next message; false for one that is no answer to the request. */
bool ddns_transfer_take(struct ddns_transfer *t, struct ddns_bytes msg, uint64_t now);
void ddns_transfer_close(struct ddns_transfer *t);

#endif
