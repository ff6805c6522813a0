/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/arguments.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(arguments, .fini = no_leaks);

enum { WORDS_MAX = 24, TEXT_MAX = 512 };

/** A command line, in memory of its own as a process has it. */
struct line {
    char text[TEXT_MAX];
    char *argv[WORDS_MAX];
    int argc;
};

static void add_words(struct line *line, char *words)
{
    char *rest = NULL;

    for (char *word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        line->argv[line->argc++] = word;
    }
}

/** "dns-update", the words that are always needed if @p whole, then @p words. */
static ddns_error parse(struct line *line, bool whole, const char *words,
                        struct arguments *a, ddns_errbuf *errbuf)
{
    int len = snprintf(line->text, sizeof line->text, "dns-update %s %s",
                       whole ? "dns-server=127.0.0.1 name=mydomain zone=example.org "
                               "address=192.0.2.7"
                             : "",
                       words);

    cr_assert(len > 0 && (size_t)len < sizeof line->text);
    line->argc = 0;
    add_words(line, line->text);
    errbuf->text[0] = '\0';
    return arguments_parse(line->argc, line->argv, a, errbuf);
}

Test(arguments, have_defaults)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_assert_eq(parse(&line, true, "", &a, &errbuf), DDNS_OK, "%s", errbuf.text);
    cr_expect_str_eq(a.dns_server, "127.0.0.1");
    cr_expect_str_eq(a.name, "mydomain");
    cr_expect_str_eq(a.zone, "example.org");
    cr_expect_eq(a.address.len, 4);
    cr_expect_eq(a.ttl, 300);
    cr_expect_eq(a.port, 0);
    cr_expect_eq(a.transport, DDNS_TCP);
    cr_expect_eq(a.timeout_ms, 2000);
    cr_expect_eq(a.key_encoding, DDNS_SECRET_BASE64);
    cr_expect_not(a.ptr || a.json || a.help || a.version);
    cr_expect_null(a.key);
    cr_expect_null(a.key_file);
}

Test(arguments, may_all_be_given_in_any_order)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_assert_eq(
        parse(&line, false,
              "--json ttl=0 reverse-zone=2.0.192.in-addr.arpa ptr=yes timeout=0.25 "
              "transport=udp port=5353 key-encoding=text key-algorithm=hmac-md5 "
              "key=update== key-name=ddns address=2001:db8::7 zone=. name=@ "
              "dns-server=::1",
              &a, &errbuf),
        DDNS_OK, "%s", errbuf.text);
    cr_expect_eq(a.ttl, 0);
    cr_expect_str_eq(a.reverse_zone, "2.0.192.in-addr.arpa");
    cr_expect(a.ptr);
    cr_expect_eq(a.timeout_ms, 250);
    cr_expect_eq(a.transport, DDNS_UDP);
    cr_expect_eq(a.port, 5353);
    cr_expect_eq(a.key_encoding, DDNS_SECRET_TEXT);
    cr_expect_str_eq(a.key_algorithm, "hmac-md5");
    cr_expect_str_eq(a.key, "update==", "only the first = separates");
    cr_expect_str_eq(a.key_name, "ddns");
    cr_expect_eq(a.address.len, 16);
    cr_expect(a.json);
}

static const struct {
    const char *text;
    unsigned ms; /* 0: not accepted */
} timeouts[] = {
    { "1", 1000 },     { "60", 60000 }, { "60.000", 60000 }, { "0.001", 1 },
    { "2.5", 2500 },   { "0.05", 50 },  { "007", 7000 },     { "0", 0 },
    { "0.000", 0 },    { "60.001", 0 }, { "61", 0 },         { "1.", 0 },
    { ".5", 0 },       { "0.0001", 0 }, { "1e3", 0 },        { "-1", 0 },
    { "+1", 0 },       { "2s", 0 },     { "1.5.1", 0 },      { "1,5", 0 },
    { "99999999", 0 }, { "nan", 0 },
};

Test(arguments, take_a_timeout_in_seconds)
{
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        struct line line;
        struct arguments a;
        ddns_errbuf errbuf;
        char word[64];

        (void)snprintf(word, sizeof word, "timeout=%s", timeouts[i].text);
        if (timeouts[i].ms == 0) {
            cr_expect_eq(parse(&line, true, word, &a, &errbuf), DDNS_E_INVALID, "%s",
                         word);
            cr_expect_str_eq(errbuf.text,
                             "timeout: not a number of seconds from 0.001 to 60");
        } else {
            cr_expect_eq(parse(&line, true, word, &a, &errbuf), DDNS_OK, "%s", word);
            cr_expect_eq(a.timeout_ms, timeouts[i].ms, "%s", word);
        }
    }
}

