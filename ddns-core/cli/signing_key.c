/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/signing_key.h"

#include <stdlib.h>
#include <string.h>

/*
 * BIND writes a shortened signature into the algorithm's name: hmac-sha256-128.
 * Cuts it off there and returns the bits; 0 for a whole one.
 */
static unsigned cut_digest_bits(char *algorithm)
{
    enum { DIGITS = 3 };
    char *dash = strrchr(algorithm, '-');
    unsigned long bits;
    char *end;

    if (dash == NULL || strspn(dash + 1, "0123456789") != strlen(dash + 1) ||
        dash[1] == '\0' || strlen(dash + 1) > DIGITS) {
        return 0;
    }
    bits = strtoul(dash + 1, &end, 10);
    *dash = '\0';
    return (unsigned)bits;
}

/** Which parameter is to blame where the library does not take a key. */
static const char *blame(ddns_error error)
{
    if (error == DDNS_E_NAME) {
        return "key-name";
    }
    return error == DDNS_E_ALGORITHM || error == DDNS_E_DIGEST_BITS ? "key-algorithm"
                                                                    : "key";
}

static bool fill_key(const struct arguments *a, struct key *key, struct outcome *o)
{
    static const char standard[] = "hmac-sha256"; /* RFC 8945 section 6 */
    const char *algorithm = a->key_algorithm != NULL ? a->key_algorithm : standard;
    ddns_errbuf errbuf = { "" };

    if (a->key_file != NULL) {
        if (key_file_read(a->key_file, a->key_name, key, &errbuf) != DDNS_OK) {
            o->status = STATUS_USAGE;
            outcome_say(o, "key-file: %s: %s", a->key_file, errbuf.text);
            return false;
        }
        return true;
    }
    if (strlen(a->key) >= sizeof key->secret) {
        return outcome_fail(o, STATUS_USAGE, "key", "too long");
    }
    if (strlen(a->key_name) >= sizeof key->name) {
        return outcome_fail(o, STATUS_USAGE, "key-name", ddns_strerror(DDNS_E_NAME));
    }
    if (strlen(algorithm) >= sizeof key->algorithm) {
        return outcome_fail(o, STATUS_USAGE, "key-algorithm",
                            ddns_strerror(DDNS_E_ALGORITHM));
    }
    *key = (struct key){ .name = "" };
    memcpy(key->secret, a->key, strlen(a->key));
    memcpy(key->name, a->key_name, strlen(a->key_name));
    memcpy(key->algorithm, algorithm, strlen(algorithm));
    return true;
}

static bool hand_over(const struct arguments *a, ddns_config *config, struct key *key,
                      struct outcome *o)
{
    unsigned bits = cut_digest_bits(key->algorithm);
    ddns_error error =
        ddns_config_add_key(config, &(ddns_key){ .name = key->name,
                                                 .algorithm = key->algorithm,
                                                 .digest_bits = bits,
                                                 .secret = key->secret,
                                                 .encoding = a->key_encoding });

    if (error == DDNS_OK) {
        return true;
    }
    if (a->key_file == NULL) {
        return outcome_fail(o, outcome_status_of(error), blame(error),
                            ddns_strerror(error));
    }
    o->status = outcome_status_of(error);
    outcome_say(o, "key-file: %s: %s", a->key_file, ddns_strerror(error));
    return false;
}

bool signing_key_add(const struct arguments *a, ddns_config *config, struct key *out_key,
                     struct outcome *o)
{
    return fill_key(a, out_key, o) && hand_over(a, config, out_key, o);
}
