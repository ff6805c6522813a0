/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/settings.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(settings, .fini = no_leaks);

static const struct settings_defaults defaults = { "dns-update4.sqlite", "/data" };

/* kea-dhcp-ddns' manual, "Example DHCP-DDNS Server Configuration", whole: what a site
   that moves pastes. */
static const char pasted[] =
    "{"
    "\"ip-address\": \"172.88.99.10\","
    "\"port\": 53001,"
    "\"dns-server-timeout\": 2000,"
    "\"ncr-protocol\": \"UDP\","
    "\"ncr-format\": \"JSON\","
    "\"user-context\": { \"version\": 1 },"
    "\"control-socket\": { \"socket-type\": \"unix\", \"socket-name\": \"/run/kea/d2\" },"
    "\"loggers\": [ { \"name\": \"kea-dhcp-ddns\" } ],"
    "\"tsig-keys\":"
    "["
    "{ \"name\": \"d2.md5.key\", \"algorithm\": \"HMAC-MD5\", \"digest-bits\": 80,"
    "\"secret\": \"LSWXnfkKZjdPJI5QxlpnfQ==\" },"
    "{ \"name\": \"d2.sha512.key\", \"algorithm\": \"HMAC-SHA512\", \"comment\": "
    "\"long\","
    "\"secret\": "
    "\"/"
    "4wklkm04jeH4anx2MKGJLcya+ZLHldL5d6mK+"
    "4q6UXQP7KJ9mS2QG29hh0SJR4LA0ikxNJTUMvir42gLx6fGQ==\" }"
    "],"
    "\"forward-ddns\": { \"ddns-domains\": ["
    "{ \"name\": \"example.com.\", \"key-name\": \"D2.MD5.KEY.\", \"dns-servers\": ["
    "{ \"ip-address\": \"172.16.1.1\" },"
    "{ \"hostname\": \"\", \"ip-address\": \"2001:db8::53\", \"port\": 5300,"
    "\"key-name\": \"d2.sha512.key\", \"transport\": \"udp\" } ] },"
    "{ \"name\": \"*\", \"key-name\": \"\", \"dns-servers\": [ { \"ip-address\": "
    "\"172.16.1.2\" } ] } ] },"
    "\"reverse-ddns\": { \"ddns-domains\": ["
    "{ \"name\": \"2.0.192.in-addr.arpa.\", \"dns-servers\": [ { \"ip-address\": "
    "\"172.16.1.1\" } ] } ] }"
    "}";

/** The message, or "accepted". */
static const char *refusal_of(const char *json)
{
    static char message[SETTINGS_PLACE_MAX + SETTINGS_WHAT_MAX + sizeof ": "];
    struct settings settings;
    struct settings_error error;

    if (settings_parse(json, strlen(json), &defaults, &settings, &error)) {
        settings_free(&settings);
        return "accepted";
    }
    (void)snprintf(message, sizeof message, "%s: %s", error.place, error.what);
    return message;
}

/** What is given, and what the message begins with. */
struct mistake {
    const char *json;
    const char *message;
};

/** Expect what is wrong between @p before and @p after to be said of @p place. */
static void expect_refusal(const char *before, const struct mistake *mistake,
                           const char *after, const char *place)
{
    char *json;
    char *wanted;
    const char *message;

    cr_assert(asprintf(&json, "%s%s%s", before, mistake->json, after) > 0);
    cr_assert(asprintf(&wanted, "%s%s", place, mistake->message) > 0);
    message = refusal_of(json);
    cr_expect(strncmp(message, wanted, strlen(wanted)) == 0, "%s: %s", json, message);
    free(json);
    free(wanted);
}

#define SECRET "\"secret\": \"LSWXnfkKZjdPJI5QxlpnfQ==\""

