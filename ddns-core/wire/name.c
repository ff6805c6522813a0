/* SPDX-License-Identifier: MPL-2.0 */
#include "wire/name.h"

#include <string.h>

/* Length octets are below 'A', so whole names can be folded octet by octet. */
static uint8_t fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool equal_folded(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (fold(a[i]) != fold(b[i])) {
            return false;
        }
    }
    return true;
}

static bool equal_octets(const uint8_t *a, const uint8_t *b, size_t len)
{
    return memcmp(a, b, len) == 0 || equal_folded(a, b, len);
}

int ddns_name_compare(const struct ddns_name *name, size_t at,
                      const struct ddns_name *other)
{
    size_t len = name->len - at;

    if (len != other->len) {
        return len < other->len ? -1 : 1;
    }
    for (size_t i = 0; i < len; i++) {
        int difference = fold(name->wire[at + i]) - fold(other->wire[i]);

        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}

bool ddns_name_equal(const struct ddns_name *a, const struct ddns_name *b)
{
    return a->len == b->len && equal_octets(a->wire, b->wire, a->len);
}

bool ddns_name_in_zone(const struct ddns_name *name, const struct ddns_name *zone)
{
    size_t at = 0;

    while (name->len - at > zone->len) {
        at += 1u + name->wire[at];
    }
    return name->len - at == zone->len &&
           equal_octets(name->wire + at, zone->wire, zone->len);
}

unsigned ddns_name_labels(const struct ddns_name *name)
{
    unsigned labels = 0;

    for (size_t at = 0; name->wire[at] != 0; at += 1u + name->wire[at]) {
        labels++;
    }
    return labels;
}

bool ddns_name_has_wildcard(const struct ddns_name *name)
{
    for (size_t at = 0; name->wire[at] != 0; at += 1u + name->wire[at]) {
        if (name->wire[at] == 1 && name->wire[at + 1] == '*') {
            return true;
        }
    }
    return false;
}

struct ddns_name ddns_name_parent(const struct ddns_name *name)
{
    struct ddns_name parent = { .len = 1 };

    if (name->wire[0] != 0) {
        size_t skip = 1u + name->wire[0];

        parent.len = (uint8_t)(name->len - skip);
        memcpy(parent.wire, name->wire + skip, parent.len);
    }
    return parent;
}

struct ddns_name ddns_name_lower(const struct ddns_name *name)
{
    struct ddns_name lower = { .len = name->len };

    for (size_t i = 0; i < name->len; i++) {
        lower.wire[i] = fold(name->wire[i]);
    }
    return lower;
}

/* ---- reverse names ------------------------------------------------------ */

static void append_label(struct ddns_name *name, const char *label, size_t len)
{
    name->wire[name->len++] = (uint8_t)len;
    memcpy(name->wire + name->len, label, len);
    name->len = (uint8_t)(name->len + len);
}

static void append_octet(struct ddns_name *name, unsigned octet)
{
    char digits[3];
    size_t first = sizeof digits;

    do {
        digits[--first] = (char)('0' + octet % 10);
        octet /= 10;
    } while (octet > 0);
    append_label(name, digits + first, sizeof digits - first);
}

static void append_nibbles(struct ddns_name *name, unsigned octet)
{
    static const char hex[] = "0123456789abcdef";

    append_label(name, &hex[octet & 0xf], 1);
    append_label(name, &hex[octet >> 4 & 0xf], 1);
}

struct ddns_name ddns_name_reverse(const ddns_address *address)
{
    struct ddns_name name = { .len = 0 };

    if (address->len == 4) {
        for (size_t i = 4; i-- > 0;) {
            append_octet(&name, address->bytes[i]);
        }
        append_label(&name, "in-addr", 7);
    } else {
        for (size_t i = sizeof address->bytes; i-- > 0;) {
            append_nibbles(&name, address->bytes[i]);
        }
        append_label(&name, "ip6", 3);
    }
    append_label(&name, "arpa", 4);
    append_label(&name, "", 0);
    return name;
}

/* A decimal label; what append_octet() would write otherwise is found out later. */
static bool read_octet(const uint8_t *label, uint8_t *out_octet)
{
    unsigned value = 0;

    if (label[0] < 1 || label[0] > 3) {
        return false;
    }
    for (size_t i = 1; i <= label[0]; i++) {
        if (label[i] < '0' || label[i] > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(label[i] - '0');
    }
    *out_octet = (uint8_t)value;
    return true;
}

static bool read_nibble(const uint8_t *label, uint8_t *out_nibble)
{
    uint8_t c = fold(label[1]);

    if (label[0] != 1) {
        return false;
    }
    if (c >= '0' && c <= '9') {
        *out_nibble = (uint8_t)(c - '0');
        return true;
    }
    *out_nibble = (uint8_t)(c - 'a' + 10);
    return c >= 'a' && c <= 'f';
}

static bool read_reverse4(const struct ddns_name *name, ddns_address *address)
{
    size_t at = 0;

    address->len = 4;
    for (size_t i = 4; i-- > 0; at += 1u + name->wire[at]) {
        if (!read_octet(name->wire + at, &address->bytes[i])) {
            return false;
        }
    }
    return true;
}

static bool read_reverse6(const struct ddns_name *name, ddns_address *address)
{
    size_t at = 0;

    address->len = 16;
    for (size_t i = sizeof address->bytes; i-- > 0; at += 4) {
        uint8_t low = 0;
        uint8_t high = 0;

        if (!read_nibble(name->wire + at, &low) ||
            !read_nibble(name->wire + at + 2, &high)) {
            return false;
        }
        address->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool ddns_name_reversed(const struct ddns_name *name, ddns_address *out_address)
{
    enum { LABELS4 = 4 + 2, LABELS6 = 32 + 2 };
    unsigned labels = ddns_name_labels(name);
    ddns_address address = { .len = 0 };
    struct ddns_name back;

    if (!(labels == LABELS4 && read_reverse4(name, &address)) &&
        !(labels == LABELS6 && read_reverse6(name, &address))) {
        return false;
    }
    back = ddns_name_reverse(&address);
    if (!ddns_name_equal(&back, name)) {
        return false; /* below another domain, or a number written otherwise */
    }
    *out_address = address;
    return true;
}
