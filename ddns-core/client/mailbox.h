/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_MAILBOX_H
#define DDNS_CLIENT_MAILBOX_H

#include <pthread.h>
#include <uv.h>

#include "engine/engine.h"

enum ddns_verb { DDNS_WISH_SET, DDNS_WISH_RESUME, DDNS_WISH_CLEAR };

/** One wish on its way to the client's thread; who holds it frees it with free(). */
struct ddns_letter {
    struct ddns_letter *next;
    enum ddns_verb verb;
    struct ddns_wish wish;
};

/** Letters in the order in which they were put in. */
struct ddns_letters {
    struct ddns_letter *head, *tail;
    size_t count;
};

void ddns_letters_append(struct ddns_letters *to, struct ddns_letters *from);
struct ddns_letter *ddns_letters_pop(struct ddns_letters *letters);
void ddns_letters_free(struct ddns_letters *letters);

/**
 * Where threads meet: filled by any, emptied by the client's.  Its lock is the
 * only one, is held for pointer work alone, and guards everything below it.
 */
struct ddns_mailbox {
    pthread_mutex_t lock;
    struct ddns_letters letters;
    size_t unread; /**< letters that the stats do not count yet */
    ddns_stats stats;
    bool closed;
    unsigned grace_ms;
    uv_async_t *bell; /**< rung only while not closed */
};

/** @p bell is borrowed; it may be closed once the mailbox is. */
DDNS_NODISCARD ddns_error ddns_mailbox_open(struct ddns_mailbox *m, uv_async_t *bell);

/** No other thread may use @p m any more. */
void ddns_mailbox_destroy(struct ddns_mailbox *m);

/**
 * Any thread: copy @p wish into the mailbox and ring the bell.
 *
 * @retval DDNS_E_NOMEM, DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_mailbox_put(struct ddns_mailbox *m, enum ddns_verb verb,
                                           const struct ddns_wish *wish);

/** Any thread: refuse letters from now on, and ask the client's thread to stop. */
void ddns_mailbox_close(struct ddns_mailbox *m, unsigned grace_ms);

/** Any thread: the last published stats; letters not yet read count as unsettled. */
void ddns_mailbox_stats(struct ddns_mailbox *m, ddns_stats *out_stats);

/**
 * Client's thread: append everything in the mailbox to @p letters.  True when it
 * is closed; @p out_grace_ms is written then.
 */
bool ddns_mailbox_take(struct ddns_mailbox *m, struct ddns_letters *letters,
                       unsigned *out_grace_ms);

/** Client's thread: publish stats that count @p read more letters than the last. */
void ddns_mailbox_publish(struct ddns_mailbox *m, const ddns_stats *stats, size_t read);

#endif
