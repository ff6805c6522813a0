/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "settings/draft.h"
#include "settings/printable.h"

enum { PORT_MAX = 65535, PORT_DNS = 53 };

struct tree_text {
    json_t *domains;
};

static const struct keyword of_tree[] = {
    KEYWORD_LIST("ddns-domains", struct tree_text, domains),
};

struct domain_text {
    const char *name, *key_name;
    json_t *servers;
    const char *network, *owner_pattern;
};

static const struct keyword of_domain[] = {
    KEYWORD_TEXT("name", struct domain_text, name),
    KEYWORD_TEXT("key-name", struct domain_text, key_name),
    KEYWORD_LIST("dns-servers", struct domain_text, servers),
    KEYWORD_TEXT("network", struct domain_text, network),
    KEYWORD_TEXT("owner-pattern", struct domain_text, owner_pattern),
};

struct server_text {
    const char *hostname, *address;
    unsigned port;
    const char *key_name, *transport;
};

static const struct keyword of_server[] = {
    KEYWORD_TEXT("hostname", struct server_text, hostname),
    KEYWORD_TEXT("ip-address", struct server_text, address),
    KEYWORD_NUMBER("port", struct server_text, port, 1, PORT_MAX),
    KEYWORD_TEXT("key-name", struct server_text, key_name),
    KEYWORD_TEXT("transport", struct server_text, transport),
};

/** kea-dhcp-ddns writes a text that it does not use as an empty one. */
static bool is_given(const char *text)
{
    return text != NULL && *text != '\0';
}

/* ---- servers -------------------------------------------------------------- */

static bool set_address(const struct map *map, const struct server_text *text,
                        ddns_server *server)
{
    ddns_address address;

    if (is_given(text->hostname)) {
        return map_fail(map, "hostname",
                        "names of DNS servers are not resolved; give ip-address");
    }
    if (!map_require(map, "ip-address", text->address)) {
        return false;
    }
    server->address = text->address;
    return ddns_address_parse(text->address, &address) == DDNS_OK ||
           draft_blame(map, "ip-address", text->address, DDNS_E_ADDRESS);
}

static bool set_transport(const struct map *map, const char *word, ddns_server *server)
{
    char shown[PRINTABLE_MAX];

    if (!is_given(word) || strcmp(word, "tcp") == 0) {
        server->transport = DDNS_TCP;
        return true;
    }
    server->transport = DDNS_UDP;
    return strcmp(word, "udp") == 0 ||
           map_fail(map, "transport", "\"%s\" is neither \"tcp\" nor \"udp\"",
                    printable_text(word, strlen(word), shown));
}

/** The server's own key, or else its domain's; NULL for unsigned updates. */
static bool set_key(const struct draft *draft, const struct map *map, const char *own,
                    const char *of_the_domain, ddns_server *server)
{
    const struct map *at = is_given(own) ? map : map->above;
    const char *name = is_given(own) ? own : of_the_domain;

    server->key = is_given(name) ? name : NULL;
    /* Asked before the core is, which cannot say whose key it misses. */
    return server->key == NULL || settings_key_named(&draft->settings, name) != NULL ||
           draft_blame(at, "key-name", name, DDNS_E_NO_KEY);
}

static bool read_server(const struct draft *draft, const struct map *map,
                        const char *domains_key, ddns_server *server)
{
    struct server_text text = { .port = PORT_DNS };

    if (!map_read(map, of_server, sizeof of_server / sizeof *of_server, &text)) {
        return false;
    }
    server->port = (uint16_t)text.port;
    return set_address(map, &text, server) &&
           set_transport(map, text.transport, server) &&
           set_key(draft, map, text.key_name, domains_key, server);
}

/* ---- zones ---------------------------------------------------------------- */

