/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_LEAKS_H
#define SUPPORT_LEAKS_H

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SUPPORT_HAS_LSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SUPPORT_HAS_LSAN 1
#endif
#endif

#ifdef SUPPORT_HAS_LSAN
#include <sanitizer/lsan_interface.h>
#endif

/**
 * Fail the test that leaked, where LeakSanitizer is there to see it.  For the
 * end of a suite's .fini: Criterion drops the exit status of a test's process, so
 * a leak that is only reported at exit would pass.
 */
static inline void leaks_check(void)
{
#ifdef SUPPORT_HAS_LSAN
    if (__lsan_do_recoverable_leak_check() != 0) {
        abort();
    }
#endif
}

#endif
