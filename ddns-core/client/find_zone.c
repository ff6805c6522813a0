/* SPDX-License-Identifier: MPL-2.0 */
#include "client/config.h"
#include "client/exchange.h"
#include "client/soa.h"
#include "proto/query.h"

/* One search.  @p name is what is asked for now: the caller's, or an ancestor. */
struct search {
    struct ddns_exchange exchange; /* first: found through it */
    struct ddns_name name;
    uint16_t id;
    struct ddns_name zone;
};

static struct search *search_of(struct ddns_exchange *x)
{
    return (struct search *)x;
}

static void send_query(struct ddns_exchange *x)
{
    const struct search *s = search_of(x);
    const struct ddns_question question = { s->name, DDNS_TYPE_SOA, DDNS_CLASS_IN };
    uint8_t buf[DDNS_QUERY_MAX];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);

    ddns_query_write(&w, s->id, &question);
    ddns_exchange_send(x, (struct ddns_bytes){ w.buf, w.len });
}

static void ask(struct ddns_exchange *x)
{
    search_of(x)->id = (uint16_t)ddns_random_next(&x->random);
    send_query(x);
}

static void ask_parent(struct ddns_exchange *x)
{
    struct search *s = search_of(x);

    /* Each is shorter than the last, so this ends at the root. */
    if (ddns_name_labels(&s->name) == 0) {
        ddns_exchange_finish(x, DDNS_E_NO_ZONE);
    } else {
        s->name = ddns_name_parent(&s->name);
        ask(x);
    }
}

static void on_message(struct ddns_exchange *x, struct ddns_bytes message)
{
    struct search *s = search_of(x);

    switch (ddns_soa_read(message, s->id, &s->name, &s->zone)) {
    case DDNS_SOA_IGNORE:
        break; /* forged or late (RFC 5452); the real one may still come */
    case DDNS_SOA_TRUNCATED:
        if (x->server.transport == DDNS_UDP) {
            ddns_exchange_turn_to_tcp(x);
        } else {
            ddns_exchange_finish(x, DDNS_E_NO_ZONE);
        }
        break;
    case DDNS_SOA_FOUND:
        ddns_exchange_finish(x, DDNS_OK);
        break;
    case DDNS_SOA_ASK_PARENT:
        ask_parent(x);
        break;
    case DDNS_SOA_NONE:
        ddns_exchange_finish(x, DDNS_E_NO_ZONE);
        break;
    }
}

ddns_error ddns_find_zone(const ddns_server *server, const char *name,
                          unsigned timeout_ms, char *out_zone)
{
    struct search s = { .exchange = { .timeout_ms = timeout_ms,
                                      .on_open = ask,
                                      .on_message = on_message,
                                      .on_resend = send_query } };
    ddns_error error = ddns_endpoint_of(server, &s.exchange.server);

    if (error == DDNS_OK) {
        error = name == NULL ? DDNS_E_NAME : ddns_name_parse(name, &s.name);
    }
    if (error == DDNS_OK) {
        error = ddns_exchange_run(&s.exchange);
    }
    if (error == DDNS_OK) {
        ddns_name_text(&s.zone, out_zone);
    }
    return error;
}
