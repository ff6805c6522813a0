/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/zones.h"

#include <string.h>

bool ddns_zones_serve(const struct ddns_zones *zones, ddns_direction direction)
{
    for (size_t i = 0; i < zones->zone_count; i++) {
        if (zones->zones[i].direction == direction) {
            return true;
        }
    }
    return false;
}

/* The order: directions, then names, and of two for the root the zone before "*". */
static int compare(ddns_direction direction, const struct ddns_name *name, size_t at,
                   bool wildcard, const struct ddns_zone *zone)
{
    int difference = (int)direction - (int)zone->direction;

    if (difference == 0) {
        difference = ddns_name_compare(name, at, &zone->name);
    }
    return difference == 0 ? (int)wildcard - (int)zone->wildcard : difference;
}

static size_t place(const struct ddns_zones *zones, ddns_direction direction,
                    const struct ddns_name *name, size_t at, bool wildcard)
{
    size_t low = 0;
    size_t high = zones->order_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ddns_zone *zone = &zones->zones[zones->order[middle]];

        if (compare(direction, name, at, wildcard, zone) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t place_of(const struct ddns_zones *zones, size_t index)
{
    const struct ddns_zone *zone = &zones->zones[index];

    return place(zones, zone->direction, &zone->name, 0, zone->wildcard);
}

void ddns_zones_put_in_order(const struct ddns_zones *zones, size_t index,
                             uint32_t *order)
{
    size_t at = place_of(zones, index);

    memmove(order + at + 1, order + at, (zones->order_count - at) * sizeof *order);
    order[at] = (uint32_t)index;
}

void ddns_zones_take_out_of_order(const struct ddns_zones *zones, size_t index,
                                  uint32_t *order)
{
    size_t at = place_of(zones, index);

    memmove(order + at, order + at + 1, (zones->order_count - at - 1) * sizeof *order);
}

/* A zone with exactly the name that @p name is from octet @p at on. */
static const struct ddns_zone *called(const struct ddns_zones *zones,
                                      ddns_direction direction,
                                      const struct ddns_name *name, size_t at)
{
    size_t found = place(zones, direction, name, at, false);
    const struct ddns_zone *zone;

    if (found == zones->order_count) {
        return NULL;
    }
    zone = &zones->zones[zones->order[found]];
    return zone->direction == direction && ddns_name_compare(name, at, &zone->name) == 0
               ? zone
               : NULL;
}

const struct ddns_zone *ddns_zones_find(const struct ddns_zones *zones,
                                        ddns_direction direction,
                                        const struct ddns_name *name)
{
    const struct ddns_zone *zone = NULL;

    for (size_t at = 0; zone == NULL && at < name->len; at += 1u + name->wire[at]) {
        zone = called(zones, direction, name, at);
    }
    return zone;
}

/* The smallest network that holds @p address, or NULL. */
static const struct ddns_zone *find_network(const struct ddns_zones *zones,
                                            const ddns_address *address)
{
    const struct ddns_zone *best = NULL;

    if (zones->order_count == zones->zone_count) {
        return NULL; /* no zone has one */
    }
    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_zone *zone = &zones->zones[i];

        if (zone->network != NULL && ddns_network_holds(zone->network, address) &&
            (best == NULL ||
             zone->network->prefix.length > best->network->prefix.length)) {
            best = zone;
        }
    }
    return best;
}

const struct ddns_zone *ddns_zones_find_reverse(const struct ddns_zones *zones,
                                                const ddns_address *address)
{
    const struct ddns_zone *zone = find_network(zones, address);
    struct ddns_name name;

    if (zone != NULL) {
        return zone;
    }
    name = ddns_name_reverse(address);
    return ddns_zones_find(zones, DDNS_REVERSE, &name);
}

bool ddns_zones_address(const struct ddns_zones *zones, const struct ddns_name *name,
                        ddns_address *out_address)
{
    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_network *network = zones->zones[i].network;

        if (network != NULL && ddns_network_address(network, name, out_address)) {
            return ddns_zones_find_reverse(zones, out_address) == &zones->zones[i];
        }
    }
    if (ddns_name_reversed(name, out_address)) {
        const struct ddns_zone *zone = ddns_zones_find_reverse(zones, out_address);

        return zone == NULL || zone->network == NULL;
    }
    return false;
}

struct ddns_name ddns_zone_apex(const struct ddns_zone *zone,
                                const struct ddns_name *name)
{
    return zone->wildcard ? ddns_name_parent(name) : zone->name;
}
