/* SPDX-License-Identifier: MPL-2.0 */
#include <openssl/crypto.h>
#include <string.h>

#include "proto/tsig_record.h"

enum {
    ARCOUNT_AT = 10,
    BADTIME_OTHER_LEN = 6, /* RFC 8945 section 5.2.3: the server's clock */
};

/* ---- reading ------------------------------------------------------------ */

static ddns_error read_rdata(struct ddns_bytes msg, struct ddns_bytes rdata,
                             struct ddns_tsig_record *record)
{
    struct ddns_reader r = ddns_reader_of(msg);
    uint16_t len = 0;

    r.pos = (size_t)(rdata.data - msg.data);
    r.len = r.pos + rdata.len;
    ddns_read_name(&r, &record->algorithm);
    record->time_signed = ddns_read_u48(&r);
    record->fudge = ddns_read_u16(&r);
    len = ddns_read_u16(&r);
    record->mac = ddns_read_bytes(&r, len);
    record->original_id = ddns_read_bytes(&r, 2);
    record->error = ddns_read_u16(&r);
    len = ddns_read_u16(&r);
    record->other = ddns_read_bytes(&r, len);
    if (ddns_reader_finish(&r) != DDNS_OK ||
        (record->error == DDNS_BADTIME && record->mac.len > 0 &&
         record->other.len != BADTIME_OTHER_LEN)) {
        return DDNS_E_FORMAT;
    }
    return DDNS_OK;
}

/* Read past the questions; returns the number of records that follow. */
static size_t read_to_records(struct ddns_reader *r, bool *has_additional)
{
    struct ddns_header header;
    struct ddns_question question;

    ddns_read_header(r, &header);
    for (size_t i = 0; ddns_reader_ok(r) && i < header.counts[DDNS_ZONE]; i++) {
        ddns_read_question(r, &question);
    }
    *has_additional = header.counts[DDNS_ADDITIONAL] > 0;
    return (size_t)header.counts[DDNS_PREREQUISITE] + header.counts[DDNS_UPDATE] +
           header.counts[DDNS_ADDITIONAL];
}

ddns_error ddns_tsig_find(struct ddns_bytes msg, struct ddns_tsig_record *record,
                          bool *out_found)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_rr rr = { .type = 0 };
    bool has_additional = false;
    size_t left = read_to_records(&r, &has_additional);

    for (; ddns_reader_ok(&r) && left > 0 && rr.type != DDNS_TYPE_TSIG; left--) {
        record->start = r.pos;
        ddns_read_rr(&r, &rr);
    }
    if (ddns_reader_finish(&r) != DDNS_OK || left > 0) {
        return DDNS_E_FORMAT;
    }
    *out_found = rr.type == DDNS_TYPE_TSIG;
    if (!*out_found) {
        return DDNS_OK;
    }
    if (!has_additional || rr.klass != DDNS_CLASS_ANY || rr.ttl != 0) {
        return DDNS_E_FORMAT; /* RFC 8945 section 4.2 */
    }
    record->owner = rr.owner;
    return read_rdata(msg, rr.rdata, record);
}

/* ---- judging ------------------------------------------------------------ */

/* The header as the signer had it (RFC 8945 section 4.3.2). */
static void restore_header(struct ddns_bytes msg, const struct ddns_tsig_record *record,
                           uint8_t *header)
{
    size_t arcount = (size_t)msg.data[ARCOUNT_AT] << 8 | msg.data[ARCOUNT_AT + 1];

    arcount--;
    memcpy(header, msg.data, DDNS_HEADER_LEN);
    memcpy(header, record->original_id.data, record->original_id.len);
    header[ARCOUNT_AT] = (uint8_t)(arcount >> 8);
    header[ARCOUNT_AT + 1] = (uint8_t)arcount;
}

/* What the record's MAC ought to be, whole. */
static ddns_error expected_mac(struct ddns_bytes msg, const struct ddns_tsig_key *key,
                               const struct ddns_tsig_digest *before,
                               const struct ddns_tsig_record *record,
                               struct ddns_mac *mac)
{
    uint8_t header[DDNS_HEADER_LEN];
    uint8_t buf[DDNS_TSIG_VARIABLES_LEN];
    struct ddns_writer variables = ddns_writer_of(buf, sizeof buf);
    struct ddns_tsig_digest digest = *before;
    ddns_error error = DDNS_OK;

