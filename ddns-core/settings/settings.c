/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/configuration_file.h"
#include "settings/document.h"
#include "settings/draft.h"
#include "settings/printable.h"

enum { TIMEOUT_MAX_MS = 60000 }; /* ddns_config_set_timeout() */

/** What kea-dhcp-ddns has words for.  The last are of the daemon alone. */
#define D2_KEYWORDS                                                                      \
    KEYWORD_LIST("tsig-keys", struct draft, keys),                                       \
        KEYWORD_MAP("forward-ddns", struct draft, forward),                              \
        KEYWORD_MAP("reverse-ddns", struct draft, reverse),                              \
        KEYWORD_NUMBER("dns-server-timeout", struct draft, timeout_ms, 1,                \
                       TIMEOUT_MAX_MS),                                                  \
        KEYWORD_IGNORED("ip-address"), KEYWORD_IGNORED("port"),                          \
        KEYWORD_IGNORED("ncr-protocol"), KEYWORD_IGNORED("ncr-format"),                  \
        KEYWORD_IGNORED("control-socket"), KEYWORD_IGNORED("control-sockets"),           \
        KEYWORD_IGNORED("hooks-libraries"), KEYWORD_IGNORED("loggers")

static const struct keyword of_d2[] = { D2_KEYWORDS };

static const struct keyword of_top[] = {
    D2_KEYWORDS,
    KEYWORD_TEXT("d2-config", struct draft, d2_config),
    KEYWORD_TEXT_OR_FALSE("ledger", struct draft, ledger),
    KEYWORD_TEXT("prometheus-file", struct draft, prometheus),
    KEYWORD_FLAG("dual-stack-mixed-mode", struct draft, settings.mixed),
};

enum {
    D2_COUNT = sizeof of_d2 / sizeof *of_d2,
    TOP_COUNT = sizeof of_top / sizeof *of_top,
};

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

const struct map *draft_map_with(const struct draft *draft, const char *keyword)
{
    return json_object_get(draft->d2.json, keyword) != NULL ? &draft->d2 : &draft->own;
}

/* ---- kea-dhcp-ddns -------------------------------------------------------- */

/** The value at @p keyword of the object @p json, which the caller then owns; or NULL. */
static json_t *take_member(json_t *json, const char *keyword)
{
    return json_incref(json_object_get(json, keyword));
}

/** Read the file that "d2-config" names. */
static bool read_d2_file(struct draft *draft)
{
    json_t *file;
    char what[SETTINGS_WHAT_MAX];

    if (draft->d2_config == NULL) {
        return true;
    }
    if (!map_require(&draft->own, "d2-config", draft->d2_config)) {
        return false;
    }
    file = configuration_file_read(draft->d2_config, what);
    if (file == NULL) {
        return map_fail(&draft->own, "d2-config", "%s", what);
    }
    draft->d2.json = take_member(file, "DhcpDdns");
    json_decref(file);
    draft->d2.file = draft->d2_config;
    return draft->d2.json != NULL ||
           map_fail(&draft->own, "d2-config", "the file has no DhcpDdns in it");
}

/** What is in the file of d2-config may not stand beside it, too. */
static bool read_d2(struct draft *draft)
{
    const char *keyword;
    json_t *value;

    if (draft->d2.json == NULL) {
        return true;
    }
    if (!map_read(&draft->d2, of_d2, D2_COUNT, draft)) {
        return false;
    }
    json_object_foreach(draft->own.json, keyword, value)
    {
        if (strcmp(keyword, "comment") != 0 && strcmp(keyword, "user-context") != 0 &&
            json_object_get(draft->d2.json, keyword) != NULL) {
            return map_fail(&draft->own, keyword,
                            "stands in the file of d2-config, too; give it once");
        }
    }
    return true;
}

/**
 * Zones that GSS-TSIG was to sign for have no TSIG key: their updates would be sent
 * unsigned.
 */
static bool check_hooks(const struct draft *draft)
{
    const struct map *map = draft_map_with(draft, "hooks-libraries");
    json_t *hooks = json_object_get(map->json, "hooks-libraries");

    for (size_t i = 0; i < json_array_size(hooks); i++) {
        const struct map hook = map_in_list(map, "hooks-libraries", hooks, i);
        const char *library = json_string_value(json_object_get(hook.json, "library"));

        if (library != NULL && strstr(library, "gss_tsig") != NULL) {
            return map_fail(&hook, "library",
                            "GSS-TSIG is not supported; updates are signed with TSIG "
                            "(RFC 8945): give the zones a key-name, and tsig-keys");
        }
    }
    return true;
}

/* ---- the rest ------------------------------------------------------------- */

static bool set_timeout(struct draft *draft)
{
    ddns_error error = ddns_config_set_timeout(draft->settings.config, draft->timeout_ms);

    return error == DDNS_OK || map_fail(draft_map_with(draft, "dns-server-timeout"),
                                        "dns-server-timeout", "%s", ddns_strerror(error));
}

