/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_BASE_BYTES_H
#define DDNS_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/** A borrowed run of bytes. */
struct ddns_bytes {
    const uint8_t *data;
    size_t len;
};

#endif
