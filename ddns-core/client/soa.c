/* SPDX-License-Identifier: MPL-2.0 */
#include "client/soa.h"

#include "proto/query.h"

/** Read @p count records; the first SOA whose zone holds @p name is found. */
static bool read_section(struct ddns_reader *r, unsigned count,
                         const struct ddns_name *name, struct ddns_name *out_zone)
{
    bool found = false;
    struct ddns_rr rr;

    for (unsigned i = 0; i < count && ddns_reader_ok(r); i++) {
        ddns_read_rr(r, &rr);
        if (!found && ddns_reader_ok(r) && rr.type == DDNS_TYPE_SOA &&
            rr.klass == DDNS_CLASS_IN && ddns_name_in_zone(name, &rr.owner)) {
            *out_zone = rr.owner;
            found = true;
        }
    }
    return found;
}

enum ddns_soa_answer ddns_soa_read(struct ddns_bytes msg, uint16_t id,
                                   const struct ddns_name *name,
                                   struct ddns_name *out_zone)
{
    const struct ddns_question question = { *name, DDNS_TYPE_SOA, DDNS_CLASS_IN };
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_header header;
    struct ddns_name zone;
    bool found;

    if (!ddns_query_answered(&r, id, &question, &header)) {
        return DDNS_SOA_IGNORE;
    }
    if ((header.flags & DDNS_FLAG_TC) != 0) {
        return DDNS_SOA_TRUNCATED;
    }
    if (ddns_header_rcode(&header) != DDNS_NOERROR &&
        ddns_header_rcode(&header) != DDNS_NXDOMAIN) {
        return DDNS_SOA_NONE;
    }
    found = read_section(&r, header.counts[1], name, &zone);
    if (!found && header.counts[1] > 0) {
        /* The name is an alias (RFC 1034 section 3.6.2), and the rest of this answer
         * is about its target.  An alias is never an apex, so its
         * parent is in the same zone. */
        return ddns_reader_ok(&r) ? DDNS_SOA_ASK_PARENT : DDNS_SOA_IGNORE;
    }
    found = found || read_section(&r, header.counts[2], name, &zone);
    if (!ddns_reader_ok(&r)) {
        return DDNS_SOA_IGNORE;
    }
    if (!found) {
        return DDNS_SOA_NONE;
    }
    *out_zone = zone;
    return DDNS_SOA_FOUND;
}
