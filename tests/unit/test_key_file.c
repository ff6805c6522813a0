/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/key_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(key_file, .fini = no_leaks);

/* ---- files as they are found -------------------------------------------- */

static const struct {
    const char *path, *name, *algorithm, *secret;
} files[] = {
    { VECTORS "/key-tsig-keygen.txt", "ddns-key", "hmac-sha512",
      "hqocnWB6yNbjVu01LdyH2oWVUCV0u4n6J7UCrg4285FGzbENk10BlbMArK1p1VWz0CI1owvA2v3XXVaz"
      "E8p8IQ==" },
    { VECTORS "/key-ddns-confgen.txt", "ddns-key.example.org", "hmac-sha256",
      "uwebXd/Sz+W+DRQHfy3D4+P2ADJMKHYP3+4WL+NbFjQ=" },
    { VECTORS "/key-rndc-confgen.txt", "rndc-key", "hmac-sha256",
      "hhJiLr2k4o2XV+EyXm9FggF3SAGHohVKf+YB38ciZwI=" },
};

Test(key_file, is_read_as_binds_tools_write_it)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct key key;
        ddns_errbuf errbuf = { "" };

        cr_assert_eq(key_file_read(files[i].path, NULL, &key, &errbuf), DDNS_OK, "%s: %s",
                     files[i].path, errbuf.text);
        cr_expect_str_eq(key.name, files[i].name);
        cr_expect_str_eq(key.algorithm, files[i].algorithm);
        cr_expect_str_eq(key.secret, files[i].secret);
    }
}

Test(key_file, that_cannot_be_read_says_why)
{
    struct key key;
    ddns_errbuf errbuf;

    cr_expect_eq(key_file_read("/nonexistent/key", NULL, &key, &errbuf), DDNS_E_INVALID);
    cr_expect_str_eq(errbuf.text, "No such file or directory");
    cr_expect_eq(key_file_read("/", NULL, &key, &errbuf), DDNS_E_INVALID);
    cr_expect_str_eq(errbuf.text, "Is a directory");
    cr_expect_eq(key_file_read("/dev/zero", NULL, &key, &errbuf), DDNS_E_INVALID);
    cr_expect_str_eq(errbuf.text, "too long for a key file");
}

/* ---- the syntax --------------------------------------------------------- */

#define BODY "{ algorithm hmac-sha1; secret \"c2VjcmV0\"; };"

static const struct {
    const char *label, *text, *wanted, *name;
} good[] = {
    { "quoted", "key \"a\" " BODY, NULL, "a" },
    { "unquoted", "key a.example. " BODY, NULL, "a.example." },
    { "on one line without blanks",
      "key\"a\"{secret\"c2VjcmV0\";algorithm\"hmac-sha1\";};", NULL, "a" },
    { "comments of all kinds",
      "# key b\n// key c\n/* key d\n*/key/**/a{#}\nalgorithm//;\nhmac-sha1;"
      "secret \"c2VjcmV0\";};",
      NULL, "a" },
    { "no comment inside quotes", "key \"a#b\" " BODY, NULL, "a#b" },
    { "carriage returns",
      "key a {\r\nalgorithm hmac-sha1;\r\nsecret \"c2VjcmV0\";\r\n};\r\n", NULL, "a" },
    { "one of several", "key a " BODY "key b " BODY "key c " BODY, "b", "b" },
    { "case and final dot do not matter", "key Ab.Cd. " BODY "key b " BODY, "aB.cD",
      "Ab.Cd." },
    { "other statements",
      "options { directory \"/\"; x { y; }; }; key a " BODY " zone z;", NULL, "a" },
};

Test(key_file, holds_a_key_in_binds_syntax)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct key key;
        ddns_errbuf errbuf = { "" };
        ddns_error error = key_file_parse(good[i].text, strlen(good[i].text),
                                          good[i].wanted, &key, &errbuf);

        cr_assert_eq(error, DDNS_OK, "%s: %s", good[i].label, errbuf.text);
        cr_expect_str_eq(key.name, good[i].name, "%s", good[i].label);
        cr_expect_str_eq(key.algorithm, "hmac-sha1", "%s", good[i].label);
        cr_expect_str_eq(key.secret, "c2VjcmV0", "%s", good[i].label);
    }
}

