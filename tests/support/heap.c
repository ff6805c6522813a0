/* SPDX-License-Identifier: MPL-2.0 */
#include "support/heap.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* The linker gives these two names to each function; see ld(1), --wrap. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);

/* Allocations until the one that fails; at zero and below, none does. */
static atomic_long left;

/* For programs of one thread. */
static unsigned rate;
static uint64_t dice = 1;

static bool fails(void)
{
    if (rate != 0) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        return (dice >> 33) % rate == 0;
    }
    return atomic_fetch_sub(&left, 1) == 1;
}

void heap_fail_often(unsigned one_in)
{
    rate = one_in;
    dice = 1; /* what fails does not depend on what was run before */
}

void heap_fail_after(unsigned number)
{
    atomic_store(&left, (long)number + 1);
}

bool heap_stop_failing(void)
{
    return atomic_exchange(&left, 0) <= 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    return fails() ? NULL : __real_reallocarray(old, count, size);
}
/* NOLINTEND(bugprone-reserved-identifier) */
