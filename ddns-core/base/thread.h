/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_BASE_THREAD_H
#define DDNS_BASE_THREAD_H

#include <pthread.h>

#include "ddns/ddns.h"

/**
 * Run @p body on a thread that takes no signal: those belong to the process that
 * hosts us, and SIGPIPE must not end it.
 *
 * @param name  for ps and debuggers, at most 15 characters
 * @retval DDNS_E_NOMEM  the system has no thread to give
 */
DDNS_NODISCARD ddns_error ddns_thread_start(const char *name, void *(*body)(void *),
                                            void *arg, pthread_t *out_thread);

/** Make @p condition wait by CLOCK_MONOTONIC, which does not jump.  False: it cannot be.
 */
DDNS_NODISCARD bool ddns_condition_open(pthread_cond_t *condition);

#endif
