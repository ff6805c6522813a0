/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/arguments.h"

#include <stdio.h>
#include <string.h>

enum { TTL_MAX = 2147483647, PORT_MAX = 65535 }; /* RFC 2181 section 8 */
enum { TIMEOUT_MAX_S = 60 };                     /* ddns_config_set_timeout() */

/** What is wrong with a value; NULL when nothing is. */
typedef const char *take_fn(struct arguments *a, char *value);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** A decimal number of at most @p max, and nothing after it. */
static bool number(const char *text, uint32_t max, uint32_t *out_number)
{
    uint64_t value = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (!is_digit(*text)) {
            return false;
        }
        value = value * 10 + (uint64_t)(*text - '0');
        if (value > max) {
            return false;
        }
    }
    *out_number = (uint32_t)value;
    return true;
}

/** Seconds with at most three decimals, as milliseconds. */
static bool milliseconds(const char *text, unsigned *out_ms)
{
    char whole[8];
    size_t digits = strcspn(text, ".");
    uint32_t seconds;
    unsigned ms = 0;
    unsigned scale = 1000;

    if (digits >= sizeof whole) {
        return false;
    }
    memcpy(whole, text, digits);
    whole[digits] = '\0';
    if (!number(whole, TIMEOUT_MAX_S, &seconds)) {
        return false;
    }
    if (text[digits] == '.') {
        const char *decimal = text + digits + 1;

        if (*decimal == '\0') {
            return false;
        }
        for (; is_digit(*decimal) && scale > 1; decimal++) {
            scale /= 10;
            ms += (unsigned)(*decimal - '0') * scale;
        }
        if (*decimal != '\0') {
            return false;
        }
    }
    *out_ms = seconds * 1000 + ms;
    return *out_ms > 0 && *out_ms <= TIMEOUT_MAX_S * 1000;
}

static const char *take_dns_server(struct arguments *a, char *value)
{
    ddns_address address;

    a->dns_server = value;
    return ddns_address_parse(value, &address) == DDNS_OK
               ? NULL
               : "not an IPv4 or IPv6 address; host names are not looked up";
}

static const char *take_name(struct arguments *a, char *value)
{
    a->name = value;
    return NULL;
}

static const char *take_zone(struct arguments *a, char *value)
{
    a->zone = value;
    return NULL;
}

static const char *take_address(struct arguments *a, char *value)
{
    return ddns_address_parse(value, &a->address) == DDNS_OK
               ? NULL
               : "not an IPv4 or IPv6 address";
}

static const char *take_ttl(struct arguments *a, char *value)
{
    return number(value, TTL_MAX, &a->ttl) ? NULL : "not a number from 0 to 2147483647";
}

static const char *take_port(struct arguments *a, char *value)
{
    uint32_t port;

    if (!number(value, PORT_MAX, &port) || port == 0) {
        return "not a number from 1 to 65535";
    }
    a->port = (uint16_t)port;
    return NULL;
}

static const char *take_transport(struct arguments *a, char *value)
{
    a->transport = strcmp(value, "udp") == 0 ? DDNS_UDP : DDNS_TCP;
    return strcmp(value, "udp") == 0 || strcmp(value, "tcp") == 0 ? NULL
                                                                  : "not tcp or udp";
}

static const char *take_timeout(struct arguments *a, char *value)
{
    return milliseconds(value, &a->timeout_ms)
               ? NULL
               : "not a number of seconds from 0.001 to 60";
}

static const char *take_ptr(struct arguments *a, char *value)
{
    a->ptr = strcmp(value, "yes") == 0;
    return a->ptr || strcmp(value, "no") == 0 ? NULL : "not yes or no";
}

static const char *take_reverse_zone(struct arguments *a, char *value)
{
    a->reverse_zone = value;
    return NULL;
}

static const char *take_ledger(struct arguments *a, char *value)
{
    a->ledger = value;
    return NULL;
}

static const char *take_subnet(struct arguments *a, char *value)
{
    a->subnet = value;
    return NULL;
}

static const char *take_key_file(struct arguments *a, char *value)
{
    a->key_file = value;
    return NULL;
}

static const char *take_key_name(struct arguments *a, char *value)
{
    a->key_name = value;
    return NULL;
}

static const char *take_key(struct arguments *a, char *value)
{
    a->key = value;
    return NULL;
}

static const char *take_key_algorithm(struct arguments *a, char *value)
{
    a->key_algorithm = value;
    return NULL;
}

static const char *take_key_encoding(struct arguments *a, char *value)
{
    a->key_encoding = strcmp(value, "text") == 0 ? DDNS_SECRET_TEXT : DDNS_SECRET_BASE64;
    return strcmp(value, "text") == 0 || strcmp(value, "base64") == 0
               ? NULL
               : "not base64 or text";
}

