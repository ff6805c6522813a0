/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/ask.h"

#include <string.h>

struct ddns_question ddns_ask_question(const struct ddns_subject *subject)
{
    struct ddns_question question = { .name = subject->fqdn,
                                      .type = DDNS_TYPE_DHCID,
                                      .klass = DDNS_CLASS_IN };

    if (subject->step->ask == DDNS_ASK_PTR) {
        question.name = ddns_network_name(subject->network, &subject->address);
        question.type = DDNS_TYPE_PTR;
    } else if (subject->step->ask == DDNS_ASK_OTHER_FAMILY) {
        question.type = ddns_other_family(&subject->address);
    }
    return question;
}

/* Is @p rr the record that the subject's step is about? */
static bool is_ours(const struct ddns_subject *subject, struct ddns_bytes msg,
                    const struct ddns_rr *rr)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_name target;

    if (rr->type == DDNS_TYPE_PTR) {
        r.pos = (size_t)(rr->rdata.data - msg.data);
        ddns_read_name(&r, &target);
        return ddns_reader_ok(&r) && ddns_name_equal(&target, &subject->fqdn);
    }
    return rr->type == DDNS_TYPE_DHCID && rr->rdata.len == subject->dhcid.len &&
           memcmp(rr->rdata.data, subject->dhcid.data, rr->rdata.len) == 0;
}

/* As a prerequisite compares: ours alone is ours (RFC 2136 section 3.2.3). */
enum ddns_found ddns_ask_finding(const struct ddns_subject *subject,
                                 struct ddns_bytes msg, struct ddns_reader *r,
                                 const struct ddns_header *header)
{
    struct ddns_question question = ddns_ask_question(subject);
    unsigned rcode = ddns_header_rcode(header);
    unsigned ours = 0;
    unsigned all = 0;

    if ((header->flags & DDNS_FLAG_AA) == 0 || (header->flags & DDNS_FLAG_TC) != 0) {
        return DDNS_FOUND_NONE;
    }
    if (rcode != DDNS_NOERROR) {
        return rcode == DDNS_NXDOMAIN ? DDNS_FOUND_NO_NAME : DDNS_FOUND_NONE;
    }
    for (unsigned i = 0; i < header->counts[DDNS_PREREQUISITE]; i++) {
        struct ddns_rr rr;

        ddns_read_rr(r, &rr);
        if (!ddns_reader_ok(r)) {
            return DDNS_FOUND_NONE;
        }
        if (rr.type == question.type && ddns_name_equal(&rr.owner, &question.name)) {
            all++;
            ours += is_ours(subject, msg, &rr) ? 1 : 0;
        }
    }
    if (all == 0) {
        return DDNS_FOUND_NONE;
    }
    return all == 1 && ours == 1 ? DDNS_FOUND_OURS : DDNS_FOUND_OTHERS;
}
