/* SPDX-License-Identifier: MPL-2.0 */
#include "client/config.h"

#include <stdlib.h>
#include <string.h>

#include "client/key.h"

enum {
    DNS_PORT = 53,
    TIMEOUT_MAX_MS = 60000,
    FIRST_CAP = 4,
    LIST_MAX = 65536, /* more zones or servers than any site has */
};

/**
 * The list with room for one more of @p size bytes, moved where need be; NULL,
 * and the list unchanged, when there is none.
 */
static void *list_room(void *list, size_t count, size_t *cap, size_t size)
{
    size_t want = *cap == 0 ? FIRST_CAP : *cap * 2;
    void *moved;

    if (count < *cap) {
        return list;
    }
    if (want > LIST_MAX) {
        return NULL;
    }
    moved = reallocarray(list, want, size);
    if (moved != NULL) {
        *cap = want;
    }
    return moved;
}

/* ---- life ---------------------------------------------------------------- */

ddns_error ddns_config_new(ddns_config **out_config)
{
    ddns_config *config = calloc(1, sizeof *config);

    if (config == NULL) {
        return DDNS_E_NOMEM;
    }
    config->timeout_ms = DDNS_TIMEOUT_DEFAULT_MS;
    *out_config = config;
    return DDNS_OK;
}

static void zone_release(struct ddns_zone *zone)
{
    free((void *)zone->servers); /* const for the readers; ours to free */
    free((void *)zone->network);
}

void ddns_config_free(ddns_config *config)
{
    if (config == NULL) {
        return;
    }
    for (size_t i = 0; i < config->zone_count; i++) {
        zone_release(&config->zones[i]);
    }
    for (size_t i = 0; i < config->key_count; i++) {
        ddns_shared_key_unref(config->keys[i]);
    }
    free(config->zones);
    free(config->order);
    free(config->endpoints);
    free(config->keys);
    free(config->ledger);
    free(config->prometheus);
    free(config->daemon);
    free(config);
}

/** @p out_copy is NULL for an empty list. */
static ddns_error list_copy(const void *list, size_t count, size_t size, void **out_copy)
{
    void *copy;

    if (count == 0) {
        *out_copy = NULL;
        return DDNS_OK;
    }
    copy = reallocarray(NULL, count, size);
    if (copy == NULL) {
        return DDNS_E_NOMEM;
    }
    memcpy(copy, list, count * size);
    *out_copy = copy;
    return DDNS_OK;
}

static ddns_error copy_keys(ddns_config *to, const ddns_config *from)
{
    void *keys;
    ddns_error error =
        list_copy(from->keys, from->key_count, sizeof(struct ddns_shared_key *), &keys);

    if (error != DDNS_OK) {
        return error;
    }
    to->keys = keys;
    to->key_count = to->key_cap = from->key_count;
    for (size_t i = 0; i < to->key_count; i++) {
        (void)ddns_shared_key_ref(to->keys[i]);
    }
    return DDNS_OK;
}

static ddns_error copy_endpoints(ddns_config *to, const ddns_config *from)
{
    void *endpoints;
    ddns_error error = list_copy(from->endpoints, from->endpoint_count,
                                 sizeof *from->endpoints, &endpoints);

    if (error != DDNS_OK) {
        return error;
    }
    to->endpoints = endpoints;
    to->endpoint_count = to->endpoint_cap = from->endpoint_count;
    return DDNS_OK;
}

static ddns_error copy_zone(struct ddns_zone *to, const struct ddns_zone *from)
{
    size_t networks = from->network == NULL ? 0 : 1;
    void *servers;
    void *network;
    ddns_error error =
        list_copy(from->servers, from->count, sizeof *from->servers, &servers);

    if (error != DDNS_OK) {
        return error;
    }
    error = list_copy(from->network, networks, sizeof *from->network, &network);
    if (error != DDNS_OK) {
        free(servers);
        return error;
    }
    to->servers = servers;
    to->network = network;
    return DDNS_OK;
}

