/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/check_report.h"

#include <inttypes.h>
#include <string.h>

#include "cli/json.h"
#include "settings/printable.h"

/** Print a text of the configuration, whatever its bytes are. */
static void print_text(const char *before, const char *text, FILE *out)
{
    char shown[PRINTABLE_MAX];

    (void)fprintf(out, "%s%s", before, printable_text(text, strlen(text), shown));
}

static const char *text_of_transport(ddns_transport transport)
{
    return transport == DDNS_UDP ? "udp" : "tcp";
}

static const char *text_of_direction(ddns_direction direction)
{
    return direction == DDNS_REVERSE ? "reverse" : "forward";
}

/** The algorithm of the key called @p name; NULL without one. */
static const char *algorithm_of(const struct settings *settings, const char *name)
{
    const struct settings_key *key =
        name == NULL ? NULL : settings_key_named(settings, name);

    return key == NULL ? NULL : key->algorithm;
}

/* ---- for a person ----------------------------------------------------------- */

static void print_server(const struct settings *settings,
                         const struct settings_zone *zone, const ddns_server *server,
                         FILE *out)
{
    (void)fputs(text_of_direction(zone->direction), out);
    print_text(" zone: ", zone->name, out);
    if (zone->network != NULL) {
        print_text(" for ", zone->network, out);
    }
    (void)fprintf(out, " at %s#%u over %s", server->address, (unsigned)server->port,
                  text_of_transport(server->transport));
    if (server->key == NULL) {
        (void)fputs(", unsigned\n", out);
        return;
    }
    print_text(", key ", server->key, out);
    print_text(" ", algorithm_of(settings, server->key), out);
    (void)fputs("\n", out);
}

static void print_key(const struct settings_key *key, FILE *out)
{
    print_text("key: ", key->name, out);
    print_text(" ", key->algorithm, out);
    if (key->digest_bits != 0) {
        (void)fprintf(out, ", %u bits", key->digest_bits);
    }
    if (key->secret_file == NULL) {
        (void)fputs(", secret in the configuration\n", out);
    } else {
        print_text(", secret in ", key->secret_file, out);
        (void)fputs("\n", out);
    }
}

/** An empty path is that of no file. */
static void print_file(const char *what, const char *path, FILE *out)
{
    if (*path == '\0') {
        (void)fprintf(out, "%s: none\n", what);
        return;
    }
    (void)fprintf(out, "%s: ", what);
    print_text("", path, out);
    (void)fputs(strchr(path, '/') == NULL ? " in Kea's data directory\n" : "\n", out);
}

void check_print_settings(const struct settings *settings, FILE *out)
{
    for (size_t i = 0; i < settings->zone_count; i++) {
        const struct settings_zone *zone = &settings->zones[i];

        for (size_t j = 0; j < zone->server_count; j++) {
            print_server(settings, zone, &zone->servers[j], out);
        }
    }
    for (size_t i = 0; i < settings->key_count; i++) {
        print_key(&settings->keys[i], out);
    }
    print_file("ledger", settings->ledger, out);
    if (*settings->prometheus != '\0') {
        print_file("Prometheus file", settings->prometheus, out);
    }
    if (settings->mixed) {
        (void)fputs("dual stack: each family has a DHCID of its own at a name\n", out);
    }
    if (settings->d2_config != NULL) {
        print_text("from kea-dhcp-ddns: ", settings->d2_config, out);
        (void)fputs("\n", out);
    }
    if (*settings->without_meaning != '\0') {
        (void)fprintf(out, "without meaning here: %s\n", settings->without_meaning);
    }
}

/** Say in the message of @p o what the server said, or why it did not. */
static void explain(const ddns_probe_info *info, struct outcome *o)
{
    if (info->takes_updates) {
        outcome_say(o, "takes updates");
    } else if (info->error == DDNS_E_SIGNATURE) {
        outcome_say(o, "its answer is not signed with the key");
    } else if (info->error != DDNS_OK) {
        outcome_say(o, "%s", ddns_strerror(info->error));
    } else if (info->tsig_error != 0) {
        outcome_say(o, "%s: %s", ddns_tsig_error_text(info->tsig_error),
                    outcome_tsig_meaning(info->tsig_error));
        if (info->tsig_error == TSIG_BADTIME) {
            outcome_add_clock(o, info->clock_skew);
        }
    } else if (info->rcode == 0) {
        outcome_say(o, "it says that it did what cannot be done");
    } else {
        outcome_say(o, "%s: %s", ddns_rcode_text(info->rcode),
                    outcome_rcode_meaning(info->rcode));
    }
}

