/* SPDX-License-Identifier: MPL-2.0 */
#ifndef BENCH_CODEC_H
#define BENCH_CODEC_H

#include "bench/claim.h"

#define CODEC_KEY_NAME  "dhcp-key"
#define CODEC_ALGORITHM "hmac-sha256"

/** The update to make: every lease is claimed, in one message for the forward zone. */
struct codec_task {
    const struct bench_claim *claims;
    size_t count;
    uint16_t id;
    const char *secret; /**< base64 */
};

/** One library that can make it. */
struct codec_party {
    const char *name;
    /** What needs to be done but once for all messages; returns what make() needs. */
    void *(*begin)(const struct codec_task *task);
    /** Build and sign into @p out, which has DDNS_MESSAGE_MAX octets; its length. */
    size_t (*make)(void *state, const struct codec_task *task, uint8_t *out);
    void (*end)(void *state);
};

extern const struct codec_party codec_ours;
extern const struct codec_party codec_ldns;
extern const struct codec_party codec_knot;

/** Exits with @p what unless @p well. */
void codec_must(const char *what, bool well);

/** So many octets of zero; exits when there is no memory.  Free it with free(). */
void *codec_room(size_t size) __attribute__((returns_nonnull));

/**
 * Exit unless both messages say the same: header, zone, every record of every section
 * in its order, and the TSIG record but for the time, which has to be valid for both.
 */
void codec_check(const struct codec_task *task, const char *name, struct ddns_bytes ours,
                 struct ddns_bytes theirs);

#endif
