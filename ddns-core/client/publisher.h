/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_PUBLISHER_H
#define DDNS_CLIENT_PUBLISHER_H

#include <uv.h>

#include "client/board.h"
#include "client/exporter.h"
#include "client/mailbox.h"

/**
 * What was counted, made known: on the board, a few times a second while something
 * happens, and from there in a file.  The client's thread's, but for the board.
 */
struct ddns_publisher {
    struct ddns_board board;
    struct ddns_exporter *exporter; /**< NULL: no file is written */
    uint64_t not_before_ms;         /**< of the next time something is put up */
    bool behind;                    /**< the board says less than is known */
    bool open;

    /* set before ddns_publisher_open() */
    struct ddns_engine *engine;
    struct ddns_mailbox *mailbox;
    ddns_event_fn *on_event; /**< may be NULL */
    void *user;
};

/** @p path may be NULL; @p bell is rung until ddns_publisher_stop(). */
DDNS_NODISCARD ddns_error ddns_publisher_open(struct ddns_publisher *p, const char *path,
                                              const char *daemon, uv_async_t *bell);

/** Something has happened. */
void ddns_publisher_turn(struct ddns_publisher *p, struct ddns_now now);

/** Monotonic time at which a turn is due; UINT64_MAX for never. */
uint64_t ddns_publisher_deadline(const struct ddns_publisher *p);

/** Write nothing any more; the board stays. */
void ddns_publisher_stop(struct ddns_publisher *p);

/** Release everything, whether it was ever opened or not. */
void ddns_publisher_close(struct ddns_publisher *p);

#endif
