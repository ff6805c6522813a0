/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>

enum { GROUP = 4, GROUP_OCTETS = 3, MAX_PADDING = 2 };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '+' || c == '/';
}

/*
 * Take the next four characters, white space left out, and count the padding at
 * their end.  Returns how many were found: none at the end, fewer than four or
 * a stranger when the text is bad.
 */
static size_t take_group(const char **text, unsigned char *group, size_t *padding)
{
    size_t found = 0;

    *padding = 0;
    for (; found < GROUP && **text != '\0'; (*text)++) {
        char c = **text;

        if (is_space(c)) {
            continue;
        }
        if (c == '=') {
            ++*padding;
        } else if (!is_digit64(c) || *padding > 0) {
            return GROUP + 1;
        }
        group[found++] = (unsigned char)c;
    }
    return found;
}

/* Bits that padding leaves over must be zero (RFC 4648 section 3.5). */
static bool is_canonical(const uint8_t *octets, size_t padding)
{
    for (size_t i = GROUP_OCTETS - padding; i < GROUP_OCTETS; i++) {
        if (octets[i] != 0) {
            return false;
        }
    }
    return true;
}

ddns_error ddns_base64_decode(const char *text, uint8_t *out, size_t *out_len)
{
    unsigned char group[GROUP] = { 0 };
    ddns_error error = DDNS_OK;
    size_t padding = 0;
    size_t found = 0;
    size_t len = 0;

    while (error == DDNS_OK && (found = take_group(&text, group, &padding)) > 0) {
        if (found != GROUP || padding > MAX_PADDING || (len % GROUP_OCTETS) != 0 ||
            EVP_DecodeBlock(out + len, group, GROUP) != GROUP_OCTETS ||
            !is_canonical(out + len, padding)) {
            error = DDNS_E_BASE64;
        } else {
            len += GROUP_OCTETS - padding;
        }
    }
    OPENSSL_cleanse(group, sizeof group); /* part of a secret */
    if (error == DDNS_OK) {
        *out_len = len;
    }
    return error;
}

void ddns_base64_encode(struct ddns_bytes octets, char *text)
{
    (void)EVP_EncodeBlock((unsigned char *)text, octets.data, (int)octets.len);
}
