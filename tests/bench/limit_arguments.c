/* SPDX-License-Identifier: MPL-2.0 */
#include "bench/limit_arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/lease.h"

static unsigned number(const char *text, unsigned most)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);

    if (*end != '\0' || value == 0 || value > most) {
        (void)fprintf(stderr, "%s: not a number from 1 to %u\n", text, most);
        exit(2);
    }
    return (unsigned)value;
}

struct limit_arguments limit_arguments_read(int argc, char **argv)
{
    struct limit_arguments given = { 0 };

    if (argc < 4 || argc > 5 || fgets(given.secret, sizeof given.secret, stdin) == NULL) {
        (void)fprintf(stderr, "usage: %s ADDRESS PORT LEASES [LAST] < SECRET\n", argv[0]);
        exit(2);
    }
    given.secret[strcspn(given.secret, "\n")] = '\0';
    given.address = argv[1];
    given.port = (uint16_t)number(argv[2], UINT16_MAX);
    given.leases = number(argv[3], BENCH_LEASES_MAX);
    given.last = argv[4];
    return given;
}

double limit_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
