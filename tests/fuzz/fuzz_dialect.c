/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Whatever a configuration file holds, it becomes plain text, which stays the same when
 * it is read again, or is said to be wrong.  Its includes all lead to itself.
 */
#include <string.h>

#include "fuzz.h"
#include "settings/dialect.h"
#include "settings/document.h"

struct input {
    const char *bytes;
    size_t len;
};

static const char *read_input(void *user, const char *name, size_t max, struct text *out)
{
    const struct input *input = user;

    must(*name != '\0');
    if (input->len > max) {
        return "too large";
    }
    out->bytes = malloc(input->len + 1);
    if (out->bytes == NULL) {
        return "no memory";
    }
    memcpy(out->bytes, input->bytes, input->len);
    out->bytes[input->len] = '\0';
    out->len = input->len;
    return NULL;
}

static void read_again(const struct plain_text *text)
{
    struct input input = { text->bytes == NULL ? "" : text->bytes, text->len };
    char what[SETTINGS_WHAT_MAX] = "";
    struct plain_text again;

    must(dialect_read("again", read_input, &input, &again, what));
    must(again.len == input.len);
    must(input.len == 0 || memcmp(again.bytes, input.bytes, input.len) == 0);
    plain_free(&again);
}

static void parse(const struct plain_text *text)
{
    char what[SETTINGS_WHAT_MAX] = "";
    size_t offset = 0;
    json_t *json = document_parse(text->bytes, text->len, what, &offset);

    must(json != NULL || what[0] != '\0');
    must(json != NULL || offset <= text->len);
    document_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { (const char *)data, size };
    char what[SETTINGS_WHAT_MAX] = "";
    struct plain_text text;

    if (dialect_read("file", read_input, &input, &text, what)) {
        read_again(&text);
        parse(&text);
    } else {
        must(what[0] != '\0');
    }
    plain_free(&text);
    return 0;
}
