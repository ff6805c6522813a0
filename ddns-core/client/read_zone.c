/* SPDX-License-Identifier: MPL-2.0 */
#include "client/read_zone.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audit/transfer.h"
#include "client/exchange.h"
#include "proto/query.h"

enum { QUERY_ROOM = DDNS_QUERY_MAX + 2 * DDNS_NAME_MAX + DDNS_MAC_MAX + 64 };

static uint64_t now(void)
{
    return (uint64_t)time(NULL);
}

static struct ddns_exchange exchange_with(const struct ddns_zone_source *source,
                                          const struct ddns_zone_server *server)
{
    struct ddns_exchange exchange = {
        .server = source->zones->endpoints[server->endpoint],
        .timeout_ms = source->timeout_ms,
        .stopped = source->stopped,
        .stop_user = source->stop_user,
    };

    exchange.server.transport = DDNS_TCP; /* RFC 5936 section 4.2; many queries, too */
    return exchange;
}

/* ---- the whole zone ------------------------------------------------------- */

struct fetch {
    struct ddns_exchange exchange; /* first: found through it */
    struct ddns_transfer transfer;
};

static void fetch_open(struct ddns_exchange *x)
{
    struct fetch *f = (struct fetch *)x;
    uint8_t buf[QUERY_ROOM];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    ddns_error error = ddns_transfer_ask(&f->transfer, &w,
                                         (uint16_t)ddns_random_next(&x->random), now());

    if (error == DDNS_OK) {
        ddns_exchange_send(x, (struct ddns_bytes){ w.buf, w.len });
    } else {
        ddns_exchange_finish(x, error);
    }
}

static void fetch_message(struct ddns_exchange *x, struct ddns_bytes message)
{
    struct fetch *f = (struct fetch *)x;

    if (ddns_transfer_take(&f->transfer, message, now())) {
        ddns_exchange_wait_anew(x);
    }
    if (f->transfer.reading.state != DDNS_READING_ON) {
        ddns_exchange_finish(x, DDNS_OK);
    }
}

/* The exchange has ended; where it did not end with the answer, that is how. */
static void note_end(struct ddns_reading *reading, ddns_error error, bool begun)
{
    if (reading->state != DDNS_READING_ON) {
        return;
    }
    reading->state = DDNS_READING_FAILED;
    reading->error = error;
    if (begun) {
        reading->what = error == DDNS_E_TIMEOUT
                            ? "stopped in the middle, no message in time"
                            : "cut off in the middle";
    }
}

static struct ddns_reading fetch(const struct ddns_zone_source *source,
                                 const struct ddns_zone_server *server,
                                 struct ddns_records *records)
{
    struct fetch f = {
        .exchange = exchange_with(source, server),
        .transfer = { .zone = source->zone->name,
                      .key = server->key,
                      .records = records },
    };
    size_t before = records->count;
    ddns_error error;

    f.exchange.on_open = fetch_open;
    f.exchange.on_message = fetch_message;
    error = ddns_exchange_run(&f.exchange);
    ddns_transfer_close(&f.transfer);
    note_end(&f.transfer.reading, error, f.transfer.begun);
    if (f.transfer.reading.state != DDNS_READING_DONE) {
        ddns_records_cut(records, before); /* part of a zone is no zone */
    }
    return f.transfer.reading;
}

/* ---- single names --------------------------------------------------------- */

struct asking {
    struct ddns_exchange exchange; /* first: found through it */
    struct ddns_lookup lookup;
    size_t answered_before; /* when this connection was opened */
};

static void ask_on(struct ddns_exchange *x)
{
    struct asking *a = (struct asking *)x;
    uint8_t buf[QUERY_ROOM];
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);

    while (ddns_lookup_ask(&a->lookup, &w, ddns_random_next, &x->random, now())) {
        ddns_exchange_send(x, (struct ddns_bytes){ w.buf, w.len });
        w = ddns_writer_of(buf, sizeof buf);
    }
    if (a->lookup.reading.state != DDNS_READING_ON) {
        ddns_exchange_finish(x, DDNS_OK);
    }
}

static void asking_open(struct ddns_exchange *x)
{
    struct asking *a = (struct asking *)x;

    a->answered_before = a->lookup.answered;
    ask_on(x);
}

static void asking_message(struct ddns_exchange *x, struct ddns_bytes message)
{
    struct asking *a = (struct asking *)x;

    if (ddns_lookup_take(&a->lookup, message, now())) {
        ddns_exchange_wait_anew(x);
        ask_on(x);
    }
}

/* Servers may close after some number of queries; one that answered none is lost. */
static bool asking_lost(struct ddns_exchange *x)
{
    struct asking *a = (struct asking *)x;

    if (a->lookup.answered == a->answered_before) {
        return false;
    }
    ddns_lookup_lost(&a->lookup);
    a->answered_before = a->lookup.answered;
    return true;
}

