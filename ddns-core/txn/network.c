/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/network.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char default_pattern[] = "$";

/* ---- the network ---------------------------------------------------------- */

static bool has_bit(const ddns_address *address, unsigned bit)
{
    return (address->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

static bool is_network(const ddns_prefix *prefix)
{
    unsigned bits = prefix->address.len * 8u;

    if ((bits != 32 && bits != 128) || prefix->length > bits) {
        return false;
    }
    for (unsigned bit = prefix->length; bit < bits; bit++) {
        if (has_bit(&prefix->address, bit)) {
            return false;
        }
    }
    return true;
}

bool ddns_network_holds(const struct ddns_network *network, const ddns_address *address)
{
    const ddns_prefix *prefix = &network->prefix;

    if (address->len != prefix->address.len) {
        return false;
    }
    for (unsigned bit = 0; bit < prefix->length; bit++) {
        if (has_bit(address, bit) != has_bit(&prefix->address, bit)) {
            return false;
        }
    }
    return true;
}

/* The longest name that the network needs is that of this address. */
static ddns_address last_address(const ddns_prefix *prefix)
{
    ddns_address last = prefix->address;

    for (unsigned bit = prefix->length; bit < last.len * 8u; bit++) {
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    }
    return last;
}

/* ---- names ---------------------------------------------------------------- */

/*
 * Octets of the reverse name's text that say where in the network an address is, without
 * the dot after them.  At least one label: a network of one address has a name, too.
 */
static size_t own_text_len(const struct ddns_network *network, const char *reverse)
{
    bool ipv4 = network->prefix.address.len == 4;
    unsigned labels = ipv4 ? 4 : 32;
    unsigned whole = network->prefix.length / (ipv4 ? 8 : 4);
    unsigned own = whole < labels ? labels - whole : 1;
    const char *end = reverse;

    for (unsigned i = 0; i < own; i++) {
        end = strchr(end, '.') + 1;
    }
    return (size_t)(end - reverse) - 1;
}

/* The name of @p text, relative to @p zone; the root when there is none. */
static struct ddns_name name_in(const char *text, const struct ddns_name *zone)
{
    struct ddns_name name;

    if (ddns_name_parse(text, &name) != DDNS_OK ||
        name.len - 1u + zone->len > DDNS_NAME_MAX) {
        return (struct ddns_name){ .len = 1 };
    }
    memcpy(name.wire + name.len - 1, zone->wire, zone->len);
    name.len = (uint8_t)(name.len - 1 + zone->len);
    return name;
}

struct ddns_name ddns_network_name(const struct ddns_network *network,
                                   const ddns_address *address)
{
    char reverse[DDNS_NAME_TEXT_MAX];
    char owner[DDNS_OWNER_PATTERN_MAX + sizeof reverse];
    const char *place;

    if (network == NULL) {
        return ddns_name_reverse(address);
    }
    ddns_address_reverse_text(address, reverse);
    place = strchr(network->pattern, '$');
    (void)snprintf(owner, sizeof owner, "%.*s%.*s%s", (int)(place - network->pattern),
                   network->pattern, (int)own_text_len(network, reverse), reverse,
                   place + 1);
    return name_in(owner, &network->zone);
}

/* The labels of @p name above its @p zone, as text without a final dot. */
static bool relative_text(const struct ddns_name *name, const struct ddns_name *zone,
                          char *text)
{
    struct ddns_name labels = *name;

    if (name->len <= zone->len || !ddns_name_in_zone(name, zone)) {
        return false;
    }
    labels.len = (uint8_t)(name->len - zone->len + 1);
    labels.wire[labels.len - 1] = 0;
    ddns_name_text(&labels, text);
    text[strlen(text) - 1] = '\0';
    return true;
}

/* What stands in @p text where @p pattern has its "$"; NULL when they do not match. */
static const char *placed(char *text, const char *pattern)
{
    size_t before = strcspn(pattern, "$");
    const char *after = pattern + before + 1;
    size_t len = strlen(text);

    if (len < before + strlen(after) || strncasecmp(text, pattern, before) != 0 ||
        strcasecmp(text + len - strlen(after), after) != 0) {
        return NULL;
    }
    text[len - strlen(after)] = '\0';
    return text + before;
}

bool ddns_network_address(const struct ddns_network *network,
                          const struct ddns_name *name, ddns_address *out_address)
{
    char text[DDNS_NAME_TEXT_MAX];
    char whole[DDNS_NAME_TEXT_MAX];
    char reverse[sizeof text + sizeof whole];
    const char *own;
    struct ddns_name standard;
    struct ddns_name back;
    ddns_address address;

    if (network == NULL) {
        return ddns_name_reversed(name, out_address);
    }
    if (!relative_text(name, &network->zone, text)) {
        return false;
    }
    own = placed(text, network->pattern);
    if (own == NULL) {
        return false;
    }
    ddns_address_reverse_text(&network->prefix.address, whole);
    (void)snprintf(reverse, sizeof reverse, "%s%s", own,
                   whole + own_text_len(network, whole));
    if (ddns_name_parse(reverse, &standard) != DDNS_OK ||
        !ddns_name_reversed(&standard, &address) ||
        !ddns_network_holds(network, &address)) {
        return false;
    }
    back = ddns_network_name(network, &address);
    if (!ddns_name_equal(&back, name)) {
        return false;
    }
    *out_address = address;
    return true;
}

/* ---- both ------------------------------------------------------------------ */

static bool is_pattern(const char *pattern)
{
    const char *place = strchr(pattern, '$');

    return place != NULL && strchr(place + 1, '$') == NULL &&
           strlen(pattern) < DDNS_OWNER_PATTERN_MAX;
}

ddns_error ddns_network_init(struct ddns_network *network, const ddns_prefix *prefix,
                             const struct ddns_name *zone, const char *pattern)
{
    struct ddns_network made = { .prefix = *prefix, .zone = *zone };
    ddns_address last;
    struct ddns_name longest;

    if (pattern == NULL) {
        pattern = default_pattern;
    }
    if (!is_network(prefix)) {
        return DDNS_E_ADDRESS;
    }
    if (!is_pattern(pattern)) {
        return DDNS_E_NAME;
    }
    memcpy(made.pattern, pattern, strlen(pattern) + 1);
    last = last_address(prefix);
    longest = ddns_network_name(&made, &last);
    if (longest.len == 1 || !ddns_network_address(&made, &longest, &last)) {
        return DDNS_E_NAME;
    }
    *network = made;
    return DDNS_OK;
}
