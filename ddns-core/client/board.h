/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_BOARD_H
#define DDNS_CLIENT_BOARD_H

#include <pthread.h>

#include "ddns/ddns.h"

/**
 * Where the client's thread puts up what was counted, for others to read.  Its lock is
 * never waited for there: who reads may take a while.
 */
struct ddns_board {
    pthread_mutex_t lock;
    ddns_statistics shown;
};

/** Put up @p statistics, whose texts are borrowed and whose counts of things stay. */
DDNS_NODISCARD ddns_error ddns_board_open(struct ddns_board *board,
                                          const ddns_statistics *statistics);

/** No other thread may use @p board any more. */
void ddns_board_close(struct ddns_board *board);

/** Client's thread: put up @p statistics; false, and nothing is changed, while read. */
bool ddns_board_show(struct ddns_board *board, const ddns_statistics *statistics);

/** Any thread: call @p fn with what is shown.  It must be quick: other readers wait. */
void ddns_board_read(struct ddns_board *board, ddns_statistics_fn *fn, void *user);

/**
 * Any thread: call @p fn, which may take its time, with a copy of what is shown.
 *
 * @retval DDNS_E_NOMEM  it was not called
 */
DDNS_NODISCARD ddns_error ddns_board_study(struct ddns_board *board,
                                           ddns_statistics_fn *fn, void *user);

#endif
