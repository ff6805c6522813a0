/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_PLAIN_TEXT_H
#define DDNS_SETTINGS_PLAIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/** A text that is being put together from files, and which line each part is from. */
struct plain_text {
    char *bytes; /**< may hold secrets; no NUL behind them */
    size_t len, room;
    struct plain_line *lines; /**< in the order of their parts */
    size_t line_count, line_room;
    char **files; /**< names */
    size_t file_count;
};

/** What follows is from this line, the first is 1, of the file named last or before. */
struct plain_line {
    size_t offset;
    size_t file;
    unsigned line;
};

/* These return false when there is no memory. */

bool plain_put(struct plain_text *text, const char *bytes, size_t len);

/** Name a file; it is number file_count - 1 afterwards. */
bool plain_add_file(struct plain_text *text, const char *name);

bool plain_set_line(struct plain_text *text, size_t file, unsigned line);

/** The line that the byte before @p offset is from; NULL where there is none. */
const struct plain_line *plain_line_of(const struct plain_text *text, size_t offset);

/** Overwrite and free it all. */
void plain_free(struct plain_text *text);

#endif
