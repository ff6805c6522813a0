/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/document.h"
#include "settings/draft.h"
#include "settings/printable.h"

enum { TIMEOUT_MAX_MS = 60000 }; /* ddns_config_set_timeout() */

/** The last are kea-dhcp-ddns' own: they come along when its configuration is pasted. */
static const struct keyword of_top[] = {
    KEYWORD_LIST("tsig-keys", struct draft, keys),
    KEYWORD_MAP("forward-ddns", struct draft, forward),
    KEYWORD_MAP("reverse-ddns", struct draft, reverse),
    KEYWORD_NUMBER("dns-server-timeout", struct draft, timeout_ms, 1, TIMEOUT_MAX_MS),
    KEYWORD_TEXT_OR_FALSE("ledger", struct draft, ledger),
    KEYWORD_IGNORED("ip-address"),
    KEYWORD_IGNORED("port"),
    KEYWORD_IGNORED("ncr-protocol"),
    KEYWORD_IGNORED("ncr-format"),
    KEYWORD_IGNORED("control-socket"),
    KEYWORD_IGNORED("control-sockets"),
    KEYWORD_IGNORED("hooks-libraries"),
    KEYWORD_IGNORED("loggers"),
};
enum { KEYWORDS = sizeof of_top / sizeof *of_top };

bool draft_blame(const struct map *map, const char *keyword, const char *value,
                 ddns_error error)
{
    char shown[PRINTABLE_MAX];
    const char *joint = ": ";

    if (error == DDNS_E_NOMEM) {
        return map_fail(map, keyword, "%s", ddns_strerror(error));
    }
    if (error == DDNS_E_DUPLICATE) {
        joint = " ";
    } else if (error == DDNS_E_ADDRESS) {
        joint = " is ";
    }
    return map_fail(map, keyword, "\"%s\"%s%s",
                    printable_text(value, strlen(value), shown), joint,
                    ddns_strerror(error));
}

static bool set_timeout(struct draft *draft, const struct map *top)
{
    ddns_error error = ddns_config_set_timeout(draft->settings.config, draft->timeout_ms);

    return error == DDNS_OK ||
           map_fail(top, "dns-server-timeout", "%s", ddns_strerror(error));
}

/* ---- the ledger ----------------------------------------------------------- */

/** A plain file name is one in Kea's data directory, as for its lease database. */
static char *full_path(const char *name, const char *directory)
{
    char *path;

    if (*name == '\0' || directory == NULL || strchr(name, '/') != NULL) {
        return strdup(name);
    }
    return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

static bool set_ledger(struct draft *draft, const struct map *top, const char *directory)
{
    struct settings *s = &draft->settings;
    ddns_error error = DDNS_OK;

    s->ledger = full_path(draft->ledger, directory);
    if (s->ledger == NULL) {
        error = DDNS_E_NOMEM;
    } else if (*s->ledger != '\0') {
        error = ddns_config_set_ledger(s->config, s->ledger);
    }
    return error == DDNS_OK || map_fail(top, "ledger", "%s", ddns_strerror(error));
}

/* ---- the whole ------------------------------------------------------------ */

/** The keywords at the top that were given and ignored, with commas between. */
static char *without_meaning(const json_t *top)
{
    char *list = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&list, &len);

    if (out == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < KEYWORDS; i++) {
        if (of_top[i].kind == VALUE_IGNORED &&
            json_object_get(top, of_top[i].name) != NULL) {
            (void)fprintf(out, "%s%s", ftell(out) > 0 ? ", " : "", of_top[i].name);
        }
    }
    if (fclose(out) != 0) {
        free(list);
        return NULL;
    }
    return list;
}

static bool list_without_meaning(struct draft *draft, const struct map *top)
{
    draft->settings.without_meaning = without_meaning(top->json);
    return draft->settings.without_meaning != NULL ||
           map_fail(top, "", "%s", ddns_strerror(DDNS_E_NOMEM));
}

static bool read_all(struct draft *draft, const struct settings_defaults *defaults,
                     struct settings_error *error)
{
    const struct map top = { .json = draft->settings.documents, .error = error };

    return map_read(&top, of_top, KEYWORDS, draft) && draft_add_keys(draft, &top) &&
           draft_add_zones(draft, &top) && set_timeout(draft, &top) &&
           set_ledger(draft, &top, defaults->data_directory) &&
           list_without_meaning(draft, &top);
}

bool settings_parse(const char *json, size_t len,
                    const struct settings_defaults *defaults,
                    struct settings *out_settings, struct settings_error *error)
{
    struct draft draft = { .timeout_ms = DDNS_TIMEOUT_DEFAULT_MS,
                           .ledger = defaults->ledger };
    const struct map nowhere = { .error = error };
    size_t offset;

    (void)map_fail(&nowhere, "", "%s",
                   ddns_strerror(DDNS_E_NOMEM)); /* until it is read */
    draft.settings.documents = document_parse(json, len, error->what, &offset);
    if (draft.settings.documents == NULL ||
        ddns_config_new(&draft.settings.config) != DDNS_OK ||
        !read_all(&draft, defaults, error)) {
        settings_free(&draft.settings);
        return false;
    }
    *out_settings = draft.settings;
    return true;
}

void settings_free(struct settings *settings)
{
    for (size_t i = 0; i < settings->zone_count; i++) {
        free(settings->zones[i].servers);
    }
    free(settings->zones);
    free(settings->keys);
    free(settings->ledger);
    free(settings->without_meaning);
    ddns_config_free(settings->config);
    document_free(settings->documents);
    *settings = (struct settings){ .config = NULL };
}

size_t settings_zone_count(const struct settings *settings, ddns_direction direction)
{
    size_t count = 0;

    for (size_t i = 0; i < settings->zone_count; i++) {
        count += settings->zones[i].direction == direction ? 1 : 0;
    }
    return count;
}

size_t settings_server_count(const struct settings *settings)
{
    size_t count = 0;

    for (size_t i = 0; i < settings->zone_count; i++) {
        count += settings->zones[i].server_count;
    }
    return count;
}
