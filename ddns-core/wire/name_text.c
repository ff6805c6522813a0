/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "wire/name.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * Take one octet of a label from @p text: itself, \X or \DDD (RFC 1035 section
 * 5.1).  Returns what follows it, or NULL for a bad escape.
 */
static const char *take_octet(const char *text, uint8_t *out_octet)
{
    unsigned value = 0;

    if (text[0] != '\\') {
        *out_octet = (uint8_t)text[0];
        return text + 1;
    }
    if (text[1] == '\0') {
        return NULL;
    }
    if (!is_digit(text[1])) {
        *out_octet = (uint8_t)text[1];
        return text + 2;
    }
    if (!is_digit(text[2]) || !is_digit(text[3])) {
        return NULL;
    }
    for (size_t i = 1; i <= 3; i++) {
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    if (value > UINT8_MAX) {
        return NULL;
    }
    *out_octet = (uint8_t)value;
    return text + 4;
}

/*
 * Append the label at @p text.  Returns what follows it, which is a dot or the
 * end, or NULL when it is empty, too long, or leaves no room for the root.
 */
static const char *take_label(const char *text, struct ddns_name *name)
{
    size_t head = name->len;
    size_t len = 0;

    while (*text != '.' && *text != '\0') {
        uint8_t octet = 0;

        if (len == DDNS_LABEL_MAX || head + 1 + len + 1 >= DDNS_NAME_MAX) {
            return NULL;
        }
        text = take_octet(text, &octet);
        if (text == NULL) {
            return NULL;
        }
        name->wire[head + 1 + len++] = octet;
    }
    if (len == 0) {
        return NULL;
    }
    name->wire[head] = (uint8_t)len;
    name->len = (uint8_t)(head + 1 + len);
    return text;
}

ddns_error ddns_name_parse(const char *text, struct ddns_name *out_name)
{
    struct ddns_name name = { .len = 0 };

    if (strcmp(text, ".") == 0) {
        text = ""; /* the root has no labels, and no other name may have none */
    } else if (*text == '\0') {
        return DDNS_E_NAME;
    }
    while (*text != '\0') {
        text = take_label(text, &name);
        if (text == NULL) {
            return DDNS_E_NAME;
        }
        if (*text == '.') {
            text++;
        }
    }
    name.wire[name.len++] = 0;
    *out_name = name;
    return DDNS_OK;
}

/* As zone files want them: what has a meaning there is escaped. */
static char *put_octet(char *text, uint8_t octet)
{
    if (octet <= ' ' || octet >= 0x7f) {
        *text++ = '\\';
        *text++ = (char)('0' + octet / 100);
        *text++ = (char)('0' + octet / 10 % 10);
        *text++ = (char)('0' + octet % 10);
        return text;
    }
    if (strchr(".\\\"();@$", octet) != NULL) {
        *text++ = '\\';
    }
    *text++ = (char)octet;
    return text;
}

void ddns_name_text(const struct ddns_name *name, char *text)
{
    size_t at = 0;

    if (name->wire[0] == 0) {
        *text++ = '.';
    }
    while (name->wire[at] != 0) {
        size_t end = at + 1u + name->wire[at];

        while (++at < end) {
            text = put_octet(text, name->wire[at]);
        }
        *text++ = '.';
    }
    *text = '\0';
}

/* ---- names as a zone file means them ------------------------------------ */

/* A final dot is a label's end unless a backslash that is no escaped one is before. */
static bool is_absolute(const char *text)
{
    size_t len = strlen(text);
    size_t backslashes = 0;

    if (len == 0 || text[len - 1] != '.') {
        return false;
    }
    while (backslashes < len - 1 && text[len - 2 - backslashes] == '\\') {
        backslashes++;
    }
    return backslashes % 2 == 0;
}

static ddns_error append_name(struct ddns_name *name, const struct ddns_name *zone)
{
    size_t own = name->len - 1u; /* without the root */

    if (own + zone->len > DDNS_NAME_MAX) {
        return DDNS_E_NAME;
    }
    memcpy(name->wire + own, zone->wire, zone->len);
    name->len = (uint8_t)(own + zone->len);
    return DDNS_OK;
}

static ddns_error name_in(const char *text, const struct ddns_name *zone,
                          struct ddns_name *out_name)
{
    ddns_error error = DDNS_OK;

    if (strcmp(text, "@") == 0) {
        *out_name = *zone;
        return DDNS_OK;
    }
    error = ddns_name_parse(text, out_name);
    if (error != DDNS_OK) {
        return error;
    }
    if (!is_absolute(text)) {
        return append_name(out_name, zone);
    }
    return ddns_name_in_zone(out_name, zone) ? DDNS_OK : DDNS_E_NO_ZONE;
}

ddns_error ddns_name_in(const char *name, const char *zone, char *out_text)
{
    struct ddns_name origin;
    struct ddns_name absolute;
    ddns_error error = ddns_name_parse(zone, &origin);

    if (error == DDNS_OK) {
        error = name_in(name, &origin, &absolute);
    }
    if (error == DDNS_OK) {
        ddns_name_text(&absolute, out_text);
    }
    return error;
}
