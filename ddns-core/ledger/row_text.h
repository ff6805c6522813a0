/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_LEDGER_ROW_TEXT_H
#define DDNS_LEDGER_ROW_TEXT_H

#include "txn/row.h"

enum {
    DDNS_DHCID_TEXT_MAX = 49, /* base64 of 35 octets and the NUL */
    DDNS_WORD_MAX = 32,       /* longer than every word of a mode, a state, an answer */
};

/**
 * A row in the words of the table, which are those of dig and of Kea: made to be
 * read by people.  An empty text stands for NULL.
 */
struct ddns_row_text {
    char address[DDNS_ADDRESS_TEXT_MAX];
    char fqdn[DDNS_NAME_TEXT_MAX]; /**< empty without DDNS_FORWARD */
    char ptr[DDNS_NAME_TEXT_MAX];  /**< empty without DDNS_REVERSE */
    char ptr_before[DDNS_NAME_TEXT_MAX];
    char dhcid[DDNS_DHCID_TEXT_MAX];
    char mode[DDNS_WORD_MAX]; /**< "check-with-dhcid", ... */
    int64_t ttl;
    char state[DDNS_WORD_MAX]; /**< "claimed" or "confirmed" */
    int64_t told_at;
    int64_t answered_at;        /**< 0 for none, and then no answer either */
    char answer[DDNS_WORD_MAX]; /**< "NOERROR", ..., or "RCODE" and a number */
};

void ddns_row_to_text(const struct ddns_row *row, struct ddns_row_text *text);

/** The row that @p text says; false where it is none, as somebody may have edited it. */
DDNS_NODISCARD bool ddns_row_of_text(const struct ddns_row_text *text,
                                     struct ddns_row *out_row);

#endif
