/* SPDX-License-Identifier: MPL-2.0 */

/*
 * No answer can hurt verification, and what we sign we believe.
 *
 * Input: the length of a request's MAC, that MAC, then the answer.  The key is the
 * one of tests/vectors/tsig-exchanges.txt, so the captured answers are good.
 */
#include <string.h>

#include "fuzz.h"
#include "proto/tsig.h"

static const char secret[] = "a secret for tests alone, 49 octets long, no more";

enum { NOW = 1795433890, DIGEST_BITS = 128 };

static struct ddns_tsig_key *the_key(void)
{
    static struct ddns_tsig_key *key;
    struct ddns_bytes bytes = { (const uint8_t *)secret, sizeof secret - 1 };
    struct ddns_name name;

    if (key == NULL) {
        must(ddns_name_parse("tests.example.", &name) == DDNS_OK);
        must(ddns_tsig_key_new(&name, "hmac-sha256", DIGEST_BITS, bytes, &key) ==
             DDNS_OK);
    }
    return key;
}

/* A message without TSIG is signed, and then verifies as if it answered nothing. */
static void sign_and_verify(struct ddns_bytes msg)
{
    static uint8_t buf[DDNS_MESSAGE_MAX];
    const struct ddns_mac none = { .len = 0 };
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    struct ddns_tsig_result result;
    struct ddns_mac mac;

    ddns_write_bytes(&w, msg);
    if (ddns_tsig_sign(&w, the_key(), NOW, &mac) != DDNS_OK) {
        return;
    }
    must(w.len == msg.len + ddns_tsig_key_overhead(the_key()));
    must(ddns_tsig_verify((struct ddns_bytes){ buf, w.len }, the_key(), &none, NOW,
                          &result) == DDNS_OK);
    must(result.verdict == DDNS_TSIG_GOOD);
    buf[w.len - 7] ^= 1; /* the last octet of the MAC */
    must(ddns_tsig_verify((struct ddns_bytes){ buf, w.len }, the_key(), &none, NOW,
                          &result) == DDNS_OK);
    must(result.verdict == DDNS_TSIG_WRONG_MAC);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ data, size });
    struct ddns_bytes mac = ddns_read_bytes(&r, ddns_read_u8(&r));
    struct ddns_bytes answer = ddns_read_bytes(&r, r.len - r.pos);
    struct ddns_mac request = { .len = 0 };
    struct ddns_tsig_result result;
    ddns_error error = DDNS_OK;

    if (!ddns_reader_ok(&r) || mac.len > sizeof request.bytes) {
        return 0;
    }
    if (mac.len > 0) {
        memcpy(request.bytes, mac.data, mac.len);
        request.len = (uint8_t)mac.len;
    }
    error = ddns_tsig_verify(answer, the_key(), &request, NOW, &result);
    must(error == DDNS_OK || error == DDNS_E_FORMAT);
    if (error == DDNS_OK && result.verdict == DDNS_TSIG_MISSING) {
        sign_and_verify(answer);
    }
    return 0;
}
