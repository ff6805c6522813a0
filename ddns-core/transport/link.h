/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TRANSPORT_LINK_H
#define DDNS_TRANSPORT_LINK_H

#include <netinet/in.h>

#include "transport/transport.h"

/*
 * Past this the server does not read what it is sent: sixteen of the largest
 * messages are far more than it is ever asked at once.
 */
enum { DDNS_LINK_BACKLOG_MAX = 16 * 65536 };

/** An IPv4 or IPv6 socket address by value. */
union ddns_sockaddr {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
};

/**
 * What a TCP and a UDP link have in common; the first member of each.  A closed
 * link leaves its set at once and dies when libuv has given back both handles.
 */
struct ddns_link_base {
    struct ddns_transport_set *set;
    struct ddns_link_base *next;
    uint64_t id;
    ddns_error (*send)(struct ddns_link_base *link, struct ddns_bytes message);
    uv_handle_t *socket;
    uv_timer_t later; /**< makes an event of what happened inside a function */
    unsigned open_handles;
    bool closing;
};

struct ddns_transport_set {
    uv_loop_t *loop;
    struct ddns_transport_events events;
    struct ddns_link_base *open;
    size_t alive; /**< open links, and closed ones that still have handles */
    bool freeing;
    uint8_t datagram[65536]; /**< libuv reads and tells before it reads again */
};

/** Put @p link, whose @p socket is initialised, into @p set; now it dies by closing. */
void ddns_link_adopt(struct ddns_link_base *link, struct ddns_transport_set *set,
                     uint64_t id, uv_handle_t *socket);
void ddns_link_close(struct ddns_link_base *link);

/* From callbacks of the loop only: each calls the set's owner at once. */
void ddns_link_tell_open(struct ddns_link_base *link);
void ddns_link_tell_message(struct ddns_link_base *link, struct ddns_bytes message);

/** Close @p link, then tell that it is lost; nothing when it is closing already. */
void ddns_link_tell_lost(struct ddns_link_base *link, int uv_error);

/** The error that a caller can act on for a negative libuv error. */
ddns_error ddns_error_of_uv(int uv_error);

/* Open one kind of link.  On an error nothing is left, and nothing will be told. */
DDNS_NODISCARD ddns_error ddns_tcp_open(struct ddns_transport_set *set, uint64_t id,
                                        const union ddns_sockaddr *peer);
DDNS_NODISCARD ddns_error ddns_udp_open(struct ddns_transport_set *set, uint64_t id,
                                        const union ddns_sockaddr *peer);

#endif
