/* SPDX-License-Identifier: MPL-2.0 */
#include "scenario/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/dhcid.h"

static const struct ddns_zone_server zone_servers[] = { { .endpoint = 0 },
                                                        { .endpoint = 1 } };

static uint32_t dice(void *user)
{
    struct world *w = user;

    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->random >> 33);
}

uint32_t below(struct world *w, uint32_t n)
{
    return dice(w) % n;
}

static struct ddns_now now_of(const struct world *w)
{
    return (struct ddns_now){ w->now, 1700000000 + w->now / 1000 };
}

struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    if (ddns_name_parse(text, &name) != DDNS_OK) {
        abort();
    }
    return name;
}

struct ddns_name static_name(void)
{
    return name_of("www.example.org");
}

/* ---- beginning and end ---------------------------------------------------- */

struct world *world_new(uint64_t seed)
{
    static const uint32_t order[] = { 0, 1 };
    struct world *w = calloc(1, sizeof *w);
    struct ddns_name statics = static_name();
    uint8_t static_address[4] = { 198, 51, 100, 1 };

    if (w == NULL || (w->dns = calloc(1, sizeof *w->dns)) == NULL) {
        abort();
    }
    w->seed = seed;
    w->random = seed * 7919 + 1;
    w->mode = (ddns_conflict_mode)(seed / 6 % 4); /* beside durability and UDP */
    w->ttl = 600;
    w->endpoints[0].transport = seed % 3 == 0 ? DDNS_UDP : DDNS_TCP;
    w->endpoints[1].transport = DDNS_TCP;
    w->zones[0] = (struct ddns_zone){ name_of("example.org"), false,   DDNS_FORWARD,
                                      zone_servers,           SERVERS, NULL };
    w->zones[1] = (struct ddns_zone){
        name_of("2.0.192.in-addr.arpa"), false, DDNS_REVERSE, zone_servers, SERVERS, NULL
    };
    w->all = (struct ddns_zones){ .zones = w->zones,
                                  .zone_count = 2,
                                  .order = order,
                                  .order_count = 2,
                                  .endpoints = w->endpoints,
                                  .endpoint_count = SERVERS };
    model_add(w->dns, &statics, DDNS_TYPE_A, (struct ddns_bytes){ static_address, 4 });
    return w;
}

void world_make_ipv6(struct world *w)
{
    w->ipv6 = true;
    w->zones[1].name = name_of("8.b.d.0.1.0.0.2.ip6.arpa");
}

void world_share(struct world *w, struct world *other)
{
    free(w->dns);
    world_make_ipv6(w);
    w->random ^= 0x9e3779b97f4a7c15u; /* it is another process */
    w->dns = other->dns;
    w->other = other;
    other->other = w;
}

void world_unshare(struct world *w, struct world *other)
{
    w->dns = NULL;
    w->other = other->other = NULL;
}

void world_free(struct world *w)
{
    world_end(w);
    free(w->dns);
    free(w);
}

void world_begin(struct world *w)
{
    struct ddns_engine_config config = {
        .zones = &w->all,
        .answer_timeout_ms = 2000,
        .mixed = w->other != NULL,
        .random = dice,
        .random_user = w,
    };
    ddns_error error;

    w->dead = false;
    w->breath = 0;
    do {
        error = ddns_engine_new(&config, &w->engine);
        if (error != DDNS_OK && error != DDNS_E_NOMEM) {
            abort();
        }
    } while (error != DDNS_OK);
}

void world_end(struct world *w)
{
    ddns_engine_free(w->engine);
    w->engine = NULL;
    w->queued = 0;
    w->link_count = 0;
}

/* ---- wishes --------------------------------------------------------------- */

bool world_is_guarded(const struct world *w)
{
    return w->mode == DDNS_CHECK_WITH_DHCID || w->mode == DDNS_CHECK_EXISTS_WITH_DHCID;
}

bool world_shares_names(const struct world *w)
{
    return w->ipv6 && w->mode == DDNS_CHECK_WITH_DHCID;
}

