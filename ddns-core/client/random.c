/* SPDX-License-Identifier: MPL-2.0 */
#include "client/random.h"

#include <sys/random.h>

#include "base/broken.h"

static bool refill(struct ddns_random *random)
{
    random->left = DDNS_RANDOM_POOL;
    return getrandom(random->pool, sizeof random->pool, 0) ==
           (ssize_t)sizeof random->pool;
}

ddns_error ddns_random_open(struct ddns_random *random)
{
    return refill(random) ? DDNS_OK : DDNS_E_CRYPTO;
}

uint32_t ddns_random_next(void *random)
{
    struct ddns_random *r = random;

    if (r->left == 0) {
        /* It worked when it was opened, so the kernel has no way to say no. */
        (void)ddns_broken(!refill(r));
    }
    return r->pool[--r->left];
}
