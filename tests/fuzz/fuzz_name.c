/* SPDX-License-Identifier: MPL-2.0 */

/*
 * A name, whether it came as text or from a message, survives text and wire, and
 * stands in the right relation to its relatives.
 */
#include <string.h>

#include "fuzz.h"
#include "wire/name.h"

static bool same(const struct ddns_name *a, const struct ddns_name *b)
{
    return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

static void survives_text(const struct ddns_name *name)
{
    char text[DDNS_NAME_TEXT_MAX];
    struct ddns_name again;

    ddns_name_text(name, text);
    must(strlen(text) < sizeof text);
    must(ddns_name_parse(text, &again) == DDNS_OK);
    must(same(name, &again));
}

static void survives_wire(const struct ddns_name *name, const struct ddns_name *other)
{
    enum { NAMES = 4, HEADER_LEN = 12 };
    const uint8_t header[HEADER_LEN] = { 0 };
    uint8_t buf[HEADER_LEN + NAMES * DDNS_NAME_MAX];
    struct ddns_compressor names = { .first_len = 0 };
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    const struct ddns_name *const written[NAMES] = { other, name, name, other };
    struct ddns_reader r;
    struct ddns_name again;

    ddns_write_bytes(&w, (struct ddns_bytes){ header, sizeof header });
    for (size_t i = 0; i < NAMES; i++) {
        ddns_write_name(&w, &names, written[i]);
    }
    must(w.error == DDNS_OK);
    r = ddns_reader_of((struct ddns_bytes){ buf, w.len });
    r.pos = HEADER_LEN;
    for (size_t i = 0; i < NAMES; i++) {
        ddns_read_name(&r, &again);
        must(same(&again, written[i]));
    }
    must(ddns_reader_finish(&r) == DDNS_OK);
}

static void has_sane_relatives(const struct ddns_name *name)
{
    struct ddns_name lower = ddns_name_lower(name);
    struct ddns_name parent = ddns_name_parent(name);
    unsigned labels = ddns_name_labels(name);

    must(ddns_name_equal(name, &lower));
    must(ddns_name_in_zone(name, name));
    must(ddns_name_in_zone(&lower, &parent));
    must(ddns_name_labels(&parent) == (labels > 0 ? labels - 1 : 0));
    must(labels == 0 || !ddns_name_in_zone(&parent, name));
    must(ddns_name_has_wildcard(name) == ddns_name_has_wildcard(&lower));
}

static void is_sound(const struct ddns_name *name, const struct ddns_name *other)
{
    must(name->len >= 1 && name->wire[name->len - 1] == 0);
    survives_text(name);
    survives_wire(name, other);
    has_sane_relatives(name);
}

/* Text up to the first NUL is a name, what follows is its zone. */
static void try_text(const char *text, size_t size)
{
    const char *zone = text + strnlen(text, size - 1) + 1;
    char absolute[DDNS_NAME_TEXT_MAX];
    struct ddns_name name;
    struct ddns_name origin;

    if (zone >= text + size) {
        zone = ".";
    }
    if (ddns_name_parse(zone, &origin) != DDNS_OK) {
        return;
    }
    if (ddns_name_parse(text, &name) == DDNS_OK) {
        is_sound(&name, &origin);
    }
    if (ddns_name_in(text, zone, absolute) == DDNS_OK) {
        must(ddns_name_parse(absolute, &name) == DDNS_OK);
        must(ddns_name_in_zone(&name, &origin));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ data, size });
    struct ddns_name previous = { .len = 1 };
    struct ddns_name name;
    char *text = malloc(size + 1);

    if (text == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    try_text(text, size + 1);
    free(text);

    while (r.pos < r.len && ddns_reader_ok(&r)) {
        ddns_read_name(&r, &name);
        is_sound(&name, &previous);
        previous = name;
    }
    return 0;
}
