/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/dialect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "settings/printable.h"

/** A file that is being read. */
struct source {
    struct text text;
    size_t at;
    unsigned line;
    size_t file; /**< number in the plain text */
};

struct reader {
    struct source open[DIALECT_DEPTH_MAX + 1]; /**< each included by the one before */
    size_t depth;                              /**< how many of these are open */
    size_t budget;                             /**< bytes that may still be read */
    dialect_read_fn *read;
    void *user;
    struct plain_text *out;
    char last;  /**< first character of the last token; 0 at the start */
    bool comma; /**< one was read behind it, and is written if a value follows */
    char *what;
};

/* ---- errors --------------------------------------------------------------- */

static struct source *top_of(struct reader *r)
{
    return &r->open[r->depth - 1];
}

__attribute__((format(printf, 2, 3))) static bool fail(struct reader *r,
                                                       const char *format, ...)
{
    const struct source *s = top_of(r);
    const char *file = r->out->files[s->file];
    char shown[PRINTABLE_MAX];
    va_list arguments;
    size_t len;

    (void)snprintf(r->what, SETTINGS_WHAT_MAX,
                   "%s:%u: ", printable_text(file, strlen(file), shown), s->line);
    len = strlen(r->what);
    va_start(arguments, format);
    (void)vsnprintf(r->what + len, SETTINGS_WHAT_MAX - len, format, arguments);
    va_end(arguments);
    return false;
}

static bool no_memory(struct reader *r)
{
    (void)snprintf(r->what, SETTINGS_WHAT_MAX, "out of memory");
    return false;
}

/* ---- reading -------------------------------------------------------------- */

static bool at_end(const struct source *s)
{
    return s->at == s->text.len;
}

static bool looking_at(const struct source *s, const char *word)
{
    size_t len = strlen(word);

    return s->text.len - s->at >= len && memcmp(s->text.bytes + s->at, word, len) == 0;
}

static char peek(const struct source *s)
{
    return s->text.bytes[s->at];
}

static void skip_blanks(struct source *s)
{
    while (!at_end(s) && peek(s) != '\0' && strchr(" \t\r\n", peek(s)) != NULL) {
        s->line += peek(s) == '\n' ? 1 : 0;
        s->at++;
    }
}

static void skip_line(struct source *s)
{
    while (!at_end(s) && peek(s) != '\n') {
        s->at++;
    }
}

static bool skip_long_comment(struct reader *r)
{
    struct source *s = top_of(r);
    unsigned begin = s->line;

    s->at += strlen("/*");
    while (!at_end(s) && !looking_at(s, "*/")) {
        s->line += peek(s) == '\n' ? 1 : 0;
        s->at++;
    }
    if (at_end(s)) {
        s->line = begin;
        return fail(r, "this comment has no end");
    }
    s->at += strlen("*/");
    return true;
}

/* ---- writing -------------------------------------------------------------- */

static bool put(struct reader *r, const char *bytes, size_t len)
{
    return plain_put(r->out, bytes, len) || no_memory(r);
}

/**
 * Before a token that begins with @p first: write the comma that separates it from the
 * one before, if there was one.  Kea takes more than one, and one behind the last value.
 */
static bool begin_token(struct reader *r, char first)
{
    const struct source *s = top_of(r);
    bool needed = r->comma && first != '}' && first != ']';

    r->comma = false;
    r->last = first;
    return (!needed || put(r, ",", 1)) &&
           (plain_set_line(r->out, s->file, s->line) || no_memory(r)) &&
           put(r, " ", 1); /* tokens of two files do not become one */
}

static bool take_comma(struct reader *r)
{
    top_of(r)->at++;
    if (r->last == '\0' || strchr("{[:", r->last) != NULL) {
        return begin_token(r, ',') && put(r, ",", 1); /* nothing is before it: wrong */
    }
    r->comma = true;
    return true;
}

static bool take_mark(struct reader *r)
{
    struct source *s = top_of(r);
    char mark = s->text.bytes[s->at++];

    return begin_token(r, mark) && put(r, &mark, 1);
}

/** A number, or a word such as true. */
static bool take_word(struct reader *r, size_t len)
{
    struct source *s = top_of(r);
    const char *word = s->text.bytes + s->at;
    size_t sign = *word == '-' ? 1 : 0;
    size_t zeros = sign;

    if (!begin_token(r, *word)) {
        return false;
    }
    s->at += len;
    while (zeros + 1 < len && word[zeros] == '0' && word[zeros + 1] >= '0' &&
           word[zeros + 1] <= '9') {
        zeros++;
    }
    return put(r, word, sign) && put(r, word + zeros, len - zeros);
}

/* ---- strings -------------------------------------------------------------- */

/** The escape at the backslash that is next, or what is wrong with it. */
static const char *check_escape(const struct source *s, size_t *out_len)
{
    static const char hexadecimal[] = "0123456789abcdefABCDEF";
    const char *escape = s->text.bytes + s->at;
    size_t left = s->text.len - s->at;

    *out_len = 2;
    if (left > 1 && escape[1] != '\0' && strchr("\"\\/bfnrt", escape[1]) != NULL) {
        return NULL;
    }
    if (left < 6 || escape[1] != 'u' || strspn(escape + 2, hexadecimal) < 4) {
        return "no such escape in a string";
    }
    *out_len = 6;
    return escape[2] == '0' && escape[3] == '0'
               ? NULL
               : "an escape in a string is above \\u00ff, which Kea does not take";
}

static bool take_escape(struct reader *r)
{
    struct source *s = top_of(r);
    size_t len;
    const char *why = check_escape(s, &len);

    if (why != NULL) {
        return fail(r, "%s", why);
    }
    s->at += len;
    return put(r, s->text.bytes + s->at - len, len);
}