static const struct {
    bool whole; /* after the parameters that are always needed */
    const char *words, *why;
} wrongs[] = {
    { false, "", "dns-server: is missing (see --help)" },
    { false, "dns-server=127.0.0.1 name=a zone=b", "address: is missing (see --help)" },
    { true, "name=again", "name: given twice" },
    { true, "nmae=a", "nmae: no such parameter (see --help)" },
    { true, "name", "name: not of the form parameter=value (see --help)" },
    { true, "--jsn", "--jsn: not of the form parameter=value (see --help)" },
    { true, "=x", "argument 5: no such parameter (see --help)" },
    { true, "ttl=", "ttl: has no value" },
    { true, "ttl=-1", "ttl: not a number from 0 to 2147483647" },
    { true, "ttl=2147483648", "ttl: not a number from 0 to 2147483647" },
    { true, "ttl=18446744073709551616", "ttl: not a number from 0 to 2147483647" },
    { true, "ttl=5m", "ttl: not a number from 0 to 2147483647" },
    { true, "port=0", "port: not a number from 1 to 65535" },
    { true, "port=65536", "port: not a number from 1 to 65535" },
    { true, "transport=tls", "transport: not tcp or udp" },
    { true, "ptr=true", "ptr: not yes or no" },
    { true, "reverse-zone=a", "reverse-zone: needs ptr=yes" },
    { true, "ptr=no reverse-zone=a", "reverse-zone: needs ptr=yes" },
    { true, "key=QUJD", "key-name: is missing; key needs it" },
    { true, "key-name=a", "key-name: needs key-file or key" },
    { true, "key-algorithm=hmac-md5", "key-algorithm: needs key-file or key" },
    { true, "key-file=a key=QUJD", "key: not together with key-file, which says it" },
    { true, "key-file=a key-algorithm=hmac-md5",
      "key-algorithm: not together with key-file, which says it" },
    { true, "key-name=a key=QUJD key-encoding=hex", "key-encoding: not base64 or text" },
    { false, "dns-server=ns.example.org",
      "dns-server: not an IPv4 or IPv6 address; host names are not looked up" },
    { false, "address=192.0.2.256", "address: not an IPv4 or IPv6 address" },
};

Test(arguments, that_are_wrong_are_named)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct line line;
        struct arguments a;
        ddns_errbuf errbuf;

        cr_expect_eq(parse(&line, wrongs[i].whole, wrongs[i].words, &a, &errbuf),
                     DDNS_E_INVALID, "%s", wrongs[i].words);
        cr_expect_str_eq(errbuf.text, wrongs[i].why, "%s", wrongs[i].words);
    }
}

/* A blank after "key=" makes the secret an argument of its own. */
Test(arguments, that_may_be_a_secret_are_not_repeated)
{
    static const char *const misplaced[] = {
        "U0VDUkVU==",
        "U0VDUkVU",
        "secret1=",
        "Key=U0VDUkVU",
        "key:U0VDUkVU",
        "\"key=U0VDUkVU\"",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
    };

    for (size_t i = 0; i < sizeof misplaced / sizeof *misplaced; i++) {
        struct line line;
        struct arguments a;
        ddns_errbuf errbuf;

        cr_expect_eq(parse(&line, true, misplaced[i], &a, &errbuf), DDNS_E_INVALID);
        cr_expect_eq(strncmp(errbuf.text, "argument 5: ", 12), 0, "%s", errbuf.text);
    }
}

Test(arguments, ask_for_json_even_when_something_before_is_wrong)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_expect_eq(parse(&line, false, "nmae=a --json", &a, &errbuf), DDNS_E_INVALID);
    cr_expect(a.json);
}

Test(arguments, may_only_ask_for_help)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_expect_eq(parse(&line, false, "--help", &a, &errbuf), DDNS_OK);
    cr_expect(a.help);
    cr_expect_eq(parse(&line, false, "nmae=a --version", &a, &errbuf), DDNS_OK);
    cr_expect(a.version);
}

Test(arguments, lose_their_secret_when_wiped)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_assert_eq(parse(&line, true, "key-name=a key=U0VDUkVU", &a, &errbuf), DDNS_OK);
    arguments_wipe(&a);
    cr_expect_null(a.key);
    cr_expect_str_eq(line.argv[line.argc - 1], "key=");
    cr_expect_null(memmem(line.text, sizeof line.text, "U0VDUkVU", 8));
    arguments_wipe(&a);
}

