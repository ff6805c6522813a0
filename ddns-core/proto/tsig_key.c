/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/tsig_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <stdlib.h>

/* RFC 8945 section 6; the short name of MD5 is what BIND and D2 call it. */
static const struct algorithm {
    const char *name;
    const char *wire_name;
    const char *digest; /* what libcrypto calls it */
    uint8_t len;
} algorithms[] = {
    { "hmac-md5", "hmac-md5.sig-alg.reg.int", "MD5", 16 },
    { "hmac-md5.sig-alg.reg.int", "hmac-md5.sig-alg.reg.int", "MD5", 16 },
    { "hmac-sha1", "hmac-sha1", "SHA1", 20 },
    { "hmac-sha224", "hmac-sha224", "SHA2-224", 28 },
    { "hmac-sha256", "hmac-sha256", "SHA2-256", 32 },
    { "hmac-sha384", "hmac-sha384", "SHA2-384", 48 },
    { "hmac-sha512", "hmac-sha512", "SHA2-512", 64 },
};

enum { BITS = 8, MIN_BITS = 80 }; /* RFC 8945 section 5.2.2.1: ten octets */

/* ---- making a key ------------------------------------------------------- */

static const struct algorithm *find_algorithm(const char *text)
{
    struct ddns_name wanted;
    struct ddns_name name;

    if (ddns_name_parse(text, &wanted) != DDNS_OK) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        if (ddns_name_parse(algorithms[i].name, &name) == DDNS_OK &&
            ddns_name_equal(&name, &wanted)) {
            return &algorithms[i];
        }
    }
    return NULL;
}

static ddns_error mac_len_of(const struct algorithm *algorithm, unsigned digest_bits,
                             uint8_t *out_len)
{
    unsigned bits = algorithm->len * BITS;

    if (digest_bits == 0) {
        digest_bits = bits;
    }
    if (digest_bits % BITS != 0 || digest_bits < MIN_BITS || digest_bits < bits / 2 ||
        digest_bits > bits) {
        return DDNS_E_DIGEST_BITS;
    }
    *out_len = (uint8_t)(digest_bits / BITS);
    return DDNS_OK;
}

/*
 * A context with the key set up, NULL when libcrypto fails.  Fetching is what
 * costs, so it is done here and not per message; the context keeps what was
 * fetched, and freeing it leaves nothing in the process.
 */
static EVP_MAC_CTX *ready_context(const char *digest, struct ddns_bytes secret)
{
    char name[16];
    OSSL_PARAM params[] = { OSSL_PARAM_END, OSSL_PARAM_END };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
    EVP_MAC_CTX *ctx = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);

    EVP_MAC_free(hmac);
    OPENSSL_strlcpy(name, digest, sizeof name); /* a parameter is not const */
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
    if (ctx != NULL && EVP_MAC_init(ctx, secret.data, secret.len, params) != 1) {
        EVP_MAC_CTX_free(ctx);
        ctx = NULL;
    }
    if (ctx == NULL) {
        ERR_clear_error(); /* the queue is the calling thread's, not ours */
    }
    return ctx;
}

static ddns_error key_fill(struct ddns_tsig_key *key, const struct ddns_name *name,
                           const struct algorithm *algorithm, struct ddns_bytes secret)
{
    ddns_error error = ddns_name_parse(algorithm->wire_name, &key->algorithm);

    if (error != DDNS_OK) {
        return error;
    }
    key->name = *name;
    key->owner = ddns_name_lower(name);
    key->digest_len = algorithm->len;
    key->ready = ready_context(algorithm->digest, secret);
    return key->ready == NULL ? DDNS_E_CRYPTO : DDNS_OK;
}

ddns_error ddns_tsig_key_new(const struct ddns_name *name, const char *algorithm,
                             unsigned digest_bits, struct ddns_bytes secret,
                             struct ddns_tsig_key **out_key)
{
    const struct algorithm *found = find_algorithm(algorithm);
    struct ddns_tsig_key *key = NULL;
    ddns_error error = DDNS_OK;
    uint8_t mac_len = 0;

    if (found == NULL) {
        return DDNS_E_ALGORITHM;
    }
    error = mac_len_of(found, digest_bits, &mac_len);
    if (error != DDNS_OK) {
        return error;
    }
    if (secret.len == 0) {
        return DDNS_E_INVALID;
    }
    key = calloc(1, sizeof *key);
    if (key == NULL) {
        return DDNS_E_NOMEM;
    }
    key->mac_len = mac_len;
    key->spare = calloc(1, sizeof *key->spare);
    error = key->spare == NULL ? DDNS_E_NOMEM : key_fill(key, name, found, secret);
    if (error != DDNS_OK) {
        ddns_tsig_key_free(key);
        return error;
    }
    *out_key = key;
    return DDNS_OK;
}

