/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_TSIG_H
#define DDNS_PROTO_TSIG_H

#include "wire/message.h"

enum { DDNS_MAC_MAX = 64, DDNS_TSIG_FUDGE = 300 }; /* RFC 8945 section 10: 300 s */

/** Values of the TSIG error field (RFC 8945 section 3). */
enum ddns_tsig_error {
    DDNS_TSIG_NO_ERROR = 0,
    DDNS_BADSIG = 16,
    DDNS_BADKEY = 17,
    DDNS_BADTIME = 18,
    DDNS_BADTRUNC = 22,
};

/** A shared secret, ready to sign.  Immutable: any thread may use it. */
struct ddns_tsig_key;

/**
 * @param algorithm    "hmac-md5", "hmac-md5.sig-alg.reg.int", "hmac-sha1", -sha224,
 *                     -sha256, -sha384 or -sha512, in any case
 * @param digest_bits  length of the MAC sent and the least accepted; 0 means all.
 *                     A multiple of 8, at least 80 and half the digest (RFC 8945
 *                     section 5.2.2.1), at most the digest
 * @param secret       copied; the copy is wiped by ddns_tsig_key_free()
 * @retval DDNS_E_ALGORITHM, DDNS_E_DIGEST_BITS, DDNS_E_INVALID (empty secret),
 *         DDNS_E_NOMEM, DDNS_E_CRYPTO
 */
DDNS_NODISCARD ddns_error ddns_tsig_key_new(const struct ddns_name *name,
                                            const char *algorithm, unsigned digest_bits,
                                            struct ddns_bytes secret,
                                            struct ddns_tsig_key **out_key);
void ddns_tsig_key_free(struct ddns_tsig_key *key);
const struct ddns_name *ddns_tsig_key_name(const struct ddns_tsig_key *key);

/** Octets that ddns_tsig_sign() appends to a message. */
size_t ddns_tsig_key_overhead(const struct ddns_tsig_key *key);

/** Kept between a request and its answer (RFC 8945 section 5.3). */
struct ddns_mac {
    uint8_t bytes[DDNS_MAC_MAX];
    uint8_t len;
};

/**
 * Sign the finished message in @p w and append the TSIG record, counting it in
 * the header.
 *
 * @param now      seconds since 1970; goes on the wire
 * @param out_mac  the MAC, needed to verify the answer
 */
DDNS_NODISCARD ddns_error ddns_tsig_sign(struct ddns_writer *w,
                                         const struct ddns_tsig_key *key, uint64_t now,
                                         struct ddns_mac *out_mac);

/** What verification found.  Only GOOD may be believed. */
enum ddns_tsig_verdict {
    DDNS_TSIG_GOOD,      /**< signed by the key, in time */
    DDNS_TSIG_MISSING,   /**< no TSIG record */
    DDNS_TSIG_UNSIGNED,  /**< TSIG record without a MAC: the error field is a hint only */
    DDNS_TSIG_WRONG_KEY, /**< other key name or algorithm */
    DDNS_TSIG_WRONG_MAC, /**< does not verify */
    DDNS_TSIG_SHORT_MAC, /**< shorter than required */
    DDNS_TSIG_WRONG_TIME, /**< verifies, but was signed outside the fudge */
    DDNS_TSIG_PENDING,    /**< unsigned in a stream: GOOD once a later message is */
};

struct ddns_tsig_result {
    enum ddns_tsig_verdict verdict;
    uint16_t error;     /**< the peer's TSIG error field */
    int64_t clock_skew; /**< peer's clock minus ours in seconds; 0 when MISSING */
};

/**
 * Verify answer @p msg against the request it answers (RFC 8945 section 5.3):
 * in constant time, over the length that the key requires.  A message that
 * cannot be parsed, or whose TSIG is not the last record, is DDNS_E_FORMAT.
 *
 * An answer with error BADTIME carries the request's time as "time signed" and
 * the server's own in "other data" (section 5.2.3): such an answer is GOOD when
 * its MAC is.
 */
DDNS_NODISCARD ddns_error ddns_tsig_verify(struct ddns_bytes msg,
                                           const struct ddns_tsig_key *key,
                                           const struct ddns_mac *request, uint64_t now,
                                           struct ddns_tsig_result *out_result);

/**
 * Verifies an answer of several messages, as a zone transfer is (RFC 8945 section
 * 5.3.1).  The first message is signed as every answer is; each later MAC is over
 * the MAC before it, the messages since, which may be unsigned, and the time.
 * One thread at a time.
 */
struct ddns_tsig_stream;

/** Begin it; @p key is borrowed until ddns_tsig_stream_free(). */
DDNS_NODISCARD ddns_error ddns_tsig_stream_new(const struct ddns_tsig_key *key,
                                               const struct ddns_mac *request,
                                               struct ddns_tsig_stream **out_stream);
void ddns_tsig_stream_free(struct ddns_tsig_stream *stream);

/**
 * Judge the next message.  GOOD is about it and all PENDING ones before it; a first
 * message without a signature, and the hundredth in a row, is MISSING.  The last
 * message of the answer must be GOOD, which is for the caller to see to.  Any other
 * verdict ends the answer: nothing of it may be believed.
 *
 * Errors as of ddns_tsig_verify().
 */
DDNS_NODISCARD ddns_error ddns_tsig_stream_next(struct ddns_tsig_stream *stream,
                                                struct ddns_bytes msg, uint64_t now,
                                                struct ddns_tsig_result *out_result);

#endif
