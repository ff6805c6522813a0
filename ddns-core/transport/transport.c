/* SPDX-License-Identifier: MPL-2.0 */
#include "transport/transport.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "transport/link.h"

enum { MESSAGE_MAX = 65535 }; /* what two octets of length can say */

ddns_error ddns_error_of_uv(int uv_error)
{
    switch (uv_error) {
    case UV_ECONNREFUSED:
        return DDNS_E_REFUSED;
    case UV_EHOSTUNREACH:
    case UV_ENETUNREACH:
    case UV_ENETDOWN:
    case UV_EHOSTDOWN:
    case UV_EADDRNOTAVAIL:
    case UV_EAFNOSUPPORT:
        return DDNS_E_UNREACHABLE;
    case UV_EOF:
    case UV_ECONNRESET:
    case UV_ECONNABORTED:
    case UV_EPIPE:
        return DDNS_E_CLOSED;
    case UV_ETIMEDOUT:
        return DDNS_E_TIMEOUT;
    case UV_ENOMEM:
    case UV_ENOBUFS:
        return DDNS_E_NOMEM;
    case UV_EMFILE:
    case UV_ENFILE:
        return DDNS_E_FULL;
    default:
        return DDNS_E_IO;
    }
}

/* ---- life of a link ------------------------------------------------------ */

static void set_free_when_empty(struct ddns_transport_set *set)
{
    if (set->freeing && set->alive == 0) {
        free(set);
    }
}

static void link_handle_closed(uv_handle_t *handle)
{
    struct ddns_link_base *link = handle->data;
    struct ddns_transport_set *set = link->set;

    if (--link->open_handles > 0) {
        return;
    }
    free(link);
    set->alive--;
    set_free_when_empty(set);
}

void ddns_link_adopt(struct ddns_link_base *link, struct ddns_transport_set *set,
                     uint64_t id, uv_handle_t *socket)
{
    link->set = set;
    link->id = id;
    link->socket = socket;
    link->socket->data = link;
    uv_timer_init(set->loop, &link->later); /* cannot fail */
    link->later.data = link;
    link->open_handles = 2;
    link->next = set->open;
    set->open = link;
    set->alive++;
}

void ddns_link_close(struct ddns_link_base *link)
{
    struct ddns_link_base **at = &link->set->open;

    if (link->closing) {
        return;
    }
    link->closing = true;
    while (*at != link) {
        at = &(*at)->next;
    }
    *at = link->next;
    uv_close(link->socket, link_handle_closed);
    uv_close((uv_handle_t *)&link->later, link_handle_closed);
}

void ddns_link_tell_open(struct ddns_link_base *link)
{
    const struct ddns_transport_events *events = &link->set->events;

    if (!link->closing) {
        events->on_open(events->user, link->id);
    }
}

void ddns_link_tell_message(struct ddns_link_base *link, struct ddns_bytes message)
{
    const struct ddns_transport_events *events = &link->set->events;

    if (!link->closing) {
        events->on_message(events->user, link->id, message);
    }
}

void ddns_link_tell_lost(struct ddns_link_base *link, int uv_error)
{
    const struct ddns_transport_events *events = &link->set->events;

    if (!link->closing) {
        ddns_link_close(link);
        events->on_lost(events->user, link->id, ddns_error_of_uv(uv_error));
    }
}

/* ---- the set ------------------------------------------------------------- */

static bool peer_of(const ddns_address *address, uint16_t port,
                    union ddns_sockaddr *out_peer)
{
    union ddns_sockaddr peer;

    memset(&peer, 0, sizeof peer);
    if (address->len == sizeof peer.in4.sin_addr) {
        peer.in4.sin_family = AF_INET;
        peer.in4.sin_port = htons(port);
        memcpy(&peer.in4.sin_addr, address->bytes, address->len);
    } else if (address->len == sizeof peer.in6.sin6_addr) {
        peer.in6.sin6_family = AF_INET6;
        peer.in6.sin6_port = htons(port);
        memcpy(&peer.in6.sin6_addr, address->bytes, address->len);
    } else {
        return false;
    }
    *out_peer = peer;
    return true;
}

/* A set has one link per server or two, so a list is quick enough. */
static struct ddns_link_base *find(const struct ddns_transport_set *set, uint64_t id)
{
    struct ddns_link_base *link = set->open;

    while (link != NULL && link->id != id) {
        link = link->next;
    }
    return link;
}

ddns_error ddns_transport_new(uv_loop_t *loop, const struct ddns_transport_events *events,
                              struct ddns_transport_set **out_set)
{
    struct ddns_transport_set *set = calloc(1, sizeof *set);

    if (set == NULL) {
        return DDNS_E_NOMEM;
    }
    set->loop = loop;
    set->events = *events;
    *out_set = set;
    return DDNS_OK;
}

ddns_error ddns_transport_connect(struct ddns_transport_set *set, uint64_t link,
                                  const ddns_address *address, uint16_t port,
                                  ddns_transport transport)
{
    union ddns_sockaddr peer;

    if (!peer_of(address, port, &peer) || find(set, link) != NULL) {
        return DDNS_E_INVALID;
    }
    if (transport == DDNS_UDP) {
        return ddns_udp_open(set, link, &peer);
    }
    return ddns_tcp_open(set, link, &peer);
}

ddns_error ddns_transport_send(struct ddns_transport_set *set, uint64_t link,
                               struct ddns_bytes message)
{
    struct ddns_link_base *found = find(set, link);

    if (found == NULL || message.len > MESSAGE_MAX) {
        return DDNS_E_INVALID;
    }
    return found->send(found, message);
}

void ddns_transport_close(struct ddns_transport_set *set, uint64_t link)
{
    struct ddns_link_base *found = find(set, link);

    if (found != NULL) {
        ddns_link_close(found);
    }
}

void ddns_transport_free(struct ddns_transport_set *set)
{
    if (set == NULL) {
        return;
    }
    while (set->open != NULL) {
        ddns_link_close(set->open);
    }
    set->freeing = true;
    set_free_when_empty(set);
}
