/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_EXPORTER_H
#define DDNS_CLIENT_EXPORTER_H

#include "client/board.h"

/** What it is started with; all of it is borrowed until ddns_exporter_stop(). */
struct ddns_exporter_config {
    const char *path;
    const char *daemon; /**< label of every sample */
    struct ddns_board *board;
    void (*on_change)(void *user); /**< on its thread: ddns_exporter_news() has some */
    void *user;
};

/**
 * Writes what was counted into a file for node_exporter, every few seconds, on a thread
 * of its own: a disk may take its time.  The file is replaced as a whole, and removed at
 * the end: what nobody keeps up to date must not be taken for the truth.
 */
struct ddns_exporter;

/** Begin, with the first file at once. */
DDNS_NODISCARD ddns_error ddns_exporter_start(const struct ddns_exporter_config *config,
                                              struct ddns_exporter **out_exporter);

/** End, and remove the file.  Accepts NULL. */
void ddns_exporter_stop(struct ddns_exporter *x);

/** Client's thread: has it changed whether the file can be written?  Why it cannot be. */
struct ddns_exporter_news {
    bool failed;
    char why[256];
};
bool ddns_exporter_news(struct ddns_exporter *x, struct ddns_exporter_news *out_news);

#endif
