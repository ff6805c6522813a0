/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/key_tokens.h"

#include <string.h>

static bool at(const struct token_reader *r, const char *what)
{
    size_t len = strlen(what);

    return r->len - r->pos >= len && memcmp(r->text + r->pos, what, len) == 0;
}

static void advance(struct token_reader *r)
{
    if (r->text[r->pos] == '\n') {
        r->line++;
    }
    r->pos++;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_line(struct token_reader *r)
{
    while (r->pos < r->len && r->text[r->pos] != '\n') {
        r->pos++;
    }
}

static bool skip_comment(struct token_reader *r)
{
    r->pos += 2;
    while (r->pos < r->len && !at(r, "*/")) {
        advance(r);
    }
    if (r->pos == r->len) {
        r->problem = "comment without an end";
        return false;
    }
    r->pos += 2;
    return true;
}

/** Skip white space and comments; false when a comment does not end. */
static bool skip_blank(struct token_reader *r)
{
    bool ok = true;

    while (ok && r->pos < r->len) {
        if (is_space(r->text[r->pos])) {
            advance(r);
        } else if (at(r, "#") || at(r, "//")) {
            skip_line(r);
        } else if (at(r, "/*")) {
            ok = skip_comment(r);
        } else {
            break;
        }
    }
    return ok;
}

static struct token quoted(struct token_reader *r)
{
    struct token token = { .kind = WORD, .text = r->text + ++r->pos };

    while (r->pos < r->len && r->text[r->pos] != '"' && r->text[r->pos] != '\n') {
        r->pos++;
        token.len++;
    }
    if (r->pos == r->len || r->text[r->pos] != '"') {
        r->problem = "string without its closing quote";
        return (struct token){ .kind = BAD };
    }
    r->pos++;
    return token;
}

static bool ends_word(const struct token_reader *r)
{
    char c = r->text[r->pos];

    /* Not strchr(), which would also find a NUL. */
    return is_space(c) || c == '{' || c == '}' || c == ';' || c == '"' || c == '#' ||
           at(r, "//") || at(r, "/*");
}

static struct token word(struct token_reader *r)
{
    struct token token = { .kind = WORD, .text = r->text + r->pos };

    do { /* at least one character, so that reading always comes to an end */
        r->pos++;
        token.len++;
    } while (r->pos < r->len && !ends_word(r));
    return token;
}

struct token token_next(struct token_reader *r)
{
    if (!skip_blank(r)) {
        return (struct token){ .kind = BAD };
    }
    if (r->pos == r->len) {
        return (struct token){ .kind = END };
    }
    switch (r->text[r->pos]) {
    case '{':
        r->pos++;
        return (struct token){ .kind = OPEN };
    case '}':
        r->pos++;
        return (struct token){ .kind = CLOSE };
    case ';':
        r->pos++;
        return (struct token){ .kind = SEMICOLON };
    case '"':
        return quoted(r);
    default:
        return word(r);
    }
}

bool token_is(const struct token *token, const char *text)
{
    return token->kind == WORD && token->len == strlen(text) &&
           memcmp(token->text, text, token->len) == 0;
}