static ddns_error copy_zones(ddns_config *to, const ddns_config *from)
{
    void *zones;
    void *order;
    ddns_error error =
        list_copy(from->zones, from->zone_count, sizeof *from->zones, &zones);

    if (error != DDNS_OK) {
        return error;
    }
    to->zones = zones;
    to->zone_cap = from->zone_count;
    error = list_copy(from->order, from->order_count, sizeof *from->order, &order);
    if (error != DDNS_OK) {
        return error;
    }
    to->order = order;
    to->order_count = to->order_cap = from->order_count;
    for (size_t i = 0; i < from->zone_count; i++) {
        error = copy_zone(&to->zones[i], &from->zones[i]);
        if (error != DDNS_OK) {
            return error;
        }
        to->zone_count = i + 1; /* the zones up to here own what they point to */
    }
    return DDNS_OK;
}

ddns_error ddns_config_copy(const ddns_config *config, ddns_config **out_copy)
{
    ddns_config *copy;
    ddns_error error = ddns_config_new(&copy);

    if (error != DDNS_OK) {
        return error;
    }
    copy->timeout_ms = config->timeout_ms;
    copy->mixed = config->mixed;
    error = copy_keys(copy, config);
    if (error == DDNS_OK && config->ledger != NULL) {
        error = ddns_config_set_ledger(copy, config->ledger);
    }
    if (error == DDNS_OK && config->prometheus != NULL) {
        error = ddns_config_set_prometheus_file(copy, config->prometheus, config->daemon);
    }
    if (error == DDNS_OK) {
        error = copy_endpoints(copy, config);
    }
    if (error == DDNS_OK) {
        error = copy_zones(copy, config);
    }
    if (error != DDNS_OK) {
        ddns_config_free(copy);
        return error;
    }
    *out_copy = copy;
    return DDNS_OK;
}

struct ddns_zones ddns_config_zones(const ddns_config *config)
{
    return (struct ddns_zones){
        .zones = config->zones,
        .zone_count = config->zone_count,
        .order = config->order,
        .order_count = config->order_count,
        .endpoints = config->endpoints,
        .endpoint_count = config->endpoint_count,
    };
}

/* ---- keys ---------------------------------------------------------------- */

static const struct ddns_tsig_key *find_key(const ddns_config *config,
                                            const struct ddns_name *name)
{
    for (size_t i = 0; i < config->key_count; i++) {
        const struct ddns_tsig_key *key = ddns_shared_key_tsig(config->keys[i]);

        if (ddns_name_equal(ddns_tsig_key_name(key), name)) {
            return key;
        }
    }
    return NULL;
}

ddns_error ddns_config_add_key(ddns_config *config, const ddns_key *key)
{
    struct ddns_shared_key *shared;
    ddns_error error = ddns_shared_key_new(key, &shared);

    if (error != DDNS_OK) {
        return error;
    }
    if (find_key(config, ddns_tsig_key_name(ddns_shared_key_tsig(shared))) != NULL) {
        error = DDNS_E_DUPLICATE;
        goto done;
    }
    struct ddns_shared_key **keys =
        list_room(config->keys, config->key_count, &config->key_cap,
                  sizeof(struct ddns_shared_key *));

    if (keys == NULL) {
        error = DDNS_E_NOMEM;
        goto done;
    }
    config->keys = keys;
    keys[config->key_count++] = shared;
    shared = NULL; /* handed over */
done:
    ddns_shared_key_unref(shared);
    return error;
}

/* ---- zones and servers ---------------------------------------------------- */

ddns_error ddns_endpoint_of(const ddns_server *server, struct ddns_endpoint *out_endpoint)
{
    struct ddns_endpoint endpoint = {
        .port = server->port == 0 ? DNS_PORT : server->port,
        .transport = server->transport,
    };
    ddns_error error;

    if (server->transport != DDNS_TCP && server->transport != DDNS_UDP) {
        return DDNS_E_INVALID;
    }
    if (server->address == NULL) {
        return DDNS_E_ADDRESS;
    }
    error = ddns_address_parse(server->address, &endpoint.address);
    if (error == DDNS_OK) {
        *out_endpoint = endpoint;
    }
    return error;
}