static const struct {
    const char *text, *wanted;
    ddns_error error;
    const char *why;
} bad[] = {
    { "", NULL, DDNS_E_NO_KEY, "holds no key" },
    { "# nothing", NULL, DDNS_E_NO_KEY, "holds no key" },
    { "key a " BODY, "b", DDNS_E_NO_KEY, "holds no key of that name" },
    { "key a " BODY "key b " BODY, NULL, DDNS_E_NO_KEY,
      "holds several keys; say which with key-name" },
    { "key a " BODY "key A. " BODY, "a", DDNS_E_NO_KEY, "holds that key twice" },
    { "key { };", NULL, DDNS_E_INVALID, "line 1: expected the key's name" },
    { "key \"\" " BODY, NULL, DDNS_E_INVALID, "line 1: value is empty or too long" },
    { "key\na\n;", NULL, DDNS_E_INVALID, "line 3: expected { after the key's name" },
    { "key a { };", NULL, DDNS_E_INVALID, "line 1: a key needs algorithm and secret" },
    { "key a {\nsecret SECRET;\n};", NULL, DDNS_E_INVALID,
      "line 3: a key needs algorithm and secret" },
    { "key a { secret SECRET; secret SECRET; };", NULL, DDNS_E_INVALID,
      "line 1: algorithm or secret given twice" },
    { "key a { algorithm; };", NULL, DDNS_E_INVALID, "line 1: expected a value" },
    { "key a { secret SECRET }", NULL, DDNS_E_INVALID,
      "line 1: expected ; after the value" },
    { "key a { SECRET; };", NULL, DDNS_E_INVALID,
      "line 1: expected algorithm, secret or }" },
    { "key a { algorithm b; secret SECRET; }", NULL, DDNS_E_INVALID,
      "line 1: expected ; after }" },
    { "key a {\nsecret \"SECRET\n\";", NULL, DDNS_E_INVALID,
      "line 2: string without its closing quote" },
    { "key a " BODY "\n/* SECRET", NULL, DDNS_E_INVALID,
      "line 2: comment without an end" },
    { "};", NULL, DDNS_E_INVALID, "line 1: expected a statement" },
    { "zone {\n{\n};", NULL, DDNS_E_INVALID, "line 3: braces do not match" },
    { "zone };", NULL, DDNS_E_INVALID, "line 1: braces do not match" },
};

Test(key_file, that_is_malformed_says_where_and_never_what_is_secret)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct key key;
        ddns_errbuf errbuf = { "" };

        cr_expect_eq(key_file_parse(bad[i].text, strlen(bad[i].text), bad[i].wanted, &key,
                                    &errbuf),
                     bad[i].error, "%s", bad[i].text);
        cr_expect_str_eq(errbuf.text, bad[i].why, "%s", bad[i].text);
        cr_expect_null(strstr(errbuf.text, "SECRET"), "%s", bad[i].text);
    }
}

Test(key_file, cut_anywhere_is_no_key)
{
    static const char text[] = "key \"a\" " BODY;

    for (size_t len = 0; len < sizeof text - 1; len++) {
        struct key key;
        ddns_errbuf errbuf;

        cr_expect_neq(key_file_parse(text, len, NULL, &key, &errbuf), DDNS_OK, "%zu",
                      len);
    }
}

Test(key_file, bounds_what_it_copies)
{
    static char text[8192];

    for (size_t len = KEY_SECRET_MAX - 1; len <= KEY_SECRET_MAX; len++) {
        struct key key;
        ddns_errbuf errbuf;
        int used = snprintf(text, sizeof text, "key a { algorithm b; secret \"%0*d\"; };",
                            (int)len, 0);

        cr_expect_eq(key_file_parse(text, (size_t)used, NULL, &key, &errbuf),
                     len < KEY_SECRET_MAX ? DDNS_OK : DDNS_E_INVALID, "%zu", len);
    }
    cr_expect_neq(key_file_parse("key \"a\0b\" " BODY, 9 + sizeof BODY, NULL,
                                 &(struct key){ .name = "" }, &(ddns_errbuf){ "" }),
                  DDNS_OK, "a NUL is no part of a name");
}

Test(key_file, leaves_nothing_of_a_wiped_key)
{
    struct key key, zero;

    memset(&key, 0x55, sizeof key);
    memset(&zero, 0, sizeof zero);
    key_wipe(&key);
    cr_expect_arr_eq(&key, &zero, sizeof key);
}
