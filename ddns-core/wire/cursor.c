/* SPDX-License-Identifier: MPL-2.0 */
#include "wire/cursor.h"

#include <endian.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------ */

struct ddns_reader ddns_reader_of(struct ddns_bytes msg)
{
    return (struct ddns_reader){ .msg = msg.data, .len = msg.len };
}

/* Every read goes through here: this is the bounds check of the library. */
struct ddns_bytes ddns_read_bytes(struct ddns_reader *r, size_t len)
{
    struct ddns_bytes taken = { 0 };

    if (r->error != DDNS_OK) {
        return taken;
    }
    if (len > r->len - r->pos) {
        r->error = DDNS_E_SHORT;
        return taken;
    }
    taken.data = r->msg + r->pos;
    taken.len = len;
    r->pos += len;
    return taken;
}

static uint64_t read_big_endian(struct ddns_reader *r, size_t len)
{
    struct ddns_bytes b = ddns_read_bytes(r, len);
    uint64_t v = 0;

    for (size_t i = 0; i < b.len; i++) {
        v = v << 8 | b.data[i];
    }
    return v;
}

uint8_t ddns_read_u8(struct ddns_reader *r)
{
    return (uint8_t)read_big_endian(r, 1);
}

uint16_t ddns_read_u16(struct ddns_reader *r)
{
    return (uint16_t)read_big_endian(r, 2);
}

uint32_t ddns_read_u32(struct ddns_reader *r)
{
    return (uint32_t)read_big_endian(r, 4);
}

uint64_t ddns_read_u48(struct ddns_reader *r)
{
    return read_big_endian(r, 6);
}

bool ddns_reader_ok(const struct ddns_reader *r)
{
    return r->error == DDNS_OK;
}

ddns_error ddns_reader_finish(const struct ddns_reader *r)
{
    if (r->error != DDNS_OK) {
        return r->error;
    }
    return r->pos == r->len ? DDNS_OK : DDNS_E_FORMAT;
}

/* ---- writing ------------------------------------------------------------ */

struct ddns_writer ddns_writer_of(uint8_t *buf, size_t cap)
{
    return (struct ddns_writer){ .buf = buf, .cap = cap };
}

/* Room for @p len more bytes, or NULL with the error kept: the other check. */
static uint8_t *extend(struct ddns_writer *w, size_t len)
{
    uint8_t *room = NULL;

    if (w->error != DDNS_OK) {
        return NULL;
    }
    if (len > w->cap - w->len) {
        w->error = DDNS_E_SPACE;
        return NULL;
    }
    room = w->buf + w->len;
    w->len += len;
    return room;
}

static inline void write_big_endian(struct ddns_writer *w, uint64_t v, size_t len)
{
    uint8_t *room = extend(w, len);

    if (room == NULL) {
        return;
    }
    v = htobe64(v << (64 - 8 * len)); /* its octets, in their order, from the first on */
    memcpy(room, &v, len);
}

void ddns_write_u8(struct ddns_writer *w, uint8_t v)
{
    write_big_endian(w, v, 1);
}

void ddns_write_u16(struct ddns_writer *w, uint16_t v)
{
    write_big_endian(w, v, 2);
}

void ddns_write_u32(struct ddns_writer *w, uint32_t v)
{
    write_big_endian(w, v, 4);
}

void ddns_write_u48(struct ddns_writer *w, uint64_t v)
{
    write_big_endian(w, v, 6);
}

void ddns_write_u64(struct ddns_writer *w, uint64_t v)
{
    write_big_endian(w, v, 8);
}

void ddns_write_bytes(struct ddns_writer *w, struct ddns_bytes b)
{
    uint8_t *room = extend(w, b.len);

    if (room != NULL && b.len > 0) {
        memcpy(room, b.data, b.len);
    }
}

size_t ddns_hold_u16(struct ddns_writer *w)
{
    size_t hold = w->len;

    ddns_write_u16(w, 0);
    return hold;
}

void ddns_fill_u16(struct ddns_writer *w, size_t hold, size_t value)
{
    if (w->error != DDNS_OK) {
        return;
    }
    if (value > UINT16_MAX) {
        w->error = DDNS_E_SPACE;
        return;
    }
    if (w->len < 2 || hold > w->len - 2) {
        w->error = DDNS_E_BUG; /* not a place that ddns_hold_u16() returned */
        return;
    }
    w->buf[hold] = (uint8_t)(value >> 8);
    w->buf[hold + 1] = (uint8_t)value;
}

ddns_error ddns_writer_finish(const struct ddns_writer *w, struct ddns_bytes *out_bytes)
{
    if (w->error != DDNS_OK) {
        return w->error;
    }
    *out_bytes = (struct ddns_bytes){ .data = w->buf, .len = w->len };
    return DDNS_OK;
}
