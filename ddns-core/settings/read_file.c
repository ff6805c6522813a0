/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "settings/configuration_file.h"
#include "settings/document.h"
#include "settings/draft.h"

static const char library_name[] = "libdhcp_dns_update";

/** Configurations are known by the one keyword at their top. */
static const struct {
    const char *keyword;
    enum settings_file_kind kind;
} kinds[] = {
    { "DhcpDdns", SETTINGS_OF_D2 },
    { "Dhcp4", SETTINGS_OF_DHCP4 },
    { "Dhcp6", SETTINGS_OF_DHCP6 },
};

/** What is below that keyword, or the whole. */
static json_t *inside_of(json_t *file, enum settings_file_kind *out_kind)
{
    *out_kind = SETTINGS_ALONE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        json_t *inside = json_object_get(file, kinds[i].keyword);

        if (inside != NULL) {
            *out_kind = kinds[i].kind;
            return inside;
        }
    }
    return file;
}

/** The entry of the hook library among those that a DHCP server loads, or NULL. */
static json_t *find_library(const json_t *server)
{
    const json_t *libraries = json_object_get(server, "hooks-libraries");
    json_t *library;
    size_t i;

    json_array_foreach(libraries, i, library)
    {
        const char *path = json_string_value(json_object_get(library, "library"));

        if (path != NULL && strstr(path, library_name) != NULL) {
            return library;
        }
    }
    return NULL;
}

/** The parameters of the library; the caller then owns them.  NULL: not loaded. */
static json_t *take_parameters(const json_t *server)
{
    const json_t *library = find_library(server);
    json_t *parameters = json_object_get(library, "parameters");

    if (library == NULL) {
        return NULL;
    }
    return parameters == NULL ? json_object() : json_incref(parameters);
}

/** Put the JSON of @p file into @p draft; false where a DHCP server has none for us. */
static bool fill(struct draft *draft, json_t *file, struct settings_file *out_file)
{
    json_t *inside = inside_of(file, &out_file->kind);
    const json_t *ddns = json_object_get(inside, "dhcp-ddns");

    out_file->updates_enabled = json_is_true(json_object_get(ddns, "enable-updates"));
    switch (out_file->kind) {
    case SETTINGS_OF_D2:
        draft->own.json = json_object();
        draft->d2.json = json_incref(inside);
        break;
    case SETTINGS_OF_DHCP4:
    case SETTINGS_OF_DHCP6:
        draft->own.json = take_parameters(inside);
        break;
    case SETTINGS_ALONE:
        draft->own.json = json_incref(file);
        break;
    }
    return draft->own.json != NULL;
}

bool settings_read_file(const char *path, struct settings_file *out_file,
                        struct settings *out_settings, struct settings_error *error)
{
    struct draft draft = draft_begin(error);
    struct settings_defaults defaults = { NULL, NULL };
    json_t *file = configuration_file_read(path, error->what);
    bool filled;

    error->place[0] = '\0';
    if (file == NULL) {
        return false;
    }
    filled = fill(&draft, file, out_file);
    json_decref(file);
    if (!filled) {
        return map_fail(&draft.own, "hooks-libraries", "%s.so is not among them",
                        library_name);
    }
    defaults.ledger = settings_default_ledger(out_file->kind == SETTINGS_OF_DHCP6);
    return draft_finish(&draft, &defaults, out_settings);
}