static bool endpoint_equal(const struct ddns_endpoint *a, const struct ddns_endpoint *b)
{
    return a->port == b->port && a->transport == b->transport &&
           a->address.len == b->address.len &&
           memcmp(a->address.bytes, b->address.bytes, a->address.len) == 0;
}

static ddns_error intern_endpoint(ddns_config *config,
                                  const struct ddns_endpoint *endpoint,
                                  unsigned *out_index)
{
    size_t count = config->endpoint_count;
    struct ddns_endpoint *endpoints;

    for (size_t i = 0; i < count; i++) {
        if (endpoint_equal(&config->endpoints[i], endpoint)) {
            *out_index = (unsigned)i;
            return DDNS_OK;
        }
    }
    endpoints =
        list_room(config->endpoints, count, &config->endpoint_cap, sizeof *endpoints);
    if (endpoints == NULL) {
        return DDNS_E_NOMEM;
    }
    config->endpoints = endpoints;
    endpoints[count] = *endpoint;
    config->endpoint_count = count + 1;
    *out_index = (unsigned)count;
    return DDNS_OK;
}

static ddns_error add_server(ddns_config *config, const ddns_server *server,
                             struct ddns_zone_server *out_server)
{
    struct ddns_zone_server added = { 0 };
    struct ddns_endpoint endpoint;
    struct ddns_name key;
    ddns_error error = ddns_endpoint_of(server, &endpoint);

    if (error != DDNS_OK) {
        return error;
    }
    if (server->key != NULL) {
        if (ddns_name_parse(server->key, &key) == DDNS_OK) {
            added.key = find_key(config, &key);
        }
        if (added.key == NULL) {
            return DDNS_E_NO_KEY;
        }
    }
    error = intern_endpoint(config, &endpoint, &added.endpoint);
    if (error == DDNS_OK) {
        *out_server = added;
    }
    return error;
}

/** Into @p out_servers, a new list.  On an error @p config is as it was. */
static ddns_error add_servers(ddns_config *config, const ddns_server *servers,
                              size_t count, struct ddns_zone_server **out_servers)
{
    size_t endpoint_count = config->endpoint_count;
    struct ddns_zone_server *added = calloc(count, sizeof *added);
    ddns_error error = added == NULL ? DDNS_E_NOMEM : DDNS_OK;

    for (size_t i = 0; error == DDNS_OK && i < count; i++) {
        error = add_server(config, &servers[i], &added[i]);
    }
    if (error != DDNS_OK) {
        config->endpoint_count = endpoint_count;
        free(added);
        return error;
    }
    *out_servers = added;
    return DDNS_OK;
}

static ddns_error zone_of(ddns_direction direction, const char *text,
                          struct ddns_zone *out_zone)
{
    struct ddns_zone zone = { .direction = direction };
    ddns_error error;

    if (direction != DDNS_FORWARD && direction != DDNS_REVERSE) {
        return DDNS_E_INVALID;
    }
    if (text == NULL) {
        return DDNS_E_NAME;
    }
    zone.wildcard = strcmp(text, "*") == 0;
    error = ddns_name_parse(zone.wildcard ? "." : text, &zone.name);
    if (error == DDNS_OK) {
        *out_zone = zone;
    }
    return error;
}

static bool has_zone(const ddns_config *config, const struct ddns_zone *zone)
{
    for (size_t i = 0; i < config->zone_count; i++) {
        const struct ddns_zone *other = &config->zones[i];

        if (other->direction == zone->direction && other->wildcard == zone->wildcard &&
            ddns_name_equal(&other->name, &zone->name)) {
            return true;
        }
    }
    return false;
}