    digest.header = (struct ddns_bytes){ header, sizeof header };
    digest.body = (struct ddns_bytes){ msg.data + DDNS_HEADER_LEN,
                                       record->start - DDNS_HEADER_LEN };
    digest.other = record->other;
    restore_header(msg, record, header);
    ddns_write_u48(&variables, record->time_signed);
    ddns_write_u16(&variables, record->fudge);
    ddns_write_u16(&variables, record->error);
    ddns_write_u16(&variables, (uint16_t)record->other.len);
    error = ddns_writer_finish(&variables, &digest.variables);
    return error != DDNS_OK ? error : ddns_tsig_compute(key, &digest, mac);
}

/*
 * Seconds from our clock to the peer's.  With BADTIME the peer's own clock is in
 * "other data", and "time signed" repeats the request's (RFC 8945 section 5.2.3).
 */
static int64_t skew_of(const struct ddns_tsig_record *record, uint64_t now)
{
    uint64_t theirs = record->time_signed;

    if (record->error == DDNS_BADTIME && record->other.len == BADTIME_OTHER_LEN) {
        struct ddns_reader r = ddns_reader_of(record->other);

        theirs = ddns_read_u48(&r);
    }
    return (int64_t)theirs - (int64_t)now;
}

static enum ddns_tsig_verdict judge_time(const struct ddns_tsig_record *record,
                                         int64_t skew)
{
    if (record->error == DDNS_BADTIME) {
        return DDNS_TSIG_GOOD;
    }
    return skew > record->fudge || skew < -(int64_t)record->fudge ? DDNS_TSIG_WRONG_TIME
                                                                  : DDNS_TSIG_GOOD;
}

/* In the order of RFC 8945 section 5.2: key, MAC, time. */
ddns_error ddns_tsig_judge(struct ddns_bytes msg, const struct ddns_tsig_key *key,
                           const struct ddns_tsig_digest *before,
                           const struct ddns_tsig_record *record, uint64_t now,
                           struct ddns_tsig_result *result)
{
    struct ddns_mac ours;
    ddns_error error = DDNS_OK;

    result->error = record->error;
    result->clock_skew = skew_of(record, now);
    if (record->mac.len == 0) {
        result->verdict = DDNS_TSIG_UNSIGNED;
        return DDNS_OK;
    }
    if (!ddns_name_equal(&record->owner, &key->owner) ||
        !ddns_name_equal(&record->algorithm, &key->algorithm)) {
        result->verdict = DDNS_TSIG_WRONG_KEY;
        return DDNS_OK;
    }
    if (record->mac.len > key->digest_len) {
        return DDNS_E_FORMAT; /* RFC 8945 section 5.2.2.1 */
    }
    if (record->mac.len < key->mac_len) {
        result->verdict = DDNS_TSIG_SHORT_MAC;
        return DDNS_OK;
    }
    error = expected_mac(msg, key, before, record, &ours);
    if (error != DDNS_OK) {
        return error;
    }
    result->verdict = CRYPTO_memcmp(record->mac.data, ours.bytes, record->mac.len) != 0
                          ? DDNS_TSIG_WRONG_MAC
                          : judge_time(record, result->clock_skew);
    return DDNS_OK;
}

ddns_error ddns_tsig_verify(struct ddns_bytes msg, const struct ddns_tsig_key *key,
                            const struct ddns_mac *request, uint64_t now,
                            struct ddns_tsig_result *out_result)
{
    struct ddns_tsig_result result = { .verdict = DDNS_TSIG_MISSING };
    struct ddns_tsig_record record;
    struct ddns_tsig_digest before = { .request_mac = { request->bytes, request->len } };
    bool found = false;
    ddns_error error = now >> 48 != 0 ? DDNS_E_INVALID : DDNS_OK;

    if (error == DDNS_OK) {
        error = ddns_tsig_find(msg, &record, &found);
    }
    if (error == DDNS_OK && found) {
        error = ddns_tsig_judge(msg, key, &before, &record, now, &result);
    }
    if (error == DDNS_OK) {
        *out_result = result;
    }
    return error;
}
