/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_MAP_H
#define DDNS_SETTINGS_MAP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings/error.h"

/** One map of a configuration, and where it stands. */
struct map {
    json_t *json;
    const struct map *above; /**< the map that it is in; NULL at the top */
    const char *keyword;     /**< its keyword, or that of its list, in the one above; at
                                the top, what the whole is called */
    size_t index;            /**< in that list; NOT_IN_A_LIST */
    const char *file;        /**< at the top: the file of d2-config it is from, or NULL */
    struct settings_error *error;
};

#define NOT_IN_A_LIST SIZE_MAX

/** What may stand behind a keyword. */
enum value_kind {
    VALUE_TEXT,          /**< a string; member: const char * */
    VALUE_TEXT_OR_FALSE, /**< a path, or false, which is ""; member: const char * */
    VALUE_NUMBER,        /**< an integer from low to high; member: unsigned */
    VALUE_FLAG,          /**< true or false; member: bool */
    VALUE_MAP,           /**< member: json_t * */
    VALUE_LIST,          /**< member: json_t * */
    VALUE_IGNORED,       /**< accepted, and means nothing here; no member */
};

/** A keyword of a map, and the member of a structure that takes its value. */
struct keyword {
    const char *name;
    enum value_kind kind;
    size_t offset;
    unsigned low, high;
};

/* A row of a table.  The compiler objects to a member of another type. */
#define KEYWORD(name, kind, of, type, member, ...)                                       \
    {                                                                                    \
        name, kind,                                                                      \
            offsetof(of, member) + 0 * sizeof((type *)NULL == &((of *)NULL)->member),    \
            __VA_ARGS__                                                                  \
    }
#define KEYWORD_TEXT(name, of, member)                                                   \
    KEYWORD(name, VALUE_TEXT, of, const char *, member, 0, 0)
#define KEYWORD_TEXT_OR_FALSE(name, of, member)                                          \
    KEYWORD(name, VALUE_TEXT_OR_FALSE, of, const char *, member, 0, 0)
#define KEYWORD_NUMBER(name, of, member, low, high)                                      \
    KEYWORD(name, VALUE_NUMBER, of, unsigned, member, low, high)
#define KEYWORD_FLAG(name, of, member) KEYWORD(name, VALUE_FLAG, of, bool, member, 0, 0)
#define KEYWORD_MAP(name, of, member)  KEYWORD(name, VALUE_MAP, of, json_t *, member, 0, 0)
#define KEYWORD_LIST(name, of, member)                                                   \
    KEYWORD(name, VALUE_LIST, of, json_t *, member, 0, 0)
#define KEYWORD_IGNORED(name)                                                            \
    {                                                                                    \
        name, VALUE_IGNORED, 0, 0, 0                                                     \
    }

/**
 * Check that @p map is one, has no keyword that is not in @p table, and put each value
 * that it has into its member of @p out; the others stay as they are.  "comment" and
 * "user-context" may stand everywhere, as in Kea's own configuration.
 *
 * What is put there belongs to @p map.  @return false: the error says why
 */
bool map_read(const struct map *map, const struct keyword *table, size_t count,
              void *out);

/** Check that @p value, read from @p keyword, is there and is not empty. */
bool map_require(const struct map *map, const char *keyword, const char *value);

/** The map number @p index of the list that @p above has at @p keyword. */
struct map map_in_list(const struct map *above, const char *keyword, json_t *list,
                       size_t index);

/** Say what is wrong at @p keyword; false, for the caller to return. */
__attribute__((format(printf, 3, 4))) bool
map_fail(const struct map *map, const char *keyword, const char *format, ...);

#endif
