/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/records.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD = 1 + 2 + 2,         /* length of the owner, type, length of the RDATA */
    FIRST_OCTETS = 64 * 1024, /* about a thousand records */
    FIRST_STARTS = 1024,
    A_LEN = 4,
    AAAA_LEN = 16,
};

/* ---- memory --------------------------------------------------------------- */

/* Room for @p more elements of @p size; the list stays as it is without it. */
static void *grown(void *list, size_t used, size_t more, size_t size, size_t *cap)
{
    size_t want = *cap;
    void *moved;

    while (want - used < more) {
        if (want > SIZE_MAX / 2) {
            return NULL;
        }
        want *= 2;
    }
    if (want == *cap && list != NULL) {
        return list;
    }
    moved = reallocarray(list, want, size);
    if (moved != NULL) {
        *cap = want;
    }
    return moved;
}

static bool make_room(struct ddns_records *records, size_t octets)
{
    size_t cap = records->cap == 0 ? FIRST_OCTETS : records->cap;
    size_t starts_cap = records->starts_cap == 0 ? FIRST_STARTS : records->starts_cap;
    uint8_t *moved = grown(records->octets, records->len, octets, 1, &cap);
    size_t *starts;

    if (moved == NULL) {
        return false;
    }
    records->octets = moved;
    records->cap = cap;
    starts = grown(records->starts, records->count, 1, sizeof *starts, &starts_cap);
    if (starts == NULL) {
        return false;
    }
    records->starts = starts;
    records->starts_cap = starts_cap;
    return true;
}

static ddns_error add(struct ddns_records *records, const struct ddns_name *owner,
                      uint16_t type, struct ddns_bytes rdata)
{
    struct ddns_name lower = ddns_name_lower(owner);
    size_t size = (size_t)HEAD + lower.len + rdata.len;
    struct ddns_writer w;

    if (!make_room(records, size)) {
        return DDNS_E_NOMEM;
    }
    w = ddns_writer_of(records->octets + records->len, size);
    ddns_write_u8(&w, lower.len);
    ddns_write_u16(&w, type);
    ddns_write_u16(&w, (uint16_t)rdata.len);
    ddns_write_bytes(&w, (struct ddns_bytes){ lower.wire, lower.len });
    ddns_write_bytes(&w, rdata);
    if (w.error != DDNS_OK) {
        return w.error;
    }
    records->starts[records->count++] = records->len;
    records->len += size;
    return DDNS_OK;
}

/* ---- reading -------------------------------------------------------------- */

static ddns_error take_ptr(struct ddns_records *records, struct ddns_bytes msg,
                           const struct ddns_rr *rr)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_name target;

    r.pos = (size_t)(rr->rdata.data - msg.data);
    r.len = r.pos + rr->rdata.len;
    ddns_read_name(&r, &target);
    if (ddns_reader_finish(&r) != DDNS_OK) {
        return DDNS_E_FORMAT;
    }
    target = ddns_name_lower(&target);
    return add(records, &rr->owner, rr->type,
               (struct ddns_bytes){ target.wire, target.len });
}

ddns_error ddns_records_take(struct ddns_records *records, struct ddns_bytes msg,
                             const struct ddns_rr *rr)
{
    size_t len = rr->rdata.len;

    if (rr->klass != DDNS_CLASS_IN) {
        return DDNS_OK;
    }
    switch (rr->type) {
    case DDNS_TYPE_A:
        return len == A_LEN ? add(records, &rr->owner, rr->type, rr->rdata)
                            : DDNS_E_FORMAT;
    case DDNS_TYPE_AAAA:
        return len == AAAA_LEN ? add(records, &rr->owner, rr->type, rr->rdata)
                               : DDNS_E_FORMAT;
    case DDNS_TYPE_DHCID:
        return add(records, &rr->owner, rr->type, rr->rdata);
    case DDNS_TYPE_PTR:
        return take_ptr(records, msg, rr);
    default:
        return DDNS_OK;
    }
}

/* ---- using them ----------------------------------------------------------- */

static struct ddns_record record_at(const uint8_t *at)
{
    size_t owner_len = at[0];
    size_t rdata_len = (size_t)at[3] << 8 | at[4];

    return (struct ddns_record){
        .owner = { at + HEAD, owner_len },
        .type = (uint16_t)(at[1] << 8 | at[2]),
        .rdata = { at + HEAD + owner_len, rdata_len },
    };
}

struct ddns_record ddns_records_at(const struct ddns_records *records, size_t index)
{
    return record_at(records->octets + records->starts[index]);
}

void ddns_records_cut(struct ddns_records *records, size_t count)
{
    if (count < records->count) {
        records->len = records->starts[count];
        records->count = count;
    }
}

int ddns_octets_compare(struct ddns_bytes a, struct ddns_bytes b)
{
    if (a.len != b.len) {
        return a.len < b.len ? -1 : 1;
    }
    return a.len == 0 ? 0 : memcmp(a.data, b.data, a.len);
}

static int compare(const void *a, const void *b, void *octets)
{
    struct ddns_record x = record_at((const uint8_t *)octets + *(const size_t *)a);
    struct ddns_record y = record_at((const uint8_t *)octets + *(const size_t *)b);
    int order = ddns_octets_compare(x.owner, y.owner);

    if (order == 0) {
        order = (int)x.type - (int)y.type;
    }
    return order != 0 ? order : ddns_octets_compare(x.rdata, y.rdata);
}

void ddns_records_sort(struct ddns_records *records)
{
    size_t kept = 0;

    if (records->count == 0) {
        return;
    }
    qsort_r(records->starts, records->count, sizeof *records->starts, compare,
            records->octets);
    for (size_t i = 1; i < records->count; i++) {
        if (compare(&records->starts[kept], &records->starts[i], records->octets) != 0) {
            records->starts[++kept] = records->starts[i];
        }
    }
    records->count = kept + 1;
}

void ddns_records_free(struct ddns_records *records)
{
    free(records->octets);
    free(records->starts);
    *records = (struct ddns_records){ 0 };
}
