/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_KEY_H
#define DDNS_CLIENT_KEY_H

#include "proto/tsig.h"

/**
 * A TSIG key that several configurations share.  The key is immutable and its
 * count is atomic, so any thread may take or drop a reference.
 */
struct ddns_shared_key;

/** Decode and check @p key; its secret is kept nowhere else. */
DDNS_NODISCARD ddns_error ddns_shared_key_new(const ddns_key *key,
                                              struct ddns_shared_key **out_key);
struct ddns_shared_key *ddns_shared_key_ref(struct ddns_shared_key *key);
void ddns_shared_key_unref(struct ddns_shared_key *key);
const struct ddns_tsig_key *ddns_shared_key_tsig(const struct ddns_shared_key *key);

#endif
