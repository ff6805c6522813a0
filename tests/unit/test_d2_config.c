/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/settings.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/leaks.h"

/* Parameters whose d2-config is the file "d2.conf" in a folder of the test's own. */

static char folder[] = "/tmp/ddns-d2-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
    (void)unlink("d2.conf");
    (void)unlink("keys.json");
    (void)rmdir("d2.conf");
    (void)rmdir(folder);
    no_leaks();
}

TestSuite(d2_config, .init = make_folder, .fini = remove_folder);

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

static const struct settings_defaults defaults = { "dns-update4.sqlite", "/data" };

/** The message, or "accepted". */
static const char *verdict(const char *parameters, struct settings *out)
{
    static char message[SETTINGS_PLACE_MAX + SETTINGS_WHAT_MAX + sizeof ": "];
    struct settings_error error;

    if (settings_parse(parameters, strlen(parameters), &defaults, out, &error)) {
        return "accepted";
    }
    (void)snprintf(message, sizeof message, "%s: %s", error.place, error.what);
    return message;
}

static const char *verdict_of_file(const char *text)
{
    struct settings s = { .config = NULL };
    const char *message;

    write_file("d2.conf", text);
    message = verdict("{ \"d2-config\": \"d2.conf\" }", &s);
    settings_free(&s);
    return message;
}

#define KEY                                                                              \
    "{ \"name\": \"k\", \"algorithm\": \"HMAC-SHA256\", \"secret\": \"c2VjcmV0\" }"
#define ZONE                                                                             \
    "{ \"name\": \"example.org.\", \"key-name\": \"k\", \"dns-servers\": [ { "           \
    "\"ip-address\": \"192.0.2.53\" } ] }"

static const char whole[] = "# of kea-dhcp-ddns\n"
                            "{\n"
                            "\"DhcpDdns\": { // the daemon\n"
                            "  \"ip-address\": \"127.0.0.1\", \"port\": 53001,\n"
                            "  \"control-socket\": { \"socket-type\": \"unix\",\n"
                            "                      \"socket-name\": \"/run/kea/d2\", },\n"
                            "  \"tsig-keys\": [ <?include \"keys.json\"?> ],\n"
                            "  \"forward-ddns\": { \"ddns-domains\": [ " ZONE ", ] },\n"
                            "  \"reverse-ddns\": {}, /* none */\n"
                            "}\n"
                            "}\n";

Test(d2_config, a_file_of_d2_is_read_as_it_is)
{
    struct settings s = { .config = NULL };

    write_file("d2.conf", whole);
    write_file("keys.json", "# secret\n" KEY "\n");
    cr_assert_str_eq(verdict("{ \"d2-config\": \"d2.conf\" }", &s), "accepted");
    cr_expect_str_eq(s.d2_config, "d2.conf");
    cr_expect_eq(s.key_count, 1);
    cr_expect_eq(s.zone_count, 1);
    cr_expect_str_eq(s.zones[0].servers[0].key, "k");
    cr_expect_str_eq(s.without_meaning, "ip-address, port, control-socket");
    cr_expect_str_eq(s.ledger, "/data/dns-update4.sqlite");
    settings_free(&s);
}

Test(d2_config, what_d2_has_no_word_for_stands_beside_it)
{
    struct settings s = { .config = NULL };

    write_file("d2.conf", whole);
    write_file("keys.json", KEY);
    cr_assert_str_eq(verdict("{ \"comment\": \"x\", \"d2-config\": \"d2.conf\", "
                             "\"dns-server-timeout\": 5, \"ledger\": \"/l\" }",
                             &s),
                     "accepted");
    cr_expect_str_eq(s.ledger, "/l");
    settings_free(&s);
}

Test(d2_config, the_same_keyword_in_both_is_a_mistake)
{
    struct settings s = { .config = NULL };

    write_file("d2.conf", whole);
    write_file("keys.json", KEY);
    cr_expect_str_eq(verdict("{ \"d2-config\": \"d2.conf\", \"reverse-ddns\": {} }", &s),
                     "reverse-ddns: stands in the file of d2-config, too; give it once");
    cr_expect_str_eq(verdict("{ \"d2-config\": \"d2.conf\", \"port\": 1 }", &s),
                     "port: stands in the file of d2-config, too; give it once");
}

