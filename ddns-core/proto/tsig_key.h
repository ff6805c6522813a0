/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_TSIG_KEY_H
#define DDNS_PROTO_TSIG_KEY_H

#include <openssl/evp.h>
#include <stdatomic.h>

#include "proto/tsig.h"

/* How the record looks on the wire (RFC 8945 section 4.2). */
enum {
    DDNS_TSIG_TIMERS_LEN = 8,      /* time signed 6, fudge 2 */
    DDNS_TSIG_VARIABLES_LEN = 12,  /* the timers, error 2, other length 2 */
    DDNS_TSIG_FIXED_LEN = 10 + 16, /* record head 10; in RDATA, all but algorithm, MAC
                                      and other data */
};

/**
 * A context that was used and can be used again.  Taking it out and putting one back
 * are each one exchange, so a thread that finds none makes its own and none waits.
 */
struct ddns_tsig_spare {
    _Atomic(EVP_MAC_CTX *) ctx;
};

/**
 * What sign and verify share.  Nothing changes after ddns_tsig_key_new(): the
 * MAC context has the secret set up and is only ever duplicated.  With its duplicates
 * it is the one place that holds the secret.
 */
struct ddns_tsig_key {
    struct ddns_name name;      /* as given */
    struct ddns_name owner;     /* in lower case, as RFC 8945 section 4.3.3 digests it */
    struct ddns_name algorithm; /* in lower case */
    uint8_t digest_len;         /* octets of the whole HMAC */
    uint8_t mac_len;            /* octets sent, and the least accepted */
    EVP_MAC_CTX *ready;
    struct ddns_tsig_spare *spare; /* a duplicate; to start it anew costs half */
};

/** The parts of a digest, in their order (RFC 8945 section 4.3). */
struct ddns_tsig_digest {
    const EVP_MAC_CTX *begun; /* ddns_tsig_begin() and what was added; NULL: a new one */
    struct ddns_bytes request_mac; /* with its length before it; nothing for a request */
    struct ddns_bytes header;      /* as it was without the TSIG record, if it changed */
    struct ddns_bytes body;        /* from there to the TSIG record */
    struct ddns_bytes variables;   /* time signed, fudge, error, other length */
    struct ddns_bytes other;       /* other data */
    bool timers_only; /* of the variables, time signed and fudge alone (section 5.3.1) */
};

/** The whole HMAC over @p digest; no secret and no part of it is copied. */
DDNS_NODISCARD ddns_error ddns_tsig_compute(const struct ddns_tsig_key *key,
                                            const struct ddns_tsig_digest *digest,
                                            struct ddns_mac *out_mac);

/**
 * Begin a digest that goes on over several messages, with the MAC before them.
 * NULL when libcrypto fails; free it with EVP_MAC_CTX_free().
 */
EVP_MAC_CTX *ddns_tsig_begin(const struct ddns_tsig_key *key, struct ddns_bytes mac);

/** Add a message without a TSIG record (RFC 8945 section 5.3.1); false on failure. */
bool ddns_tsig_add(EVP_MAC_CTX *begun, struct ddns_bytes msg);

#endif
