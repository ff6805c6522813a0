/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_FILE_H
#define DDNS_SETTINGS_FILE_H

#include <stddef.h>

/** Bytes of a file that may hold secrets, with a NUL behind them. */
struct text {
    char *bytes;
    size_t len;
};

/**
 * Read the regular file at @p path; anything else could block, or never end.
 *
 * @param max        bytes
 * @param too_large  what to say of a longer one
 * @param out_text   wipe it with text_wipe()
 * @return NULL, or why it cannot be read
 */
const char *file_read(const char *path, size_t max, const char *too_large,
                      struct text *out_text);

/** Overwrite and free the bytes. */
void text_wipe(struct text *text);

#endif
