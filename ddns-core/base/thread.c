/* SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

#include <signal.h>

ddns_error ddns_thread_start(const char *name, void *(*body)(void *), void *arg,
                             pthread_t *out_thread)
{
    sigset_t all;
    sigset_t before;
    pthread_t thread;
    int status;

    /* Blocked here and inherited: the new thread never runs without the mask. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = pthread_create(&thread, NULL, body, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status != 0) {
        return DDNS_E_NOMEM;
    }
    pthread_setname_np(thread, name);
    *out_thread = thread;
    return DDNS_OK;
}

bool ddns_condition_open(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    bool open;

    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    open = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
           pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return open;
}
