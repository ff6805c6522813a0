/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/json.h"

/* Bytes outside ASCII are escaped one by one, so that the output is always UTF-8. */
void json_string(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            (void)fprintf(out, "\\%c", c);
        } else if (c < 0x20 || c >= 0x7f) {
            (void)fprintf(out, "\\u%04x", c);
        } else {
            (void)fputc(c, out);
        }
    }
    (void)fputc('"', out);
}

void json_member(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, ",\"%s\":", name);
    if (text == NULL || *text == '\0') {
        (void)fputs("null", out);
    } else {
        json_string(out, text);
    }
}
