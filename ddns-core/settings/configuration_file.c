/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/configuration_file.h"

#include <stdio.h>
#include <string.h>

#include "settings/dialect.h"
#include "settings/document.h"
#include "settings/printable.h"

static const char *read_file(void *user, const char *name, size_t max, struct text *out)
{
    (void)user;
    return file_read(name, max, "too large for a configuration", out);
}

/** Put the line that the mistake is on before the sentence. */
static void say_where(const struct plain_text *text, size_t offset, char *what)
{
    const struct plain_line *line = plain_line_of(text, offset);
    const char *file = line == NULL ? NULL : text->files[line->file];
    char sentence[SETTINGS_WHAT_MAX];
    char shown[PRINTABLE_MAX];

    if (file == NULL) {
        return;
    }
    memcpy(sentence, what, sizeof sentence);
    (void)snprintf(what, SETTINGS_WHAT_MAX, "%s:%u: %.512s",
                   printable_text(file, strlen(file), shown), line->line, sentence);
}

json_t *configuration_file_read(const char *path, char *what)
{
    struct plain_text text;
    json_t *json = NULL;
    size_t offset;
    char shown[PRINTABLE_MAX];

    if (!dialect_read(path, read_file, NULL, &text, what)) {
        plain_free(&text);
        return NULL;
    }
    if (text.len == 0) {
        (void)snprintf(what, SETTINGS_WHAT_MAX, "\"%s\" is empty",
                       printable_text(path, strlen(path), shown));
    } else {
        json = document_parse(text.bytes, text.len, what, &offset);
        if (json == NULL) {
            say_where(&text, offset, what);
        }
    }
    plain_free(&text);
    return json;
}
