/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_ERROR_H
#define DDNS_SETTINGS_ERROR_H

enum { SETTINGS_PLACE_MAX = 512, SETTINGS_WHAT_MAX = 2048 };

/** What is wrong with a configuration.  Never a secret. */
struct settings_error {
    char place[SETTINGS_PLACE_MAX]; /**< as in forward-ddns.ddns-domains[1].name */
    char what[SETTINGS_WHAT_MAX];   /**< one sentence */
};

#endif
