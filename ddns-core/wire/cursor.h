/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_WIRE_CURSOR_H
#define DDNS_WIRE_CURSOR_H

#include <stdbool.h>

#include "base/bytes.h"
#include "ddns/ddns.h"

/**
 * Bounded cursors over a DNS message.
 *
 * The first failure is kept; every later call does nothing, reads yield zero
 * and a range is empty.  So a decoder is written straight through and checked
 * once, before any value it read is used.  No input can make these assert.
 */
struct ddns_reader {
    const uint8_t *msg; /**< whole message: base of compression pointers */
    size_t len;
    size_t pos;
    ddns_error error;
};

struct ddns_reader ddns_reader_of(struct ddns_bytes msg);
uint8_t ddns_read_u8(struct ddns_reader *r);
uint16_t ddns_read_u16(struct ddns_reader *r);
uint32_t ddns_read_u32(struct ddns_reader *r);
uint64_t ddns_read_u48(struct ddns_reader *r); /**< TSIG "time signed" */
struct ddns_bytes ddns_read_bytes(struct ddns_reader *r, size_t len);
bool ddns_reader_ok(const struct ddns_reader *r);

/** The kept error, or DDNS_E_FORMAT when bytes are left over. */
DDNS_NODISCARD ddns_error ddns_reader_finish(const struct ddns_reader *r);

/** Writes into caller memory; never allocates, never grows. */
struct ddns_writer {
    uint8_t *buf;
    size_t cap;
    size_t len;
    ddns_error error;
};

struct ddns_writer ddns_writer_of(uint8_t *buf, size_t cap);
void ddns_write_u8(struct ddns_writer *w, uint8_t v);
void ddns_write_u16(struct ddns_writer *w, uint16_t v);
void ddns_write_u32(struct ddns_writer *w, uint32_t v);
void ddns_write_u48(struct ddns_writer *w, uint64_t v);
void ddns_write_u64(struct ddns_writer *w, uint64_t v); /**< several fields at once */
void ddns_write_bytes(struct ddns_writer *w, struct ddns_bytes b);

/** Leave room for a length or a count; close it with ddns_fill_u16(). */
size_t ddns_hold_u16(struct ddns_writer *w);
void ddns_fill_u16(struct ddns_writer *w, size_t hold, size_t value);

/** The bytes written so far, borrowed from the writer's buffer. */
DDNS_NODISCARD ddns_error ddns_writer_finish(const struct ddns_writer *w,
                                             struct ddns_bytes *out_bytes);

#endif