bool world_sends_duids(const struct world *w)
{
    return w->other != NULL && w->mode == DDNS_CHECK_WITH_DHCID && w->seed % 2 == 0;
}

struct ddns_dhcid client_dhcid(const struct world *w, uint32_t number,
                               const struct ddns_name *fqdn)
{
    uint8_t client[] = { 1, 2, 0, 0, 0, 0, (uint8_t)number };
    bool duid =
        w->other != NULL && (w->ipv6 || (world_sends_duids(w) && number % 4 == 0));
    ddns_identity id = { duid ? DDNS_ID_DUID : DDNS_ID_HWADDR, client, sizeof client };

    return dhcid_of(&id, fqdn);
}

static ddns_address address_of(const struct world *w, unsigned number)
{
    uint8_t last = (uint8_t)number;

    if (w->ipv6) {
        return (ddns_address){ { 0x20, 0x01, 0x0d, 0xb8, [15] = last }, 16 };
    }
    return (ddns_address){ { 192, 0, 2, last }, 4 };
}

struct ddns_wish world_wish(struct world *w, unsigned address)
{
    struct ddns_wish wish = { .address = address_of(w, address),
                              .directions = 1 + below(w, 3),
                              .ttl = w->ttl,
                              .has_dhcid = w->mode != DDNS_NO_CHECK_WITHOUT_DHCID,
                              .mode = w->mode };
    uint32_t client = below(w, CLIENTS);
    char text[64];

    (void)snprintf(text, sizeof text, "n%u.example.org", below(w, NAMES));
    wish.fqdn = world_is_guarded(w) && below(w, 40) == 0 ? static_name() : name_of(text);
    wish.dhcid = client_dhcid(w, client, &wish.fqdn);
    return wish;
}

/* ---- the network ---------------------------------------------------------- */

static struct delivery *deliver(struct world *w, uint64_t delay)
{
    struct delivery *d = &w->queue[w->queued++];

    if (w->queued == DELIVERIES_MAX) {
        abort();
    }
    *d = (struct delivery){ .at = w->now + delay };
    return d;
}

static unsigned server_of(const struct world *w, ddns_link link)
{
    for (size_t i = 0; i < w->link_count; i++) {
        if (w->links[i].link == link) {
            return w->links[i].server;
        }
    }
    abort();
}

static void forget_deliveries(struct world *w, bool commits, ddns_link link)
{
    for (size_t i = 0; i < w->queued;) {
        const struct delivery *d = &w->queue[i];

        if (commits ? d->kind == COMMITTED : d->kind != COMMITTED && d->link == link) {
            w->queue[i] = w->queue[--w->queued];
        } else {
            i++;
        }
    }
}

static void forget_link(struct world *w, ddns_link link)
{
    for (size_t i = 0; i < w->link_count; i++) {
        if (w->links[i].link == link) {
            w->links[i] = w->links[--w->link_count];
        }
    }
    forget_deliveries(w, false, link);
}

void world_commits(struct world *w, uint64_t commit, uint64_t ms)
{
    struct delivery *d = deliver(w, ms);

    d->kind = COMMITTED;
    d->commit = commit;
}

void world_forget_commits(struct world *w)
{
    forget_deliveries(w, true, 0);
}

static void on_connect(struct world *w, const struct ddns_action *act)
{
    enum mood mood = w->moods[act->endpoint];
    struct delivery *d;

    if (w->link_count == LINKS_MAX) {
        abort();
    }
    w->links[w->link_count].link = act->link;
    w->links[w->link_count++].server = act->endpoint;
    if (act->transport == DDNS_UDP || mood == DEAF) {
        return;
    }
    d = deliver(w, 1 + below(w, 3));
    d->link = act->link;
    d->kind = mood == CLOSED ? LOST : OPEN;
    d->error = DDNS_E_REFUSED;
}

/* What was true a moment ago may no longer be. */
static size_t answer_query(struct world *w, struct ddns_bytes query, uint8_t *out)
{
    w->asked++;
    if (below(w, 10) == 0) {
        return model_answer_with(query, below(w, 2) == 0 ? DDNS_NXDOMAIN : DDNS_NOERROR,
                                 NULL, 0, out);
    }
    return model_query(w->dns, query, out);
}