/* ---- audit ------------------------------------------------------------------ */

Test(arguments, of_audit_are_its_own)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_assert_eq(
        parse(&line, false,
              "audit ledger=/a/b zone=example.org dns-server=::1 subnet=10.0.0.0/8 "
              "reverse-zone=10.in-addr.arpa --json key-file=k timeout=5 port=54",
              &a, &errbuf),
        DDNS_OK, "%s", errbuf.text);
    cr_expect_eq(a.command, COMMAND_AUDIT);
    cr_expect_str_eq(a.ledger, "/a/b");
    cr_expect_str_eq(a.subnet, "10.0.0.0/8");
    cr_expect_str_eq(a.reverse_zone, "10.in-addr.arpa");
    cr_expect_eq(a.port, 54);
    cr_expect(a.json);
    cr_assert_eq(parse(&line, true, "", &a, &errbuf), DDNS_OK);
    cr_expect_eq(a.command, COMMAND_ASSOCIATE);
}

static const struct {
    const char *words;
    const char *why;
} wrong_for_audit[] = {
    { "audit zone=a dns-server=::1", "ledger: is missing (see --help)" },
    { "audit ledger=a dns-server=::1", "zone: is missing (see --help)" },
    { "audit ledger=a zone=a", "dns-server: is missing (see --help)" },
    { "audit address=::1", "address: means nothing to audit (see --help)" },
    { "audit transport=udp", "transport: means nothing to audit (see --help)" },
    { "audit ttl=0", "ttl: means nothing to audit (see --help)" },
    { "zone=a audit", "audit: not of the form parameter=value (see --help)" },
    { "ledger=a", "ledger: is for audit (see --help)" },
    { "audit audit", "audit: not of the form parameter=value (see --help)" },
    { "audit subnet=", "subnet: has no value" },
};

Test(arguments, that_are_wrong_for_a_command_are_named)
{
    for (size_t i = 0; i < sizeof wrong_for_audit / sizeof *wrong_for_audit; i++) {
        struct line line;
        struct arguments a;
        ddns_errbuf errbuf;

        cr_expect_eq(parse(&line, false, wrong_for_audit[i].words, &a, &errbuf),
                     DDNS_E_INVALID, "%s", wrong_for_audit[i].words);
        cr_expect_str_eq(errbuf.text, wrong_for_audit[i].why, "%s",
                         wrong_for_audit[i].words);
    }
}

/* ---- check-config ------------------------------------------------------------ */

Test(arguments, of_check_config_are_a_file_and_options)
{
    struct line line;
    struct arguments a;
    ddns_errbuf errbuf;

    cr_assert_eq(parse(&line, false, "check-config /a=b --json", &a, &errbuf), DDNS_OK,
                 "%s", errbuf.text);
    cr_expect_eq(a.command, COMMAND_CHECK_CONFIG);
    cr_expect_str_eq(a.file, "/a=b");
    cr_expect(a.json);
    cr_expect_not(a.probe);
    cr_assert_eq(parse(&line, false, "check-config --probe f", &a, &errbuf), DDNS_OK);
    cr_expect_str_eq(a.file, "f");
    cr_expect(a.probe);
}

static const struct {
    const char *words;
    const char *why;
} wrong_for_check_config[] = {
    { "check-config", "check-config: needs a file (see --help)" },
    { "check-config --probe", "check-config: needs a file (see --help)" },
    { "check-config a b", "b: not of the form parameter=value (see --help)" },
    { "check-config a zone=b", "zone: means nothing to check-config (see --help)" },
    { "audit --probe ledger=a dns-server=::1 zone=b",
      "--probe: is for check-config (see --help)" },
    { "check-config=f", "check-config: no such parameter (see --help)" },
};

Test(arguments, that_are_wrong_for_check_config_are_named)
{
    for (size_t i = 0; i < sizeof wrong_for_check_config / sizeof *wrong_for_check_config;
         i++) {
        struct line line;
        struct arguments a;
        ddns_errbuf errbuf;

        cr_expect_eq(parse(&line, false, wrong_for_check_config[i].words, &a, &errbuf),
                     DDNS_E_INVALID, "%s", wrong_for_check_config[i].words);
        cr_expect_str_eq(errbuf.text, wrong_for_check_config[i].why, "%s",
                         wrong_for_check_config[i].words);
    }
}