static bool read_servers(const struct draft *draft, const struct map *map,
                         const struct domain_text *text, struct settings_zone *zone)
{
    size_t count = json_array_size(text->servers);

    if (count == 0) {
        return map_fail(map, "dns-servers", "names no server");
    }
    zone->servers = calloc(count, sizeof *zone->servers);
    if (zone->servers == NULL) {
        return draft_blame(map, "dns-servers", "", DDNS_E_NOMEM);
    }
    zone->server_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct map server = map_in_list(map, "dns-servers", text->servers, i);

        if (!read_server(draft, &server, text->key_name, &zone->servers[i])) {
            return false;
        }
    }
    return true;
}

/** What the core has against the network of the zone that was just added. */
static bool blame_network(const struct map *map, const struct domain_text *text,
                          ddns_error error)
{
    if (error == DDNS_E_ADDRESS) {
        return map_fail(map, "network", "has bits set past its length");
    }
    if (error == DDNS_E_INVALID) {
        return map_fail(map, "network", "is for a reverse zone that has a name");
    }
    if (error == DDNS_E_NAME) {
        return map_fail(map, "owner-pattern",
                        "must make a name below the zone, with one \"$\"");
    }
    return draft_blame(map, "network", text->network, error);
}

static bool set_network(struct draft *draft, const struct map *map,
                        const struct domain_text *text)
{
    ddns_prefix network;
    char shown[PRINTABLE_MAX];
    ddns_error error;

    if (text->network == NULL) {
        return text->owner_pattern == NULL ||
               map_fail(map, "owner-pattern", "means nothing without a network");
    }
    if (ddns_prefix_parse(text->network, &network) != DDNS_OK) {
        return map_fail(map, "network", "\"%s\" is no network such as 192.0.2.128/26",
                        printable_text(text->network, strlen(text->network), shown));
    }
    error =
        ddns_config_set_network(draft->settings.config, &network, text->owner_pattern);
    return error == DDNS_OK || blame_network(map, text, error);
}

static bool read_zone(struct draft *draft, const struct map *map,
                      struct settings_zone *zone)
{
    struct domain_text text = { .name = NULL };
    ddns_error error;

    if (!map_read(map, of_domain, sizeof of_domain / sizeof *of_domain, &text) ||
        !map_require(map, "name", text.name) || !read_servers(draft, map, &text, zone)) {
        return false;
    }
    zone->name = text.name;
    error = ddns_config_add_zone(draft->settings.config, zone->direction, text.name,
                                 zone->servers, zone->server_count);
    if (error != DDNS_OK) {
        return draft_blame(map, "name", text.name, error);
    }
    zone->network = text.network;
    return set_network(draft, map, &text);
}

static bool make_room(struct settings *s, size_t count)
{
    struct settings_zone *zones =
        reallocarray(s->zones, s->zone_count + count + 1, sizeof *zones);

    if (zones == NULL) {
        return false;
    }
    s->zones = zones;
    return true;
}

static bool add_zones(struct draft *draft, const struct map *top, json_t *tree,
                      const char *keyword, ddns_direction direction)
{
    const struct map map = { .json = tree,
                             .above = top,
                             .keyword = keyword,
                             .index = NOT_IN_A_LIST,
                             .error = top->error };
    struct settings *s = &draft->settings;
    struct tree_text text = { NULL };

    if (tree == NULL) {
        return true;
    }
    if (!map_read(&map, of_tree, sizeof of_tree / sizeof *of_tree, &text)) {
        return false;
    }
    if (!make_room(s, json_array_size(text.domains))) {
        return draft_blame(top, keyword, "", DDNS_E_NOMEM);
    }
    for (size_t i = 0; i < json_array_size(text.domains); i++) {
        const struct map domain = map_in_list(&map, "ddns-domains", text.domains, i);

        s->zones[s->zone_count] = (struct settings_zone){ .direction = direction };
        if (!read_zone(draft, &domain, &s->zones[s->zone_count++])) {
            return false;
        }
    }
    return true;
}

bool draft_add_zones(struct draft *draft)
{
    return add_zones(draft, draft_map_with(draft, "forward-ddns"), draft->forward,
                     "forward-ddns", DDNS_FORWARD) &&
           add_zones(draft, draft_map_with(draft, "reverse-ddns"), draft->reverse,
                     "reverse-ddns", DDNS_REVERSE);
}
