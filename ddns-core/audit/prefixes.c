/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/prefixes.h"

#include <stdlib.h>
#include <string.h>

int ddns_address_compare(const ddns_address *a, const ddns_address *b)
{
    return a->len != b->len ? (int)a->len - (int)b->len
                            : memcmp(a->bytes, b->bytes, a->len);
}

static ddns_error range_of(const ddns_prefix *prefix, struct ddns_span *out_range)
{
    struct ddns_span range = { prefix->address, prefix->address };
    unsigned len = prefix->address.len;

    if ((len != 4 && len != 16) || prefix->length > len * 8) {
        return DDNS_E_INVALID;
    }
    for (unsigned i = 0; i < len; i++) {
        unsigned fixed = prefix->length <= i * 8 ? 0 : prefix->length - i * 8;
        uint8_t rest = (uint8_t)(fixed >= 8 ? 0 : 0xffu >> fixed);

        range.first.bytes[i] = (uint8_t)(range.first.bytes[i] & ~rest);
        range.last.bytes[i] = (uint8_t)(range.last.bytes[i] | rest);
    }
    *out_range = range;
    return DDNS_OK;
}

static int by_first(const void *a, const void *b)
{
    const struct ddns_span *x = a;
    const struct ddns_span *y = b;

    return ddns_address_compare(&x->first, &y->first);
}

/* Prefixes are apart or one holds the other, so the wider one's range stays. */
static size_t merge(struct ddns_span *ranges, size_t count)
{
    size_t kept = 0;

    for (size_t i = 1; i < count; i++) {
        struct ddns_span *last = &ranges[kept];

        if (ddns_address_compare(&ranges[i].first, &last->last) > 0) {
            ranges[++kept] = ranges[i];
        } else if (ddns_address_compare(&ranges[i].last, &last->last) > 0) {
            last->last = ranges[i].last;
        }
    }
    return count == 0 ? 0 : kept + 1;
}

ddns_error ddns_prefixes_of(const ddns_prefix *list, size_t count,
                            struct ddns_prefixes *out_prefixes)
{
    struct ddns_span *ranges = calloc(count == 0 ? 1 : count, sizeof *ranges);
    ddns_error error = ranges == NULL ? DDNS_E_NOMEM : DDNS_OK;

    for (size_t i = 0; error == DDNS_OK && i < count; i++) {
        error = range_of(&list[i], &ranges[i]);
    }
    if (error != DDNS_OK) {
        free(ranges);
        return error;
    }
    qsort(ranges, count, sizeof *ranges, by_first);
    *out_prefixes = (struct ddns_prefixes){ ranges, merge(ranges, count) };
    return DDNS_OK;
}

bool ddns_prefixes_hold(const struct ddns_prefixes *prefixes, const ddns_address *address)
{
    size_t low = 0;
    size_t high = prefixes->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ddns_span *range = &prefixes->ranges[middle];

        if (ddns_address_compare(address, &range->first) < 0) {
            high = middle;
        } else if (ddns_address_compare(address, &range->last) > 0) {
            low = middle + 1;
        } else {
            return true;
        }
    }
    return false;
}

void ddns_prefixes_free(struct ddns_prefixes *prefixes)
{
    free(prefixes->ranges);
    *prefixes = (struct ddns_prefixes){ 0 };
}