static const struct {
    const char *text, *message;
} mistakes[] = {
    { "# nothing\n", "d2-config: \"d2.conf\" is empty" },
    { "{}", "d2-config: the file has no DhcpDdns in it" },
    { "[]", "d2-config: the file has no DhcpDdns in it" },
    { "{ \"DhcpDdns\": 1 }", "d2-config: d2.conf: DhcpDdns: must be a map" },
    { "{\n\"DhcpDdns\" {} }", "d2-config: d2.conf:2: ':' expected" },
    { "{\n\"DhcpDdns\": {}\n", "d2-config: d2.conf:2: '}' expected" },
    { "{\n\"DhcpDdns\": {\n\"port\": 1,\n\"port\": 2 } }",
      "d2-config: d2.conf:4: duplicate object key" },
    { "{ \"DhcpDdns\": { \"tsig-keys\": [ { \"secret\"\n\"hunter2\" } ] } }",
      "d2-config: d2.conf:2: ':' expected" },
    { "{ \"DhcpDdns\": { \"nonsense\": 1 } }",
      "d2-config: d2.conf: nonsense: unknown keyword" },
    { "{ \"DhcpDdns\": { \"ledger\": \"x\" } }",
      "d2-config: d2.conf: ledger: unknown keyword" },
    { "{ \"DhcpDdns\": { \"d2-config\": \"d2.conf\" } }",
      "d2-config: d2.conf: d2-config: unknown keyword" },
    { "{ \"DhcpDdns\": { \"forward-ddns\": { \"ddns-domains\": [ " ZONE " ] } } }",
      "d2-config: d2.conf: forward-ddns.ddns-domains[0].key-name: \"k\": no such TSIG "
      "key" },
    { "{ \"DhcpDdns\": { \"hooks-libraries\": [ { \"library\": "
      "\"/usr/lib/kea/hooks/libddns_gss_tsig.so\" } ] } }",
      "d2-config: d2.conf: hooks-libraries[0].library: GSS-TSIG is not supported; "
      "updates "
      "are signed with TSIG (RFC 8945): give the zones a key-name, and tsig-keys" },
    { "<?include \"keys.json\"?>",
      "d2-config: d2.conf:1: cannot read \"keys.json\": No such file or directory" },
};

Test(d2_config, a_mistake_names_file_and_place)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        cr_expect_str_eq(verdict_of_file(mistakes[i].text), mistakes[i].message,
                         "%s -> %s", mistakes[i].text, verdict_of_file(mistakes[i].text));
    }
}

Test(d2_config, gss_tsig_is_a_mistake_among_pasted_parameters_too)
{
    struct settings s = { .config = NULL };
    const char *message = verdict(
        "{ \"hooks-libraries\": [ { \"library\": \"libddns_gss_tsig.so\" } ] }", &s);
    static const char begin[] = "hooks-libraries[0].library: GSS-TSIG is not supported";

    cr_expect_eq(strncmp(message, begin, strlen(begin)), 0, "%s", message);
    cr_expect_str_eq(
        verdict("{ \"hooks-libraries\": [ { \"library\": \"lib.so\" } ] }", &s),
        "accepted");
    settings_free(&s);
}

Test(d2_config, what_is_no_file_is_not_read)
{
    struct settings s = { .config = NULL };
    static const char parameters[] = "{ \"d2-config\": \"d2.conf\" }";

    cr_expect_str_eq(verdict(parameters, &s),
                     "d2-config: cannot read \"d2.conf\": No such file or directory");
    cr_assert_eq(mkdir("d2.conf", 0700), 0);
    cr_expect_str_eq(verdict(parameters, &s),
                     "d2-config: cannot read \"d2.conf\": not a regular file");
    cr_assert_eq(rmdir("d2.conf"), 0);
    cr_assert_eq(mkfifo("d2.conf", 0600), 0);
    cr_expect_str_eq(verdict(parameters, &s),
                     "d2-config: cannot read \"d2.conf\": not a regular file");
    cr_expect_str_eq(verdict("{ \"d2-config\": \"\" }", &s),
                     "d2-config: must not be empty");
    cr_expect_str_eq(verdict("{ \"d2-config\": 1 }", &s), "d2-config: must be a string");
}

Test(d2_config, a_huge_file_is_not_read)
{
    struct settings s = { .config = NULL };
    int fd = open("d2.conf", O_WRONLY | O_CREAT, 0600);

    cr_assert_geq(fd, 0);
    cr_assert_eq(ftruncate(fd, (off_t)1 << 40), 0);
    (void)close(fd);
    cr_expect_str_eq(verdict("{ \"d2-config\": \"d2.conf\" }", &s),
                     "d2-config: cannot read \"d2.conf\": too large for a configuration");
}

Test(d2_config, nesting_has_an_end)
{
    enum { DEPTH = 100000 };
    static char deep[DEPTH + 1];

    memset(deep, '[', DEPTH);
    cr_expect_str_eq(verdict_of_file(deep),
                     "d2-config: d2.conf:1: maximum parsing depth reached");
}

Test(d2_config, any_bytes_may_stand_in_a_text)
{
    cr_expect_str_eq(verdict_of_file("{ \"DhcpDdns\": { \"comment\": \"\xff\xc3\" } }"),
                     "accepted");
    cr_expect_str_eq(
        verdict_of_file("{ \"DhcpDdns\": { \"forward-ddns\": { \"ddns-domains\": [ { "
                        "\"name\": \"\xff..\" } ] } } }"),
        "d2-config: d2.conf: forward-ddns.ddns-domains[0].dns-servers: names no server");
}
