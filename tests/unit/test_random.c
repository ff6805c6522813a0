/* SPDX-License-Identifier: MPL-2.0 */
#include "client/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "support/leaks.h"

TestSuite(random, .fini = no_leaks);

static int by_value(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Over several refills; two equal ones of so few come up once in 100,000 runs. */
Test(random, gives_no_number_twice)
{
    enum { DRAWS = 5 * DDNS_RANDOM_POOL };
    struct ddns_random random;
    uint32_t drawn[DRAWS];

    cr_assert_eq(ddns_random_open(&random), DDNS_OK);
    for (size_t i = 0; i < DRAWS; i++) {
        drawn[i] = ddns_random_next(&random);
    }
    qsort(drawn, DRAWS, sizeof *drawn, by_value);
    for (size_t i = 1; i < DRAWS; i++) {
        cr_expect_neq(drawn[i], drawn[i - 1]);
    }
}
