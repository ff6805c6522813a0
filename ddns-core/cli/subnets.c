/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/subnets.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 3 }; /* "128" */

static bool read_length(const char *text, size_t len, unsigned bits, unsigned *out_length)
{
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

static bool read_prefix(const char *text, size_t len, ddns_prefix *out_prefix)
{
    char address[DDNS_ADDRESS_TEXT_MAX];
    const char *slash = memchr(text, '/', len);
    size_t address_len = slash == NULL ? len : (size_t)(slash - text);

    if (address_len >= sizeof address) {
        return false;
    }
    memcpy(address, text, address_len);
    address[address_len] = '\0';
    if (ddns_address_parse(address, &out_prefix->address) != DDNS_OK) {
        return false;
    }
    out_prefix->length = out_prefix->address.len * 8u;
    return slash == NULL || read_length(slash + 1, len - address_len - 1,
                                        out_prefix->length, &out_prefix->length);
}

ddns_error subnets_parse(const char *text, ddns_prefix **out_list, size_t *out_count)
{
    size_t count = 1;
    size_t at = 0;
    ddns_prefix *list;

    for (const char *c = text; *c != '\0'; c++) {
        count += *c == ',' ? 1 : 0;
    }
    list = calloc(count, sizeof *list);
    if (list == NULL) {
        return DDNS_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        size_t len = strcspn(text + at, ",");

        if (!read_prefix(text + at, len, &list[i])) {
            free(list);
            return DDNS_E_INVALID;
        }
        at += len + 1;
    }
    *out_list = list;
    *out_count = count;
    return DDNS_OK;
}
