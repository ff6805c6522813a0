/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/key_tokens.h"

/* ---- statements --------------------------------------------------------- */

/* Sentences without a line number, for what the file as a whole lacks. */
static ddns_error whole(ddns_errbuf *errbuf, ddns_error error, const char *why)
{
    (void)snprintf(errbuf->text, sizeof errbuf->text, "%s", why);
    return error;
}

static ddns_error malformed(const struct token_reader *r, const struct token *token,
                            const char *expected, ddns_errbuf *errbuf)
{
    const char *why = token->kind == BAD ? r->problem : expected;

    (void)snprintf(errbuf->text, sizeof errbuf->text, "line %u: %s", r->line, why);
    return DDNS_E_INVALID;
}

static ddns_error expect(struct token_reader *r, enum token_kind kind,
                         const char *expected, struct token *out_token,
                         ddns_errbuf *errbuf)
{
    struct token token = token_next(r);

    if (token.kind != kind) {
        return malformed(r, &token, expected, errbuf);
    }
    *out_token = token;
    return DDNS_OK;
}

/** Copy a word into @p out of @p size bytes, once. */
static ddns_error fill(const struct token_reader *r, const struct token *value, char *out,
                       size_t size, ddns_errbuf *errbuf)
{
    if (*out != '\0') {
        return malformed(r, value, "algorithm or secret given twice", errbuf);
    }
    if (value->len == 0 || value->len >= size || memchr(value->text, '\0', value->len)) {
        return malformed(r, value, "value is empty or too long", errbuf);
    }
    memcpy(out, value->text, value->len);
    out[value->len] = '\0';
    return DDNS_OK;
}

/** The inside of a key's braces, the opening one read. */
static ddns_error parse_body(struct token_reader *r, struct key *key, ddns_errbuf *errbuf)
{
    for (;;) {
        struct token option = token_next(r);
        struct token value = { .kind = END };
        ddns_error error;

        if (option.kind == CLOSE) {
            break;
        }
        if (!token_is(&option, "algorithm") && !token_is(&option, "secret")) {
            return malformed(r, &option, "expected algorithm, secret or }", errbuf);
        }
        error = expect(r, WORD, "expected a value", &value, errbuf);
        if (error == DDNS_OK && token_is(&option, "algorithm")) {
            error = fill(r, &value, key->algorithm, sizeof key->algorithm, errbuf);
        } else if (error == DDNS_OK) {
            error = fill(r, &value, key->secret, sizeof key->secret, errbuf);
        }
        if (error == DDNS_OK) {
            error = expect(r, SEMICOLON, "expected ; after the value", &value, errbuf);
        }
        if (error != DDNS_OK) {
            return error;
        }
    }
    if (key->algorithm[0] == '\0' || key->secret[0] == '\0') {
        return malformed(r, &(struct token){ .kind = CLOSE },
                         "a key needs algorithm and secret", errbuf);
    }
    return DDNS_OK;
}

/** A key statement, its first word read. */
static ddns_error parse_key(struct token_reader *r, struct key *out_key,
                            ddns_errbuf *errbuf)
{
    struct token token = { .kind = END };
    ddns_error error = expect(r, WORD, "expected the key's name", &token, errbuf);

    *out_key = (struct key){ .name = "" };
    if (error == DDNS_OK) {
        error = fill(r, &token, out_key->name, sizeof out_key->name, errbuf);
    }
    if (error == DDNS_OK) {
        error = expect(r, OPEN, "expected { after the key's name", &token, errbuf);
    }
    if (error == DDNS_OK) {
        error = parse_body(r, out_key, errbuf);
    }
    if (error == DDNS_OK) {
        error = expect(r, SEMICOLON, "expected ; after }", &token, errbuf);
    }
    return error;
}

/**
 * Any other statement, its first word read: up to its ; outside all braces, or to
 * the end, because ddns-confgen ends with a command line that is no statement.
 */
static ddns_error skip_statement(struct token_reader *r, ddns_errbuf *errbuf)
{
    size_t depth = 0;

    for (;;) {
        struct token token = token_next(r);

        if ((token.kind == SEMICOLON || token.kind == END) && depth == 0) {
            return DDNS_OK;
        }
        if (token.kind == END || token.kind == BAD ||
            (token.kind == CLOSE && depth == 0)) {
            return malformed(r, &token, "braces do not match", errbuf);
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

/** A key statement; kept in @p out_key, and counted, if it is wanted. */
static ddns_error take_key(struct token_reader *r, const char *wanted,
                           struct key *out_key, size_t *out_found, ddns_errbuf *errbuf)
{
    struct key key;
    ddns_error error = parse_key(r, &key, errbuf);

    if (error == DDNS_OK && (wanted == NULL || same_name(key.name, wanted))) {
        *out_key = key;
        ++*out_found;
    }
    key_wipe(&key);
    return error;
}

static ddns_error parse_statements(struct token_reader *r, const char *wanted,
                                   struct key *out_key, size_t *out_found,
                                   ddns_errbuf *errbuf)
{
    ddns_error error = DDNS_OK;

    while (error == DDNS_OK) {
        struct token first = token_next(r);

        if (first.kind == END) {
            break;
        }
        if (first.kind != WORD) {
            error = malformed(r, &first, "expected a statement", errbuf);
        } else if (token_is(&first, "key")) {
            error = take_key(r, wanted, out_key, out_found, errbuf);
        } else {
            error = skip_statement(r, errbuf);
        }
    }
    return error;
}

ddns_error key_file_parse(const char *text, size_t len, const char *wanted,
                          struct key *out_key, ddns_errbuf *errbuf)
{
    struct token_reader r = { .text = text, .len = len, .line = 1 };
    struct key key;
    size_t found = 0;
    ddns_error error = parse_statements(&r, wanted, &key, &found, errbuf);

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
