/* SPDX-License-Identifier: MPL-2.0 */
#include "scenario/model_ledger.h"

#include <stdlib.h>
#include <string.h>

void ledger_take(struct model_ledger *l, const struct ddns_action *act)
{
    struct ledger_commit *c = &l->pending[l->pending_count++];

    if (l->pending_count > LEDGER_COMMITS_MAX ||
        act->row_count > LEDGER_ROWS_PER_COMMIT) {
        abort();
    }
    c->number = act->commit;
    c->count = act->row_count;
    memcpy(c->rows, act->rows, act->row_count * sizeof *act->rows);
}

static void write_row(struct model_ledger *l, const struct ddns_row *row)
{
    struct ledger_row *slot = &l->rows[row->address.bytes[3]];

    if (row->address.bytes[3] >= ADDRESSES) {
        abort();
    }
    slot->there = row->directions != 0;
    slot->generation = l->generation;
    slot->row = *row;
}

void ledger_write(struct model_ledger *l, uint64_t number)
{
    size_t done = 0;

    while (done < l->pending_count && l->pending[done].number <= number) {
        const struct ledger_commit *c = &l->pending[done++];

        for (size_t i = 0; i < c->count; i++) {
            write_row(l, &c->rows[i]);
        }
    }
    l->pending_count -= done;
    memmove(l->pending, l->pending + done, l->pending_count * sizeof *l->pending);
}

void ledger_break(struct model_ledger *l, struct world *w)
{
    size_t survive = below(w, (uint32_t)l->pending_count + 1);

    if (survive > 0) {
        ledger_write(l, l->pending[survive - 1].number);
    }
    l->pending_count = 0;
}

void ledger_sweep(struct model_ledger *l)
{
    for (size_t i = 0; i < ADDRESSES; i++) {
        if (l->rows[i].generation != l->generation) {
            l->rows[i].there = false;
        }
    }
    l->rewriting = false;
}

const struct ddns_row *ledger_row(const struct model_ledger *l,
                                  const ddns_address *address)
{
    const struct ledger_row *slot = &l->rows[address->bytes[3] % ADDRESSES];

    return slot->there ? &slot->row : NULL;
}

static bool same_bytes(struct ddns_bytes a, const uint8_t *b, size_t len)
{
    return a.len == len && memcmp(a.data, b, len) == 0;
}

static bool covers_forward(const struct ddns_row *row, const struct ddns_name *owner,
                           uint16_t type, struct ddns_bytes rdata)
{
    return (row->directions & DDNS_FORWARD) && ddns_name_equal(&row->fqdn, owner) &&
           (type == DDNS_TYPE_A
                ? same_bytes(rdata, row->address.bytes, row->address.len)
                : row->has_dhcid && same_bytes(rdata, row->dhcid.rdata, DDNS_DHCID_LEN));
}

static bool is_name(struct ddns_bytes rdata, const struct ddns_name *name)
{
    struct ddns_name lower = ddns_name_lower(name);

    return same_bytes(rdata, lower.wire, lower.len);
}

/* The DHCID beside a PTR goes with it, whosever it is. */
static bool covers_reverse(const struct ddns_row *row, const struct ddns_name *owner,
                           uint16_t type, struct ddns_bytes rdata)
{
    struct ddns_name reverse = ddns_name_reverse(&row->address);

    return (row->directions & DDNS_REVERSE) && ddns_name_equal(&reverse, owner) &&
           (type != DDNS_TYPE_PTR || is_name(rdata, &row->ptr) ||
            is_name(rdata, &row->ptr_before));
}

bool ledger_covers_claim(const struct model_ledger *l, const struct ddns_name *owner,
                         uint16_t type, struct ddns_bytes rdata)
{
    for (size_t i = 0; i < ADDRESSES; i++) {
        const struct ddns_row *row = &l->rows[i].row;

        if (l->rows[i].there && (covers_forward(row, owner, type, rdata) ||
                                 covers_reverse(row, owner, type, rdata))) {
            return true;
        }
    }
    return false;
}

/* With another client's DHCID beside it, an address is not the one of the row. */
static bool has_dhcid_of(const struct model_server *dns, const struct ddns_name *owner,
                         const struct ddns_row *row)
{
    struct ddns_bytes ours = { row->dhcid.rdata, DDNS_DHCID_LEN };

    return !model_has(dns, owner, DDNS_TYPE_DHCID, (struct ddns_bytes){ 0 }) ||
           (row->has_dhcid && model_has(dns, owner, DDNS_TYPE_DHCID, ours));
}

bool ledger_covers(const struct model_ledger *l, const struct model_server *dns,
                   const struct model_record *r)
{
    struct ddns_bytes rdata = { r->rdata, r->len };

    for (size_t i = 0; i < ADDRESSES; i++) {
        const struct ddns_row *row = &l->rows[i].row;

        if (l->rows[i].there && (covers_reverse(row, &r->owner, r->type, rdata) ||
                                 (covers_forward(row, &r->owner, r->type, rdata) &&
                                  has_dhcid_of(dns, &r->owner, row)))) {
            return true;
        }
    }
    return false;
}
