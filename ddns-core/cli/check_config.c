/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/check_config.h"

#include "cli/check_report.h"

enum { WELL = 0, NOT_WELL = 1 };

/** The servers that were asked. */
struct asked {
    bool json;
    size_t count, willing;
};

static void on_probe(void *user, const ddns_probe_info *info)
{
    struct asked *asked = user;

    asked->count++;
    asked->willing += info->takes_updates ? 1 : 0;
    if (asked->json) {
        check_print_probe_json(info, stdout);
    } else {
        check_print_probe(info, stdout);
    }
    (void)fflush(stdout); /* the next may take its time */
}

static void print_settings(const struct settings *settings, bool json)
{
    if (json) {
        check_print_settings_json(settings, stdout);
    } else {
        check_print_settings(settings, stdout);
    }
    (void)fflush(stdout);
}

/** A DHCP server makes names, and the plugin records, only when it is told to. */
static bool updates_are_off(const struct settings_file *file)
{
    return (file->kind == SETTINGS_OF_DHCP4 || file->kind == SETTINGS_OF_DHCP6) &&
           !file->updates_enabled;
}

/** Say what was found; the end of the outcome's message is what is not well. */
static void check(const struct arguments *a, const struct settings_file *file,
                  const struct settings *settings, struct outcome *o)
{
    struct asked asked = { .json = a->json };
    ddns_error error = DDNS_OK;

    print_settings(settings, a->json);
    if (a->probe) {
        error = ddns_probe(settings->config, on_probe, &asked);
    }
    if (error != DDNS_OK) {
        o->status = STATUS_NO_ANSWER;
        outcome_say(o, "%s", ddns_strerror(error));
    } else if (updates_are_off(file)) {
        o->status = STATUS_REFUSED;
        outcome_say(o, "dhcp-ddns.enable-updates is not true: no records are made");
    } else if (asked.willing < asked.count) {
        o->status = STATUS_REFUSED;
        outcome_say(o, "%zu of %zu servers take no updates", asked.count - asked.willing,
                    asked.count);
    }
}

int check_config(const struct arguments *arguments)
{
    struct outcome o = { .status = STATUS_DONE };
    struct settings settings = { .config = NULL };
    struct settings_file file = { .kind = SETTINGS_ALONE };
    struct settings_error error;

    if (settings_read_file(arguments->file, &file, &settings, &error)) {
        check(arguments, &file, &settings, &o);
    } else if (error.place[0] != '\0') {
        o.status = STATUS_USAGE;
        outcome_say(&o, "%s: %s: %s", arguments->file, error.place, error.what);
    } else {
        o.status = STATUS_USAGE;
        outcome_say(&o, "%s", error.what);
    }
    if (arguments->json) {
        check_print_summary_json(&file, &settings, &o, stdout);
    } else {
        check_print_summary(&settings, &o, stdout, stderr);
    }
    settings_free(&settings);
    return o.status == STATUS_DONE ? WELL : NOT_WELL;
}
