/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_ARGUMENTS_H
#define DDNS_CLI_ARGUMENTS_H

#include "ddns/ddns.h"

enum { TTL_DEFAULT = 300 };

/** What the command does; its first word, or none. */
enum command { COMMAND_ASSOCIATE, COMMAND_AUDIT, COMMAND_CHECK_CONFIG };
enum { COMMANDS = 3 };

/**
 * What was asked for on the command line.  Strings are borrowed from argv; NULL
 * where a parameter was left out.
 */
struct arguments {
    enum command command;
    const char *dns_server;
    const char *name;
    const char *zone;
    ddns_address address;
    uint32_t ttl; /**< 0: remove the address */
    uint16_t port;
    ddns_transport transport;
    unsigned timeout_ms;
    bool ptr;
    const char *reverse_zone;
    const char *ledger;
    const char *subnet; /**< a list; subnets_parse() has not seen it yet */
    const char *key_file;
    const char *key_name;
    const char *key_algorithm;
    ddns_secret_encoding key_encoding;
    char *key;        /**< secret; arguments_wipe() overwrites it in argv */
    const char *file; /**< to check */
    bool probe;
    bool json, help, version;
};

/**
 * Read the command, name=value parameters and options.
 *
 * On failure @p errbuf names the parameter and what is wrong with it, and
 * out_arguments says at least whether --json was given.
 *
 * @retval DDNS_E_INVALID  an unknown, repeated, malformed or missing parameter
 */
DDNS_NODISCARD ddns_error arguments_parse(int argc, char **argv,
                                          struct arguments *out_arguments,
                                          ddns_errbuf *errbuf);

/** Overwrite the secret where the system keeps the arguments, too. */
void arguments_wipe(struct arguments *arguments);

#endif
