/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_EXCHANGE_H
#define DDNS_CLIENT_EXCHANGE_H

#include "client/random.h"
#include "transport/transport.h"
#include "txn/zones.h"

/**
 * Questions to one server, and its answers, on a loop and a thread of their own: a
 * caller's signals and loops are not ours to touch.
 *
 * The caller fills the first members and leaves the others zero.  The functions are
 * called on the exchange's thread; the exchange goes on until one of them, or time,
 * or a lost link, ends it.
 */
struct ddns_exchange {
    struct ddns_endpoint server;
    unsigned timeout_ms; /**< from the start, or the last ddns_exchange_wait_anew() */
    void (*on_open)(struct ddns_exchange *x);
    void (*on_message)(struct ddns_exchange *x, struct ddns_bytes message);
    void (*on_resend)(struct ddns_exchange *x); /**< over UDP, each second; or NULL */
    bool (*on_lost)(struct ddns_exchange *x);   /**< true: connect anew; or NULL */
    bool (*stopped)(void *stop_user);           /**< asked often: true ends it; or NULL */
    void *stop_user;
    struct ddns_random random; /**< opened by the exchange */

    uv_loop_t loop;
    uv_timer_t deadline;
    uv_timer_t resend;
    uv_timer_t watch;
    struct ddns_transport_set *links;
    uint64_t link; /**< the one in use; each new one has the next number */
    ddns_error error;
};

/** Run it to its end.  Blocks.  @return what ended it, or an error before it began */
DDNS_NODISCARD ddns_error ddns_exchange_run(struct ddns_exchange *x);

/** End it with @p error; nothing is called any more. */
void ddns_exchange_finish(struct ddns_exchange *x, ddns_error error);

/** Send a message; a failure ends the exchange. */
void ddns_exchange_send(struct ddns_exchange *x, struct ddns_bytes message);

/** Close the link and open another, over TCP. */
void ddns_exchange_turn_to_tcp(struct ddns_exchange *x);

/** The server said something that counts: the timeout begins anew. */
void ddns_exchange_wait_anew(struct ddns_exchange *x);

#endif
