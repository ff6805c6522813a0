/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_CONFIGURATION_FILE_H
#define DDNS_SETTINGS_CONFIGURATION_FILE_H

#include <jansson.h>

#include "settings/error.h"

/**
 * Read the configuration file of one of Kea's servers, with all that it includes.  As in
 * Kea, a relative name is one in the folder that the process was started in.
 *
 * @return NULL: @p what, which has SETTINGS_WHAT_MAX bytes, says why, with file and line.
 *         Free it with document_free().
 */
json_t *configuration_file_read(const char *path, char *what);

#endif