static void on_send(struct world *w, const struct ddns_action *act)
{
    enum mood mood = w->moods[server_of(w, act->link)];
    unsigned rcode = mood == SERVFAIL ? DDNS_SERVFAIL : DDNS_REFUSED;
    bool query = model_is_query(act->message);
    bool well = mood == WELL || mood == FORGETFUL;
    struct delivery *d;

    if (w->hooks != NULL && w->hooks->sent != NULL) {
        w->hooks->sent(w, act->message);
    }
    if (mood == DEAF) {
        return;
    }
    if (well && !query) {
        rcode = model_update(w->dns, act->message);
    }
    if (mood == FORGETFUL && below(w, 2) == 0) {
        return; /* done, but nobody hears of it */
    }
    d = deliver(w, 1 + below(w, 20));
    d->link = act->link;
    if (mood == CLOSED || (mood == FORGETFUL && below(w, 8) == 0)) {
        d->kind = LOST;
        d->error = DDNS_E_CLOSED;
        return;
    }
    d->kind = MESSAGE;
    d->len = well && query ? answer_query(w, act->message, d->bytes)
                           : model_answer(act->message, rcode, d->bytes);
}

/* ---- time ----------------------------------------------------------------- */

static void carry_out(struct world *w, const struct ddns_action *act)
{
    switch (act->kind) {
    case DDNS_DO_CONNECT:
        on_connect(w, act);
        break;
    case DDNS_DO_SEND:
        on_send(w, act);
        break;
    case DDNS_DO_CLOSE:
        forget_link(w, act->link);
        break;
    case DDNS_DO_COMMIT:
        if (w->hooks != NULL && w->hooks->commit != NULL) {
            w->hooks->commit(w, act);
        } else {
            ddns_engine_on_commit(w->engine, act->commit);
        }
        break;
    case DDNS_DO_TELL:
        w->conflicts += act->event->kind == DDNS_EVENT_CONFLICT ? 1 : 0;
        break;
    }
}

static void pump(struct world *w)
{
    struct ddns_action act;

    while (!w->dead && ddns_engine_next(w->engine, now_of(w), &act)) {
        if (w->breath > 0 && --w->breath == 0) {
            w->dead = true; /* with this in its hands */
            return;
        }
        carry_out(w, &act);
    }
}

/* The delivery that is due first, or NULL. */
static struct delivery *first_delivery(struct world *w)
{
    struct delivery *first = NULL;

    for (size_t i = 0; i < w->queued; i++) {
        if (first == NULL || w->queue[i].at < first->at) {
            first = &w->queue[i];
        }
    }
    return first;
}

static void arrive(struct world *w, struct delivery *slot)
{
    struct delivery d = *slot;

    *slot = w->queue[--w->queued];
    w->now = d.at > w->now ? d.at : w->now;
    switch (d.kind) {
    case OPEN:
        ddns_engine_on_open(w->engine, d.link, now_of(w));
        break;
    case LOST:
        forget_link(w, d.link);
        ddns_engine_on_lost(w->engine, d.link, d.error, now_of(w));
        break;
    case MESSAGE:
        ddns_engine_on_message(w->engine, d.link, (struct ddns_bytes){ d.bytes, d.len },
                               now_of(w));
        break;
    case COMMITTED:
        w->hooks->committed(w, d.commit);
        break;
    }
}

void world_pass(struct world *w, uint64_t ms)
{
    uint64_t end = w->now + ms;

    for (;;) {
        struct delivery *first;
        uint64_t due;

        pump(w);
        if (w->dead) {
            return;
        }
        due = ddns_engine_deadline(w->engine);
        first = first_delivery(w);
        if (first != NULL && first->at <= due && first->at <= end) {
            arrive(w, first);
        } else if (due <= end) {
            w->now = due > w->now ? due : w->now;
            ddns_engine_on_tick(w->engine, now_of(w));
        } else {
            w->now = end;
            return;
        }
    }
}