void ddns_tsig_key_free(struct ddns_tsig_key *key)
{
    if (key != NULL) {
        if (key->spare != NULL) {
            EVP_MAC_CTX_free(atomic_load(&key->spare->ctx));
        }
        EVP_MAC_CTX_free(key->ready); /* wipes the secret and what was derived from it */
        free(key->spare);
        free(key);
    }
}

const struct ddns_name *ddns_tsig_key_name(const struct ddns_tsig_key *key)
{
    return &key->name;
}

size_t ddns_tsig_key_overhead(const struct ddns_tsig_key *key)
{
    return (size_t)key->owner.len + key->algorithm.len + key->mac_len +
           DDNS_TSIG_FIXED_LEN;
}

/* ---- using it ----------------------------------------------------------- */

/* With the secret set up and nothing digested; NULL when libcrypto fails. */
static EVP_MAC_CTX *take_context(const struct ddns_tsig_key *key)
{
    EVP_MAC_CTX *ctx = atomic_exchange(&key->spare->ctx, NULL);

    if (ctx != NULL && EVP_MAC_init(ctx, NULL, 0, NULL) == 1) { /* keeps the secret */
        return ctx;
    }
    EVP_MAC_CTX_free(ctx);
    return EVP_MAC_CTX_dup(key->ready);
}

static void put_context_back(const struct ddns_tsig_key *key, EVP_MAC_CTX *ctx)
{
    EVP_MAC_CTX_free(atomic_exchange(&key->spare->ctx, ctx));
}

static bool update(EVP_MAC_CTX *ctx, struct ddns_bytes b)
{
    return b.len == 0 || EVP_MAC_update(ctx, b.data, b.len) == 1;
}

/* RFC 8945 section 5.3: the request's MAC goes first, its length before it. */
static bool update_request_mac(EVP_MAC_CTX *ctx, struct ddns_bytes mac)
{
    const uint8_t len[2] = { 0, (uint8_t)mac.len };

    return mac.len == 0 ||
           (update(ctx, (struct ddns_bytes){ len, sizeof len }) && update(ctx, mac));
}

/* RFC 8945 section 4.3.3: names in canonical form, no type and no RDATA length. */
static bool update_variables(EVP_MAC_CTX *ctx, const struct ddns_tsig_key *key,
                             const struct ddns_tsig_digest *digest)
{
    static const uint8_t class_and_ttl[] = { 0, DDNS_CLASS_ANY, 0, 0, 0, 0 };

    if (digest->timers_only) {
        return update(
            ctx, (struct ddns_bytes){ digest->variables.data, DDNS_TSIG_TIMERS_LEN });
    }
    return update(ctx, (struct ddns_bytes){ key->owner.wire, key->owner.len }) &&
           update(ctx, (struct ddns_bytes){ class_and_ttl, sizeof class_and_ttl }) &&
           update(ctx, (struct ddns_bytes){ key->algorithm.wire, key->algorithm.len }) &&
           update(ctx, digest->variables) && update(ctx, digest->other);
}

ddns_error ddns_tsig_compute(const struct ddns_tsig_key *key,
                             const struct ddns_tsig_digest *digest,
                             struct ddns_mac *out_mac)
{
    EVP_MAC_CTX *ctx =
        digest->begun != NULL ? EVP_MAC_CTX_dup(digest->begun) : take_context(key);
    size_t len = 0;
    bool done = ctx != NULL && update_request_mac(ctx, digest->request_mac) &&
                update(ctx, digest->header) && update(ctx, digest->body) &&
                update_variables(ctx, key, digest) &&
                EVP_MAC_final(ctx, out_mac->bytes, &len, sizeof out_mac->bytes) == 1 &&
                len == key->digest_len;

    put_context_back(key, ctx);
    if (!done) {
        ERR_clear_error(); /* the queue is the calling thread's, not ours */
        return DDNS_E_CRYPTO;
    }
    out_mac->len = key->digest_len;
    return DDNS_OK;
}

EVP_MAC_CTX *ddns_tsig_begin(const struct ddns_tsig_key *key, struct ddns_bytes mac)
{
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(key->ready);

    if (ctx == NULL || !update_request_mac(ctx, mac)) {
        EVP_MAC_CTX_free(ctx);
        ERR_clear_error();
        return NULL;
    }
    return ctx;
}

bool ddns_tsig_add(EVP_MAC_CTX *begun, struct ddns_bytes msg)
{
    if (!update(begun, msg)) {
        ERR_clear_error();
        return false;
    }
    return true;
}
