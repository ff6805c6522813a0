/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_SECRET_H
#define DDNS_SETTINGS_SECRET_H

#include "settings/file.h"

/**
 * Read the file at @p path without the white space at its end.
 *
 * @param out_secret  wipe it with text_wipe()
 * @return NULL, or why the file cannot be read, and nothing of it
 */
const char *secret_read(const char *path, struct text *out_secret);

#endif
