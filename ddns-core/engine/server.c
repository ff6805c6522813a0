/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/parts.h"

bool rest_over(const struct rest *rest, struct ddns_now now)
{
    return now.mono_ms >= rest->until;
}

/* Twice as long each time, within a bound, and never quite the same for all. */
void rest_begin(struct ddns_engine *e, struct rest *rest, struct reason reason,
                struct ddns_now now)
{
    unsigned doublings = rest->failures < 16 ? rest->failures : 16;
    uint64_t ms = (uint64_t)REST_FIRST_MS << doublings;

    if (ms > REST_MAX_MS) {
        ms = REST_MAX_MS;
    }
    ms = ms * 3 / 4 + e->config.random(e->config.random_user) % (ms / 4 + 1);
    if (!rest->down) {
        rest->since = now.unix_s;
    }
    rest->down = true;
    rest->failures++;
    rest->until = now.mono_ms + ms;
    rest->last = reason;
}

void rest_end(struct rest *rest, struct ddns_now now)
{
    rest->down = false;
    rest->failures = 0;
    rest->until = 0;
    rest->since = now.unix_s;
}

struct link *link_new(struct ddns_engine *e, struct server *server,
                      ddns_transport transport, struct ddns_now now)
{
    struct link *link = calloc(1, sizeof *link);

    if (link == NULL) {
        return NULL;
    }
    link->id = ++e->last_link;
    link->server = server;
    link->transport = transport;
    link->state = LINK_NEW;
    link->since = now.mono_ms;
    if (transport == DDNS_TCP) {
        server->tcp = link;
    }
    TAILQ_INSERT_TAIL(&e->links, link, entry);
    return link;
}

struct link *link_find(struct ddns_engine *e, ddns_link id)
{
    struct link *link;

    TAILQ_FOREACH(link, &e->links, entry)
    {
        if (link->id == id && link->state != LINK_CLOSING) {
            return link;
        }
    }
    return NULL;
}

uint64_t link_connect_deadline(const struct ddns_engine *e, const struct link *link)
{
    uint64_t ms = e->config.answer_timeout_ms < CONNECT_MS ? e->config.answer_timeout_ms
                                                           : CONNECT_MS;

    return link->since + ms;
}

bool link_is_idle(const struct link *link)
{
    return link->state == LINK_OPEN && link->transport == DDNS_TCP &&
           link->in_flight == 0;
}

void link_free(struct ddns_engine *e, struct link *link)
{
    if (link->server->tcp == link) {
        link->server->tcp = NULL;
    }
    TAILQ_REMOVE(&e->links, link, entry);
    free(link);
}

void link_close(struct ddns_engine *e, struct link *link)
{
    if (link->server->tcp == link) {
        link->server->tcp = NULL;
    }
    if (link->state == LINK_NEW) {
        link_free(e, link); /* nobody has heard of it */
    } else {
        link->state = LINK_CLOSING;
    }
}

/* Abandon every flight of @p link; the last one sent first, to keep their order. */
static void abandon_flights(struct ddns_engine *e, struct link *link, ddns_error error,
                            struct ddns_now now)
{
    struct flight *f = TAILQ_LAST(&e->flights, flight_list);

    while (f != NULL) {
        struct flight *before = TAILQ_PREV(f, flight_list, entry);

        if (f->link == link) {
            flight_abandon(e, f, error, now);
        }
        f = before;
    }
}

void link_lost(struct ddns_engine *e, struct link *link, ddns_error error,
               struct ddns_now now)
{
    bool udp = link->transport == DDNS_UDP && link->in_flight > 0;

    abandon_flights(e, link, error, now);
    if (!udp) {
        link_close(e, link); /* a flight's end closes its UDP link itself */
    }
}

void link_failed(struct ddns_engine *e, struct link *link, ddns_error error,
                 struct ddns_now now)
{
    struct server *server = link->server;

    if (link->state == LINK_CONNECTING && error == DDNS_E_TIMEOUT) {
        server->health->connect_late++;
    } else if (link->state == LINK_CONNECTING) {
        server->health->unconnected++;
    }
    if (link->transport == DDNS_TCP && server->endpoint->transport == DDNS_UDP) {
        server->no_tcp_until = now.mono_ms + NO_TCP_MS; /* it is well, but for its TCP */
        link_lost(e, link, error, now);
    } else {
        server_failed(e, server, error, now);
    }
}

void server_failed(struct ddns_engine *e, struct server *server, ddns_error error,
                   struct ddns_now now)
{
    struct link *link = TAILQ_FIRST(&e->links);

    if (!server->rest.down) {
        report_server(e, DDNS_EVENT_SERVER_DOWN, server, error);
    }
    rest_begin(e, &server->rest, (struct reason){ .error = error }, now);
    while (link != NULL) {
        struct link *next = TAILQ_NEXT(link, entry);

        if (link->server == server && link->state != LINK_CLOSING) {
            link_lost(e, link, error, now);
        }
        link = next;
    }
}

void server_answered(struct ddns_engine *e, struct server *server, struct ddns_now now)
{
    server->answers++;
    server->heard_at = now.mono_ms;
    if (server->rest.down) {
        rest_end(&server->rest, now);
        report_server(e, DDNS_EVENT_SERVER_UP, server, DDNS_OK);
    }
}
