/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/dialect.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(dialect, .fini = no_leaks);

/** Files that can be included, by name. */
static const struct {
    const char *name, *text;
} files[] = {
    { "one", "1 # the first" },
    { "empty", "" },
    { "blank", " \n\n" },
    { "list", "[ <?include \"one\"?>, <?include \"one\"?> ]" },
    { "itself", "<?include \"itself\"?>" },
    { "open-comment", "\n/* no end" },
    { "mistake", "\n\n\n  \"x" },
};

static const char *read_file(void *user, const char *name, size_t max, struct text *out)
{
    const char *text = strcmp(name, "main") == 0 ? user : NULL;
    char below[64];

    if (strncmp(name, "deep-", 5) == 0) { /* each includes the one before */
        (void)snprintf(below, sizeof below, "<?include \"deep-%02ld\"?>",
                       (strtol(name + 5, NULL, 10) + 99) % 100);
        text = strcmp(name, "deep-00") == 0 ? "7" : below;
    }

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        text = strcmp(name, files[i].name) == 0 ? files[i].text : text;
    }
    if (text == NULL) {
        return "No such file or directory";
    }
    out->len = strlen(text);
    out->bytes = strdup(text);
    return out->len > max ? "too large for a configuration" : NULL;
}

/** What comes out without the blanks, or the error. */
static const char *plain(const char *text)
{
    static char result[SETTINGS_WHAT_MAX];
    struct plain_text out;
    char what[SETTINGS_WHAT_MAX] = "";

    if (dialect_read("main", read_file, (void *)text, &out, what)) {
        size_t len = 0;

        for (size_t i = 0; i < out.len; i++) {
            if (out.bytes[i] != ' ') {
                result[len++] = out.bytes[i];
            }
        }
        result[len] = '\0';
    } else {
        memcpy(result, what, sizeof result);
    }
    plain_free(&out);
    return result;
}

static const struct {
    const char *text, *plain;
} good[] = {
    { "", "" },
    { "{ \"a\": [ 1, true, null, -2.5e3 ] }", "{\"a\":[1,true,null,-2.5e3]}" },
    { "# c\n1 // d\n/* e\n f */, 2 /**/", "1,2" },
    { "\"#\" \"//\" \"/*\" \"<?\"", "\"#\"\"//\"\"/*\"\"<?\"" },
    { "{ \"a\": 1, }", "{\"a\":1}" },
    { "[ 1,, 2 ,\n,# c\n, ]", "[1,2]" },
    { "[ {}, [], ]", "[{},[]]" },
    { "[ , 1 ]", "[,1]" }, /* wrong in Kea, too */
    { "{ \"a\": , }", "{\"a\":,}" },
    { "1,", "1," },
    { "[ 053, -007, 0, 00, -0, 0.5 ]", "[53,-7,0,0,-0,0.5]" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"" },
    { "\"\xc3\xa9\xff\"", "\"\\u00c3\\u00a9\\u00ff\"" },
    { "<?include \"one\"?>", "1" },
    { "<? include\n \"one\"\t?>2", "12" },
    { "[ <?include \"list\"?>, 2 ]", "[[1,1],2]" },
    { "[ 1, <?include \"empty\"?> ]", "[1]" },
    { "[ 1, <?include \"blank\"?> 2 ]", "[1,2]" },
    { "# <?include \"nothing\"?>\n3", "3" },
};

Test(dialect, becomes_plain_json)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect_str_eq(plain(good[i].text), good[i].plain, "%s -> %s", good[i].text,
                         plain(good[i].text));
    }
}

static const struct {
    const char *text, *message;
} bad[] = {
    { "\n/* x\n\n", "main:2: this comment has no end" },
    { "/", "main:1: a character that has no meaning here" },
    { "\n*", "main:2: a character that has no meaning here" },
    { "\"x", "main:1: a string does not end on its line" },
    { "\"x\ny\"", "main:1: a string does not end on its line" },
    { "\"\t\"", "main:1: a control character in a string" },
    { "\"\\x\"", "main:1: no such escape in a string" },
    { "\"\\", "main:1: no such escape in a string" },
    { "\"\\u00e\"", "main:1: no such escape in a string" },
    { "\"\\u0100\"",
      "main:1: an escape in a string is above \\u00ff, which Kea does not take" },
    { "<?xml?>", "main:1: expected include after <?" },
    { "<?", "main:1: expected include after <?" },
    { "<?include one?>", "main:1: expected the name of a file after include" },
    { "<?include \"\"?>",
      "main:1: the name of an included file has no end, or is empty or too long" },
    { "<?include \"one\n\"?>",
      "main:1: the name of an included file has no end, or is empty or too long" },
    { "\n<?include \"one\"\n>",
      "main:3: expected ?> after the name of the included file" },
    { "<?include \"one\"", "main:1: expected ?> after the name of the included file" },
    { "\n<?include \"none\"?>",
      "main:2: cannot read \"none\": No such file or directory" },
    { "<?include \"mistake\"?>", "mistake:4: a string does not end on its line" },
    { "<?include \"open-comment\"?> */", "open-comment:2: this comment has no end" },
    { "<?include \"itself\"?>", "itself:1: files are included more than 11 deep" },
};

Test(dialect, names_the_line_of_a_mistake)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_str_eq(plain(bad[i].text), bad[i].message, "%s -> %s", bad[i].text,
                         plain(bad[i].text));
    }
}

Test(dialect, includes_as_deep_as_kea_does)
{
    cr_expect_str_eq(plain("<?include \"deep-10\"?>"), "7");
    cr_expect_str_eq(plain("<?include \"deep-11\"?>"),
                     "deep-01:1: files are included more than 11 deep");
}

Test(dialect, does_not_show_what_stands_there)
{
    cr_expect_null(strstr(plain("{ \"secret\": \"hunter2"), "hunter2"));
    cr_expect_null(strstr(plain("{ \"secret\": \"hunter2\\q\""), "hunter2"));
    cr_expect_null(strstr(plain("{ \"secret\": ~hunter2 }"), "hunter2"));
}

Test(dialect, the_first_file_may_be_missing)
{
    struct plain_text out;
    char what[SETTINGS_WHAT_MAX];

    cr_expect_not(dialect_read("nothing", read_file, NULL, &out, what));
    cr_expect_str_eq(what, "cannot read \"nothing\": No such file or directory");
    plain_free(&out);
}

Test(dialect, has_an_end_however_often_files_are_included)
{
    enum { TIMES = 5000 };
    static const char include[] = "<?include \"empty\"?>";
    static char text[TIMES * sizeof include];

    for (size_t i = 0; i < TIMES; i++) {
        memcpy(text + i * (sizeof include - 1), include, sizeof include);
    }
    cr_expect_str_eq(plain(text),
                     "main:1: cannot read \"empty\": too large for a configuration");
}

Test(dialect, knows_the_line_that_each_part_is_from)
{
    struct plain_text out;
    char what[SETTINGS_WHAT_MAX];
    const struct plain_line *line;

    cr_assert(dialect_read("main", read_file, (void *)"[\n<?include \"list\"?>,\n2 ]",
                           &out, what));
    line = plain_line_of(&out, out.len);
    cr_assert_not_null(line);
    cr_expect_str_eq(out.files[line->file], "main");
    cr_expect_eq(line->line, 3);
    line = plain_line_of(&out, sizeof " [ [ 1" - 1);
    cr_assert_not_null(line);
    cr_expect_str_eq(out.files[line->file], "one");
    cr_expect_eq(line->line, 1);
    cr_expect_null(plain_line_of(&out, 0));
    plain_free(&out);
}
