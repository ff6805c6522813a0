/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_ZONES_H
#define DDNS_TXN_ZONES_H

#include "proto/tsig.h"
#include "txn/network.h"

/** A DNS server, once, however many zones name it. */
struct ddns_endpoint {
    ddns_address address;
    uint16_t port;
    ddns_transport transport;
};

/** A server of a zone and the key it wants there. */
struct ddns_zone_server {
    unsigned endpoint;               /**< index into ddns_zones.endpoints */
    const struct ddns_tsig_key *key; /**< NULL: unsigned */
};

struct ddns_zone {
    struct ddns_name name; /**< the root for "*" */
    bool wildcard;         /**< "*": the zone is the parent of the name */
    ddns_direction direction;
    const struct ddns_zone_server *servers; /**< most preferred first */
    size_t count;
    const struct ddns_network *network; /**< the only one that it serves, or NULL */
};

/** Everything configured about zones.  Borrowed and immutable while in use. */
struct ddns_zones {
    const struct ddns_zone *zones;
    size_t zone_count;
    const uint32_t *order; /**< indices of those without a network, in their order */
    size_t order_count;
    const struct ddns_endpoint *endpoints;
    size_t endpoint_count;
};

/** True when some zone of @p direction is configured. */
bool ddns_zones_serve(const struct ddns_zones *zones, ddns_direction direction);

/**
 * Put the zone with @p index, which has no network, where ddns_zones_find() looks for it
 * in @p order, which is that of @p zones and has room for one more; the count is the
 * caller's to change.
 */
void ddns_zones_put_in_order(const struct ddns_zones *zones, size_t index,
                             uint32_t *order);

/** The reverse, of one that is there. */
void ddns_zones_take_out_of_order(const struct ddns_zones *zones, size_t index,
                                  uint32_t *order);

/**
 * The longest zone of @p direction that encloses @p name, "*" last, or NULL.  Those
 * with a network are left out.
 */
const struct ddns_zone *ddns_zones_find(const struct ddns_zones *zones,
                                        ddns_direction direction,
                                        const struct ddns_name *name);

/**
 * The zone of the PTR record of @p address: that of the smallest network which holds
 * it, or the one that encloses its ddns_name_reverse(), or NULL.
 */
const struct ddns_zone *ddns_zones_find_reverse(const struct ddns_zones *zones,
                                                const ddns_address *address);

/** The address whose PTR record @p zones have at @p name; false for none. */
bool ddns_zones_address(const struct ddns_zones *zones, const struct ddns_name *name,
                        ddns_address *out_address);

/** The apex that an update for @p name in @p zone is sent to. */
struct ddns_name ddns_zone_apex(const struct ddns_zone *zone,
                                const struct ddns_name *name);

#endif
