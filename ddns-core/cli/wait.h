/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_WAIT_H
#define DDNS_CLI_WAIT_H

#include "ddns/ddns.h"

/** The event that decided how one direction went. */
struct verdict {
    bool done; /**< DNS says what was wanted */
    ddns_error error;
    unsigned rcode;
    unsigned tsig_error;
    int64_t clock_skew;
};

/**
 * Carries events from the client's thread to the one that waits for them: a
 * pipe, each event written in one piece.
 */
struct waiter {
    int read_fd, write_fd;
};

/** @retval DDNS_E_IO  no pipe could be made */
DDNS_NODISCARD ddns_error waiter_open(struct waiter *out_waiter);
void waiter_close(struct waiter *waiter);

/** A ddns_event_fn; @p waiter is its user. */
void waiter_on_event(void *waiter, const ddns_event *event);

/** Where verdicts stand in an array of them. */
enum { VERDICT_FORWARD, VERDICT_REVERSE, VERDICTS };

/**
 * Wait until every direction of @p directions is decided, or for longer than
 * @p patience_ms without any event: the rest is then DDNS_E_TIMEOUT.
 */
void waiter_wait(const struct waiter *waiter, unsigned directions, int patience_ms,
                 struct verdict out_verdicts[VERDICTS]);

#endif
