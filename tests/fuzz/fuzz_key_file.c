/* SPDX-License-Identifier: MPL-2.0 */

/*
 * A key file holds a whole key, which reads the same when it is written again, or
 * is said to be wrong.
 */
#include <stdio.h>
#include <string.h>

#include "cli/key_file.h"
#include "fuzz.h"

static void round_trip(const struct key *key)
{
    static char text[sizeof *key + 64];
    int len =
        snprintf(text, sizeof text, "key \"%s\" { algorithm \"%s\"; secret \"%s\"; };",
                 key->name, key->algorithm, key->secret);
    struct key again;
    ddns_errbuf errbuf;

    must(len > 0 && (size_t)len < sizeof text);
    must(key_file_parse(text, (size_t)len, key->name, &again, &errbuf) == DDNS_OK);
    must(strcmp(again.name, key->name) == 0);
    must(strcmp(again.algorithm, key->algorithm) == 0);
    must(strcmp(again.secret, key->secret) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct key key;
    ddns_errbuf errbuf = { "" };
    ddns_error error = key_file_parse((const char *)data, size, NULL, &key, &errbuf);

    if (error != DDNS_OK) {
        must(errbuf.text[0] != '\0');
        return 0;
    }
    must(key.name[0] != '\0' && key.algorithm[0] != '\0' && key.secret[0] != '\0');
    round_trip(&key);
    return 0;
}
