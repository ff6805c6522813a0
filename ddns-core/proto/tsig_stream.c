/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "proto/tsig_record.h"

enum { UNSIGNED_MAX = 99 }; /* RFC 8945 section 5.3.1: between two that are signed */

struct ddns_tsig_stream {
    const struct ddns_tsig_key *key;
    EVP_MAC_CTX *begun; /* the MAC before, and the unsigned messages since */
    unsigned unsigned_since;
    bool first; /* no message was signed yet */
};

static ddns_error begin(struct ddns_tsig_stream *stream, struct ddns_bytes mac)
{
    EVP_MAC_CTX *begun = ddns_tsig_begin(stream->key, mac);

    if (begun == NULL) {
        return DDNS_E_CRYPTO;
    }
    EVP_MAC_CTX_free(stream->begun);
    stream->begun = begun;
    stream->unsigned_since = 0;
    return DDNS_OK;
}

ddns_error ddns_tsig_stream_new(const struct ddns_tsig_key *key,
                                const struct ddns_mac *request,
                                struct ddns_tsig_stream **out_stream)
{
    struct ddns_tsig_stream *stream = calloc(1, sizeof *stream);
    ddns_error error = DDNS_OK;

    if (stream == NULL) {
        return DDNS_E_NOMEM;
    }
    stream->key = key;
    stream->first = true;
    error = begin(stream, (struct ddns_bytes){ request->bytes, request->len });
    if (error != DDNS_OK) {
        free(stream);
        return error;
    }
    *out_stream = stream;
    return DDNS_OK;
}

void ddns_tsig_stream_free(struct ddns_tsig_stream *stream)
{
    if (stream != NULL) {
        EVP_MAC_CTX_free(stream->begun);
        free(stream);
    }
}

/* The first message must be signed, and never more than 99 in a row are not. */
static ddns_error take_unsigned(struct ddns_tsig_stream *stream, struct ddns_bytes msg,
                                struct ddns_tsig_result *result)
{
    if (stream->first || stream->unsigned_since == UNSIGNED_MAX) {
        result->verdict = DDNS_TSIG_MISSING;
        return DDNS_OK;
    }
    if (!ddns_tsig_add(stream->begun, msg)) {
        return DDNS_E_CRYPTO;
    }
    stream->unsigned_since++;
    result->verdict = DDNS_TSIG_PENDING;
    return DDNS_OK;
}

static ddns_error take_signed(struct ddns_tsig_stream *stream, struct ddns_bytes msg,
                              const struct ddns_tsig_record *record, uint64_t now,
                              struct ddns_tsig_result *result)
{
    struct ddns_tsig_digest before = { .begun = stream->begun,
                                       .timers_only = !stream->first };
    ddns_error error = ddns_tsig_judge(msg, stream->key, &before, record, now, result);

    if (error != DDNS_OK || result->verdict != DDNS_TSIG_GOOD) {
        return error;
    }
    stream->first = false;
    return begin(stream, record->mac);
}

ddns_error ddns_tsig_stream_next(struct ddns_tsig_stream *stream, struct ddns_bytes msg,
                                 uint64_t now, struct ddns_tsig_result *out_result)
{
    struct ddns_tsig_result result = { .verdict = DDNS_TSIG_MISSING };
    struct ddns_tsig_record record;
    bool found = false;
    ddns_error error = now >> 48 != 0 ? DDNS_E_INVALID : DDNS_OK;

    if (error == DDNS_OK) {
        error = ddns_tsig_find(msg, &record, &found);
    }
    if (error == DDNS_OK) {
        error = found ? take_signed(stream, msg, &record, now, &result)
                      : take_unsigned(stream, msg, &result);
    }
    if (error == DDNS_OK) {
        *out_result = result;
    }
    return error;
}
