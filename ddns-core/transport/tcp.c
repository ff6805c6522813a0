/* SPDX-License-Identifier: MPL-2.0 */
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "transport/frame.h"
#include "transport/link.h"

struct tcp_link {
    struct ddns_link_base base; /* first: freed through it */
    uv_tcp_t tcp;
    uv_connect_t connect;
    struct ddns_frames frames;
};

/* One message with its length before it, so that both leave in one segment. */
struct frame_write {
    uv_write_t request;
    uint8_t octets[];
};

static struct tcp_link *tcp_of(struct ddns_link_base *link)
{
    return (struct tcp_link *)link;
}

static void on_written(uv_write_t *request, int status)
{
    struct ddns_link_base *link = request->handle->data;

    free(request->data);
    if (status < 0) {
        ddns_link_tell_lost(link, status);
    }
}

static ddns_error tcp_send(struct ddns_link_base *link, struct ddns_bytes message)
{
    uv_stream_t *stream = (uv_stream_t *)&tcp_of(link)->tcp;
    size_t len = DDNS_FRAME_PREFIX + message.len;

    if (uv_stream_get_write_queue_size(stream) + len > DDNS_LINK_BACKLOG_MAX) {
        return DDNS_E_IO;
    }
    struct frame_write *frame = malloc(sizeof *frame + len);

    if (frame == NULL) {
        return DDNS_E_NOMEM;
    }
    frame->request.data = frame;
    frame->octets[0] = (uint8_t)(message.len >> 8);
    frame->octets[1] = (uint8_t)(message.len & 0xff);
    if (message.len > 0) {
        memcpy(frame->octets + DDNS_FRAME_PREFIX, message.data, message.len);
    }
    uv_buf_t buf = uv_buf_init((char *)frame->octets, (unsigned)len);
    int status = uv_write(&frame->request, stream, &buf, 1, on_written);

    if (status < 0) {
        free(frame);
        return ddns_error_of_uv(status);
    }
    return DDNS_OK;
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out_buf)
{
    struct ddns_frame_room room = ddns_frames_room(&tcp_of(handle->data)->frames);

    (void)suggested;
    *out_buf = uv_buf_init((char *)room.data, (unsigned)room.len);
}

/*
 * A server that gathers small writes (RFC 896; BIND 9.18 does) keeps an answer back
 * until the one before was acknowledged, and a kernel that has nothing to send waits
 * 40 ms with that.  It forgets what it is told here, see tcp(7).
 */
static void acknowledge_now(uv_stream_t *stream)
{
    const int on = 1;
    uv_os_fd_t fd;

    if (uv_fileno((uv_handle_t *)stream, &fd) == 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    }
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
    struct ddns_link_base *link = stream->data;
    struct ddns_frames *frames = &tcp_of(link)->frames;
    struct ddns_bytes message;

    (void)buf;
    if (got < 0) {
        ddns_link_tell_lost(link, (int)got);
        return;
    }
    acknowledge_now(stream);
    ddns_frames_filled(frames, (size_t)got);
    while (ddns_frames_next(frames, &message)) {
        ddns_link_tell_message(link, message);
    }
}

static void on_connected(uv_connect_t *request, int status)
{
    struct ddns_link_base *link = request->handle->data;

    if (status == 0 && !link->closing) {
        status = uv_read_start(request->handle, give_room, on_read);
    }
    if (status < 0) {
        ddns_link_tell_lost(link, status);
        return;
    }
    ddns_link_tell_open(link);
}

ddns_error ddns_tcp_open(struct ddns_transport_set *set, uint64_t id,
                         const union ddns_sockaddr *peer)
{
    struct tcp_link *link = malloc(sizeof *link);
    int status;

    if (link == NULL) {
        return DDNS_E_NOMEM;
    }
    memset(&link->base, 0, sizeof link->base);
    ddns_frames_init(&link->frames);
    status = uv_tcp_init(set->loop, &link->tcp);
    if (status < 0) {
        free(link);
        return ddns_error_of_uv(status);
    }
    link->base.send = tcp_send;
    ddns_link_adopt(&link->base, set, id, (uv_handle_t *)&link->tcp);
    /* Small messages must not wait for acknowledgements of earlier ones. */
    status = uv_tcp_nodelay(&link->tcp, 1);
    if (status == 0) {
        status = uv_tcp_connect(&link->connect, &link->tcp, &peer->any, on_connected);
    }
    if (status < 0) {
        ddns_link_close(&link->base);
        return ddns_error_of_uv(status);
    }
    return DDNS_OK;
}
