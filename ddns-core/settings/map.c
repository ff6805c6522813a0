/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "settings/printable.h"

/* ---- places --------------------------------------------------------------- */

static void append(char *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(char *place, const char *format, ...)
{
    size_t len = strlen(place);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(place + len, SETTINGS_PLACE_MAX - len, format, arguments);
    va_end(arguments);
}

/** As in forward-ddns.ddns-domains[1]; empty at the top. */
static void append_place_of(const struct map *map, char *place)
{
    if (map->above == NULL) {
        return;
    }
    append_place_of(map->above, place);
    append(place, "%s%s", *place == '\0' ? "" : ".", map->keyword);
    if (map->index != NOT_IN_A_LIST) {
        append(place, "[%zu]", map->index);
    }
}

/** What is wrong in the file of d2-config is wrong at d2-config. */
static void move_into_file(struct settings_error *error, const char *file)
{
    const struct settings_error inside = *error;
    char shown[PRINTABLE_MAX];

    (void)snprintf(error->place, sizeof error->place, "d2-config");
    (void)snprintf(error->what, sizeof error->what, "%s: %s: %.500s",
                   printable_text(file, strlen(file), shown), inside.place, inside.what);
}

bool map_fail(const struct map *map, const char *keyword, const char *format, ...)
{
    const struct map *top = map;
    char *place = map->error->place;
    va_list arguments;

    while (top->above != NULL) {
        top = top->above;
    }
    *place = '\0';
    append_place_of(map, place);
    if (*keyword != '\0') {
        append(place, "%s%s", *place == '\0' ? "" : ".", keyword);
    } else if (*place == '\0') {
        append(place, "%s", map->keyword);
    }
    va_start(arguments, format);
    (void)vsnprintf(map->error->what, sizeof map->error->what, format, arguments);
    va_end(arguments);
    if (top->file != NULL) {
        move_into_file(map->error, top->file);
    }
    return false;
}

/* ---- values --------------------------------------------------------------- */

static bool take_text(const struct map *map, const char *keyword, const json_t *value,
                      const char **out)
{
    if (!json_is_string(value)) {
        return map_fail(map, keyword, "must be a string");
    }
    if (memchr(json_string_value(value), '\0', json_string_length(value)) != NULL) {
        return map_fail(map, keyword, "must not hold a NUL character");
    }
    *out = json_string_value(value);
    return true;
}

static bool take_text_or_false(const struct map *map, const char *keyword,
                               const json_t *value, const char **out)
{
    if (json_is_true(value)) {
        return map_fail(map, keyword, "must be the path of a file, or false");
    }
    if (json_is_false(value)) {
        *out = "";
        return true;
    }
    return take_text(map, keyword, value, out) && map_require(map, keyword, *out);
}

static bool take_number(const struct map *map, const struct keyword *k,
                        const json_t *value, unsigned *out)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value)) {
        return map_fail(map, k->name, "must be an integer");
    }
    if (number < (json_int_t)k->low || number > (json_int_t)k->high) {
        return map_fail(map, k->name, "%" JSON_INTEGER_FORMAT " is not from %u to %u",
                        number, k->low, k->high);
    }
    *out = (unsigned)number;
    return true;
}

static bool take(const struct map *map, const struct keyword *k, json_t *value, char *out)
{
    void *member = out + k->offset;

    switch (k->kind) {
    case VALUE_TEXT:
        return take_text(map, k->name, value, member);
    case VALUE_TEXT_OR_FALSE:
        return take_text_or_false(map, k->name, value, member);
    case VALUE_NUMBER:
        return take_number(map, k, value, member);
    case VALUE_FLAG:
        *(bool *)member = json_is_true(value);
        return json_is_boolean(value) || map_fail(map, k->name, "must be true or false");
    case VALUE_MAP:
        *(json_t **)member = value;
        return json_is_object(value) || map_fail(map, k->name, "must be a map");
    case VALUE_LIST:
        *(json_t **)member = value;
        return json_is_array(value) || map_fail(map, k->name, "must be a list");
    case VALUE_IGNORED:
        break;
    }
    return true;
}

/* ---- maps ----------------------------------------------------------------- */

static bool is_known(const char *name, const struct keyword *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, table[i].name) == 0) {
            return true;
        }
    }
    return strcmp(name, "comment") == 0 || strcmp(name, "user-context") == 0;
}

bool map_read(const struct map *map, const struct keyword *table, size_t count, void *out)
{
    const char *name;
    json_t *value;

    if (!json_is_object(map->json)) {
        return map_fail(map, "", "must be a map");
    }
    json_object_foreach(map->json, name, value)
    {
        if (!is_known(name, table, count)) {
            char shown[PRINTABLE_MAX];

            return map_fail(map, printable_text(name, strlen(name), shown),
                            "unknown keyword");
        }
    }
    for (size_t i = 0; i < count; i++) {
        value = json_object_get(map->json, table[i].name);
        if (value != NULL && !take(map, &table[i], value, out)) {
            return false;
        }
    }
    return true;
}

bool map_require(const struct map *map, const char *keyword, const char *value)
{
    if (value == NULL) {
        return map_fail(map, keyword, "is missing");
    }
    return *value != '\0' || map_fail(map, keyword, "must not be empty");
}

struct map map_in_list(const struct map *above, const char *keyword, json_t *list,
                       size_t index)
{
    return (struct map){ .json = json_array_get(list, index),
                         .above = above,
                         .keyword = keyword,
                         .index = index,
                         .error = above->error };
}
