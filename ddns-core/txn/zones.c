/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/zones.h"

bool ddns_zones_serve(const struct ddns_zones *zones, ddns_direction direction)
{
    for (size_t i = 0; i < zones->zone_count; i++) {
        if (zones->zones[i].direction == direction) {
            return true;
        }
    }
    return false;
}

/* Of two zones that enclose one name, the longer name lies deeper. */
static bool closer(const struct ddns_zone *zone, const struct ddns_zone *best)
{
    if (best == NULL) {
        return true;
    }
    if (zone->wildcard != best->wildcard) {
        return best->wildcard;
    }
    return zone->name.len > best->name.len;
}

const struct ddns_zone *ddns_zones_find(const struct ddns_zones *zones,
                                        ddns_direction direction,
                                        const struct ddns_name *name)
{
    const struct ddns_zone *best = NULL;

    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_zone *zone = &zones->zones[i];

        if (zone->direction == direction && zone->network == NULL &&
            (zone->wildcard || ddns_name_in_zone(name, &zone->name)) &&
            closer(zone, best)) {
            best = zone;
        }
    }
    return best;
}

const struct ddns_zone *ddns_zones_find_reverse(const struct ddns_zones *zones,
                                                const ddns_address *address)
{
    const struct ddns_zone *best = NULL;
    struct ddns_name name;

    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_zone *zone = &zones->zones[i];

        if (zone->network != NULL && ddns_network_holds(zone->network, address) &&
            (best == NULL ||
             zone->network->prefix.length > best->network->prefix.length)) {
            best = zone;
        }
    }
    if (best != NULL) {
        return best;
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
