/* SPDX-License-Identifier: MPL-2.0 */
#include "support/poor_heap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names that the linker's --wrap makes; reserved is what they have to be. */
void *__real_malloc(size_t size); // NOLINT(bugprone-reserved-identifier,cert-dcl*)
void *__real_calloc(size_t count,
                    size_t size); // NOLINT(bugprone-reserved-identifier,cert-dcl*)
void *__wrap_malloc(size_t size); // NOLINT(bugprone-reserved-identifier,cert-dcl*)
void *__wrap_calloc(size_t count,
                    size_t size); // NOLINT(bugprone-reserved-identifier,cert-dcl*)

static unsigned rate;
static uint64_t state = 1;

void poor_heap(unsigned one_in)
{
    rate = one_in;
}

static bool fails(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return rate != 0 && (state >> 33) % rate == 0;
}

void *__wrap_malloc(size_t size) // NOLINT(bugprone-reserved-identifier,cert-dcl*)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count,
                    size_t size) // NOLINT(bugprone-reserved-identifier,cert-dcl*)
{
    return fails() ? NULL : __real_calloc(count, size);
}