ddns_error ddns_config_add_zone(ddns_config *config, ddns_direction direction,
                                const char *zone, const ddns_server *servers,
                                size_t count)
{
    struct ddns_zone added;
    struct ddns_zone *zones;
    uint32_t *order;
    struct ddns_zones view;
    struct ddns_zone_server *list;
    ddns_error error = zone_of(direction, zone, &added);

    if (error != DDNS_OK) {
        return error;
    }
    if (has_zone(config, &added)) {
        return DDNS_E_DUPLICATE;
    }
    if (servers == NULL || count == 0) {
        return DDNS_E_INVALID;
    }
    zones =
        list_room(config->zones, config->zone_count, &config->zone_cap, sizeof *zones);
    if (zones == NULL) {
        return DDNS_E_NOMEM;
    }
    config->zones = zones;
    order =
        list_room(config->order, config->order_count, &config->order_cap, sizeof *order);
    if (order == NULL) {
        return DDNS_E_NOMEM;
    }
    config->order = order;
    error = add_servers(config, servers, count, &list);
    if (error != DDNS_OK) {
        return error;
    }
    added.servers = list;
    added.count = count;
    zones[config->zone_count] = added;
    view = ddns_config_zones(config);
    ddns_zones_put_in_order(&view, config->zone_count++, order);
    config->order_count++;
    return DDNS_OK;
}

/* ---- networks -------------------------------------------------------------- */

static bool has_network(const ddns_config *config, const ddns_prefix *prefix)
{
    for (size_t i = 0; i < config->zone_count; i++) {
        const struct ddns_network *other = config->zones[i].network;

        if (other != NULL && other->prefix.length == prefix->length &&
            ddns_network_holds(other, &prefix->address)) {
            return true;
        }
    }
    return false;
}

ddns_error ddns_config_set_network(ddns_config *config, const ddns_prefix *network,
                                   const char *owner_pattern)
{
    struct ddns_zone *zone =
        config->zone_count == 0 ? NULL : &config->zones[config->zone_count - 1];
    struct ddns_network *made;
    struct ddns_zones view;
    ddns_error error;

    if (zone == NULL || zone->direction != DDNS_REVERSE || zone->wildcard ||
        zone->network != NULL) {
        return DDNS_E_INVALID;
    }
    if (has_network(config, network)) {
        return DDNS_E_DUPLICATE;
    }
    made = malloc(sizeof *made);
    if (made == NULL) {
        return DDNS_E_NOMEM;
    }
    error = ddns_network_init(made, network, &zone->name, owner_pattern);
    if (error != DDNS_OK) {
        free(made);
        return error;
    }
    view = ddns_config_zones(config);
    ddns_zones_take_out_of_order(&view, config->zone_count - 1, config->order);
    config->order_count--;
    zone->network = made;
    return DDNS_OK;
}

/* ---- the rest -------------------------------------------------------------- */

void ddns_config_set_dual_stack_mixed_mode(ddns_config *config, bool mixed)
{
    config->mixed = mixed;
}

ddns_error ddns_config_set_timeout(ddns_config *config, unsigned ms)
{
    if (ms < 1 || ms > TIMEOUT_MAX_MS) {
        return DDNS_E_INVALID;
    }
    config->timeout_ms = ms;
    return DDNS_OK;
}

/* Replace @p text, which is its own, by a copy; it stays as it was without memory. */
static ddns_error set_text(char **text, const char *value)
{
    char *copy = strdup(value);

    if (copy == NULL) {
        return DDNS_E_NOMEM;
    }
    free(*text);
    *text = copy;
    return DDNS_OK;
}

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

ddns_error ddns_config_set_ledger(ddns_config *config, const char *path)
{
    return is_empty(path) ? DDNS_E_INVALID : set_text(&config->ledger, path);
}

ddns_error ddns_config_set_prometheus_file(ddns_config *config, const char *path,
                                           const char *daemon)
{
    ddns_error error;

    if (is_empty(path) || is_empty(daemon)) {
        return DDNS_E_INVALID;
    }
    error = set_text(&config->daemon, daemon);
    return error == DDNS_OK ? set_text(&config->prometheus, path) : error;
}
