/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_ASK_H
#define DDNS_TXN_ASK_H

#include "txn/request.h"

/** What to ask about @p subject, whose step has something to ask. */
struct ddns_question ddns_ask_question(const struct ddns_subject *subject);

/**
 * What the answer @p msg says about @p subject.  @p r stands where the question
 * ends, and @p header is the message's.  An answer that is not authoritative, not
 * whole or malformed says nothing: DDNS_FOUND_NONE, or DDNS_FOUND_UNKNOWN of DHCIDs.
 *
 * @param out_found  of DDNS_ASK_DHCIDS: those that are there, but none of a crowd; of all
 *                   other questions none
 */
enum ddns_found ddns_ask_finding(const struct ddns_subject *subject,
                                 struct ddns_bytes msg, struct ddns_reader *r,
                                 const struct ddns_header *header,
                                 struct ddns_dhcids *out_found);

#endif
