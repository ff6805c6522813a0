/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_READ_ZONE_H
#define DDNS_CLIENT_READ_ZONE_H

#include "audit/lookup.h"
#include "txn/zones.h"

/** Which zone to read, and what of it matters. */
struct ddns_zone_source {
    const struct ddns_zones *zones;
    const struct ddns_zone *zone;
    const struct ddns_sought *sought; /**< asked for where a transfer is refused */
    size_t sought_count;
    unsigned timeout_ms;              /**< since the last message */
    bool (*stopped)(void *stop_user); /**< true ends it with DDNS_E_STOPPING; or NULL */
    void *stop_user;
};

/**
 * Add the A, AAAA, PTR and DHCID records of a zone to @p records: all of them, by
 * transfer from the first server that allows it; or else, when a server answered
 * that it does not, and for "*", those of what is sought.  Blocks.
 *
 * On an error @p records is as it was, and @p errbuf, which may be NULL, says why.
 *
 * @param out_whole  all of the zone was read
 */
DDNS_NODISCARD ddns_error ddns_read_zone(const struct ddns_zone_source *source,
                                         struct ddns_records *records, bool *out_whole,
                                         ddns_errbuf *errbuf);

#endif
