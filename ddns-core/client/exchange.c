/* SPDX-License-Identifier: MPL-2.0 */
#include "client/exchange.h"

#include "base/broken.h"
#include "base/thread.h"

enum {
    RESEND_MS = 1000, /* a datagram may get lost; the answer is the same */
    WATCH_MS = 100
};

/* ---- what its owner asks for --------------------------------------------- */

void ddns_exchange_finish(struct ddns_exchange *x, ddns_error error)
{
    if (uv_is_closing((uv_handle_t *)&x->deadline)) {
        return; /* has ended already */
    }
    x->error = error;
    ddns_transport_free(x->links);
    x->links = NULL;
    uv_close((uv_handle_t *)&x->deadline, NULL);
    uv_close((uv_handle_t *)&x->resend, NULL);
    uv_close((uv_handle_t *)&x->watch, NULL);
}

void ddns_exchange_send(struct ddns_exchange *x, struct ddns_bytes message)
{
    ddns_error error =
        x->links == NULL ? DDNS_OK : ddns_transport_send(x->links, x->link, message);

    if (error != DDNS_OK) {
        ddns_exchange_finish(x, error);
    }
}

static void connect_anew(struct ddns_exchange *x)
{
    ddns_error error = ddns_transport_connect(x->links, ++x->link, &x->server.address,
                                              x->server.port, x->server.transport);

    if (error != DDNS_OK) {
        ddns_exchange_finish(x, error);
    }
}

void ddns_exchange_turn_to_tcp(struct ddns_exchange *x)
{
    ddns_transport_close(x->links, x->link);
    x->server.transport = DDNS_TCP;
    connect_anew(x);
}

static void on_deadline(uv_timer_t *timer)
{
    ddns_exchange_finish(timer->data, DDNS_E_TIMEOUT);
}

void ddns_exchange_wait_anew(struct ddns_exchange *x)
{
    if (!uv_is_closing((uv_handle_t *)&x->deadline)) {
        uv_timer_start(&x->deadline, on_deadline, x->timeout_ms, 0);
    }
}

/* ---- what happens --------------------------------------------------------- */

static void on_open(void *user, uint64_t link)
{
    struct ddns_exchange *x = user;

    (void)link; /* there is only one at a time */
    x->on_open(x);
}

static void on_message(void *user, uint64_t link, struct ddns_bytes message)
{
    struct ddns_exchange *x = user;

    (void)link;
    x->on_message(x, message);
}

static void on_lost(void *user, uint64_t link, ddns_error error)
{
    struct ddns_exchange *x = user;

    (void)link;
    if (x->on_lost != NULL && x->on_lost(x)) {
        connect_anew(x);
    } else {
        ddns_exchange_finish(x, error);
    }
}

static void on_resend(uv_timer_t *timer)
{
    struct ddns_exchange *x = timer->data;

    if (x->on_resend != NULL && x->server.transport == DDNS_UDP) {
        x->on_resend(x);
    }
}

static void on_watch(uv_timer_t *timer)
{
    struct ddns_exchange *x = timer->data;

    if (x->stopped(x->stop_user)) {
        ddns_exchange_finish(x, DDNS_E_STOPPING);
    }
}

static void *body(void *arg)
{
    struct ddns_exchange *x = arg;
    struct ddns_transport_events events = { on_open, on_message, on_lost, x };

    if (uv_loop_init(&x->loop) != 0) {
        x->error = DDNS_E_FULL;
        return NULL;
    }
    uv_timer_init(&x->loop, &x->deadline);
    uv_timer_init(&x->loop, &x->resend);
    uv_timer_init(&x->loop, &x->watch);
    x->deadline.data = x;
    x->resend.data = x;
    x->watch.data = x;
    uv_timer_start(&x->deadline, on_deadline, x->timeout_ms, 0);
    uv_timer_start(&x->resend, on_resend, RESEND_MS, RESEND_MS);
    if (x->stopped != NULL) {
        uv_timer_start(&x->watch, on_watch, 0, WATCH_MS);
    }

    ddns_error error = ddns_transport_new(&x->loop, &events, &x->links);

    if (error == DDNS_OK) {
        connect_anew(x);
    } else {
        ddns_exchange_finish(x, error);
    }
    uv_run(&x->loop, UV_RUN_DEFAULT);
    (void)ddns_broken(uv_loop_close(&x->loop) != 0);
    return NULL;
}

ddns_error ddns_exchange_run(struct ddns_exchange *x)
{
    pthread_t thread;
    ddns_error error = ddns_random_open(&x->random);

    if (error == DDNS_OK) {
        error = ddns_thread_start("dns-update", body, x, &thread);
    }
    if (error != DDNS_OK) {
        return error;
    }
    pthread_join(thread, NULL);
    return x->error;
}