static const struct mistake anywhere[] = {
    { "[]", "parameters: must be a map" },
    { "{ \"x\": 1 }", "x: unknown keyword" },
    { "{ \"x\\n\": 1 }", "x\\x0a: unknown keyword" },
    { "{ \"tsig-keys\": {} }", "tsig-keys: must be a list" },
    { "{ \"tsig-keys\": [ 1 ] }", "tsig-keys[0]: must be a map" },
    { "{ \"forward-ddns\": [] }", "forward-ddns: must be a map" },
    { "{ \"reverse-ddns\": { \"x\": 1 } }", "reverse-ddns.x: unknown keyword" },
    { "{ \"ledger\": true }", "ledger: must be the path of a file, or false" },
    { "{ \"ledger\": 5 }", "ledger: must be a string" },
    { "{ \"dual-stack-mixed-mode\": \"yes\" }",
      "dual-stack-mixed-mode: must be true or false" },
    { "{ \"ledger\": \"\" }", "ledger: must not be empty" },
    { "{ \"prometheus-file\": \"/var/lib/kea/prom\" }",
      "prometheus-file: \"/var/lib/kea/prom\" does not end with .prom: node_exporter "
      "would "
      "not read it" },
    { "{ \"prometheus-file\": \"prom\" }", "prometheus-file: \"prom\" does not end with "
                                           ".prom: node_exporter would not read it" },
    { "{ \"dns-server-timeout\": 0 }", "dns-server-timeout: 0 is not from 1 to 60000" },
    { "{ \"dns-server-timeout\": 60001 }",
      "dns-server-timeout: 60001 is not from 1 to 60000" },
    { "{ \"dns-server-timeout\": 9223372036854775807 }",
      "dns-server-timeout: 9223372036854775807 is not from 1 to 60000" },
};

static const struct mistake in_a_key[] = {
    { "", "name: is missing" },
    { "\"name\": \"\", " SECRET, "name: must not be empty" },
    { "\"name\": \"a..b\", \"algorithm\": \"HMAC-SHA256\", " SECRET,
      "name: \"a..b\": invalid domain name" },
    { "\"name\": \"k\", " SECRET, "algorithm: is missing" },
    { "\"name\": \"k\", \"algorithm\": \"SHA256\", " SECRET,
      "algorithm: \"SHA256\": unknown TSIG algorithm" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"digest-bits\": 64, " SECRET,
      "digest-bits: digest-bits does not fit the algorithm" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"digest-bits\": -8, " SECRET,
      "digest-bits: -8 is not from 0 to 512" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\"",
      "secret: give either secret or secret-file" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"secret-file\": \"/x\", " SECRET,
      "secret: give either secret or secret-file" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"secret-file\": "
      "\"/nonexistent/k\"",
      "secret-file: cannot read \"/nonexistent/k\": No such file" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"secret-file\": \"/dev/null\"",
      "secret-file: cannot read \"/dev/null\": not a regular file" },
    { "\"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"secret\": \"\"",
      "secret: must not be empty" },
};

static const struct mistake in_a_zone[] = {
    { "\"dns-servers\": []", "name: is missing" },
    { "\"name\": \"a.\"", "dns-servers: names no server" },
    { "\"name\": \"a.\", \"x\": 1", "x: unknown keyword" },
    { "\"name\": \"a..b\", \"dns-servers\": [ { \"ip-address\": \"::1\" } ]",
      "name: \"a..b\": invalid domain name" },
    { "\"name\": \"a.\", \"key-name\": \"k\", \"dns-servers\": [ { \"ip-address\": "
      "\"::1\" } ]",
      "key-name: \"k\": no such TSIG key" },
    { "\"name\": \"a.\", \"dns-servers\": [ { \"ip-address\": \"::1\" } ] },"
      "{ \"name\": \"A\", \"dns-servers\": [ { \"ip-address\": \"::1\" } ]",
      "name: \"A\" is defined twice" },
};

#define NETWORK_ZONE                                                                     \
    "\"name\": \"a.\", \"dns-servers\": [ { \"ip-address\": \"::1\" } ], \"network\": "

static const struct mistake in_a_reverse_zone[] = {
    { NETWORK_ZONE "\"192.0.2.128\\n/26\"",
      "network: \"192.0.2.128\\x0a/26\" is no network" },
    { NETWORK_ZONE "\"192.0.2.1/26\"", "network: has bits set past its length" },
    { NETWORK_ZONE "\"192.0.2.0/26\", \"owner-pattern\": \"ptr\"",
      "owner-pattern: must make a name below the zone, with one \"$\"" },
    { "\"name\": \"a.\", \"dns-servers\": [ { \"ip-address\": \"::1\" } ],"
      "\"owner-pattern\": \"$\"",
      "owner-pattern: means nothing without a network" },
    { "\"name\": \"*\", \"dns-servers\": [ { \"ip-address\": \"::1\" } ],"
      "\"network\": \"192.0.2.0/26\"",
      "network: is for a reverse zone that has a name" },
    { NETWORK_ZONE "\"192.0.2.0/26\" }, { \"name\": \"b.\", \"dns-servers\": "
                   "[ { \"ip-address\": \"::1\" } ], \"network\": \"192.0.2.0/26\"",
      "network: \"192.0.2.0/26\" is defined twice" },
};

