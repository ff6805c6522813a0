/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/document.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- bytes ---------------------------------------------------------------- */

/** The bytes of UTF-8 @p text, which jansson has checked; 0 if one is above 0xff. */
static size_t bytes_of(const char *text, size_t len, char *out)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char lead = (unsigned char)text[i];

        if (lead < 0x80) {
            out[count++] = (char)lead;
        } else if (lead <= 0xc3) { /* two octets, of U+0080 to U+00FF (RFC 3629) */
            i++;
            out[count++] = (char)((unsigned)lead << 6 | ((unsigned char)text[i] & 0x3f));
        } else {
            return 0;
        }
    }
    return count;
}

static bool make_bytes_of_string(json_t *string)
{
    const char *text = json_string_value(string);
    size_t len = json_string_length(string);
    bool plain = true;
    char *bytes;
    size_t count;

    for (size_t i = 0; i < len; i++) {
        plain = plain && (unsigned char)text[i] < 0x80;
    }
    if (plain) {
        return true;
    }
    bytes = malloc(len);
    if (bytes == NULL) {
        return false;
    }
    count = bytes_of(text, len, bytes);
    if (count > 0) {
        plain = json_string_setn_nocheck(string, bytes, count) == 0;
    }
    free(bytes);
    return plain || count == 0;
}

/** Not so the keywords: none that means anything has such bytes. */
static bool make_bytes(json_t *json)
{
    const char *keyword;
    json_t *value;
    size_t i;

    if (json_is_string(json)) {
        return make_bytes_of_string(json);
    }
    json_array_foreach(json, i, value)
    {
        if (!make_bytes(value)) {
            return false;
        }
    }
    json_object_foreach(json, keyword, value)
    {
        if (!make_bytes(value)) {
            return false;
        }
    }
    return true;
}

/* ---- reading -------------------------------------------------------------- */

/** jansson's sentence, without the part that shows what stands there. */
static void explain(const json_error_t *error, char *what)
{
    const char *near = strstr(error->text, " near ");
    size_t len = near == NULL ? strlen(error->text) : (size_t)(near - error->text);

    (void)snprintf(what, SETTINGS_WHAT_MAX, "%.*s", (int)len, error->text);
}

json_t *document_parse(const char *text, size_t len, char *what, size_t *out_offset)
{
    json_error_t error;
    json_t *json =
        json_loadb(len == 0 ? "" : text, len,
                   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

    if (json == NULL) {
        explain(&error, what);
        *out_offset = error.position < 0 ? 0 : (size_t)error.position;
        return NULL;
    }
    if (!make_bytes(json)) {
        (void)snprintf(what, SETTINGS_WHAT_MAX, "out of memory");
        *out_offset = 0;
        document_free(json);
        return NULL;
    }
    return json;
}

/* ---- forgetting ----------------------------------------------------------- */

/* jansson never wipes; the strings are on the heap, and this document's alone. */
static void wipe_string(const json_t *string)
{
    explicit_bzero((char *)json_string_value(string), json_string_length(string));
}

static void wipe(json_t *json)
{
    const char *keyword;
    json_t *value;
    size_t i;

    if (json_is_string(json)) {
        wipe_string(json);
    }
    json_array_foreach(json, i, value)
    {
        wipe(value);
    }
    json_object_foreach(json, keyword, value)
    {
        wipe(value);
    }
}

void document_free(json_t *document)
{
    if (document != NULL) {
        wipe(document);
    }
    json_decref(document);
}

void document_forget(json_t *map, const char *keyword)
{
    const json_t *value = json_object_get(map, keyword);

    if (json_is_string(value)) {
        wipe_string(value);
        (void)json_object_del(map, keyword);
    }
}
