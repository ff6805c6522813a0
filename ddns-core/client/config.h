/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_CONFIG_H
#define DDNS_CLIENT_CONFIG_H

#include "txn/zones.h"

/** A TSIG key; shared, because copies of a configuration live on other threads. */
struct ddns_shared_key;

/** Keys, zones and servers; each zone owns its list of servers and its network. */
struct ddns_config {
    struct ddns_shared_key **keys;
    size_t key_count, key_cap;
    struct ddns_zone *zones;
    size_t zone_count, zone_cap;
    uint32_t *order; /**< as ddns_zones.order */
    size_t order_count, order_cap;
    struct ddns_endpoint *endpoints; /**< no two are equal */
    size_t endpoint_count, endpoint_cap;
    unsigned timeout_ms;
    char *ledger;     /**< path, or NULL for none */
    char *prometheus; /**< path, or NULL for none, */
    char *daemon;     /**< and the label of what is in it */
    bool mixed;       /**< ddns_config_set_dual_stack_mixed_mode() */
};

/** Copy @p config; later changes of one do not show in the other. */
DDNS_NODISCARD ddns_error ddns_config_copy(const ddns_config *config,
                                           ddns_config **out_copy);

/** A view of what is configured, valid until @p config is changed or freed. */
struct ddns_zones ddns_config_zones(const ddns_config *config);

/** The endpoint of @p server.  @retval DDNS_E_ADDRESS, DDNS_E_INVALID */
DDNS_NODISCARD ddns_error ddns_endpoint_of(const ddns_server *server,
                                           struct ddns_endpoint *out_endpoint);

#endif
