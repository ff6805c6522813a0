/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_AUDIT_LOOKUP_H
#define DDNS_AUDIT_LOOKUP_H

#include "audit/reading.h"
#include "audit/records.h"

enum { DDNS_LOOKUPS_IN_FLIGHT = 64 }; /* a full round trip's worth; servers queue them */

/** A record set to ask for. */
struct ddns_sought {
    struct ddns_bytes owner; /**< wire form; borrowed */
    uint16_t type;
};

/** A query under way, found by its id. */
struct ddns_lookup_slot {
    enum { DDNS_SLOT_FREE, DDNS_SLOT_WAITING, DDNS_SLOT_AGAIN } state;
    size_t sought;
    uint16_t id;
    struct ddns_mac mac;
};

/**
 * Plain queries for many record sets over one connection (RFC 7766 section 6.2.1.1),
 * for a zone that may not be transferred.  Knows neither sockets nor clocks.  Zero
 * but for the first members, which the caller fills.
 */
struct ddns_lookup {
    const struct ddns_sought *sought;
    size_t count;
    const struct ddns_tsig_key *key; /**< NULL: unsigned */
    struct ddns_records *records;
    struct ddns_reading reading;

    size_t next;     /**< the first that was never asked for */
    size_t answered; /**< DONE when all are */
    struct ddns_lookup_slot slots[DDNS_LOOKUPS_IN_FLIGHT];
};

/**
 * Write the next query, signed at @p now, into @p w, which is empty; false when none
 * is to be sent, or reading has ended.  @p random gives ids (RFC 5452 section 9.1).
 */
bool ddns_lookup_ask(struct ddns_lookup *l, struct ddns_writer *w,
                     uint32_t (*random)(void *user), void *user, uint64_t now);

/** Take a message; false for one that answers no query under way. */
bool ddns_lookup_take(struct ddns_lookup *l, struct ddns_bytes msg, uint64_t now);

/** The connection is gone: what was under way is to be asked for again. */
void ddns_lookup_lost(struct ddns_lookup *l);

#endif
