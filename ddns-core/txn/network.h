/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_NETWORK_H
#define DDNS_TXN_NETWORK_H

#include "wire/name.h"

enum { DDNS_OWNER_PATTERN_MAX = 64 }; /**< with the closing NUL */

/**
 * A network whose PTR records stand under names of its zone's own (RFC 2317), such as
 * "130.128/26.2.0.192.in-addr.arpa." for 192.0.2.130.
 *
 * The pattern is the owner relative to the zone, with one "$" for the labels of the
 * address below the network's whole octets (IPv6: hexadecimal digits): "130" in
 * 192.0.2.128/26, "130.1" in 192.0.0.0/22.
 */
struct ddns_network {
    ddns_prefix prefix;
    struct ddns_name zone;
    char pattern[DDNS_OWNER_PATTERN_MAX];
};

/**
 * @param pattern  NULL for "$"
 * @retval DDNS_E_ADDRESS  @p prefix is no prefix, or has bits set past its length
 * @retval DDNS_E_NAME     @p pattern has not one "$", or makes no domain name
 */
DDNS_NODISCARD ddns_error ddns_network_init(struct ddns_network *network,
                                            const ddns_prefix *prefix,
                                            const struct ddns_name *zone,
                                            const char *pattern);

bool ddns_network_holds(const struct ddns_network *network, const ddns_address *address);

/**
 * The owner of the PTR record of @p address, which is in @p network; with NULL for
 * @p network, its ddns_name_reverse().
 */
struct ddns_name ddns_network_name(const struct ddns_network *network,
                                   const ddns_address *address);

/** The address whose ddns_network_name() is @p name, in any case; false for none. */
bool ddns_network_address(const struct ddns_network *network,
                          const struct ddns_name *name, ddns_address *out_address);

#endif
