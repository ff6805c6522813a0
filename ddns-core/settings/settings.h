/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_H
#define DDNS_SETTINGS_H

#include "ddns/ddns.h"
#include "settings/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A TSIG key, without its secret. */
struct settings_key {
    const char *name;
    const char *algorithm;
    unsigned digest_bits;    /**< 0: whole */
    const char *secret_file; /**< NULL: the secret is in the configuration */
};

struct settings_zone {
    const char *name; /**< or "*" */
    ddns_direction direction;
    ddns_server *servers; /**< preferred first */
    size_t server_count;
    const char *network; /**< NULL: its PTR records have the names of RFC 1035 */
};

/** The parameters, read and checked.  The texts are valid until settings_free(). */
struct settings {
    ddns_config *config;
    struct settings_key *keys;
    size_t key_count;
    struct settings_zone *zones; /**< those for names first, each as they are given */
    size_t zone_count;
    char *ledger;          /**< path; empty: none is kept */
    bool mixed;            /**< "dual-stack-mixed-mode" */
    char *without_meaning; /**< what only kea-dhcp-ddns needs: "port, loggers" */
    char *prometheus;      /**< path of the file for Prometheus; empty: none is written */
    const char *d2_config; /**< file of kea-dhcp-ddns that was read, or NULL */
    void *documents[2];    /**< where the texts are */
};

/** The name of the ledger where the parameters do not say. */
const char *settings_default_ledger(bool ipv6);

/** What is meant where the parameters do not say. */
struct settings_defaults {
    const char *ledger;         /**< settings_default_ledger() */
    const char *data_directory; /**< that names of files are in; NULL: unknown */
};

/**
 * Read the parameters of the hook library, which have the shape of the DhcpDdns object
 * of kea-dhcp-ddns, from @p json (RFC 8259), as Kea's own elements write themselves.
 * Reads the files that they name.  Any thread.
 *
 * @param out_settings  free them with settings_free()
 * @return false: @p error names the place and says what is wrong there
 */
DDNS_NODISCARD bool settings_parse(const char *json, size_t len,
                                   const struct settings_defaults *defaults,
                                   struct settings *out_settings,
                                   struct settings_error *error);

void settings_free(struct settings *settings);

enum settings_file_kind {
    SETTINGS_OF_D2, /**< the configuration of kea-dhcp-ddns */
    SETTINGS_OF_DHCP4,
    SETTINGS_OF_DHCP6,
    SETTINGS_ALONE, /**< the parameters and nothing else */
};

/** What a file with settings is. */
struct settings_file {
    enum settings_file_kind kind;
    bool updates_enabled; /**< by the DHCP server, if it is one's configuration */
};

/**
 * Read the settings in the file at @p path: a configuration of kea-dhcp-ddns, of a DHCP
 * server that loads the hook library, or the parameters of that.  The ledger stays a
 * name if it is given as one.
 *
 * @param out_file      written as soon as it is known
 * @param out_settings  free them with settings_free()
 * @return false: @p error says why; the place is empty where the file itself is named
 */
DDNS_NODISCARD bool settings_read_file(const char *path, struct settings_file *out_file,
                                       struct settings *out_settings,
                                       struct settings_error *error);

/** The key of that name, in any case and with or without its final dot; or NULL. */
const struct settings_key *settings_key_named(const struct settings *settings,
                                              const char *name);

/** How many zones are of @p direction. */
size_t settings_zone_count(const struct settings *settings, ddns_direction direction);

/** How many servers there are, counted once per zone that names them. */
size_t settings_server_count(const struct settings *settings);

#ifdef __cplusplus
}
#endif

#endif
