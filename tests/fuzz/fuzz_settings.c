/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Whatever the parameters are, they are read, or a sentence says what is wrong.
 */
#include "ddns/ddns.h"
#include "fuzz.h"
#include "settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct settings_defaults defaults = { "ledger", "/nonexistent" };
    struct settings_error error = { "", "" };
    struct settings settings;

    if (!settings_parse((const char *)data, size, &defaults, &settings, &error)) {
        must(error.place[0] != '\0' && error.what[0] != '\0');
        return 0;
    }
    must(settings.config != NULL);
    for (size_t i = 0; i < settings.zone_count; i++) {
        const struct settings_zone *zone = &settings.zones[i];

        must(zone->server_count > 0);
        must(zone->servers[0].key == NULL ||
             settings_key_named(&settings, zone->servers[0].key) != NULL);
    }
    settings_free(&settings);
    return 0;
}
