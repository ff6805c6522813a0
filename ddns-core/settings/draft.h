/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_DRAFT_H
#define DDNS_SETTINGS_DRAFT_H

#include "settings/map.h"
#include "settings/settings.h"

/** What has been read so far.  Functions return false when the error says why not. */
struct draft {
    struct settings settings;
    struct map own; /**< the parameters of the library */
    struct map d2;  /**< the DhcpDdns object of kea-dhcp-ddns; no JSON: there is none */
    const char *d2_config;
    json_t *keys, *forward, *reverse;
    unsigned timeout_ms;
    const char *ledger;
    const char *prometheus;
};

/** Without JSON. */
struct draft draft_begin(struct settings_error *error);

/** Make settings of the JSON that was put into @p draft, which they keep. */
bool draft_finish(struct draft *draft, const struct settings_defaults *defaults,
                  struct settings *out_settings);

/** That of the two maps which has @p keyword; no keyword is in both. */
const struct map *draft_map_with(const struct draft *draft, const char *keyword);

/** Add the keys of the list at "tsig-keys", and forget their secrets. */
bool draft_add_keys(struct draft *draft);

/** Add the zones of the lists below "forward-ddns" and "reverse-ddns". */
bool draft_add_zones(struct draft *draft);

/** Say what the core has against @p value. */
bool draft_blame(const struct map *map, const char *keyword, const char *value,
                 ddns_error error);

#endif
