/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/query.h"

void ddns_query_write(struct ddns_writer *w, uint16_t id,
                      const struct ddns_question *question)
{
    struct ddns_header header = { .id = id, .counts = { [DDNS_ZONE] = 1 } };

    ddns_write_header(w, &header);
    ddns_write_name(w, NULL, &question->name);
    ddns_write_u16(w, question->type);
    ddns_write_u16(w, question->klass);
}

bool ddns_query_answered(struct ddns_reader *r, uint16_t id,
                         const struct ddns_question *question,
                         struct ddns_header *out_header)
{
    struct ddns_question repeated;

    ddns_read_header(r, out_header);
    ddns_read_question(r, &repeated);
    return ddns_reader_ok(r) && out_header->id == id &&
           (out_header->flags & DDNS_FLAG_QR) != 0 &&
           ddns_header_opcode(out_header) == DDNS_OPCODE_QUERY &&
           out_header->counts[DDNS_ZONE] == 1 && repeated.type == question->type &&
           repeated.klass == question->klass &&
           ddns_name_equal(&repeated.name, &question->name);
}
