/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_SETTINGS_PRINTABLE_H
#define DDNS_SETTINGS_PRINTABLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    PRINTABLE_SHOWN = 255,                      /**< bytes; a domain name has no more */
    PRINTABLE_MAX = PRINTABLE_SHOWN * 4 + 3 + 1 /**< each as \xHH, an ellipsis, a NUL */
};

/**
 * Make text that came from outside fit for a line of a log: what is not printable
 * ASCII becomes \xHH, and so does "%", which Kea's logger would take for a placeholder
 * of its own.  At most PRINTABLE_SHOWN bytes are shown.
 *
 * @param out  has PRINTABLE_MAX bytes
 * @return @p out
 */
const char *printable_text(const char *text, size_t len, char *out);

#ifdef __cplusplus
}
#endif

#endif
