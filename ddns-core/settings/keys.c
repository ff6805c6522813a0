/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "settings/document.h"
#include "settings/draft.h"
#include "settings/printable.h"
#include "settings/secret.h"

enum { DIGEST_BITS_MAX = 512 };

struct key_text {
    const char *name, *algorithm;
    unsigned digest_bits;
    const char *secret, *secret_file;
};

static const struct keyword of_key[] = {
    KEYWORD_TEXT("name", struct key_text, name),
    KEYWORD_TEXT("algorithm", struct key_text, algorithm),
    KEYWORD_NUMBER("digest-bits", struct key_text, digest_bits, 0, DIGEST_BITS_MAX),
    KEYWORD_TEXT("secret", struct key_text, secret),
    KEYWORD_TEXT("secret-file", struct key_text, secret_file),
};

static bool blame_key(const struct map *map, const struct key_text *key, ddns_error error)
{
    const char *secret = key->secret != NULL ? "secret" : "secret-file";

    if (error == DDNS_E_ALGORITHM) {
        return draft_blame(map, "algorithm", key->algorithm, error);
    }
    if (error == DDNS_E_DIGEST_BITS) {
        return map_fail(map, "digest-bits", "%s", ddns_strerror(error));
    }
    if (error == DDNS_E_BASE64) {
        return map_fail(map, secret, "%s", ddns_strerror(error));
    }
    if (error == DDNS_E_INVALID) {
        return map_fail(map, secret, "the secret is empty");
    }
    return draft_blame(map, "name", key->name, error);
}

static bool hand_over(struct draft *draft, const struct map *map,
                      const struct key_text *key, const char *secret)
{
    const ddns_key one = { .name = key->name,
                           .algorithm = key->algorithm,
                           .digest_bits = key->digest_bits,
                           .secret = secret,
                           .encoding = DDNS_SECRET_BASE64 };
    ddns_error error = ddns_config_add_key(draft->settings.config, &one);

    return error == DDNS_OK || blame_key(map, key, error);
}

static bool hand_over_file(struct draft *draft, const struct map *map,
                           const struct key_text *key)
{
    struct text secret;
    const char *why = secret_read(key->secret_file, &secret);
    char shown[PRINTABLE_MAX];
    bool taken;

    if (why != NULL) {
        return map_fail(map, "secret-file", "cannot read \"%s\": %s",
                        printable_text(key->secret_file, strlen(key->secret_file), shown),
                        why);
    }
    taken = hand_over(draft, map, key, secret.bytes);
    text_wipe(&secret);
    return taken;
}

static bool add_key(struct draft *draft, const struct map *map)
{
    struct settings *s = &draft->settings;
    struct key_text key = { .name = NULL };
    bool taken;

    if (!map_read(map, of_key, sizeof of_key / sizeof *of_key, &key) ||
        !map_require(map, "name", key.name) ||
        !map_require(map, "algorithm", key.algorithm)) {
        return false;
    }
    if ((key.secret == NULL) == (key.secret_file == NULL)) {
        return map_fail(map, "secret", "give either secret or secret-file");
    }
    if (key.secret != NULL) {
        taken = map_require(map, "secret", key.secret) &&
                hand_over(draft, map, &key, key.secret);
        document_forget(map->json, "secret");
    } else {
        taken = map_require(map, "secret-file", key.secret_file) &&
                hand_over_file(draft, map, &key);
    }
    if (taken) {
        s->keys[s->key_count++] = (struct settings_key){ .name = key.name,
                                                         .algorithm = key.algorithm,
                                                         .digest_bits = key.digest_bits,
                                                         .secret_file = key.secret_file };
    }
    return taken;
}

bool draft_add_keys(struct draft *draft)
{
    const struct map *top = draft_map_with(draft, "tsig-keys");
    size_t count = json_array_size(draft->keys);

    draft->settings.keys = calloc(count + 1, sizeof *draft->settings.keys);
    if (draft->settings.keys == NULL) {
        return draft_blame(top, "tsig-keys", "", DDNS_E_NOMEM);
    }
    for (size_t i = 0; i < count; i++) {
        const struct map key = map_in_list(top, "tsig-keys", draft->keys, i);

        if (!add_key(draft, &key)) {
            return false;
        }
    }
    return true;
}

/* ---- asked afterwards ------------------------------------------------------ */

/* Domain names compare without case, and the final dot is optional. */
static size_t length_without_dot(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && name[len - 1] == '.' ? len - 1 : len;
}

const struct settings_key *settings_key_named(const struct settings *settings,
                                              const char *name)
{
    size_t len = length_without_dot(name);

    for (size_t i = 0; i < settings->key_count; i++) {
        const struct settings_key *key = &settings->keys[i];

        if (length_without_dot(key->name) == len &&
            strncasecmp(key->name, name, len) == 0) {
            return key;
        }
    }
    return NULL;
}