enum parameter {
    DNS_SERVER,
    NAME,
    ZONE,
    ADDRESS,
    TTL,
    PORT,
    TRANSPORT,
    TIMEOUT,
    PTR,
    REVERSE_ZONE,
    LEDGER,
    SUBNET,
    KEY_FILE,
    KEY_NAME,
    KEY,
    KEY_ALGORITHM,
    KEY_ENCODING,
    PARAMETERS,
};

enum use { NEVER, OPTIONAL, REQUIRED };

static const struct {
    const char *name;
    take_fn *take;
    enum use use[COMMANDS]; /* to associate, to audit; NEVER to check-config */
} parameters[PARAMETERS] = {
    [DNS_SERVER] = { "dns-server", take_dns_server, { REQUIRED, REQUIRED } },
    [NAME] = { "name", take_name, { REQUIRED, NEVER } },
    [ZONE] = { "zone", take_zone, { REQUIRED, REQUIRED } },
    [ADDRESS] = { "address", take_address, { REQUIRED, NEVER } },
    [TTL] = { "ttl", take_ttl, { OPTIONAL, NEVER } },
    [PORT] = { "port", take_port, { OPTIONAL, OPTIONAL } },
    [TRANSPORT] = { "transport", take_transport, { OPTIONAL, NEVER } },
    [TIMEOUT] = { "timeout", take_timeout, { OPTIONAL, OPTIONAL } },
    [PTR] = { "ptr", take_ptr, { OPTIONAL, NEVER } },
    [REVERSE_ZONE] = { "reverse-zone", take_reverse_zone, { OPTIONAL, OPTIONAL } },
    [LEDGER] = { "ledger", take_ledger, { NEVER, REQUIRED } },
    [SUBNET] = { "subnet", take_subnet, { NEVER, OPTIONAL } },
    [KEY_FILE] = { "key-file", take_key_file, { OPTIONAL, OPTIONAL } },
    [KEY_NAME] = { "key-name", take_key_name, { OPTIONAL, OPTIONAL } },
    [KEY] = { "key", take_key, { OPTIONAL, OPTIONAL } },
    [KEY_ALGORITHM] = { "key-algorithm", take_key_algorithm, { OPTIONAL, OPTIONAL } },
    [KEY_ENCODING] = { "key-encoding", take_key_encoding, { OPTIONAL, OPTIONAL } },
};

/** Parameters that were given, a bit each. */
typedef uint32_t given;

static bool has(given seen, enum parameter p)
{
    return (seen >> p & 1u) != 0;
}

static ddns_error wrong(ddns_errbuf *errbuf, const char *what, const char *why)
{
    (void)snprintf(errbuf->text, sizeof errbuf->text, "%s: %s", what, why);
    return DDNS_E_INVALID;
}

/* Anything else may be a misplaced secret, and is not repeated to the screen. */
static bool looks_like_a_name(const char *text, size_t len)
{
    enum { LONGEST = 20 };

    return len > 0 && len <= LONGEST &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz-") >= len;
}

static ddns_error unknown(int position, const char *argument, size_t len,
                          ddns_errbuf *errbuf)
{
    char what[32];

    if (looks_like_a_name(argument, len)) {
        (void)snprintf(what, sizeof what, "%.*s", (int)len, argument);
    } else {
        (void)snprintf(what, sizeof what, "argument %d", position);
    }
    return wrong(errbuf, what,
                 argument[len] == '=' ? "no such parameter (see --help)"
                                      : "not of the form parameter=value (see --help)");
}

/** What is wrong with a parameter of another command. */
static const char *const out_of_place[COMMANDS] = {
    [COMMAND_ASSOCIATE] = "is for audit (see --help)",
    [COMMAND_AUDIT] = "means nothing to audit (see --help)",
    [COMMAND_CHECK_CONFIG] = "means nothing to check-config (see --help)",
};

static ddns_error take(struct arguments *a, given *seen, int position, char *argument,
                       ddns_errbuf *errbuf)
{
    size_t len = strcspn(argument, "=");
    const char *why;
    size_t p = 0;

    while (p < PARAMETERS && (strlen(parameters[p].name) != len ||
                              memcmp(parameters[p].name, argument, len) != 0)) {
        p++;
    }
    if (p == PARAMETERS || argument[len] != '=') {
        return unknown(position, argument, len, errbuf);
    }
    if (parameters[p].use[a->command] == NEVER) {
        return wrong(errbuf, parameters[p].name, out_of_place[a->command]);
    }
    if (has(*seen, (enum parameter)p)) {
        return wrong(errbuf, parameters[p].name, "given twice");
    }
    *seen |= (given)1 << p;
    why = argument[len + 1] == '\0' ? "has no value"
                                    : parameters[p].take(a, argument + len + 1);
    return why == NULL ? DDNS_OK : wrong(errbuf, parameters[p].name, why);
}

