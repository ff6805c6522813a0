/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_MAILBOX_H
#define DDNS_CLIENT_MAILBOX_H

#include <pthread.h>
#include <uv.h>

#include "client/letters.h"

/** Asks the engine something on the client's thread. */
typedef void ddns_inquiry_fn(void *arg, struct ddns_engine *engine, struct ddns_now now);

struct ddns_inquiry;

/**
 * Where threads meet: filled by any, emptied by the client's.  Its lock is the
 * only one, is held for pointer work alone, and guards everything below it.
 */
struct ddns_mailbox {
    pthread_mutex_t lock;
    struct ddns_letters letters;
    size_t unread;                  /**< letters that the stats do not count yet */
    struct ddns_inquiry *questions; /**< in no particular order */
    pthread_cond_t answered;
    ddns_stats stats;
    ddns_ledger_info ledger;
    bool coming; /**< the client's thread looks again soon: letters need no bell */
    bool closed;
    unsigned grace_ms;
    uv_async_t *bell; /**< rung only while not closed */
};

/** @p bell is borrowed; it may be closed once the mailbox is. */
DDNS_NODISCARD ddns_error ddns_mailbox_open(struct ddns_mailbox *m, uv_async_t *bell);

/** No other thread may use @p m any more. */
void ddns_mailbox_destroy(struct ddns_mailbox *m);

/**
 * Any thread: copy @p letter into the mailbox and, unless the client's thread comes
 * anyway, ring the bell.
 *
 * @retval DDNS_E_NOMEM, DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_mailbox_put(struct ddns_mailbox *m,
                                           const struct ddns_letter *letter);

/**
 * Any thread but the client's: have @p fn called there, and wait until it has returned.
 * With @p after_letters it is not called before those that were put in were read, which
 * takes long while the ledger cannot be read.
 *
 * @retval DDNS_E_TIMEOUT   it was not begun within @p timeout_ms, and never will be
 * @retval DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_mailbox_ask(struct ddns_mailbox *m, ddns_inquiry_fn *fn,
                                           void *arg, bool after_letters,
                                           unsigned timeout_ms);

/** Client's thread: answer what was asked; with @p all_read no letter taken waits. */
void ddns_mailbox_answer(struct ddns_mailbox *m, struct ddns_engine *engine,
                         bool all_read, struct ddns_now now);

/** Any thread: refuse letters from now on, and ask the client's thread to stop. */
void ddns_mailbox_close(struct ddns_mailbox *m, unsigned grace_ms);

/** Any thread: the last published stats; letters not yet read count as unsettled. */
void ddns_mailbox_stats(struct ddns_mailbox *m, ddns_stats *out_stats);

/**
 * Client's thread: append everything in the mailbox to @p letters.  True when it
 * is closed; @p out_grace_ms is written then.
 *
 * With @p coming, and whenever there were letters, it must soon take again by itself.
 * Where there is one letter there are more: to be woken for each would cost the
 * threads that put them in more than all the rest.
 */
bool ddns_mailbox_take(struct ddns_mailbox *m, bool coming, struct ddns_letters *letters,
                       unsigned *out_grace_ms);

/** Any thread: the ledger's state as last published. */
void ddns_mailbox_ledger(struct ddns_mailbox *m, ddns_ledger_info *out_info);

/** Client's thread: publish the ledger's state. */
void ddns_mailbox_publish_ledger(struct ddns_mailbox *m, const ddns_ledger_info *info);

/** Client's thread: publish stats that count @p read more letters than the last. */
void ddns_mailbox_publish(struct ddns_mailbox *m, const ddns_stats *stats, size_t read);

#endif
