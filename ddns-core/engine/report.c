/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/parts.h"

/* Without memory an event is dropped: it informs, nothing depends on it. */
static struct report *report_new(struct ddns_engine *e, ddns_event_kind kind)
{
    struct report *r = calloc(1, sizeof *r);

    if (r != NULL) {
        r->kind = kind;
        TAILQ_INSERT_TAIL(&e->reports, r, entry);
    }
    return r;
}

void report_lease(struct ddns_engine *e, ddns_event_kind kind, const struct binding *b,
                  struct report_of of, struct reason reason)
{
    struct report *r = report_new(e, kind);

    if (r == NULL) {
        return;
    }
    r->address = binding_address(b);
    r->owner = owner_share(of.owner);
    r->direction = of.lane->zone->direction;
    r->lane = of.lane;
    r->pair = of.pair;
    r->server = of.pair == NULL ? NULL : of.pair->server;
    r->reason = reason;
}

void report_server(struct ddns_engine *e, ddns_event_kind kind,
                   const struct server *server, ddns_error error)
{
    struct report *r = report_new(e, kind);

    if (r != NULL) {
        r->server = server;
        r->reason.error = error;
    }
}

void report_zone(struct ddns_engine *e, ddns_event_kind kind, const struct lane *lane,
                 const struct pair *pair, struct reason reason)
{
    struct report *r = report_new(e, kind);

    if (r != NULL) {
        r->lane = lane;
        r->pair = pair;
        r->server = pair->server;
        r->direction = lane->zone->direction;
        r->reason = reason;
    }
}

const char *server_text(struct ddns_engine *e, const struct server *server)
{
    char address[DDNS_ADDRESS_TEXT_MAX];

    ddns_address_text(&server->endpoint->address, address);
    (void)snprintf(e->text_server, sizeof e->text_server, "%s#%u", address,
                   server->endpoint->port);
    return e->text_server;
}

const char *owner_text(const struct owner *owner, char *text)
{
    struct ddns_name name;

    if (owner == NULL) {
        return NULL;
    }
    name = owner_name(owner);
    ddns_name_text(&name, text);
    return text;
}

static void free_told(struct ddns_engine *e)
{
    if (e->told != NULL) {
        owner_drop(e, e->told->owner);
        free(e->told);
        e->told = NULL;
    }
}

const ddns_event *report_next(struct ddns_engine *e)
{
    struct report *r = TAILQ_FIRST(&e->reports);

    free_told(e);
    if (r == NULL) {
        return NULL;
    }
    TAILQ_REMOVE(&e->reports, r, entry);
    e->told = r;
    e->event = (ddns_event){ .kind = r->kind,
                             .direction = r->direction,
                             .error = r->reason.error,
                             .rcode = r->reason.rcode,
                             .tsig_error = r->reason.tsig_error,
                             .clock_skew = r->reason.clock_skew };
    if (r->owner != NULL) {
        e->event.fqdn = owner_text(r->owner, e->text_fqdn);
        e->event.address = &r->address;
    }
    if (r->lane != NULL) {
        ddns_name_text(&r->lane->apex, e->text_zone);
        e->event.zone = e->text_zone;
    }
    if (r->server != NULL) {
        e->event.server = server_text(e, r->server);
    }
    if (r->pair != NULL && r->pair->key != NULL) {
        ddns_name_text(ddns_tsig_key_name(r->pair->key), e->text_key);
        e->event.key = e->text_key;
    }
    return &e->event;
}

void report_free_all(struct ddns_engine *e)
{
    while (!TAILQ_EMPTY(&e->reports)) {
        (void)report_next(e);
    }
    free_told(e);
}
