/* SPDX-License-Identifier: MPL-2.0 */
#include "client/key.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base64.h"

struct ddns_shared_key {
    atomic_uint refs;
    struct ddns_tsig_key *tsig;
};

/* A secret's bytes in memory of its own, so that they can be wiped. */
struct secret {
    uint8_t *bytes;
    size_t len, cap;
};

static void secret_wipe(struct secret *secret)
{
    if (secret->bytes != NULL) {
        explicit_bzero(secret->bytes, secret->cap);
        free(secret->bytes);
    }
}

static ddns_error secret_decode(const ddns_key *key, struct secret *secret)
{
    size_t chars = key->secret == NULL ? 0 : strlen(key->secret);

    if (chars == 0) {
        return DDNS_E_INVALID;
    }
    secret->cap = chars + 3; /* three octets for every four characters begun fit */
    secret->bytes = malloc(secret->cap);
    if (secret->bytes == NULL) {
        return DDNS_E_NOMEM;
    }
    if (key->encoding == DDNS_SECRET_BASE64) {
        return ddns_base64_decode(key->secret, secret->bytes, &secret->len);
    }
    memcpy(secret->bytes, key->secret, chars);
    secret->len = chars;
    return DDNS_OK;
}

static ddns_error tsig_key_of(const ddns_key *key, struct ddns_tsig_key **out_tsig)
{
    struct secret secret = { 0 };
    struct ddns_name name;
    ddns_error error;

    if (key->name == NULL) {
        return DDNS_E_NAME;
    }
    if (key->algorithm == NULL) {
        return DDNS_E_ALGORITHM;
    }
    error = ddns_name_parse(key->name, &name);
    if (error != DDNS_OK) {
        return error;
    }
    error = secret_decode(key, &secret);
    if (error == DDNS_OK) {
        error =
            ddns_tsig_key_new(&name, key->algorithm, key->digest_bits,
                              (struct ddns_bytes){ secret.bytes, secret.len }, out_tsig);
    }
    secret_wipe(&secret);
    return error;
}

ddns_error ddns_shared_key_new(const ddns_key *key, struct ddns_shared_key **out_key)
{
    struct ddns_shared_key *shared = malloc(sizeof *shared);
    ddns_error error;

    if (shared == NULL) {
        return DDNS_E_NOMEM;
    }
    error = tsig_key_of(key, &shared->tsig);
    if (error != DDNS_OK) {
        free(shared);
        return error;
    }
    atomic_init(&shared->refs, 1);
    *out_key = shared;
    return DDNS_OK;
}

struct ddns_shared_key *ddns_shared_key_ref(struct ddns_shared_key *key)
{
    atomic_fetch_add(&key->refs, 1);
    return key;
}

void ddns_shared_key_unref(struct ddns_shared_key *key)
{
    if (key != NULL && atomic_fetch_sub(&key->refs, 1) == 1) {
        ddns_tsig_key_free(key->tsig);
        free(key);
    }
}

const struct ddns_tsig_key *ddns_shared_key_tsig(const struct ddns_shared_key *key)
{
    return key->tsig;
}
