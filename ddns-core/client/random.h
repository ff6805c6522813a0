/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_RANDOM_H
#define DDNS_CLIENT_RANDOM_H

#include "ddns/ddns.h"

/** getrandom(2) is whole and not interrupted up to here. */
enum { DDNS_RANDOM_POOL = 256 / sizeof(uint32_t) };

/** The kernel's random numbers, fetched many at a time.  One thread at a time. */
struct ddns_random {
    uint32_t pool[DDNS_RANDOM_POOL];
    size_t left;
};

/** @retval DDNS_E_CRYPTO  the kernel has none to give */
DDNS_NODISCARD ddns_error ddns_random_open(struct ddns_random *random);

/** The next one; @p random is a struct ddns_random, as the engine passes it. */
uint32_t ddns_random_next(void *random);

#endif
