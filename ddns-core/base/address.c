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