/** Of @p list, the first that was given; PARAMETERS when none was. */
static enum parameter first_of(given seen, const enum parameter *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has(seen, list[i])) {
            return list[i];
        }
    }
    return PARAMETERS;
}

/** The parameters of a key that need or forbid each other. */
static ddns_error check_key(given seen, ddns_errbuf *errbuf)
{
    static const enum parameter in_file[] = { KEY, KEY_ALGORITHM, KEY_ENCODING };
    static const enum parameter of_key[] = { KEY_NAME, KEY_ALGORITHM, KEY_ENCODING };
    enum parameter p;

    if (has(seen, KEY_FILE)) {
        p = first_of(seen, in_file, sizeof in_file / sizeof *in_file);
        return p == PARAMETERS ? DDNS_OK
                               : wrong(errbuf, parameters[p].name,
                                       "not together with key-file, which says it");
    }
    if (has(seen, KEY)) {
        return has(seen, KEY_NAME)
                   ? DDNS_OK
                   : wrong(errbuf, "key-name", "is missing; key needs it");
    }
    p = first_of(seen, of_key, sizeof of_key / sizeof *of_key);
    return p == PARAMETERS ? DDNS_OK
                           : wrong(errbuf, parameters[p].name, "needs key-file or key");
}

static ddns_error check(const struct arguments *a, given seen, ddns_errbuf *errbuf)
{
    if (a->command == COMMAND_CHECK_CONFIG && a->file == NULL) {
        return wrong(errbuf, "check-config", "needs a file (see --help)");
    }
    if (a->command != COMMAND_CHECK_CONFIG && a->probe) {
        return wrong(errbuf, "--probe", "is for check-config (see --help)");
    }
    for (size_t p = 0; p < PARAMETERS; p++) {
        if (parameters[p].use[a->command] == REQUIRED && !has(seen, (enum parameter)p)) {
            return wrong(errbuf, parameters[p].name, "is missing (see --help)");
        }
    }
    if (a->command == COMMAND_ASSOCIATE && a->reverse_zone != NULL && !a->ptr) {
        return wrong(errbuf, "reverse-zone", "needs ptr=yes");
    }
    return check_key(seen, errbuf);
}

/** True when @p argument is an option, which is noted. */
static bool take_option(struct arguments *a, const char *argument)
{
    if (strcmp(argument, "--json") == 0) {
        a->json = true;
    } else if (strcmp(argument, "--probe") == 0) {
        a->probe = true;
    } else if (strcmp(argument, "--help") == 0) {
        a->help = true;
    } else if (strcmp(argument, "--version") == 0) {
        a->version = true;
    } else {
        return false;
    }
    return true;
}

/** The command that a first word means. */
static enum command command_of(const char *word)
{
    if (strcmp(word, "audit") == 0) {
        return COMMAND_AUDIT;
    }
    return strcmp(word, "check-config") == 0 ? COMMAND_CHECK_CONFIG : COMMAND_ASSOCIATE;
}

ddns_error arguments_parse(int argc, char **argv, struct arguments *out_arguments,
                           ddns_errbuf *errbuf)
{
    struct arguments *a = out_arguments;
    given seen = 0;
    int first = 1;

    *a = (struct arguments){ .ttl = TTL_DEFAULT,
                             .transport = DDNS_TCP,
                             .timeout_ms = DDNS_TIMEOUT_DEFAULT_MS };
    /* First the options, so that a wrong parameter is reported in JSON too. */
    for (int i = 1; i < argc; i++) {
        (void)take_option(a, argv[i]);
    }
    if (a->help || a->version) {
        return DDNS_OK;
    }
    if (argc > 1) {
        a->command = command_of(argv[1]);
        first += a->command == COMMAND_ASSOCIATE ? 0 : 1;
    }
    for (int i = first; i < argc; i++) {
        ddns_error error = DDNS_OK;

        if (take_option(a, argv[i])) {
            continue;
        }
        if (a->command == COMMAND_CHECK_CONFIG && a->file == NULL) {
            a->file = argv[i];
        } else {
            error = take(a, &seen, i, argv[i], errbuf);
        }
        if (error != DDNS_OK) {
            return error;
        }
    }
    return check(a, seen, errbuf);
}

void arguments_wipe(struct arguments *arguments)
{
    if (arguments->key != NULL) {
        explicit_bzero(arguments->key, strlen(arguments->key));
        arguments->key = NULL;
    }
}
