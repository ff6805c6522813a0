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
