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

/** The records of the type that was asked for. */
struct tally {
    unsigned all;
    unsigned ours;
    unsigned neighbours;
    bool crowd;
};

/* False for one that cannot belong there: DHCIDs of leases all have one length. */
static bool keep(struct ddns_dhcids *found, struct ddns_bytes rdata)
{
    if (found->count == DDNS_DHCIDS_MAX || rdata.len != DDNS_DHCID_LEN) {
        return false;
    }
    memcpy(found->each[found->count++].rdata, rdata.data, DDNS_DHCID_LEN);
    return true;
}

/* Read the records of the answer; false when they are malformed. */
static bool count(const struct ddns_subject *subject, struct ddns_bytes msg,
                  struct ddns_reader *r, unsigned records, struct tally *tally,
                  struct ddns_dhcids *found)
{
    struct ddns_question question = ddns_ask_question(subject);
    bool whole = true;

    for (unsigned i = 0; i < records; i++) {
        struct ddns_rr rr;

        ddns_read_rr(r, &rr);
        if (!ddns_reader_ok(r)) {
            return false;
        }
        if (rr.type == question.type && ddns_name_equal(&rr.owner, &question.name)) {
            bool ours = is_ours(subject, msg, &rr);

            tally->all++;
            tally->ours += ours ? 1 : 0;
            tally->neighbours +=
                ddns_dhcid_may_neighbour(&subject->address, subject->dhcid, rr.rdata) ? 1
                                                                                      : 0;
            whole =
                (subject->step->ask != DDNS_ASK_DHCIDS || keep(found, rr.rdata)) && whole;
        }
    }
    if (!whole) {
        tally->crowd = true;
        found->count = 0;
    }
    return true;
}

static enum ddns_found of_all_dhcids(const struct tally *tally)
{
    if (tally->crowd) {
        return DDNS_FOUND_CROWD;
    }
    if (tally->all == 1 && tally->neighbours == 1) {
        return DDNS_FOUND_NEIGHBOUR;
    }
    return tally->all == 2 && tally->ours == 1 && tally->neighbours == 1
               ? DDNS_FOUND_BOTH
               : DDNS_FOUND_OTHERS;
}

/* As a prerequisite compares: ours alone is ours (RFC 2136 section 3.2.3). */
enum ddns_found ddns_ask_finding(const struct ddns_subject *subject,
                                 struct ddns_bytes msg, struct ddns_reader *r,
                                 const struct ddns_header *header,
                                 struct ddns_dhcids *out_found)
{
    bool all_wanted = subject->step->ask == DDNS_ASK_DHCIDS;
    enum ddns_found unknown = all_wanted ? DDNS_FOUND_UNKNOWN : DDNS_FOUND_NONE;
    unsigned rcode = ddns_header_rcode(header);
    struct tally tally = { 0 };

    out_found->count = 0;
    if ((header->flags & DDNS_FLAG_AA) == 0 || (header->flags & DDNS_FLAG_TC) != 0) {
        return unknown;
    }
    if (rcode != DDNS_NOERROR) {
        return rcode == DDNS_NXDOMAIN ? DDNS_FOUND_NO_NAME : unknown;
    }
    if (!count(subject, msg, r, header->counts[DDNS_PREREQUISITE], &tally, out_found)) {
        return unknown;
    }
    if (tally.all == 0) {
        return DDNS_FOUND_NONE;
    }
    if (tally.all == 1 && tally.ours == 1 && !tally.crowd) {
        return DDNS_FOUND_OURS;
    }
    return all_wanted ? of_all_dhcids(&tally) : DDNS_FOUND_OTHERS;
}
