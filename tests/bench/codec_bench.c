/* SPDX-License-Identifier: MPL-2.0 */

/*
 * codec_bench ROUNDS MILLISECONDS
 *
 * How many UPDATEs a second each library builds and signs on one core.  Prints a line
 * for each measurement: leases in a message, name, octets of a message, and messages
 * in a second of the processor's time.
 * The parties take turns in every round, so that what disturbs the machine disturbs
 * all of them.
 */

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/codec.h"

enum { LEASES_MAX = 256, ID = 0x5a5a };

enum { PARTIES = 3 };

static const struct codec_party *const parties[PARTIES] = { &codec_ours, &codec_ldns,
                                                            &codec_knot };

static const size_t sizes[] = { 1, 64, LEASES_MAX };

/* Seconds of this process's own, whatever else the machine does. */
static double used(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stay_on_one_core(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)sched_getcpu(), &set);
    codec_must("affinity", sched_setaffinity(0, sizeof set, &set) == 0);
}

static void check(const struct codec_task *task, void *const *states)
{
    static uint8_t messages[PARTIES][DDNS_MESSAGE_MAX];
    struct ddns_bytes made[PARTIES];

    for (size_t i = 0; i < PARTIES; i++) {
        made[i].data = messages[i];
        made[i].len = parties[i]->make(states[i], task, messages[i]);
        codec_check(task, parties[i]->name, made[0], made[i]);
    }
}

static void measure(const struct codec_task *task, const struct codec_party *party,
                    void *state, double seconds)
{
    static uint8_t message[DDNS_MESSAGE_MAX];
    double began = used();
    double ended = began;
    size_t at_a_time = LEASES_MAX / task->count; /* so that the clock costs nothing */
    size_t made = 0;
    size_t len = 0;

    while (ended - began < seconds) {
        for (size_t i = 0; i < at_a_time; i++) {
            len = party->make(state, task, message);
        }
        made += at_a_time;
        ended = used();
    }
    printf("%zu %s %zu %.1f\n", task->count, party->name, len,
           (double)made / (ended - began));
}

static void compare(const struct codec_task *task, unsigned long rounds, double seconds)
{
    void *states[PARTIES];

    for (size_t i = 0; i < PARTIES; i++) {
        states[i] = parties[i]->begin(task);
    }
    check(task, states);
    for (unsigned long round = 0; round < rounds; round++) {
        for (size_t i = 0; i < PARTIES; i++) {
            measure(task, parties[i], states[i], seconds);
        }
    }
    for (size_t i = 0; i < PARTIES; i++) {
        parties[i]->end(states[i]);
    }
}

int main(int argc, char **argv)
{
    static struct bench_claim claims[LEASES_MAX];

    codec_must("usage: codec_bench ROUNDS MILLISECONDS", argc == 3);
    stay_on_one_core();
    for (unsigned i = 0; i < LEASES_MAX; i++) {
        bench_claim_fill(&claims[i], i);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct codec_task task = { claims, sizes[i], ID,
                                   "c2VjcmV0IGZvciB0aGUgY29kZWMgYmVuY2htYXJrLi4=" };

        compare(&task, strtoul(argv[1], NULL, 10), strtod(argv[2], NULL) / 1000);
    }
    return 0;
}
