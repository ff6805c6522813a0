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

        if (zone->direction == direction &&
            (zone->wildcard || ddns_name_in_zone(name, &zone->name)) &&
            closer(zone, best)) {
            best = zone;
        }
    }
    return best;
}

struct ddns_name ddns_zone_apex(const struct ddns_zone *zone,
                                const struct ddns_name *name)
{
    return zone->wildcard ? ddns_name_parent(name) : zone->name;
}
