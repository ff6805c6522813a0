/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/plain_text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096 };

/* realloc() would leave a copy behind. */
static bool make_room(struct plain_text *text, size_t len)
{
    size_t room = text->room == 0 ? FIRST_ROOM : text->room;
    char *bytes;

    if (len <= text->room - text->len) {
        return true;
    }
    while (room - text->len < len) {
        room *= 2;
    }
    bytes = malloc(room);
    if (bytes == NULL) {
        return false;
    }
    if (text->bytes != NULL) {
        memcpy(bytes, text->bytes, text->len);
        explicit_bzero(text->bytes, text->len);
    }
    free(text->bytes);
    text->bytes = bytes;
    text->room = room;
    return true;
}

bool plain_put(struct plain_text *text, const char *bytes, size_t len)
{
    if (!make_room(text, len)) {
        return false;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    return true;
}

bool plain_add_file(struct plain_text *text, const char *name)
{
    char **files = reallocarray(text->files, text->file_count + 1, sizeof *files);

    if (files == NULL) {
        return false;
    }
    text->files = files;
    files[text->file_count] = strdup(name);
    return files[text->file_count++] != NULL;
}

static bool make_room_for_line(struct plain_text *text)
{
    size_t room = text->line_room == 0 ? FIRST_ROOM : 2 * text->line_room;
    struct plain_line *lines;

    if (text->lines != NULL && text->line_count < text->line_room) {
        return true;
    }
    lines = reallocarray(text->lines, room, sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    text->lines = lines;
    text->line_room = room;
    return true;
}

bool plain_set_line(struct plain_text *text, size_t file, unsigned line)
{
    if (text->line_count > 0) {
        const struct plain_line *last = &text->lines[text->line_count - 1];

        if (last->file == file && last->line == line) {
            return true;
        }
    }
    if (!make_room_for_line(text)) {
        return false;
    }
    text->lines[text->line_count++] = (struct plain_line){ text->len, file, line };
    return true;
}

const struct plain_line *plain_line_of(const struct plain_text *text, size_t offset)
{
    const struct plain_line *found = NULL;

    for (size_t i = 0; i < text->line_count && text->lines[i].offset < offset; i++) {
        found = &text->lines[i];
    }
    return found;
}

void plain_free(struct plain_text *text)
{
    if (text->bytes != NULL) {
        explicit_bzero(text->bytes, text->len);
    }
    free(text->bytes);
    free(text->lines);
    for (size_t i = 0; i < text->file_count; i++) {
        free(text->files[i]);
    }
    free(text->files);
    *text = (struct plain_text){ NULL };
}