static const struct mistake in_a_server[] = {
    { "\"port\": 53", "ip-address: is missing" },
    { "\"ip-address\": \"ns1\"", "ip-address: \"ns1\" is not an IP address" },
    { "\"ip-address\": \"::1\", \"key-name\": \"k\"",
      "key-name: \"k\": no such TSIG key" },
    { "\"hostname\": \"ns1\"", "hostname: names of DNS servers are not resolved" },
    { "\"ip-address\": \"::1\", \"port\": 0", "port: 0 is not from 1 to 65535" },
    { "\"ip-address\": \"::1\", \"port\": 65536", "port: 65536 is not from 1 to 65535" },
    { "\"ip-address\": \"::1\", \"port\": \"53\"", "port: must be an integer" },
    { "\"ip-address\": \"::1\", \"transport\": \"tls\"",
      "transport: \"tls\" is neither \"tcp\" nor \"udp\"" },
};

static const char one_key[] =
    "{ \"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", " SECRET "}";

#define EACH(table, i)                                                                   \
    size_t i = 0;                                                                        \
    (i) < sizeof(table) / sizeof *(table);                                               \
    (i)++

Test(settings, a_whole_d2_configuration_can_be_pasted)
{
    struct settings s;
    struct settings_error error;

    cr_assert(settings_parse(pasted, strlen(pasted), &defaults, &s, &error), "%s: %s",
              error.place, error.what);
    cr_expect_eq(s.key_count, 2);
    cr_expect_eq(settings_zone_count(&s, DDNS_FORWARD), 2);
    cr_expect_eq(settings_zone_count(&s, DDNS_REVERSE), 1);
    cr_expect_eq(settings_server_count(&s), 4);
    cr_expect_str_eq(
        s.without_meaning,
        "ip-address, port, ncr-protocol, ncr-format, control-socket, loggers");
    settings_free(&s);
}

Test(settings, say_what_was_read)
{
    struct settings s;
    struct settings_error error;
    const ddns_server *second;

    cr_assert(settings_parse(pasted, strlen(pasted), &defaults, &s, &error));
    cr_expect_str_eq(s.keys[0].name, "d2.md5.key");
    cr_expect_str_eq(s.keys[0].algorithm, "HMAC-MD5");
    cr_expect_eq(s.keys[0].digest_bits, 80);
    cr_expect_null(s.keys[0].secret_file);
    cr_expect_str_eq(s.zones[0].name, "example.com.");
    cr_expect_eq(s.zones[0].servers[0].port, 53);
    cr_expect_eq(s.zones[0].servers[0].transport, DDNS_TCP);
    cr_expect_eq(settings_key_named(&s, s.zones[0].servers[0].key), &s.keys[0]);
    second = &s.zones[0].servers[1];
    cr_expect_str_eq(second->address, "2001:db8::53");
    cr_expect_eq(second->port, 5300);
    cr_expect_eq(second->transport, DDNS_UDP);
    cr_expect_str_eq(second->key, "d2.sha512.key");
    cr_expect_null(s.zones[1].servers[0].key);
    settings_free(&s);
}

Test(settings, nothing_is_not_an_error)
{
    cr_expect_str_eq(refusal_of("{}"), "accepted");
}

Test(settings, a_ledger_is_kept_unless_it_is_switched_off)
{
    static const struct {
        const char *json, *path;
    } cases[] = {
        { "{}", "/data/dns-update4.sqlite" },
        { "{ \"ledger\": \"other.sqlite\" }", "/data/other.sqlite" },
        { "{ \"ledger\": \"/srv/ledger\" }", "/srv/ledger" },
        { "{ \"ledger\": \"./ledger\" }", "./ledger" },
        { "{ \"ledger\": false }", "" },
        { "{ \"ledger\": \"/srv/\\u00e9\" }",
          "/srv/\xe9" }, /* a byte, as Kea writes it */
    };

    for (EACH(cases, i)) {
        struct settings s;
        struct settings_error error;

        cr_assert(
            settings_parse(cases[i].json, strlen(cases[i].json), &defaults, &s, &error));
        cr_expect_str_eq(s.ledger, cases[i].path);
        settings_free(&s);
    }
}

