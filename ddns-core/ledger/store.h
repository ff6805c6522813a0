/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_LEDGER_STORE_H
#define DDNS_LEDGER_STORE_H

#include "ledger/file.h"
#include "txn/row.h"

/*
 * One ledger: a table of rows, one for an address, in an SQLite file.
 *
 * Calls block on the disk, and a little more than a second when somebody else has
 * locked the database.  The first fault is kept: after it nothing is written, and the
 * store can only be closed or set aside.  So what was written before a fault
 * and what was not is never in doubt.  One thread at a time.
 */

enum ddns_store_status {
    DDNS_STORE_OK,
    DDNS_STORE_UNAVAILABLE, /**< the disk, the system or another program; try later */
    DDNS_STORE_REPLACED,    /**< the file was deleted or replaced; open it again */
    DDNS_STORE_DAMAGED,     /**< what is in the file is no ledger any more */
};

struct ddns_store {
    struct ddns_file file;
    struct sqlite3 *db;
    struct sqlite3_stmt *select, *upsert, *remove;
    ino_t log_inode;    /**< of the log (PATH-wal) that is written */
    int64_t generation; /**< of the rows that are written now */
    bool rewriting;     /**< between begin_generation() and end_generation() */
    bool read_only;
    bool at_end; /**< the last row has been read, and the reader not been told */
    size_t skipped;
    enum ddns_store_status status;
    ddns_errbuf why; /**< a sentence about the fault */
};

/**
 * Open the ledger at @p path, and make one where there is none.  Look at the status
 * afterwards; close it in any case.
 *
 * A file that is no ledger, or that a newer program has written, is not touched.
 */
void ddns_store_open(struct ddns_store *s, const char *path);

/**
 * Open it to read alone: beside the server that writes it, or without a right to
 * write.  Never makes a file.
 */
void ddns_store_open_read_only(struct ddns_store *s, const char *path);

void ddns_store_close(struct ddns_store *s);

/**
 * Read on: the next rows in the order of the addresses' text, at most @p room.
 * After the last of them one call yields none, and the next begins again.  Of a
 * damaged ledger these are the rows that can still be found.
 */
size_t ddns_store_read(struct ddns_store *s, struct ddns_row *rows, size_t room);

/** Rows that could not be read since the reading began, as somebody has edited them. */
size_t ddns_store_skipped(const struct ddns_store *s);

/** Begin a transaction, write any number of rows, and commit: all of them or none. */
void ddns_store_begin(struct ddns_store *s);
void ddns_store_put(struct ddns_store *s, const struct ddns_row *rows, size_t count);
DDNS_NODISCARD enum ddns_store_status ddns_store_commit(struct ddns_store *s);

/*
 * To write all anew: what is put between these two stays, what is older goes with
 * the second.  Until then every address has a row, whenever a crash comes.
 */
void ddns_store_begin_generation(struct ddns_store *s);

/** Does nothing where this store has not begun one. */
void ddns_store_end_generation(struct ddns_store *s);

/**
 * Close a damaged ledger and move it to PATH.corrupt, in place of an older one.
 * False when it could not be moved; the store is closed all the same, and says why.
 */
DDNS_NODISCARD bool ddns_store_set_aside(struct ddns_store *s);

#endif
