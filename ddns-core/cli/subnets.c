/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/subnets.h"

#include <stdlib.h>
#include <string.h>

static bool read_prefix(const char *text, size_t len, ddns_prefix *out_prefix)
{
    char prefix[DDNS_PREFIX_TEXT_MAX];

    if (len >= sizeof prefix) {
        return false;
    }
    memcpy(prefix, text, len);
    prefix[len] = '\0';
    return ddns_prefix_parse(prefix, out_prefix) == DDNS_OK;
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