static struct ddns_reading ask(const struct ddns_zone_source *source,
                               const struct ddns_zone_server *server,
                               struct ddns_records *records)
{
    struct asking a = {
        .exchange = exchange_with(source, server),
        .lookup = { .sought = source->sought,
                    .count = source->sought_count,
                    .key = server->key,
                    .records = records },
    };
    size_t before = records->count;
    ddns_error error;

    if (source->sought_count == 0) {
        a.lookup.reading.state = DDNS_READING_DONE;
        return a.lookup.reading;
    }
    a.exchange.on_open = asking_open;
    a.exchange.on_message = asking_message;
    a.exchange.on_lost = asking_lost;
    error = ddns_exchange_run(&a.exchange);
    note_end(&a.lookup.reading, error, false);
    if (a.lookup.reading.state != DDNS_READING_DONE) {
        ddns_records_cut(records, before);
    }
    return a.lookup.reading;
}

/* ---- one after the other --------------------------------------------------- */

/* What was tried at which server, and how it went. */
struct attempt {
    const char *how;
    const struct ddns_zone_server *server;
    struct ddns_reading reading;
};

static void explain(const struct ddns_zone_source *source, const struct attempt *attempt,
                    ddns_errbuf *errbuf)
{
    enum { SHOWN = 64 }; /* of a name: the reason must fit behind it */
    const struct ddns_endpoint *endpoint =
        &source->zones->endpoints[attempt->server->endpoint];
    char zone[DDNS_NAME_TEXT_MAX] = "*";
    char key[DDNS_NAME_TEXT_MAX] = "no key";
    char address[DDNS_ADDRESS_TEXT_MAX];
    char why[128];
    int len;

    if (errbuf == NULL) {
        return;
    }
    if (!source->zone->wildcard) {
        ddns_name_text(&source->zone->name, zone);
    }
    if (attempt->server->key != NULL) {
        ddns_name_text(ddns_tsig_key_name(attempt->server->key), key);
    }
    ddns_address_text(&endpoint->address, address);
    ddns_reading_text(&attempt->reading, why, sizeof why);
    len = snprintf(errbuf->text, sizeof errbuf->text,
                   "zone %.*s: server %s#%u, %s%.*s: %s: %s", SHOWN, zone, address,
                   (unsigned)endpoint->port, attempt->server->key == NULL ? "" : "key ",
                   SHOWN, key, attempt->how, why);
    if (len < 0 || (size_t)len >= sizeof errbuf->text) {
        memcpy(errbuf->text + sizeof errbuf->text - sizeof "...", "...", sizeof "...");
    }
}

/* The one whose end says most about what to repair: a signature, then an answer. */
static bool says_more(const struct attempt *one, const struct attempt *other)
{
    static const uint8_t weights[] = {
        [DDNS_READING_ON] = 0,     [DDNS_READING_DONE] = 0,
        [DDNS_READING_FAILED] = 1, [DDNS_READING_REFUSED] = 2,
        [DDNS_READING_BROKEN] = 3, [DDNS_READING_UNSIGNED] = 4,
    };

    return weights[one->reading.state] > weights[other->reading.state];
}

/*
 * The server said no, to the transfer or to the key.  Knot calls a key that may update
 * but not transfer BADKEY; where it knows the key not at all, queries say so again.
 */
static bool said_no(const struct ddns_reading *reading)
{
    return reading->state == DDNS_READING_REFUSED ||
           (reading->state == DDNS_READING_UNSIGNED && reading->tsig.error != 0);
}

ddns_error ddns_read_zone(const struct ddns_zone_source *source,
                          struct ddns_records *records, bool *out_whole,
                          ddns_errbuf *errbuf)
{
    const struct ddns_zone *zone = source->zone;
    struct attempt worst = { .server = zone->servers }; /* as yet, nothing was wrong */
    bool refused = zone->wildcard;

    for (size_t i = 0; i < zone->count && !zone->wildcard; i++) {
        struct attempt attempt = { "zone transfer", &zone->servers[i],
                                   fetch(source, &zone->servers[i], records) };

        if (attempt.reading.state == DDNS_READING_DONE) {
            *out_whole = true;
            return DDNS_OK;
        }
        refused = refused || said_no(&attempt.reading);
        worst = says_more(&attempt, &worst) ? attempt : worst;
    }
    for (size_t i = 0; i < zone->count && refused; i++) {
        struct attempt attempt = { "queries", &zone->servers[i],
                                   ask(source, &zone->servers[i], records) };

        if (attempt.reading.state == DDNS_READING_DONE) {
            *out_whole = false;
            return DDNS_OK;
        }
        worst = says_more(&attempt, &worst) ? attempt : worst;
    }
    explain(source, &worst, errbuf);
    return ddns_reading_error(&worst.reading);
}
