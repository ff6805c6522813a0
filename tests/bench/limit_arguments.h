/* SPDX-License-Identifier: MPL-2.0 */
#ifndef BENCH_LIMIT_ARGUMENTS_H
#define BENCH_LIMIT_ARGUMENTS_H

#include <stdint.h>

/** What both programs of the limit are told. */
struct limit_arguments {
    const char *address; /**< IPv4, of the server */
    uint16_t port;
    unsigned leases;
    const char *last; /**< what else there is, or NULL */
    char secret[65];  /**< base64, of the key BENCH_KEY; from standard input */
};

#define BENCH_KEY "lab-key" /* as the servers of the laboratory have it */

/**
 * Read ADDRESS PORT LEASES [LAST], and the secret, which is no argument, so that
 * nobody reads it off a list of processes; exits when there is something wrong.
 */
struct limit_arguments limit_arguments_read(int argc, char **argv);

/** Seconds of a clock that only runs forwards. */
double limit_now(void);

#endif