/** A plain file name is one in Kea's data directory, as for its lease database. */
static char *full_path(const char *name, const char *directory)
{
    char *path;

    if (*name == '\0' || directory == NULL || strchr(name, '/') != NULL) {
        return strdup(name);
    }
    return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

static bool set_ledger(struct draft *draft, const char *directory)
{
    struct settings *s = &draft->settings;
    ddns_error error = DDNS_OK;

    s->ledger = full_path(draft->ledger, directory);
    if (s->ledger == NULL) {
        error = DDNS_E_NOMEM;
    } else if (*s->ledger != '\0') {
        error = ddns_config_set_ledger(s->config, s->ledger);
    }
    return error == DDNS_OK ||
           map_fail(&draft->own, "ledger", "%s", ddns_strerror(error));
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static bool find_prometheus_file(struct draft *draft, const char *directory)
{
    struct settings *s = &draft->settings;
    const char *name = draft->prometheus == NULL ? "" : draft->prometheus;
    char shown[PRINTABLE_MAX];

    if (*name != '\0' && !ends_with(name, ".prom")) {
        return map_fail(draft_map_with(draft, "prometheus-file"), "prometheus-file",
                        "\"%s\" does not end with .prom: node_exporter would not read it",
                        printable_text(name, strlen(name), shown));
    }
    s->prometheus = full_path(name, directory);
    return s->prometheus != NULL ||
           map_fail(&draft->own, "prometheus-file", "%s", ddns_strerror(DDNS_E_NOMEM));
}

/** The keywords at the top that were given and ignored, with commas between. */
static char *without_meaning(const struct draft *draft)
{
    char *list = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&list, &len);
    const char *comma = "";

    if (out == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < TOP_COUNT; i++) {
        const char *name = of_top[i].name;

        if (of_top[i].kind == VALUE_IGNORED &&
            json_object_get(draft_map_with(draft, name)->json, name) != NULL) {
            (void)fprintf(out, "%s%s", comma, name);
            comma = ", ";
        }
    }
    if (fclose(out) != 0) {
        free(list);
        return NULL;
    }
    return list;
}

static bool list_without_meaning(struct draft *draft)
{
    draft->settings.without_meaning = without_meaning(draft);
    return draft->settings.without_meaning != NULL ||
           map_fail(&draft->own, "", "%s", ddns_strerror(DDNS_E_NOMEM));
}

/* ---- the whole ------------------------------------------------------------ */

static bool read_all(struct draft *draft, const char *data_directory)
{
    return map_read(&draft->own, of_top, TOP_COUNT, draft) && read_d2_file(draft) &&
           read_d2(draft) && check_hooks(draft) && draft_add_keys(draft) &&
           draft_add_zones(draft) && set_timeout(draft) &&
           set_ledger(draft, data_directory) &&
           find_prometheus_file(draft, data_directory) && list_without_meaning(draft);
}

bool draft_finish(struct draft *draft, const struct settings_defaults *defaults,
                  struct settings *out_settings)
{
    bool good;

    draft->timeout_ms = DDNS_TIMEOUT_DEFAULT_MS;
    draft->ledger = defaults->ledger;
    good = ddns_config_new(&draft->settings.config) == DDNS_OK
               ? read_all(draft, defaults->data_directory)
               : map_fail(&draft->own, "", "%s", ddns_strerror(DDNS_E_NOMEM));
    draft->settings.d2_config = draft->d2_config;
    draft->settings.documents[0] = draft->own.json;
    draft->settings.documents[1] = draft->d2.json;
    if (good) {
        ddns_config_set_dual_stack_mixed_mode(draft->settings.config,
                                              draft->settings.mixed);
        *out_settings = draft->settings;
    } else {
        settings_free(&draft->settings);
    }
    return good;
}

struct draft draft_begin(struct settings_error *error)
{
    return (struct draft){ .own = { .keyword = "parameters", .error = error },
                           .d2 = { .keyword = "DhcpDdns", .error = error } };
}

bool settings_parse(const char *json, size_t len,
                    const struct settings_defaults *defaults,
                    struct settings *out_settings, struct settings_error *error)
{
    struct draft draft = draft_begin(error);
    char what[SETTINGS_WHAT_MAX];
    size_t offset;

    draft.own.json = document_parse(json, len, what, &offset);
    if (draft.own.json == NULL) {
        return map_fail(&draft.own, "", "%s", what);
    }
    return draft_finish(&draft, defaults, out_settings);
}

/* As Kea calls its lease files, and for the same reason: one folder, two servers. */
const char *settings_default_ledger(bool ipv6)
{
    return ipv6 ? "dns-update6.sqlite" : "dns-update4.sqlite";
}

void settings_free(struct settings *settings)
{
    for (size_t i = 0; i < settings->zone_count; i++) {
        free(settings->zones[i].servers);
    }
    free(settings->zones);
    free(settings->keys);
    free(settings->ledger);
    free(settings->prometheus);
    free(settings->without_meaning);
    ddns_config_free(settings->config);
    document_free(settings->documents[0]);
    document_free(settings->documents[1]);
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
