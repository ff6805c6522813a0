/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "transport/link.h"

struct udp_link {
    struct ddns_link_base base; /* first: freed through it */
    uv_udp_t udp;
};

struct datagram {
    uv_udp_send_t request;
    uint8_t octets[];
};

static struct udp_link *udp_of(struct ddns_link_base *link)
{
    return (struct udp_link *)link;
}

static void on_sent(uv_udp_send_t *request, int status)
{
    struct ddns_link_base *link = request->handle->data;

    free(request->data);
    if (status < 0) {
        ddns_link_tell_lost(link, status);
    }
}

static ddns_error udp_send(struct ddns_link_base *link, struct ddns_bytes message)
{
    uv_udp_t *udp = &udp_of(link)->udp;

    if (uv_udp_get_send_queue_size(udp) + message.len > DDNS_LINK_BACKLOG_MAX) {
        return DDNS_E_IO;
    }
    struct datagram *datagram = malloc(sizeof *datagram + message.len);

    if (datagram == NULL) {
        return DDNS_E_NOMEM;
    }
    datagram->request.data = datagram;
    if (message.len > 0) {
        memcpy(datagram->octets, message.data, message.len);
    }
    uv_buf_t buf = uv_buf_init((char *)datagram->octets, (unsigned)message.len);
    int status = uv_udp_send(&datagram->request, udp, &buf, 1, NULL, on_sent);

    if (status < 0) {
        free(datagram);
        return ddns_error_of_uv(status);
    }
    return DDNS_OK;
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out_buf)
{
    const struct ddns_link_base *link = handle->data;

    (void)suggested;
    *out_buf = uv_buf_init((char *)link->set->datagram, sizeof link->set->datagram);
}

static void on_received(uv_udp_t *udp, ssize_t got, const uv_buf_t *buf,
                        const struct sockaddr *peer, unsigned flags)
{
    struct ddns_link_base *link = udp->data;

    (void)flags; /* the room is larger than any datagram: none is cut */
    if (got < 0) {
        ddns_link_tell_lost(link, (int)got); /* ICMP says so */
    } else if (peer != NULL) {
        ddns_link_tell_message(
            link, (struct ddns_bytes){ (const uint8_t *)buf->base, (size_t)got });
    }
}

static void on_opened(uv_timer_t *later)
{
    ddns_link_tell_open(later->data);
}

/*
 * Port 0 lets the kernel choose at random, and a connected socket hears its peer
 * alone: together, what RFC 5452 asks for.  RECVERR brings in every ICMP error,
 * not just "port unreachable", so a dead server is known at once.
 */
static int connect_and_listen(uv_udp_t *udp, const union ddns_sockaddr *peer)
{
    union ddns_sockaddr any;
    int status;

    memset(&any, 0, sizeof any);
    any.any.sa_family = peer->any.sa_family;
    status = uv_udp_bind(udp, &any.any, UV_UDP_LINUX_RECVERR);
    if (status == 0) {
        status = uv_udp_connect(udp, &peer->any);
    }
    if (status == 0) {
        status = uv_udp_recv_start(udp, give_room, on_received);
    }
    return status;
}

ddns_error ddns_udp_open(struct ddns_transport_set *set, uint64_t id,
                         const union ddns_sockaddr *peer)
{
    struct udp_link *link = calloc(1, sizeof *link);
    int status;

    if (link == NULL) {
        return DDNS_E_NOMEM;
    }
    status = uv_udp_init(set->loop, &link->udp);
    if (status < 0) {
        free(link);
        return ddns_error_of_uv(status);
    }
    link->base.send = udp_send;
    ddns_link_adopt(&link->base, set, id, (uv_handle_t *)&link->udp);
    status = connect_and_listen(&link->udp, peer);
    if (status == 0) {
        status = uv_timer_start(&link->base.later, on_opened, 0, 0);
    }
    if (status < 0) {
        ddns_link_close(&link->base);
        return ddns_error_of_uv(status);
    }
    return DDNS_OK;
}
