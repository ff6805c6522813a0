/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_KEY_TOKENS_H
#define DDNS_CLI_KEY_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

/** The tokens of BIND's configuration syntax. */
enum token_kind { END, WORD, OPEN, CLOSE, SEMICOLON, BAD };

/** A piece of the text, borrowed from it; the quotes of a WORD are left out. */
struct token {
    enum token_kind kind;
    const char *text;
    size_t len;
};

/** Start with text, len and line 1; the rest is zero. */
struct token_reader {
    const char *text;
    size_t len;
    size_t pos;
    unsigned line;
    const char *problem; /**< why the last token was BAD */
};

/** The next token, white space and comments passed over; END for ever at the end. */
struct token token_next(struct token_reader *r);

/** True for the WORD @p text. */
bool token_is(const struct token *token, const char *text);

#endif
