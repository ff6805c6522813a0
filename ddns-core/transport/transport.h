/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TRANSPORT_TRANSPORT_H
#define DDNS_TRANSPORT_TRANSPORT_H

#include <uv.h>

#include "base/bytes.h"
#include "ddns/ddns.h"

/**
 * Links to DNS servers on a libuv loop: TCP connections that frame messages
 * (RFC 1035 section 4.2.2) and connected UDP sockets on random ports (RFC 5452).
 * It knows bytes and addresses, nothing of DNS.  Runs on the loop's thread.
 */
struct ddns_transport_set;

/** All are called from the loop, never from inside a function of this header. */
struct ddns_transport_events {
    void (*on_open)(void *user, uint64_t link);
    void (*on_message)(void *user, uint64_t link, struct ddns_bytes message);
    void (*on_lost)(void *user, uint64_t link, ddns_error error); /**< the link is gone */
    void *user;
};

/** @p loop is borrowed and must outlive the set and its closing. */
DDNS_NODISCARD ddns_error ddns_transport_new(uv_loop_t *loop,
                                             const struct ddns_transport_events *events,
                                             struct ddns_transport_set **out_set);

/**
 * Open a link named @p link, which is not in use.  Ends in on_open() or on_lost().
 *
 * On an error nothing was opened and nothing will be called.
 *
 * @retval DDNS_E_INVALID  the name is in use, or the address is none
 * @retval DDNS_E_NOMEM, DDNS_E_FULL and the IO errors
 */
DDNS_NODISCARD ddns_error ddns_transport_connect(struct ddns_transport_set *set,
                                                 uint64_t link,
                                                 const ddns_address *address,
                                                 uint16_t port, ddns_transport transport);

/**
 * Send one DNS message, copied.  A failure that shows later ends in on_lost();
 * on an error that is returned the link stays, for the caller to close.
 *
 * @retval DDNS_E_INVALID  no such link, or more than 65535 octets
 * @retval DDNS_E_IO       the server does not read what waits for it already
 * @retval DDNS_E_NOMEM and the IO errors
 */
DDNS_NODISCARD ddns_error ddns_transport_send(struct ddns_transport_set *set,
                                              uint64_t link, struct ddns_bytes message);

/** Close @p link at once; nothing more is called for it.  Unknown links are ignored. */
void ddns_transport_close(struct ddns_transport_set *set, uint64_t link);

/** Close every link and free the set once the loop has run their closings. */
void ddns_transport_free(struct ddns_transport_set *set);

#endif
