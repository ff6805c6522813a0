/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_DIALECT_H
#define DDNS_SETTINGS_DIALECT_H

#include <stdbool.h>

#include "settings/error.h"
#include "settings/file.h"
#include "settings/plain_text.h"

/*
 * Kea's configuration files are JSON (RFC 8259), and more: three kinds of comment, files
 * that are included, commas too many, numbers that begin with 0, strings of any bytes.
 */

enum {
    DIALECT_DEPTH_MAX = 11,         /**< files within files, as in Kea */
    DIALECT_BYTES_MAX = 16u << 20,  /**< of all files together */
    DIALECT_INCLUDE_COST = 1u << 12 /**< bytes of these that an inclusion counts as */
};

/**
 * Read the file @p name, which is given as it stands behind "include", or as the first.
 *
 * @param max       bytes that it may have
 * @param out_text  wiped by the caller
 * @return NULL, or why it cannot be read
 */
typedef const char *dialect_read_fn(void *user, const char *name, size_t max,
                                    struct text *out_text);

/**
 * Turn the file @p name, and what it includes, into plain JSON.
 *
 * @param out_text  freed by the caller, also on failure
 * @param what      has SETTINGS_WHAT_MAX bytes; on failure, "file:line: sentence", which
 *                  shows nothing of what stands there
 */
bool dialect_read(const char *name, dialect_read_fn *read, void *user,
                  struct plain_text *out_text, char *what);

#endif
