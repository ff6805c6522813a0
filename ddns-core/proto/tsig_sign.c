/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/tsig_key.h"

enum { ARCOUNT_AT = 10 };

/* RFC 8945 section 4.2; a request has no error and no other data. */
static void write_variables(struct ddns_writer *w, uint64_t now)
{
    ddns_write_u48(w, now);
    ddns_write_u16(w, DDNS_TSIG_FUDGE);
    ddns_write_u16(w, DDNS_TSIG_NO_ERROR);
    ddns_write_u16(w, 0);
}

static void write_record(struct ddns_writer *w, const struct ddns_tsig_key *key,
                         uint64_t now, const struct ddns_mac *mac)
{
    const uint8_t id[2] = { w->buf[0], w->buf[1] };
    size_t hold = 0;

    ddns_write_name(w, NULL, &key->owner);
    ddns_write_u16(w, DDNS_TYPE_TSIG);
    ddns_write_u16(w, DDNS_CLASS_ANY);
    ddns_write_u32(w, 0);
    hold = ddns_hold_u16(w);
    ddns_write_name(w, NULL, &key->algorithm);
    ddns_write_u48(w, now);
    ddns_write_u16(w, DDNS_TSIG_FUDGE);
    ddns_write_u16(w, mac->len);
    ddns_write_bytes(w, (struct ddns_bytes){ mac->bytes, mac->len });
    ddns_write_bytes(w, (struct ddns_bytes){ id, sizeof id });
    ddns_write_u16(w, DDNS_TSIG_NO_ERROR);
    ddns_write_u16(w, 0);
    ddns_fill_u16(w, hold, w->len - hold - 2);
}

static ddns_error compute(const struct ddns_writer *w, const struct ddns_tsig_key *key,
                          uint64_t now, struct ddns_mac *mac)
{
    uint8_t buf[DDNS_TSIG_VARIABLES_LEN];
    struct ddns_writer variables = ddns_writer_of(buf, sizeof buf);
    struct ddns_tsig_digest digest = {
        .body = { w->buf, w->len }, /* header and all: it is as it was */
    };
    ddns_error error = DDNS_OK;

    write_variables(&variables, now);
    error = ddns_writer_finish(&variables, &digest.variables);
    if (error == DDNS_OK) {
        error = ddns_tsig_compute(key, &digest, mac);
    }
    mac->len = key->mac_len; /* RFC 8945 section 5.2.2.1: the first octets */
    return error;
}

ddns_error ddns_tsig_sign(struct ddns_writer *w, const struct ddns_tsig_key *key,
                          uint64_t now, struct ddns_mac *out_mac)
{
    size_t limit = w->cap < DDNS_MESSAGE_MAX ? w->cap : DDNS_MESSAGE_MAX;
    unsigned arcount = 0;
    struct ddns_mac mac;
    ddns_error error = DDNS_OK;

    if (w->error != DDNS_OK) {
        return w->error;
    }
    if (w->len < DDNS_HEADER_LEN || now >> 48 != 0) {
        return DDNS_E_INVALID;
    }
    arcount = (unsigned)w->buf[ARCOUNT_AT] << 8 | w->buf[ARCOUNT_AT + 1];
    if (w->len > limit || ddns_tsig_key_overhead(key) > limit - w->len ||
        arcount == UINT16_MAX) {
        return DDNS_E_SPACE;
    }
    error = compute(w, key, now, &mac);
    if (error != DDNS_OK) {
        return error;
    }
    write_record(w, key, now, &mac);
    ddns_fill_u16(w, ARCOUNT_AT, arcount + 1);
    *out_mac = mac;
    return w->error;
}