static bool take_string_character(struct reader *r)
{
    struct source *s = top_of(r);
    unsigned char byte = (unsigned char)peek(s);
    char escape[sizeof "\\u00ff"];

    if (byte == '\\') {
        return take_escape(r);
    }
    if (byte < 0x20) {
        return fail(r, byte == '\n' ? "a string does not end on its line"
                                    : "a control character in a string");
    }
    s->at++;
    if (byte < 0x80) {
        return put(r, s->text.bytes + s->at - 1, 1);
    }
    (void)snprintf(escape, sizeof escape, "\\u%04x", byte);
    return put(r, escape, sizeof escape - 1);
}

static bool take_string(struct reader *r)
{
    struct source *s = top_of(r);

    if (!begin_token(r, '"') || !put(r, "\"", 1)) {
        return false;
    }
    s->at++;
    while (!at_end(s) && peek(s) != '"') {
        if (!take_string_character(r)) {
            return false;
        }
    }
    if (at_end(s)) {
        return fail(r, "a string does not end on its line");
    }
    s->at++;
    return put(r, "\"", 1);
}

/* ---- files ---------------------------------------------------------------- */

static bool is_worth(size_t *budget, size_t cost)
{
    bool enough = cost <= *budget;

    *budget -= enough ? cost : *budget;
    return enough;
}

/** Open the file @p name in place of what follows in the one that is read now. */
static bool open_file(struct reader *r, const char *name)
{
    struct source next = { .line = 1, .file = r->out->file_count };
    char shown[PRINTABLE_MAX];
    const char *why;

    (void)printable_text(name, strlen(name), shown);
    if (r->depth > DIALECT_DEPTH_MAX) {
        return fail(r, "files are included more than %d deep", DIALECT_DEPTH_MAX);
    }
    why = r->read(r->user, name, r->budget, &next.text);
    if (why == NULL && (!is_worth(&r->budget, next.text.len) ||
                        !is_worth(&r->budget, DIALECT_INCLUDE_COST))) {
        text_wipe(&next.text);
        why = "too large for a configuration";
    }
    if (why != NULL && r->depth > 0) {
        return fail(r, "cannot read \"%s\": %s", shown, why);
    }
    if (why != NULL) {
        (void)snprintf(r->what, SETTINGS_WHAT_MAX, "cannot read \"%s\": %s", shown, why);
        return false;
    }
    r->open[r->depth++] = next;
    return plain_add_file(r->out, name) || no_memory(r);
}

/** What is behind "<?": include "name", and the file itself comes first. */
static bool take_directive(struct reader *r)
{
    struct source *s = top_of(r);
    char name[4096];
    size_t len;

    s->at += strlen("<?");
    skip_blanks(s);
    if (!looking_at(s, "include")) {
        return fail(r, "expected include after <?");
    }
    s->at += strlen("include");
    skip_blanks(s);
    if (!looking_at(s, "\"")) {
        return fail(r, "expected the name of a file after include");
    }
    s->at++;
    len = strcspn(s->text.bytes + s->at, "\"\n");
    if (len == 0 || len >= sizeof name || s->text.bytes[s->at + len] != '"') {
        return fail(r,
                    "the name of an included file has no end, or is empty or too long");
    }
    memcpy(name, s->text.bytes + s->at, len);
    name[len] = '\0';
    s->at += len + 1;
    return open_file(r, name);
}

/** The end of an included file: go on behind "?>" in the one that it is in. */
static bool close_file(struct reader *r)
{
    struct source *s;

    text_wipe(&top_of(r)->text);
    r->depth--;
    s = top_of(r);
    skip_blanks(s);
    if (!looking_at(s, "?>")) {
        return fail(r, "expected ?> after the name of the included file");
    }
    s->at += strlen("?>");
    return true;
}

/* ---- the whole ------------------------------------------------------------ */

static bool take_token(struct reader *r)
{
    static const char of_words[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789+-.";
    struct source *s = top_of(r);
    char next = peek(s);
    size_t len = strspn(s->text.bytes + s->at, of_words);

    if (len > 0) {
        return take_word(r, len);
    }
    if (next == '"') {
        return take_string(r);
    }
    if (next == ',') {
        return take_comma(r);
    }
    if (next != '\0' && strchr("{}[]:", next) != NULL) {
        return take_mark(r);
    }
    return fail(r, "a character that has no meaning here");
}

static bool take_next(struct reader *r)
{
    struct source *s = top_of(r);

    if (at_end(s)) {
        return close_file(r);
    }
    if (peek(s) == '#' || looking_at(s, "//")) {
        skip_line(s);
        return true;
    }
    if (looking_at(s, "/*")) {
        return skip_long_comment(r);
    }
    return looking_at(s, "<?") ? take_directive(r) : take_token(r);
}

bool dialect_read(const char *name, dialect_read_fn *read, void *user,
                  struct plain_text *out_text, char *what)
{
    struct reader r = { .budget = DIALECT_BYTES_MAX,
                        .read = read,
                        .user = user,
                        .out = out_text,
                        .what = what };
    bool good;

    *out_text = (struct plain_text){ NULL };
    good = open_file(&r, name);
    while (good) {
        skip_blanks(top_of(&r));
        if (r.depth == 1 && at_end(top_of(&r))) {
            break;
        }
        good = take_next(&r);
    }
    good = good && (!r.comma || put(&r, ",", 1));
    while (r.depth > 0) {
        text_wipe(&top_of(&r)->text);
        r.depth--;
    }
    return good;
}
