/* SPDX-License-Identifier: MPL-2.0 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "ddns/ddns.h"

ddns_error ddns_address_parse(const char *text, ddns_address *out_address)
{
    ddns_address address = { .len = 4 };

    if (inet_pton(AF_INET, text, address.bytes) == 1) {
        *out_address = address;
        return DDNS_OK;
    }
    address.len = 16;
    if (inet_pton(AF_INET6, text, address.bytes) == 1) {
        *out_address = address;
        return DDNS_OK;
    }
    return DDNS_E_ADDRESS;
}

/* "0" to "128", without a sign or more digits than that. */
static bool read_length(const char *text, unsigned bits, unsigned *out_length)
{
    enum { DIGITS_MAX = 3 };
    size_t len = strlen(text);
    unsigned length = 0;

    if (len == 0 || len > DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        length = length * 10 + (unsigned)(text[i] - '0');
    }
    *out_length = length;
    return length <= bits;
}

ddns_error ddns_prefix_parse(const char *text, ddns_prefix *out_prefix)
{
    char address[DDNS_ADDRESS_TEXT_MAX];
    size_t len = strcspn(text, "/");
    ddns_prefix prefix;

    if (len >= sizeof address) {
        return DDNS_E_ADDRESS;
    }
    memcpy(address, text, len);
    address[len] = '\0';
    if (ddns_address_parse(address, &prefix.address) != DDNS_OK) {
        return DDNS_E_ADDRESS;
    }
    prefix.length = prefix.address.len * 8u;
    if (text[len] == '/' && !read_length(text + len + 1, prefix.length, &prefix.length)) {
        return DDNS_E_ADDRESS;
    }
    *out_prefix = prefix;
    return DDNS_OK;
}

void ddns_address_text(const ddns_address *address, char *text)
{
    int family = address->len == 4 ? AF_INET : AF_INET6;

    if (inet_ntop(family, address->bytes, text, DDNS_ADDRESS_TEXT_MAX) == NULL) {
        text[0] = '\0';
    }
}

void ddns_address_reverse_text(const ddns_address *address, char *text)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *b = address->bytes;
    char *end = text;

    if (address->len == 4) {
        (void)snprintf(text, DDNS_NAME_TEXT_MAX, "%u.%u.%u.%u.in-addr.arpa.", b[3], b[2],
                       b[1], b[0]);
        return;
    }
    for (size_t i = sizeof address->bytes; i-- > 0;) {
        *end++ = hex[b[i] & 0xf];
        *end++ = '.';
        *end++ = hex[b[i] >> 4];
        *end++ = '.';
    }
    memcpy(end, "ip6.arpa.", sizeof "ip6.arpa.");
}
