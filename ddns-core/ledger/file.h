/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_LEDGER_FILE_H
#define DDNS_LEDGER_FILE_H

#include <limits.h>
#include <sys/types.h>

#include "ddns/ddns.h"

/**
 * The ledger as a file: there, private, and ours alone for as long as it is held.
 *
 * The lock stops a second writer, in this process or another.  Readers do not ask
 * for it.
 */
struct ddns_file {
    char path[PATH_MAX]; /**< begins with "/" or ".", which mean nothing to SQLite */
    int fd;              /**< has the lock; -1 when not held */
    dev_t device;
    ino_t inode;
    struct ddns_file *next; /**< in the list of the process */
};

/** @p path is copied.  False, and @p why says so, when it is too long. */
DDNS_NODISCARD bool ddns_file_name(struct ddns_file *f, const char *path,
                                   ddns_errbuf *why);

/**
 * Open the file, readable by its owner alone if it has to be made, and lock it.
 * False when that is not possible; @p why is then a sentence.
 */
DDNS_NODISCARD bool ddns_file_hold(struct ddns_file *f, ddns_errbuf *why);

/**
 * Let go of it.  Closing any descriptor of a file drops the locks that SQLite has on
 * it (POSIX), so SQLite must have closed it before.
 */
void ddns_file_release(struct ddns_file *f);

/** True while its path still leads to the file that is held. */
bool ddns_file_in_place(const struct ddns_file *f);

/**
 * True when it is, or was before it was damaged, empty or a ledger.  What else an
 * operator has put, or named, there by mistake must not be moved away.
 */
bool ddns_file_is_ours(const struct ddns_file *f);

/**
 * Move the held file, and what SQLite keeps beside it, to PATH.corrupt, in place of
 * an older one.  It stays held.  False, and @p why says so, when it is still there.
 */
DDNS_NODISCARD bool ddns_file_set_aside(const struct ddns_file *f, ddns_errbuf *why);

/** Write a sentence about the ledger at @p path: "ledger PATH: " and the rest. */
__attribute__((format(printf, 3, 4))) void
ddns_file_explain(ddns_errbuf *why, const char *path, const char *format, ...);

#endif
