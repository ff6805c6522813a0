/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Threads sign with one key as fast as they can, and each signature is what it is
 * when nobody else uses the key.  The sanitizers and the exit status judge it.
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/tsig.h"

enum { SIGNERS = 4, SIGNATURES = 5000, ROOM = 512, NOW = 1 };

static const struct ddns_bytes secret = { (const uint8_t *)"0123456789abcdef", 16 };

struct signer {
    const struct ddns_tsig_key *key;
    uint8_t id; /* of its message, so that no two sign the same */
    struct ddns_mac alone;
    bool wrong;
};

static void must(const char *what, ddns_error error)
{
    if (error != DDNS_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, ddns_strerror(error));
        exit(1);
    }
}

static struct ddns_mac sign(const struct signer *s)
{
    uint8_t message[ROOM] = { s->id };
    struct ddns_writer w = ddns_writer_of(message, sizeof message);
    struct ddns_mac mac;

    w.len = DDNS_HEADER_LEN;
    must("sign", ddns_tsig_sign(&w, s->key, NOW, &mac));
    return mac;
}

static void *sign_often(void *arg)
{
    struct signer *s = arg;

    for (unsigned i = 0; i < SIGNATURES; i++) {
        struct ddns_mac mac = sign(s);

        s->wrong = s->wrong || memcmp(mac.bytes, s->alone.bytes, mac.len) != 0;
    }
    return NULL;
}

int main(void)
{
    struct signer signers[SIGNERS];
    pthread_t threads[SIGNERS];
    struct ddns_name name;
    struct ddns_tsig_key *key = NULL;
    bool wrong = false;

    must("name", ddns_name_parse("key.", &name));
    must("key", ddns_tsig_key_new(&name, "hmac-sha256", 0, secret, &key));
    for (size_t i = 0; i < SIGNERS; i++) {
        signers[i] = (struct signer){ .key = key, .id = (uint8_t)i };
        signers[i].alone = sign(&signers[i]);
    }
    for (size_t i = 0; i < SIGNERS; i++) {
        if (pthread_create(&threads[i], NULL, sign_often, &signers[i]) != 0) {
            must("thread", DDNS_E_NOMEM);
        }
    }
    for (size_t i = 0; i < SIGNERS; i++) {
        (void)pthread_join(threads[i], NULL);
        wrong = wrong || signers[i].wrong;
    }
    ddns_tsig_key_free(key);
    if (wrong) {
        (void)fprintf(stderr, "a signature was wrong\n");
    }
    return wrong ? 1 : 0;
}
