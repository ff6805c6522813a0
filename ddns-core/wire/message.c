/* SPDX-License-Identifier: MPL-2.0 */
#include "wire/message.h"

void ddns_read_header(struct ddns_reader *r, struct ddns_header *out_header)
{
    out_header->id = ddns_read_u16(r);
    out_header->flags = ddns_read_u16(r);
    for (size_t i = 0; i < sizeof out_header->counts / sizeof *out_header->counts; i++) {
        out_header->counts[i] = ddns_read_u16(r);
    }
}

void ddns_read_question(struct ddns_reader *r, struct ddns_question *out_question)
{
    ddns_read_name(r, &out_question->name);
    out_question->type = ddns_read_u16(r);
    out_question->klass = ddns_read_u16(r);
}

void ddns_read_rr(struct ddns_reader *r, struct ddns_rr *out_rr)
{
    uint16_t len = 0;

    ddns_read_name(r, &out_rr->owner);
    out_rr->type = ddns_read_u16(r);
    out_rr->klass = ddns_read_u16(r);
    out_rr->ttl = ddns_read_u32(r);
    len = ddns_read_u16(r);
    out_rr->rdata = ddns_read_bytes(r, len);
}

void ddns_write_header(struct ddns_writer *w, const struct ddns_header *header)
{
    ddns_write_u16(w, header->id);
    ddns_write_u16(w, header->flags);
    for (size_t i = 0; i < sizeof header->counts / sizeof *header->counts; i++) {
        ddns_write_u16(w, header->counts[i]);
    }
}