void check_print_probe(const ddns_probe_info *info, FILE *out)
{
    struct outcome o = { .status = STATUS_DONE };

    explain(info, &o);
    (void)fprintf(out, "probe: %s at %s: %s\n", info->zone, info->server, o.message);
}

void check_print_summary(const struct settings *settings, const struct outcome *o,
                         FILE *out, FILE *err)
{
    if (o->status == STATUS_DONE) {
        (void)fprintf(out, "%zu forward zones, %zu reverse zones, %zu keys\n",
                      settings_zone_count(settings, DDNS_FORWARD),
                      settings_zone_count(settings, DDNS_REVERSE), settings->key_count);
    } else {
        outcome_print(o, out, err);
    }
}

/* ---- JSON ------------------------------------------------------------------- */

static void print_server_json(const struct settings *settings,
                              const struct settings_zone *zone, const ddns_server *server,
                              FILE *out)
{
    (void)fputs("{\"zone\":", out);
    json_string(out, zone->name);
    json_member(out, "direction", text_of_direction(zone->direction));
    json_member(out, "network", zone->network);
    json_member(out, "server", server->address);
    (void)fprintf(out, ",\"port\":%u", (unsigned)server->port);
    json_member(out, "transport", text_of_transport(server->transport));
    json_member(out, "key", server->key);
    json_member(out, "algorithm", algorithm_of(settings, server->key));
    (void)fputs("}\n", out);
}

static void print_key_json(const struct settings_key *key, FILE *out)
{
    (void)fputs("{\"key\":", out);
    json_string(out, key->name);
    json_member(out, "algorithm", key->algorithm);
    (void)fprintf(out, ",\"digest-bits\":%u", key->digest_bits);
    json_member(out, "secret-file", key->secret_file);
    (void)fputs("}\n", out);
}

void check_print_settings_json(const struct settings *settings, FILE *out)
{
    for (size_t i = 0; i < settings->zone_count; i++) {
        const struct settings_zone *zone = &settings->zones[i];

        for (size_t j = 0; j < zone->server_count; j++) {
            print_server_json(settings, zone, &zone->servers[j], out);
        }
    }
    for (size_t i = 0; i < settings->key_count; i++) {
        print_key_json(&settings->keys[i], out);
    }
}

void check_print_probe_json(const ddns_probe_info *info, FILE *out)
{
    struct outcome o = { .status = STATUS_DONE };
    bool answered = info->error == DDNS_OK || info->error == DDNS_E_SIGNATURE;

    explain(info, &o);
    (void)fputs("{\"probe\":", out);
    json_string(out, info->zone);
    json_member(out, "direction", text_of_direction(info->direction));
    json_member(out, "server", info->server);
    json_member(out, "key", info->key);
    (void)fprintf(out, ",\"takes-updates\":%s", info->takes_updates ? "true" : "false");
    json_member(out, "rcode", answered ? ddns_rcode_text(info->rcode) : NULL);
    json_member(out, "tsig-error", ddns_tsig_error_text(info->tsig_error));
    if (info->tsig_error == TSIG_BADTIME) {
        (void)fprintf(out, ",\"clock-skew-seconds\":%" PRId64, info->clock_skew);
    } else {
        json_member(out, "clock-skew-seconds", NULL);
    }
    json_member(out, "message", o.message);
    (void)fputs("}\n", out);
}

void check_print_summary_json(const struct settings_file *file,
                              const struct settings *settings, const struct outcome *o,
                              FILE *out)
{
    static const char *const kinds[] = {
        [SETTINGS_OF_D2] = "kea-dhcp-ddns",
        [SETTINGS_OF_DHCP4] = "kea-dhcp4",
        [SETTINGS_OF_DHCP6] = "kea-dhcp6",
        [SETTINGS_ALONE] = "parameters",
    };

    (void)fputs("{\"status\":", out);
    json_string(out, o->status == STATUS_DONE ? "good" : "bad");
    json_member(out, "configuration-of", kinds[file->kind]);
    json_member(out, "d2-config", settings->d2_config);
    json_member(out, "ledger", settings->ledger);
    json_member(out, "prometheus-file", settings->prometheus);
    (void)fprintf(out, ",\"dual-stack-mixed-mode\":%s",
                  settings->mixed ? "true" : "false");
    json_member(out, "without-meaning", settings->without_meaning);
    json_member(out, "message", o->message);
    (void)fputs("}\n", out);
}
