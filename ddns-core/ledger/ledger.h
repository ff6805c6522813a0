/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_LEDGER_LEDGER_H
#define DDNS_LEDGER_LEDGER_H

#include "txn/row.h"

/*
 * A ledger on a thread of its own, so that nobody waits for the disk.
 *
 * Work goes in at one end, results come out at the other, both in order.  What the
 * thread itself has to say never needs memory; what is given to it is copied, and the
 * copy is also the room for its result, so every commit is answered.  Except for
 * start and stop, the functions below belong to one thread, and never block on the
 * disk.
 *
 * When the ledger cannot be used, it says so once, answers every commit with
 * DDNS_E_STORE, and tries to open the file again from time to time.
 */

struct ddns_ledger;

enum {
    DDNS_LEDGER_RETRY_MS = 5000, /**< between two attempts to open the file */
    DDNS_LEDGER_PAGE = 256,      /**< rows in one result, at most */
};

struct ddns_ledger_config {
    const char *path; /**< copied */

    /**
     * There are results, and there were none.  Called on the ledger's thread; may do
     * no more than wake the one who takes them, e.g. with uv_async_send().
     */
    void (*on_result)(void *user);
    void *user;
    unsigned retry_ms; /**< 0 means DDNS_LEDGER_RETRY_MS */
};

enum ddns_ledger_result_kind {
    /**
     * rows, count: what the file said, before READY.  When it could not be read, or
     * not to its end, at the start, all of it comes between DOWN and UP instead, and
     * may come twice: whoever knows better about an address ignores its row.
     */
    DDNS_LEDGER_ROWS,
    /** Once: the attempt to read has ended.  count rows were found, skipped are bad. */
    DDNS_LEDGER_READY,
    DDNS_LEDGER_COMMITTED, /**< commit, error: DDNS_OK or DDNS_E_STORE */
    DDNS_LEDGER_DOWN,      /**< why: a sentence; once for an outage */
    /**
     * why: the file was damaged, has been moved to PATH.corrupt, and is begun anew.
     * Then UP, or DOWN when that fails.
     */
    DDNS_LEDGER_SET_ASIDE,
    /** After DOWN or SET_ASIDE, and after READY: it works; write all of it anew. */
    DDNS_LEDGER_UP,
};

/** Which members mean something is said above. */
struct ddns_ledger_result {
    enum ddns_ledger_result_kind kind;
    const struct ddns_row *rows; /**< borrowed until the next call of next() */
    size_t count;
    size_t skipped;
    uint64_t commit;
    ddns_error error;
    const char *why; /**< borrowed likewise */
};

/**
 * Start the thread, which opens the file, and makes it where there is none.  What is
 * wrong with the file is a result, never an error of this function.
 *
 * @retval DDNS_E_NOMEM  no memory, or no thread
 */
DDNS_NODISCARD ddns_error ddns_ledger_start(const struct ddns_ledger_config *config,
                                            struct ddns_ledger **out_ledger);

/**
 * Make @p rows durable, in one transaction; COMMITTED with the number @p commit says
 * what came of it.  A row without directions is deleted.
 *
 * @retval DDNS_E_NOMEM  nothing was queued, and there will be no result
 */
DDNS_NODISCARD ddns_error ddns_ledger_commit(struct ddns_ledger *l, uint64_t commit,
                                             const struct ddns_row *rows, size_t count);

/**
 * Write everything anew: begin, commit every row that there is, end.  With the end
 * those that were not committed since the beginning are deleted; until then nothing
 * is, whatever happens.  An outage in between undoes the beginning: the end then does
 * nothing, and the next UP asks for all of it again.  If one of the commits could not
 * be queued, do not end, but begin again.
 *
 * @retval DDNS_E_NOMEM  nothing was queued
 */
DDNS_NODISCARD ddns_error ddns_ledger_begin_rewrite(struct ddns_ledger *l);
DDNS_NODISCARD ddns_error ddns_ledger_end_rewrite(struct ddns_ledger *l);

/** Take the next result; false when there is none. */
bool ddns_ledger_next(struct ddns_ledger *l, struct ddns_ledger_result *out_result);

/**
 * Finish what is queued, join the thread, close and free.  Results that were not
 * taken are lost.  Waits for the disk, and a second or two more when another program
 * has locked the file.
 */
void ddns_ledger_stop(struct ddns_ledger *l);

#endif
