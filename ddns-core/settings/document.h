/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_DOCUMENT_H
#define DDNS_SETTINGS_DOCUMENT_H

#include <jansson.h>

#include "settings/error.h"

/*
 * A JSON text as Kea understands it, in memory.  Its strings are bytes: \u0000 to \u00ff
 * stand for one each, whatever they mean elsewhere, and so write Kea's own elements.
 */

/**
 * Read plain JSON (RFC 8259).
 *
 * @param[out] out_offset  of the mistake in @p text, on failure
 * @return NULL: @p what, which has SETTINGS_WHAT_MAX bytes, says why; never what stands
 *         there, which may be a secret.  Free it with document_free().
 */
json_t *document_parse(const char *text, size_t len, char *what, size_t *out_offset);

/** Overwrite all strings and free the document, which may be NULL. */
void document_free(json_t *document);

/** Overwrite the string at @p keyword, and take it out of the map. */
void document_forget(json_t *map, const char *keyword);

#endif
