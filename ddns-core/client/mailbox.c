/* SPDX-License-Identifier: MPL-2.0 */
#include "client/mailbox.h"

#include <stdlib.h>
#include <string.h>

/* ---- letters ------------------------------------------------------------- */

void ddns_letters_append(struct ddns_letters *to, struct ddns_letters *from)
{
    if (from->head == NULL) {
        return;
    }
    if (to->head == NULL) {
        to->head = from->head;
    } else {
        to->tail->next = from->head;
    }
    to->tail = from->tail;
    to->count += from->count;
    *from = (struct ddns_letters){ 0 };
}

struct ddns_letter *ddns_letters_pop(struct ddns_letters *letters)
{
    struct ddns_letter *letter = letters->head;

    if (letter != NULL) {
        letters->head = letter->next;
        letters->count--;
    }
    return letter;
}

void ddns_letters_free(struct ddns_letters *letters)
{
    struct ddns_letter *letter;

    while ((letter = ddns_letters_pop(letters)) != NULL) {
        free(letter);
    }
}

/* ---- the mailbox ---------------------------------------------------------- */

ddns_error ddns_mailbox_open(struct ddns_mailbox *m, uv_async_t *bell)
{
    memset(m, 0, sizeof *m);
    m->bell = bell;
    return pthread_mutex_init(&m->lock, NULL) == 0 ? DDNS_OK : DDNS_E_NOMEM;
}

void ddns_mailbox_destroy(struct ddns_mailbox *m)
{
    ddns_letters_free(&m->letters);
    pthread_mutex_destroy(&m->lock);
}

ddns_error ddns_mailbox_put(struct ddns_mailbox *m, enum ddns_verb verb,
                            const struct ddns_wish *wish)
{
    struct ddns_letter *letter = malloc(sizeof *letter);
    bool closed;

    if (letter == NULL) {
        return DDNS_E_NOMEM;
    }
    letter->next = NULL;
    letter->verb = verb;
    letter->wish = *wish;
    pthread_mutex_lock(&m->lock);
    closed = m->closed;
    if (!closed) {
        bool was_empty = m->letters.head == NULL;

        ddns_letters_append(&m->letters, &(struct ddns_letters){ letter, letter, 1 });
        m->unread++;
        if (was_empty) {
            uv_async_send(m->bell);
        }
    }
    pthread_mutex_unlock(&m->lock);
    if (closed) {
        free(letter);
        return DDNS_E_STOPPING;
    }
    /* cppcheck-suppress memleak ; the letter is in the mailbox */
    return DDNS_OK;
}

void ddns_mailbox_close(struct ddns_mailbox *m, unsigned grace_ms)
{
    pthread_mutex_lock(&m->lock);
    if (!m->closed) {
        m->closed = true;
        m->grace_ms = grace_ms;
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

bool ddns_mailbox_take(struct ddns_mailbox *m, struct ddns_letters *letters,
                       unsigned *out_grace_ms)
{
    bool closed;

    pthread_mutex_lock(&m->lock);
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
