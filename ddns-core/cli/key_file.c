/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ---- tokens ------------------------------------------------------------- */

enum token_kind { END, WORD, OPEN, CLOSE, SEMICOLON, BAD };

/** A piece of the file; quotes of a WORD are left out. */
struct token {
    enum token_kind kind;
    const char *text;
    size_t len;
};

struct lexer {
    const char *text;
    size_t len;
    size_t pos;
    unsigned line;
    const char *problem; /**< why the last token was BAD */
};

static bool at(const struct lexer *lx, const char *what)
{
    size_t len = strlen(what);

    return lx->len - lx->pos >= len && memcmp(lx->text + lx->pos, what, len) == 0;
}

static void advance(struct lexer *lx)
{
    if (lx->text[lx->pos] == '\n') {
        lx->line++;
    }
    lx->pos++;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_line(struct lexer *lx)
{
    while (lx->pos < lx->len && lx->text[lx->pos] != '\n') {
        lx->pos++;
    }
}

static bool skip_comment(struct lexer *lx)
{
    lx->pos += 2;
    while (lx->pos < lx->len && !at(lx, "*/")) {
        advance(lx);
    }
    if (lx->pos == lx->len) {
        lx->problem = "comment without an end";
        return false;
    }
    lx->pos += 2;
    return true;
}

/** Skip white space and comments; false when a comment does not end. */
static bool skip_blank(struct lexer *lx)
{
    while (lx->pos < lx->len) {
        if (is_space(lx->text[lx->pos])) {
            advance(lx);
        } else if (at(lx, "#") || at(lx, "//")) {
            skip_line(lx);
        } else if (at(lx, "/*")) {
            if (!skip_comment(lx)) {
                return false;
            }
        } else {
            return true;
        }
    }
    return true;
}

static struct token quoted(struct lexer *lx)
{
    struct token token = { .kind = WORD, .text = lx->text + ++lx->pos };

    while (lx->pos < lx->len && lx->text[lx->pos] != '"' && lx->text[lx->pos] != '\n') {
        lx->pos++;
        token.len++;
    }
    if (lx->pos == lx->len || lx->text[lx->pos] != '"') {
        lx->problem = "string without its closing quote";
        return (struct token){ .kind = BAD };
    }
    lx->pos++;
    return token;
}

static bool ends_word(const struct lexer *lx)
{
    /* memchr(), because strchr() would also find the closing NUL. */
    return memchr(" \t\r\n{};\"#", lx->text[lx->pos], 9) != NULL || at(lx, "//") ||
           at(lx, "/*");
}

static struct token word(struct lexer *lx)
{
    struct token token = { .kind = WORD, .text = lx->text + lx->pos };

    while (lx->pos < lx->len && !ends_word(lx)) {
        lx->pos++;
        token.len++;
    }
    return token;
}

static struct token next(struct lexer *lx)
{
    if (!skip_blank(lx)) {
        return (struct token){ .kind = BAD };
    }
    if (lx->pos == lx->len) {
        return (struct token){ .kind = END };
    }
    switch (lx->text[lx->pos]) {
    case '{':
        lx->pos++;
        return (struct token){ .kind = OPEN };
    case '}':
        lx->pos++;
        return (struct token){ .kind = CLOSE };
    case ';':
        lx->pos++;
        return (struct token){ .kind = SEMICOLON };
    case '"':
        return quoted(lx);
    default:
        return word(lx);
    }
}

static bool is_word(const struct token *token, const char *text)
{
    return token->kind == WORD && token->len == strlen(text) &&
           memcmp(token->text, text, token->len) == 0;
}

/* ---- statements --------------------------------------------------------- */

/* Sentences without a line number, for what the file as a whole lacks. */
static ddns_error whole(ddns_errbuf *errbuf, ddns_error error, const char *why)
{
    (void)snprintf(errbuf->text, sizeof errbuf->text, "%s", why);
    return error;
}

static ddns_error malformed(const struct lexer *lx, const struct token *token,
                            const char *expected, ddns_errbuf *errbuf)
{
    const char *why = token->kind == BAD ? lx->problem : expected;

    (void)snprintf(errbuf->text, sizeof errbuf->text, "line %u: %s", lx->line, why);
    return DDNS_E_INVALID;
}

static ddns_error expect(struct lexer *lx, enum token_kind kind, const char *expected,
                         struct token *out_token, ddns_errbuf *errbuf)
{
    struct token token = next(lx);

    if (token.kind != kind) {
        return malformed(lx, &token, expected, errbuf);
    }
    *out_token = token;
    return DDNS_OK;
}

/** Copy a word into @p out of @p size bytes, once. */
static ddns_error fill(const struct lexer *lx, const struct token *value, char *out,
                       size_t size, ddns_errbuf *errbuf)
{
    if (*out != '\0') {
        return malformed(lx, value, "algorithm or secret given twice", errbuf);
    }
    if (value->len == 0 || value->len >= size || memchr(value->text, '\0', value->len)) {
        return malformed(lx, value, "value is empty or too long", errbuf);
    }
    memcpy(out, value->text, value->len);
    out[value->len] = '\0';
    return DDNS_OK;
}

/** The inside of a key's braces, the opening one read. */
static ddns_error parse_body(struct lexer *lx, struct key *key, ddns_errbuf *errbuf)
{
    for (;;) {
        struct token option = next(lx);
        struct token value;
        ddns_error error;

        if (option.kind == CLOSE) {
            break;
        }
        if (!is_word(&option, "algorithm") && !is_word(&option, "secret")) {
            return malformed(lx, &option, "expected algorithm, secret or }", errbuf);
        }
        error = expect(lx, WORD, "expected a value", &value, errbuf);
        if (error == DDNS_OK && is_word(&option, "algorithm")) {
            error = fill(lx, &value, key->algorithm, sizeof key->algorithm, errbuf);
        } else if (error == DDNS_OK) {
            error = fill(lx, &value, key->secret, sizeof key->secret, errbuf);
        }
        if (error == DDNS_OK) {
            error = expect(lx, SEMICOLON, "expected ; after the value", &value, errbuf);
        }
        if (error != DDNS_OK) {
            return error;
        }
    }
    if (key->algorithm[0] == '\0' || key->secret[0] == '\0') {
        return malformed(lx, &(struct token){ .kind = CLOSE },
                         "a key needs algorithm and secret", errbuf);
    }
    return DDNS_OK;
}

/** A key statement, its first word read. */
static ddns_error parse_key(struct lexer *lx, struct key *out_key, ddns_errbuf *errbuf)
{
    struct token token;
    ddns_error error = expect(lx, WORD, "expected the key's name", &token, errbuf);

    *out_key = (struct key){ .name = "" };
    if (error == DDNS_OK) {
        error = fill(lx, &token, out_key->name, sizeof out_key->name, errbuf);
    }
    if (error == DDNS_OK) {
        error = expect(lx, OPEN, "expected { after the key's name", &token, errbuf);
    }
    if (error == DDNS_OK) {
        error = parse_body(lx, out_key, errbuf);
    }
    if (error == DDNS_OK) {
        error = expect(lx, SEMICOLON, "expected ; after }", &token, errbuf);
    }
    return error;
}

/** Any other statement, its first word read: up to its ; outside all braces. */
static ddns_error skip_statement(struct lexer *lx, ddns_errbuf *errbuf)
{
    size_t depth = 0;

    for (;;) {
        struct token token = next(lx);

        if (token.kind == SEMICOLON && depth == 0) {
            return DDNS_OK;
        }
        if (token.kind == END || token.kind == BAD ||
            (token.kind == CLOSE && depth == 0)) {
            return malformed(lx, &token, "statement without its ;", errbuf);
        }
        if (token.kind == OPEN) {
            depth++;
        } else if (token.kind == CLOSE) {
            depth--;
        }
    }
}

/* ---- the file ----------------------------------------------------------- */

/* Key names are domain names: case and the final dot do not matter. */
static bool same_name(const char *a, const char *b)
{
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);

    a_len -= a_len > 1 && a[a_len - 1] == '.' ? 1 : 0;
    b_len -= b_len > 1 && b[b_len - 1] == '.' ? 1 : 0;
    return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

/** Read the statements; @p out_found counts the keys that fit, the last is kept. */
static ddns_error parse_statements(struct lexer *lx, const char *wanted,
                                   struct key *out_key, size_t *out_found,
                                   ddns_errbuf *errbuf)
{
    for (;;) {
        struct token first = next(lx);
        struct key key;
        ddns_error error;

        if (first.kind == END) {
            return DDNS_OK;
        }
        if (first.kind != WORD) {
            return malformed(lx, &first, "expected a statement", errbuf);
        }
        if (!is_word(&first, "key")) {
            error = skip_statement(lx, errbuf);
        } else {
            error = parse_key(lx, &key, errbuf);
            if (error == DDNS_OK && (wanted == NULL || same_name(key.name, wanted))) {
                *out_key = key;
                ++*out_found;
            }
            key_wipe(&key);
        }
        if (error != DDNS_OK) {
            return error;
        }
    }
}

ddns_error key_file_parse(const char *text, size_t len, const char *wanted,
                          struct key *out_key, ddns_errbuf *errbuf)
{
    struct lexer lx = { .text = text, .len = len, .line = 1 };
    struct key key;
    size_t found = 0;
    ddns_error error = parse_statements(&lx, wanted, &key, &found, errbuf);

    if (error == DDNS_OK && found == 0) {
        error = whole(errbuf, DDNS_E_NO_KEY,
                      wanted == NULL ? "holds no key" : "holds no key of that name");
    } else if (error == DDNS_OK && found > 1) {
        error = whole(errbuf, DDNS_E_NO_KEY,
                      wanted == NULL ? "holds several keys; say which with key-name"
                                     : "holds that key twice");
    }
    if (error == DDNS_OK) {
        *out_key = key;
    }
    key_wipe(&key);
    return error;
}

/** Read up to @p size bytes of @p fd; -1 with errno on failure. */
static ssize_t read_all(int fd, char *text, size_t size)
{
    size_t len = 0;

    while (len < size) {
        ssize_t got = read(fd, text + len, size - len);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        len += (size_t)got;
    }
    return (ssize_t)len;
}

ddns_error key_file_read(const char *path, const char *wanted, struct key *out_key,
                         ddns_errbuf *errbuf)
{
    enum { ROOM = KEY_FILE_MAX + 1 }; /* one more, to see that it is too long */
    ddns_error error = DDNS_E_INVALID;
    char *text = malloc(ROOM);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = -1;

    if (text == NULL) {
        error = whole(errbuf, DDNS_E_NOMEM, ddns_strerror(DDNS_E_NOMEM));
        goto done;
    }
    if (fd >= 0) {
        len = read_all(fd, text, ROOM);
    }
    if (len < 0) {
        (void)whole(errbuf, error, strerror(errno));
    } else if (len > KEY_FILE_MAX) {
        (void)whole(errbuf, error, "too long for a key file");
    } else {
        error = key_file_parse(text, (size_t)len, wanted, out_key, errbuf);
    }
done:
    if (fd >= 0) {
        (void)close(fd);
    }
    if (text != NULL) {
        explicit_bzero(text, ROOM);
    }
    free(text);
    return error;
}

void key_wipe(struct key *key)
{
    explicit_bzero(key, sizeof *key);
}
