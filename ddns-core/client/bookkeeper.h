/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_BOOKKEEPER_H
#define DDNS_CLIENT_BOOKKEEPER_H

#include "client/mailbox.h"
#include "ledger/ledger.h"

/**
 * Carries rows between the engine and the ledger, and knows what to do when the
 * ledger cannot be used: go on without it, and write everything anew when it is
 * back.  All of it belongs to the client's thread.
 */
struct ddns_bookkeeper {
    struct ddns_ledger *ledger; /**< NULL: none is kept */
    struct ddns_engine *engine;
    struct ddns_mailbox *mailbox; /**< where the state is published */
    ddns_event_fn *on_event;      /**< may be NULL */
    void *user;

    ddns_ledger_info info;
    bool ready;    /**< all rows of the start have been delivered */
    bool given_up; /**< down for a reason of ours: the ledger will not say UP */
    bool waiting;  /**< on rows for which the engine had no memory */
    struct ddns_ledger_result result; /**< being dealt with */
    size_t next_row;
    uint64_t asked;        /**< the last commit given to the ledger */
    uint64_t answered;     /**< the last one that it answered */
    bool rewriting;        /**< everything is being committed anew, */
    uint64_t rewritten_by; /**< and this commit will be the last of it */
    uint64_t since_ms;     /**< begin of the time that patience lasts for */
};

/**
 * Start keeping books in the file @p path, or not at all where it is NULL.
 *
 * @param k     with engine, mailbox, on_event and user; the rest is zero
 * @param bell  rung when ddns_bookkeeper_turn() has something to do
 * @retval DDNS_E_NOMEM
 */
DDNS_NODISCARD ddns_error ddns_bookkeeper_open(struct ddns_bookkeeper *k,
                                               const char *path, uv_async_t *bell,
                                               struct ddns_now now);

/** True while it is not known what DNS was told before: wishes have to wait. */
bool ddns_bookkeeper_is_reading(const struct ddns_bookkeeper *k);

/** Take what the ledger has to say; begin and end what follows from it. */
void ddns_bookkeeper_turn(struct ddns_bookkeeper *k, struct ddns_now now);

/** Make the rows of @p commit durable; the engine hears of it in a later turn. */
void ddns_bookkeeper_commit(struct ddns_bookkeeper *k, const struct ddns_action *commit,
                            struct ddns_now now);

/** Monotonic time at which ddns_bookkeeper_turn() is due; UINT64_MAX for never. */
uint64_t ddns_bookkeeper_deadline(const struct ddns_bookkeeper *k);

/** Write what is still to be written, and close the file.  Also if it was not opened. */
void ddns_bookkeeper_close(struct ddns_bookkeeper *k, struct ddns_now now);

#endif
