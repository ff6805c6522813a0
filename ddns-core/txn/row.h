/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_ROW_H
#define DDNS_TXN_ROW_H

#include "proto/dhcid.h"
#include "wire/name.h"

/** What DNS was, or is about to be, told about an address: a row of the ledger. */
struct ddns_row {
    ddns_address address;
    unsigned directions;   /**< none: delete the row */
    struct ddns_name fqdn; /**< of DDNS_FORWARD */
    struct ddns_name ptr;  /**< of DDNS_REVERSE; differs from fqdn during a rename */
    struct ddns_name ptr_before; /**< target it may still have; length 0 for none */
    struct ddns_dhcid dhcid;
    bool has_dhcid;
    bool confirmed; /**< DNS has said that it is so */
    ddns_conflict_mode mode;
    uint32_t ttl;
    uint64_t told_at;     /**< Unix seconds of the last change to all of the above */
    uint64_t answered_at; /**< of the last answer about it; 0 for none yet */
    uint16_t rcode;       /**< in that answer */
};

#endif