Test(settings, the_name_of_a_ledger_stays_alone_where_the_folder_is_not_known)
{
    const struct settings_defaults nowhere = { "dns-update6.sqlite", NULL };
    struct settings s;
    struct settings_error error;

    cr_assert(settings_parse("{}", 2, &nowhere, &s, &error));
    cr_expect_str_eq(s.ledger, "dns-update6.sqlite");
    settings_free(&s);
}

Test(settings, a_mistake_names_its_place)
{
    for (EACH(anywhere, i)) {
        expect_refusal("", &anywhere[i], "", "");
    }
}

Test(settings, a_mistake_in_a_key_names_its_place)
{
    for (EACH(in_a_key, i)) {
        expect_refusal("{ \"tsig-keys\": [ {", &in_a_key[i], "} ] }", "tsig-keys[0].");
    }
}

Test(settings, a_mistake_in_a_zone_names_its_place)
{
    for (EACH(in_a_zone, i)) {
        bool second = strstr(in_a_zone[i].message, "twice") != NULL;

        expect_refusal(
            "{ \"reverse-ddns\": { \"ddns-domains\": [ {", &in_a_zone[i], "} ] } }",
            second ? "reverse-ddns.ddns-domains[1]." : "reverse-ddns.ddns-domains[0].");
    }
}

Test(settings, a_mistake_in_a_network_names_its_place)
{
    for (EACH(in_a_reverse_zone, i)) {
        bool second = strstr(in_a_reverse_zone[i].message, "twice") != NULL;

        expect_refusal("{ \"reverse-ddns\": { \"ddns-domains\": [ {",
                       &in_a_reverse_zone[i], "} ] } }",
                       second ? "reverse-ddns.ddns-domains[1]."
                              : "reverse-ddns.ddns-domains[0].");
    }
    expect_refusal("{ \"forward-ddns\": { \"ddns-domains\": [ {",
                   &(struct mistake){ NETWORK_ZONE "\"192.0.2.0/26\"",
                                      "network: is for a reverse zone that has a name" },
                   "} ] } }", "forward-ddns.ddns-domains[0].");
}

Test(settings, a_mistake_in_a_server_names_its_place)
{
    for (EACH(in_a_server, i)) {
        expect_refusal("{ \"forward-ddns\": { \"ddns-domains\": [ { \"name\": \"a.\", "
                       "\"dns-servers\": [ { \"ip-address\": \"::2\" }, {",
                       &in_a_server[i], "} ] } ] } }",
                       "forward-ddns.ddns-domains[0].dns-servers[1].");
    }
}

Test(settings, a_secret_that_is_not_base64_is_not_shown)
{
    const char *message =
        refusal_of("{ \"tsig-keys\": [ { \"name\": \"k\", "
                   "\"algorithm\": \"HMAC-SHA256\", \"secret\": \"hunter2!\" } ] }");

    cr_expect_str_eq(message, "tsig-keys[0].secret: not valid base64");
}

Test(settings, what_stands_where_the_syntax_is_wrong_is_not_shown)
{
    const char *message = refusal_of("{ \"secret\" \"hunter2\" }");

    cr_expect_str_eq(message, "parameters: ':' expected");
}

Test(settings, nesting_has_an_end)
{
    enum { DEPTH = 100000 };
    static char deep[DEPTH + 1];

    memset(deep, '[', DEPTH);
    cr_expect_str_eq(refusal_of(deep), "parameters: maximum parsing depth reached");
}

Test(settings, a_key_is_defined_once)
{
    const struct mistake twice = { one_key, "tsig-keys[1].name: \"k\" is defined twice" };
    char *first;

    cr_assert(asprintf(&first, "{ \"tsig-keys\": [ %s, ", one_key) > 0);
    expect_refusal(first, &twice, " ] }", "");
    free(first);
}
