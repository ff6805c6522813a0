/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TESTS_SUPPORT_LEAKS_H
#define DDNS_TESTS_SUPPORT_LEAKS_H

#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DDNS_TESTS_WITH_LSAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define DDNS_TESTS_WITH_LSAN
#endif

#ifdef DDNS_TESTS_WITH_LSAN
#include <sanitizer/lsan_interface.h>
#endif

/**
 * Make a leak fail the suite: TestSuite(name, .fini = no_leaks).
 *
 * Criterion ends a test's process with 0 even when LeakSanitizer has reported,
 * and loses an assertion that fails in .fini; only abort() is noticed.
 */
static inline void no_leaks(void)
{
#ifdef DDNS_TESTS_WITH_LSAN
    if (__lsan_do_recoverable_leak_check() != 0) {
        abort();
    }
#endif
}

#endif
