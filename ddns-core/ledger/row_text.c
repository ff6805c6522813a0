/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/row_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base64.h"

enum { RCODES_NAMED = 11, DIGITS_MAX = 5 }; /* NOERROR to NOTZONE; an uint16_t */

static const char *const modes[] = {
    [DDNS_CHECK_WITH_DHCID] = "check-with-dhcid",
    [DDNS_CHECK_EXISTS_WITH_DHCID] = "check-exists-with-dhcid",
    [DDNS_NO_CHECK_WITH_DHCID] = "no-check-with-dhcid",
    [DDNS_NO_CHECK_WITHOUT_DHCID] = "no-check-without-dhcid",
    [DDNS_ASSOCIATE] = "associate",
    [DDNS_MIXED_CHECK_WITH_DHCID] = "mixed-check-with-dhcid",
    [DDNS_MIXED_CHECK_EXISTS_WITH_DHCID] = "mixed-check-exists-with-dhcid",
    [DDNS_MIXED_NO_CHECK_WITH_DHCID] = "mixed-no-check-with-dhcid",
};
static const char *const states[] = { "claimed", "confirmed" };
static const char rcode_word[] = "RCODE";

/** Index of @p word in @p words; @p count when it is none of them. */
static size_t find(const char *word, const char *const *words, size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(word, words[i]) != 0) {
        i++;
    }
    return i;
}

static int64_t clamp(uint64_t value)
{
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

/* ---- to text --------------------------------------------------------------- */

static void put_word(char *out, const char *word)
{
    (void)snprintf(out, DDNS_WORD_MAX, "%s", word);
}

static void put_name(char *out, const struct ddns_name *name)
{
    if (name->len > 0) {
        ddns_name_text(name, out);
    }
}

static void put_answer(char *out, unsigned rcode)
{
    if (rcode < RCODES_NAMED) {
        put_word(out, ddns_rcode_text(rcode));
    } else {
        (void)snprintf(out, DDNS_WORD_MAX, "%s%u", rcode_word, rcode);
    }
}

void ddns_row_to_text(const struct ddns_row *row, struct ddns_row_text *text)
{
    memset(text, 0, sizeof *text);
    ddns_address_text(&row->address, text->address);
    if (row->directions & DDNS_FORWARD) {
        put_name(text->fqdn, &row->fqdn);
    }
    if (row->directions & DDNS_REVERSE) {
        put_name(text->ptr, &row->ptr);
    }
    put_name(text->ptr_before, &row->ptr_before);
    if (row->has_dhcid) {
        ddns_base64_encode(
            (struct ddns_bytes){ row->dhcid.rdata, sizeof row->dhcid.rdata },
            text->dhcid);
    }
    put_word(text->mode, modes[row->mode]);
    text->ttl = row->ttl;
    put_word(text->state, states[row->confirmed]);
    text->told_at = clamp(row->told_at);
    text->answered_at = clamp(row->answered_at);
    if (row->answered_at != 0) {
        put_answer(text->answer, row->rcode);
    }
}

/* ---- of text --------------------------------------------------------------- */

/* Only as we write it: another spelling would be another row for the address. */
static bool take_address(const char *text, ddns_address *out)
{
    char canonical[DDNS_ADDRESS_TEXT_MAX];

    if (ddns_address_parse(text, out) != DDNS_OK) {
        return false;
    }
    ddns_address_text(out, canonical);
    return strcmp(text, canonical) == 0;
}

static bool take_name(const char *text, struct ddns_name *out)
{
    return *text == '\0' || ddns_name_parse(text, out) == DDNS_OK;
}

static bool take_dhcid(const char *text, struct ddns_row *row)
{
    uint8_t octets[DDNS_DHCID_TEXT_MAX / 4 * 3];
    size_t len = 0;

    if (*text == '\0') {
        return true;
    }
    if (ddns_base64_decode(text, octets, &len) != DDNS_OK || len != DDNS_DHCID_LEN) {
        return false;
    }
    memcpy(row->dhcid.rdata, octets, DDNS_DHCID_LEN);
    row->has_dhcid = true;
    return true;
}

static bool take_mode(const char *text, ddns_conflict_mode *out)
{
    size_t i = find(text, modes, sizeof modes / sizeof *modes);

    *out = (ddns_conflict_mode)i;
    return i < sizeof modes / sizeof *modes;
}

static bool take_state(const char *text, bool *out_confirmed)
{
    size_t i = find(text, states, sizeof states / sizeof *states);

    *out_confirmed = i == 1;
    return i < sizeof states / sizeof *states;
}

/* The number behind "RCODE". */
static bool take_rcode(const char *text, uint16_t *out)
{
    size_t prefix = sizeof rcode_word - 1;
    unsigned value = 0;

    if (strncmp(text, rcode_word, prefix) != 0) {
        return false;
    }
    text += prefix;
    if (*text == '\0' || strlen(text) > DIGITS_MAX) {
        return false;
    }
    for (; *text >= '0' && *text <= '9'; text++) {
        value = value * 10 + (unsigned)(*text - '0');
    }
    *out = (uint16_t)value;
    return *text == '\0' && value <= UINT16_MAX;
}

static bool take_answer(const char *text, uint16_t *out)
{
    for (unsigned rcode = 0; rcode < RCODES_NAMED; rcode++) {
        if (strcmp(text, ddns_rcode_text(rcode)) == 0) {
            *out = (uint16_t)rcode;
            return true;
        }
    }
    return take_rcode(text, out);
}

static bool take_numbers(const struct ddns_row_text *text, struct ddns_row *row)
{
    row->ttl = (uint32_t)text->ttl;
    row->told_at = (uint64_t)text->told_at;
    row->answered_at = (uint64_t)text->answered_at;
    return text->ttl >= 0 && text->ttl <= UINT32_MAX && text->told_at >= 0 &&
           text->answered_at >= 0;
}

bool ddns_row_of_text(const struct ddns_row_text *text, struct ddns_row *out_row)
{
    struct ddns_row row = { 0 };

    if (!take_address(text->address, &row.address) || !take_name(text->fqdn, &row.fqdn) ||
        !take_name(text->ptr, &row.ptr) ||
        !take_name(text->ptr_before, &row.ptr_before) || !take_dhcid(text->dhcid, &row) ||
        !take_mode(text->mode, &row.mode) || !take_state(text->state, &row.confirmed) ||
        !take_numbers(text, &row) ||
        (row.answered_at != 0 && !take_answer(text->answer, &row.rcode))) {
        return false;
    }
    row.directions =
        (row.fqdn.len > 0 ? DDNS_FORWARD : 0u) | (row.ptr.len > 0 ? DDNS_REVERSE : 0u);
    if (row.directions == 0) {
        return false;
    }
    *out_row = row;
    return true;
}
