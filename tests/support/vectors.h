/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TESTS_SUPPORT_VECTORS_H
#define DDNS_TESTS_SUPPORT_VECTORS_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * A file of tests/vectors: one vector per line in columns with spaces between,
 * bytes in hexadecimal, '#' before a comment.
 */
enum { VECTOR_COLUMNS = 8 };

struct vectors {
    FILE *file;
    char *line;
    size_t size;
    const char *columns[VECTOR_COLUMNS]; /**< of the line read last */
    size_t rows;
};

static inline struct vectors vectors_open(const char *path)
{
    struct vectors v = { .file = fopen(path, "re") };

    cr_assert_not_null(v.file, "%s", path);
    return v;
}

/** Read the next line, which must have @p columns; false at the end. */
static inline bool vectors_next(struct vectors *v, size_t columns)
{
    do {
        if (getline(&v->line, &v->size, v->file) < 0) {
            return false;
        }
    } while (v->line[0] == '#' || v->line[0] == '\n');

    char *rest = v->line;
    size_t count = 0;

    for (char *word = strsep(&rest, " \n"); word != NULL && count < VECTOR_COLUMNS;
         word = strsep(&rest, " \n")) {
        if (*word != '\0') {
            v->columns[count++] = word;
        }
    }
    cr_assert_eq(count, columns, "%s has %zu columns", v->line, count);
    v->rows++;
    return true;
}

/** A file that is found empty would pass every test. */
static inline void vectors_close(struct vectors *v)
{
    cr_assert_gt(v->rows, 0);
    free(v->line);
    (void)fclose(v->file);
}

/** Decode hexadecimal @p text; returns the number of bytes. */
static inline size_t vector_bytes(const char *text, uint8_t *out, size_t cap)
{
    size_t len = strlen(text) / 2;

    cr_assert(len <= cap && strlen(text) % 2 == 0);
    for (size_t i = 0; i < len; i++) {
        char digits[3] = { text[2 * i], text[2 * i + 1], '\0' };
        char *end = NULL;

        out[i] = (uint8_t)strtoul(digits, &end, 16);
        cr_assert_eq(*end, '\0', "not hexadecimal: %s", text);
    }
    return len;
}

#endif
