/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/broken.h"
#include "client/config.h"
#include "client/random.h"
#include "client/soa.h"
#include "client/thread.h"
#include "transport/transport.h"

enum { RESEND_MS = 1000 }; /* a datagram may get lost; the answer is the same */

/* One search: a loop of its own, on a thread of its own, for as long as it takes. */
struct search {
    struct ddns_endpoint server;
    struct ddns_name name; /* asked for now: the caller's, or an ancestor */
    unsigned timeout_ms;

    uv_loop_t loop;
    uv_timer_t deadline;
    uv_timer_t resend;
    struct ddns_transport_set *links;
    uint64_t link; /* the one in use; each new one has the next number */
    struct ddns_random random;
    uint16_t id;

    ddns_error error;
    struct ddns_name zone;
};

static void finish(struct search *s, ddns_error error)
{
    s->error = error;
    ddns_transport_free(s->links);
    s->links = NULL;
    uv_close((uv_handle_t *)&s->deadline, NULL);
    uv_close((uv_handle_t *)&s->resend, NULL);
}

static void send_query(struct search *s)
{
    uint8_t buf[DDNS_SOA_QUERY_MAX];
    ddns_error error =
        ddns_transport_send(s->links, s->link, ddns_soa_query(buf, s->id, &s->name));

    if (error != DDNS_OK) {
        finish(s, error);
    }
}

static void ask(struct search *s)
{
    s->id = (uint16_t)ddns_random_next(&s->random);
    send_query(s);
}

static void connect_anew(struct search *s)
{
    ddns_error error = ddns_transport_connect(s->links, ++s->link, &s->server.address,
                                              s->server.port, s->server.transport);

    if (error != DDNS_OK) {
        finish(s, error);
    }
}

static void on_open(void *user, uint64_t link)
{
    (void)link; /* there is only one at a time */
    ask(user);
}

static void on_message(void *user, uint64_t link, struct ddns_bytes message)
{
    struct search *s = user;

    switch (ddns_soa_read(message, s->id, &s->name, &s->zone)) {
    case DDNS_SOA_IGNORE:
        break; /* forged or late (RFC 5452); the real one may still come */
    case DDNS_SOA_TRUNCATED:
        if (s->server.transport == DDNS_UDP) {
            ddns_transport_close(s->links, link);
            s->server.transport = DDNS_TCP;
            connect_anew(s);
        } else {
            finish(s, DDNS_E_NO_ZONE);
        }
        break;
    case DDNS_SOA_FOUND:
        finish(s, DDNS_OK);
        break;
    case DDNS_SOA_ASK_PARENT:
        /* Each is shorter than the last, so this ends at the root. */
        if (ddns_name_labels(&s->name) == 0) {
            finish(s, DDNS_E_NO_ZONE);
        } else {
            s->name = ddns_name_parent(&s->name);
            ask(s);
        }
        break;
    case DDNS_SOA_NONE:
        finish(s, DDNS_E_NO_ZONE);
        break;
    }
}

static void on_lost(void *user, uint64_t link, ddns_error error)
{
    (void)link;
    finish(user, error);
}

static void on_deadline(uv_timer_t *timer)
{
    finish(timer->data, DDNS_E_TIMEOUT);
}

static void on_resend(uv_timer_t *timer)
{
    struct search *s = timer->data;

    if (s->server.transport == DDNS_UDP) {
        send_query(s);
    }
}

/* On a thread of its own: a caller's signals and loops are not ours to touch. */
static void *search_body(void *arg)
{
    struct search *s = arg;
    struct ddns_transport_events events = { on_open, on_message, on_lost, s };

    if (uv_loop_init(&s->loop) != 0) {
        s->error = DDNS_E_FULL;
        return NULL;
    }
    uv_timer_init(&s->loop, &s->deadline);
    uv_timer_init(&s->loop, &s->resend);
    s->deadline.data = s;
    s->resend.data = s;
    uv_timer_start(&s->deadline, on_deadline, s->timeout_ms, 0);
    uv_timer_start(&s->resend, on_resend, RESEND_MS, RESEND_MS);

    ddns_error error = ddns_transport_new(&s->loop, &events, &s->links);

    if (error == DDNS_OK) {
        connect_anew(s);
    } else {
        finish(s, error);
    }
    uv_run(&s->loop, UV_RUN_DEFAULT);
    (void)ddns_broken(uv_loop_close(&s->loop) != 0);
    return NULL;
}

static ddns_error prepare(struct search *s, const ddns_server *server, const char *name)
{
    ddns_error error = ddns_endpoint_of(server, &s->server);

    if (error == DDNS_OK) {
        error = name == NULL ? DDNS_E_NAME : ddns_name_parse(name, &s->name);
    }
    if (error == DDNS_OK) {
        error = ddns_random_open(&s->random);
    }
    return error;
}

ddns_error ddns_find_zone(const ddns_server *server, const char *name,
                          unsigned timeout_ms, char *out_zone)
{
    struct search s = { .timeout_ms = timeout_ms };
    pthread_t thread;
    ddns_error error = prepare(&s, server, name);

    if (error == DDNS_OK) {
        error = ddns_thread_start(search_body, &s, &thread);
    }
    if (error != DDNS_OK) {
        return error;
    }
    pthread_join(thread, NULL);
    if (s.error == DDNS_OK) {
        ddns_name_text(&s.zone, out_zone);
    }
    return s.error;
}
