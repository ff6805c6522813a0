/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TESTS_FUZZ_H
#define DDNS_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/** What a target defines and libFuzzer or replay.c calls; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A property that every input must leave true. */
static inline void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

#endif
