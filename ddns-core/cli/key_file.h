/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_KEY_FILE_H
#define DDNS_CLI_KEY_FILE_H

#include "ddns/ddns.h"

enum {
    KEY_FILE_MAX = 65536,  /* far above what any generator writes */
    KEY_SECRET_MAX = 1024, /* base64 of more bytes than any HMAC here hashes at once */
    KEY_ALGORITHM_MAX = 64,
};

/** A TSIG key with its secret, by value; wipe it with key_wipe(). */
struct key {
    char name[DDNS_NAME_TEXT_MAX];
    char algorithm[KEY_ALGORITHM_MAX];
    char secret[KEY_SECRET_MAX];
};

/**
 * Find a key in BIND's configuration syntax,
 *
 *     key "ddns-key" { algorithm hmac-sha256; secret "c2VjcmV0"; };
 *
 * with its three kinds of comment.  Other statements, such as the update-policy
 * that ddns-confgen prints beside the key, are passed over.
 *
 * @param wanted   name of the key, or NULL for the only one
 * @param out_key  written on success only
 * @param errbuf   on failure, the line and what is wrong there; never a secret
 * @retval DDNS_E_NO_KEY   no key, no such key, or several and none wanted
 * @retval DDNS_E_INVALID  not in this syntax
 */
DDNS_NODISCARD ddns_error key_file_parse(const char *text, size_t len, const char *wanted,
                                         struct key *out_key, ddns_errbuf *errbuf);

/** key_file_parse() of the file at @p path. */
DDNS_NODISCARD ddns_error key_file_read(const char *path, const char *wanted,
                                        struct key *out_key, ddns_errbuf *errbuf);

void key_wipe(struct key *key);

#endif
