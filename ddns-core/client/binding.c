/* SPDX-License-Identifier: MPL-2.0 */
#include "client/binding.h"

#include <string.h>

#include "proto/dhcid.h"

static const unsigned DIRECTIONS = DDNS_FORWARD | DDNS_REVERSE;

static const uint32_t TTL_MAX = 0x7fffffff; /* RFC 2181 section 8 */

static bool plain_fields_valid(const ddns_binding *binding)
{
    return (binding->address.len == 4 || binding->address.len == 16) &&
           binding->directions != 0 && (binding->directions & ~DIRECTIONS) == 0 &&
           binding->ttl <= TTL_MAX;
}

/** What is configured of @p wanted; a tree that nobody configured is left out. */
static unsigned served_directions(const struct ddns_zones *zones, unsigned wanted)
{
    unsigned served = 0;

    if ((wanted & DDNS_FORWARD) != 0 && ddns_zones_serve(zones, DDNS_FORWARD)) {
        served |= DDNS_FORWARD;
    }
    if ((wanted & DDNS_REVERSE) != 0 && ddns_zones_serve(zones, DDNS_REVERSE)) {
        served |= DDNS_REVERSE;
    }
    return served;
}

/*
 * A lease must not touch the records that make a zone a zone, nor catch every
 * name below one (RFC 4592).  Who associates a name by hand may.
 */
static ddns_error check_forward(const struct ddns_zones *zones,
                                const struct ddns_wish *wish)
{
    const struct ddns_zone *zone = ddns_zones_find(zones, DDNS_FORWARD, &wish->fqdn);

    if (zone == NULL) {
        return DDNS_E_NO_ZONE;
    }
    if (wish->mode != DDNS_ASSOCIATE) {
        struct ddns_name apex = ddns_zone_apex(zone, &wish->fqdn);

        if (ddns_name_equal(&apex, &wish->fqdn)) {
            return DDNS_E_NOT_OURS;
        }
    }
    return DDNS_OK;
}

static ddns_error check_reverse(const struct ddns_zones *zones,
                                const struct ddns_wish *wish)
{
    return ddns_zones_find_reverse(zones, &wish->address) == NULL ? DDNS_E_NO_ZONE
                                                                  : DDNS_OK;
}

static ddns_error check_names(const struct ddns_zones *zones,
                              const struct ddns_wish *wish)
{
    ddns_error error = DDNS_OK;

    if (wish->directions == 0) {
        return DDNS_E_NO_ZONE;
    }
    if (wish->mode != DDNS_ASSOCIATE && ddns_name_has_wildcard(&wish->fqdn)) {
        return DDNS_E_NOT_OURS;
    }
    if ((wish->directions & DDNS_FORWARD) != 0) {
        error = check_forward(zones, wish);
    }
    if (error == DDNS_OK && (wish->directions & DDNS_REVERSE) != 0) {
        error = check_reverse(zones, wish);
    }
    return error;
}

static ddns_error check_identity(const ddns_identity *identity, struct ddns_wish *wish)
{
    switch (wish->mode) {
    case DDNS_CHECK_WITH_DHCID:
    case DDNS_CHECK_EXISTS_WITH_DHCID:
    case DDNS_NO_CHECK_WITH_DHCID:
    case DDNS_MIXED_CHECK_WITH_DHCID:
    case DDNS_MIXED_CHECK_EXISTS_WITH_DHCID:
    case DDNS_MIXED_NO_CHECK_WITH_DHCID:
        wish->has_dhcid = true;
        return ddns_identity_is_valid(identity) ? DDNS_OK : DDNS_E_INVALID;
    case DDNS_NO_CHECK_WITHOUT_DHCID:
    case DDNS_ASSOCIATE:
        return DDNS_OK;
    }
    return DDNS_E_INVALID; /* an integer that is no mode */
}

ddns_error ddns_wish_of(const struct ddns_zones *zones, const ddns_binding *binding,
                        struct ddns_wish *out_wish)
{
    ddns_error error;

    memset(out_wish, 0, sizeof *out_wish);
    if (!plain_fields_valid(binding)) {
        return DDNS_E_INVALID;
    }
    if (binding->fqdn == NULL) {
        return DDNS_E_NAME;
    }
    error = ddns_name_parse(binding->fqdn, &out_wish->fqdn);
    if (error != DDNS_OK) {
        return error;
    }
    out_wish->address = binding->address;
    out_wish->directions = served_directions(zones, binding->directions);
    out_wish->mode = binding->mode;
    out_wish->ttl = binding->ttl;
    error = check_names(zones, out_wish);
    return error == DDNS_OK ? check_identity(&binding->identity, out_wish) : error;
}

ddns_error ddns_clearing_of(const struct ddns_zones *zones, const ddns_binding *binding,
                            struct ddns_wish *out_wish)
{
    static const struct ddns_name root = { .len = 1 };
    ddns_error error = ddns_wish_of(zones, binding, out_wish);

    if (ddns_error_class_of(error) != DDNS_CLASS_USAGE ||
        (binding->address.len != 4 && binding->address.len != 16)) {
        return error;
    }
    *out_wish = (struct ddns_wish){ .address = binding->address, .fqdn = root };
    return DDNS_OK;
}
