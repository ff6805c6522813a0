/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

/*
 * Preloaded beside AddressSanitizer's runtime into a program that is built
 * without it, and linked to be initialised before every other library.  The
 * first allocation starts the runtime.  Left to chance that happens inside
 * newlocale(), called by the constructor of libp11-kit, with glibc's lock of the
 * locale held; the lock is broken afterwards, and exit() waits for it for ever.
 */
__attribute__((constructor)) static void start_sanitizer(void)
{
    void *volatile first = malloc(1);

    free(first);
}
