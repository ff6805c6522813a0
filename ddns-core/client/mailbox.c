/* SPDX-License-Identifier: MPL-2.0 */
#include "client/mailbox.h"

#include <string.h>
#include <time.h>

#include "base/thread.h"

/** Lives on the stack of the thread that asks. */
struct ddns_inquiry {
    struct ddns_inquiry *next;
    ddns_inquiry_fn *fn;
    void *arg;
    bool after_letters;
    enum { ASKED, BEING_ANSWERED, ANSWERED, TURNED_DOWN } state;
};

/* ---- the mailbox ---------------------------------------------------------- */

ddns_error ddns_mailbox_open(struct ddns_mailbox *m, uv_async_t *bell)
{
    memset(m, 0, sizeof *m);
    m->bell = bell;
    if (pthread_mutex_init(&m->lock, NULL) != 0) {
        return DDNS_E_NOMEM;
    }
    if (!ddns_condition_open(&m->answered)) {
        pthread_mutex_destroy(&m->lock);
        return DDNS_E_NOMEM;
    }
    return DDNS_OK;
}

void ddns_mailbox_destroy(struct ddns_mailbox *m)
{
    ddns_letters_free(&m->letters);
    pthread_cond_destroy(&m->answered);
    pthread_mutex_destroy(&m->lock);
}

ddns_error ddns_mailbox_put(struct ddns_mailbox *m, const struct ddns_letter *letter)
{
    ddns_error error = DDNS_OK;
    bool unheard;

    pthread_mutex_lock(&m->lock);
    unheard = m->letters.head == NULL && !m->coming;
    if (m->closed) {
        error = DDNS_E_STOPPING;
    } else if (!ddns_letters_add(&m->letters, letter)) {
        error = DDNS_E_NOMEM;
    } else {
        m->unread++;
        if (unheard) {
            uv_async_send(m->bell);
        }
    }
    pthread_mutex_unlock(&m->lock);
    return error;
}

/* ---- questions ------------------------------------------------------------ */

static struct timespec in_ms(unsigned ms)
{
    enum { MS_PER_S = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / MS_PER_S;
    at.tv_nsec += (long)(ms % MS_PER_S) * NS_PER_MS;
    if (at.tv_nsec >= NS_PER_S) {
        at.tv_sec++;
        at.tv_nsec -= NS_PER_S;
    }
    return at;
}

static void withdraw(struct ddns_mailbox *m, const struct ddns_inquiry *q)
{
    struct ddns_inquiry **at = &m->questions;

    while (*at != q) {
        at = &(*at)->next;
    }
    *at = q->next;
}

/* Nobody will answer any more. */
static void turn_down(struct ddns_mailbox *m)
{
    for (struct ddns_inquiry *q = m->questions; q != NULL; q = q->next) {
        q->state = TURNED_DOWN;
    }
    m->questions = NULL;
    pthread_cond_broadcast(&m->answered);
}

ddns_error ddns_mailbox_ask(struct ddns_mailbox *m, ddns_inquiry_fn *fn, void *arg,
                            bool after_letters, unsigned timeout_ms)
{
    struct timespec end = in_ms(timeout_ms);
    struct ddns_inquiry q = {
        .fn = fn, .arg = arg, .after_letters = after_letters, .state = ASKED
    };
    ddns_error error = DDNS_OK;

    pthread_mutex_lock(&m->lock);
    if (m->closed) {
        pthread_mutex_unlock(&m->lock);
        return DDNS_E_STOPPING;
    }
    q.next = m->questions;
    /* cppcheck-suppress autoVariables ; it is out of the list when this returns */
    m->questions = &q;
    uv_async_send(m->bell);
    while (q.state == ASKED &&
           pthread_cond_timedwait(&m->answered, &m->lock, &end) == 0) {
    }
    if (q.state == ASKED) {
        withdraw(m, &q);
        error = DDNS_E_TIMEOUT;
    }
    while (q.state == BEING_ANSWERED) { /* it is at work with our arguments */
        pthread_cond_wait(&m->answered, &m->lock);
    }
    if (q.state == TURNED_DOWN) {
        error = DDNS_E_STOPPING;
    }
    pthread_mutex_unlock(&m->lock);
    return error;
}

/* Out of the list; NULL where none may be answered. */
static struct ddns_inquiry *next_question(struct ddns_mailbox *m, bool all_read)
{
    struct ddns_inquiry **at = &m->questions;
    struct ddns_inquiry *q;

    while (*at != NULL && (*at)->after_letters && !all_read) {
        at = &(*at)->next;
    }
    q = *at;
    if (q != NULL) {
        *at = q->next;
    }
    return q;
}

void ddns_mailbox_answer(struct ddns_mailbox *m, struct ddns_engine *engine,
                         bool all_read, struct ddns_now now)
{
    struct ddns_inquiry *q;

    pthread_mutex_lock(&m->lock);
    while ((q = next_question(m, all_read)) != NULL) {
        q->state = BEING_ANSWERED;
        pthread_mutex_unlock(&m->lock);
        q->fn(q->arg, engine, now);
        pthread_mutex_lock(&m->lock);
        q->state = ANSWERED;
        pthread_cond_broadcast(&m->answered);
    }
    pthread_mutex_unlock(&m->lock);
}

/* ---- the client's thread ----------------------------------------------------- */

void ddns_mailbox_close(struct ddns_mailbox *m, unsigned grace_ms)
{
    pthread_mutex_lock(&m->lock);
    if (!m->closed) {
        m->closed = true;
        m->grace_ms = grace_ms;
        turn_down(m);
        uv_async_send(m->bell);
    }
    pthread_mutex_unlock(&m->lock);
}

void ddns_mailbox_stats(struct ddns_mailbox *m, ddns_stats *out_stats)
{
    pthread_mutex_lock(&m->lock);
    *out_stats = m->stats;
    out_stats->unsettled += m->unread;
    pthread_mutex_unlock(&m->lock);
}

void ddns_mailbox_ledger(struct ddns_mailbox *m, ddns_ledger_info *out_info)
{
    pthread_mutex_lock(&m->lock);
    *out_info = m->ledger;
    pthread_mutex_unlock(&m->lock);
}

void ddns_mailbox_publish_ledger(struct ddns_mailbox *m, const ddns_ledger_info *info)
{
    pthread_mutex_lock(&m->lock);
    m->ledger = *info;
    pthread_mutex_unlock(&m->lock);
}

bool ddns_mailbox_take(struct ddns_mailbox *m, bool coming, struct ddns_letters *letters,
                       unsigned *out_grace_ms)
{
    bool closed;

    pthread_mutex_lock(&m->lock);
    m->coming = coming || m->letters.head != NULL;
    ddns_letters_append(letters, &m->letters);
    closed = m->closed;
    if (closed) {
        *out_grace_ms = m->grace_ms;
    }
    pthread_mutex_unlock(&m->lock);
    return closed;
}

void ddns_mailbox_publish(struct ddns_mailbox *m, const ddns_stats *stats, size_t read)
{
    pthread_mutex_lock(&m->lock);
    m->stats = *stats;
    m->unread -= read;
    pthread_mutex_unlock(&m->lock);
}
