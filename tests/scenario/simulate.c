/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Random lives of leases against a model of DNS, in virtual time.
 *
 * Clients come, rename, move and leave while two servers of one zone hang,
 * refuse, lose answers and close connections.  Then everything is well again and
 * the zone must say exactly what is wanted.
 *
 *     simulate FIRST_SEED COUNT [poor]
 *
 * "poor": one allocation in fifty fails meanwhile; a wish that could not be
 * remembered is expressed again, as a caller must.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "scenario/model_server.h"
#include "support/heap.h"

enum {
    ADDRESSES = 40,
    NAMES = 25,
    CLIENTS = 20,
    SERVERS = 2,
    STEPS = 1500,
    EVENTS_MAX = 4096,
    MESSAGE_ROOM = 65535,
    QUIET_MS = 600000,
    POOR = 50,
};

enum mood { WELL, DEAF, CLOSED, SERVFAIL, REFUSES, FORGETFUL, MOODS };

struct delivery {
    uint64_t at;
    enum { OPEN, MESSAGE, LOST } kind;
    ddns_link link;
    ddns_error error;
    uint8_t bytes[64];
    size_t len;
};

struct world {
    uint64_t random;
    uint64_t now;
    struct ddns_engine *engine;
    struct model_server *dns;
    enum mood moods[SERVERS];
    struct delivery queue[EVENTS_MAX];
    size_t queued;
    struct {
        ddns_link link;
        unsigned server;
    } links[256];
    size_t link_count;
    struct ddns_wish wishes[ADDRESSES]; /* what is wanted; directions 0: nothing */
    uint64_t conflicts;
    ddns_conflict_mode mode;
};

static uint32_t dice(void *user)
{
    struct world *w = user;

    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->random >> 33);
}

static uint32_t below(struct world *w, uint32_t n)
{
    return dice(w) % n;
}

static struct ddns_now now_of(const struct world *w)
{
    return (struct ddns_now){ w->now, 1700000000 + w->now / 1000 };
}

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    if (ddns_name_parse(text, &name) != DDNS_OK) {
        abort();
    }
    return name;
}

static struct delivery *deliver(struct world *w, uint64_t delay)
{
    struct delivery *d = &w->queue[w->queued++];

    if (w->queued == EVENTS_MAX) {
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

static void forget_link(struct world *w, ddns_link link)
{
    for (size_t i = 0; i < w->link_count; i++) {
        if (w->links[i].link == link) {
            w->links[i] = w->links[--w->link_count];
        }
    }
    for (size_t i = 0; i < w->queued;) {
        if (w->queue[i].link == link) {
            w->queue[i] = w->queue[--w->queued];
        } else {
            i++;
        }
    }
}

static void on_connect(struct world *w, const struct ddns_action *act)
{
    enum mood mood = w->moods[act->endpoint];
    struct delivery *d;

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

static void on_send(struct world *w, const struct ddns_action *act)
{
    enum mood mood = w->moods[server_of(w, act->link)];
    unsigned rcode = mood == SERVFAIL ? DDNS_SERVFAIL : DDNS_REFUSED;
    struct delivery *d;

    if (mood == DEAF) {
        return;
    }
    if (mood == WELL || mood == FORGETFUL) {
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
    d->len = model_answer(act->message, rcode, d->bytes);
}

static void pump(struct world *w)
{
    struct ddns_action act;

    while (ddns_engine_next(w->engine, now_of(w), &act)) {
        switch (act.kind) {
        case DDNS_DO_CONNECT:
            on_connect(w, &act);
            break;
        case DDNS_DO_SEND:
            on_send(w, &act);
            break;
        case DDNS_DO_CLOSE:
            forget_link(w, act.link);
            break;
        case DDNS_DO_COMMIT:
            ddns_engine_on_commit(w->engine, act.commit);
            break;
        case DDNS_DO_TELL:
            w->conflicts += act.event->kind == DDNS_EVENT_CONFLICT ? 1 : 0;
            break;
        }
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
    if (d.kind == OPEN) {
        ddns_engine_on_open(w->engine, d.link, now_of(w));
    } else if (d.kind == LOST) {
        forget_link(w, d.link);
        ddns_engine_on_lost(w->engine, d.link, d.error, now_of(w));
    } else {
        ddns_engine_on_message(w->engine, d.link, (struct ddns_bytes){ d.bytes, d.len },
                               now_of(w));
    }
}

/* Let @p ms pass, event by event. */
static void pass(struct world *w, uint64_t ms)
{
    uint64_t end = w->now + ms;

    for (;;) {
        struct delivery *first;
        uint64_t due;

        pump(w);
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

/* Do the prerequisites defend names against other clients? */
static bool guarded(const struct world *w)
{
    return w->mode == DDNS_CHECK_WITH_DHCID || w->mode == DDNS_CHECK_EXISTS_WITH_DHCID;
}

static struct ddns_wish wish_of(struct world *w, unsigned address)
{
    struct ddns_wish wish = { .address = { { 192, 0, 2, (uint8_t)address }, 4 },
                              .directions = 1 + below(w, 3),
                              .ttl = 600,
                              .has_dhcid = w->mode != DDNS_NO_CHECK_WITHOUT_DHCID,
                              .mode = w->mode };
    char text[64];
    uint8_t client[] = { 1, 2, 0, 0, 0, 0, (uint8_t)below(w, CLIENTS) };
    ddns_identity id = { DDNS_ID_HWADDR, client, sizeof client };

    (void)snprintf(text, sizeof text, "n%u.example.org", below(w, NAMES));
    wish.fqdn = name_of(guarded(w) && below(w, 40) == 0 ? "www.example.org" : text);
    if (ddns_dhcid_compute(&id, &wish.fqdn, &wish.dhcid) != DDNS_OK) {
        abort();
    }
    return wish;
}

/* Say it until it is taken. */
static void say(struct world *w, const struct ddns_wish *wish,
                ddns_error (*verb)(struct ddns_engine *, const struct ddns_wish *))
{
    ddns_error error;

    do {
        error = verb(w->engine, wish);
        if (error != DDNS_OK && error != DDNS_E_NOMEM) {
            abort();
        }
    } while (error != DDNS_OK);
}

static void live(struct world *w)
{
    unsigned address = below(w, ADDRESSES);

    switch (below(w, 8)) {
    case 0:
    case 1:
    case 2:
        w->wishes[address] = wish_of(w, address);
        say(w, &w->wishes[address], ddns_engine_set);
        break;
    case 3:
    case 4:
        if (w->wishes[address].directions != 0) {
            say(w, &w->wishes[address], ddns_engine_clear);
            w->wishes[address].directions = 0;
        }
        break;
    case 5:
        if (w->wishes[address].directions != 0) { /* a renewal */
            say(w, &w->wishes[address], ddns_engine_set);
        }
        break;
    case 6:
        w->moods[below(w, SERVERS)] = (enum mood)below(w, MOODS);
        break;
    default:
        w->moods[below(w, SERVERS)] = WELL;
        break;
    }
    pass(w, below(w, 4) == 0 ? below(w, 3000) : below(w, 10));
}

/* ---- judgement ------------------------------------------------------------ */

static struct ddns_bytes address_bytes(const struct ddns_wish *wish)
{
    return (struct ddns_bytes){ wish->address.bytes, 4 };
}

static bool leads_to(const struct world *w, const struct ddns_wish *wish)
{
    return model_has(w->dns, &wish->fqdn, DDNS_TYPE_A, address_bytes(wish));
}

static bool wants(const struct ddns_wish *wish, ddns_direction direction)
{
    return (wish->directions & direction) != 0;
}

/* Somebody who wants the name has it, in the zone, with the right DHCID. */
static bool held(const struct world *w, const struct ddns_wish *wish,
                 const struct ddns_wish **out_holder)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *other = &w->wishes[i];
        struct ddns_bytes dhcid = { other->dhcid.rdata, DDNS_DHCID_LEN };

        if (wants(other, DDNS_FORWARD) && ddns_name_equal(&other->fqdn, &wish->fqdn) &&
            leads_to(w, other) &&
            (!other->has_dhcid ||
             model_has(w->dns, &other->fqdn, DDNS_TYPE_DHCID, dhcid))) {
            *out_holder = other;
            return true;
        }
    }
    return false;
}

static int complain(uint64_t seed, const struct ddns_wish *wish, const char *what)
{
    char name[DDNS_NAME_TEXT_MAX];

    ddns_name_text(&wish->fqdn, name);
    (void)printf("seed %llu: 192.0.2.%u %s: %s\n", (unsigned long long)seed,
                 wish->address.bytes[3], name, what);
    return 1;
}

static int judge_wish(const struct world *w, uint64_t seed, const struct ddns_wish *wish)
{
    struct ddns_name reverse = ddns_name_reverse(&wish->address);
    struct ddns_name lower = ddns_name_lower(&wish->fqdn);
    struct ddns_bytes target = { lower.wire, lower.len };
    struct ddns_name statics = name_of("www.example.org");
    bool is_static = ddns_name_equal(&wish->fqdn, &statics);
    const struct ddns_wish *holder = NULL;
    bool has = wants(wish, DDNS_FORWARD) && !is_static && held(w, wish, &holder);
    bool mine = !wants(wish, DDNS_FORWARD) ||
                (has && memcmp(&holder->dhcid, &wish->dhcid, sizeof wish->dhcid) == 0);
    bool ptr = model_has(w->dns, &reverse, DDNS_TYPE_PTR, target);

    if (wants(wish, DDNS_FORWARD) && !is_static && !has) {
        return complain(seed, wish, "nobody has the name");
    }
    if ((mine || !guarded(w)) && wants(wish, DDNS_FORWARD) && holder != wish) {
        return 0; /* another lease of its client has the name: the PTR may stay or go */
    }
    if (wants(wish, DDNS_REVERSE) && mine && !ptr) {
        return complain(seed, wish, "the PTR is missing");
    }
    if (wants(wish, DDNS_REVERSE) && mine && wish->has_dhcid &&
        !model_has(w->dns, &reverse, DDNS_TYPE_DHCID,
                   (struct ddns_bytes){ wish->dhcid.rdata, DDNS_DHCID_LEN })) {
        return complain(seed, wish, "the DHCID beside the PTR is another client's");
    }
    if (!(wants(wish, DDNS_REVERSE) && mine) && ptr) {
        return complain(seed, wish, "the PTR should not be there");
    }
    return 0;
}

static bool is_wanted(const struct world *w, const struct model_record *r)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *wish = &w->wishes[i];
        struct ddns_name reverse = ddns_name_reverse(&wish->address);

        if (r->type == DDNS_TYPE_A && wants(wish, DDNS_FORWARD) &&
            ddns_name_equal(&r->owner, &wish->fqdn) &&
            r->rdata[3] == wish->address.bytes[3]) {
            return true;
        }
        if (r->type == DDNS_TYPE_DHCID && wants(wish, DDNS_FORWARD) &&
            leads_to(w, wish) && ddns_name_equal(&r->owner, &wish->fqdn)) {
            return true;
        }
        if (wants(wish, DDNS_REVERSE) && ddns_name_equal(&r->owner, &reverse)) {
            return true;
        }
    }
    return false;
}

static int judge(const struct world *w, uint64_t seed)
{
    struct ddns_name statics = name_of("www.example.org");
    int bad = 0;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (w->wishes[i].directions != 0) {
            bad += judge_wish(w, seed, &w->wishes[i]);
        }
    }
    for (size_t i = 0; i < w->dns->count; i++) {
        const struct model_record *r = &w->dns->records[i];

        if (!ddns_name_equal(&r->owner, &statics) && !is_wanted(w, r)) {
            char name[DDNS_NAME_TEXT_MAX];

            ddns_name_text(&r->owner, name);
            (void)printf("seed %llu: left over: %s type %u\n", (unsigned long long)seed,
                         name, r->type);
            bad++;
        }
        if (r->type == DDNS_TYPE_A && model_count(w->dns, &r->owner, DDNS_TYPE_A) != 1) {
            (void)printf("seed %llu: two addresses at a name\n",
                         (unsigned long long)seed);
            bad++;
        }
    }
    if (model_count(w->dns, &statics, DDNS_TYPE_ANY) != 1) {
        (void)printf("seed %llu: the static name was touched\n",
                     (unsigned long long)seed);
        bad++;
    }
    return bad;
}

static const struct ddns_zone_server zone_servers[] = { { .endpoint = 0 },
                                                        { .endpoint = 1 } };

static int run(uint64_t seed, unsigned poverty)
{
    struct ddns_endpoint endpoints[SERVERS] = { { .transport = DDNS_TCP },
                                                { .transport = DDNS_TCP } };
    struct ddns_zone zones[] = {
        { name_of("example.org"), false, DDNS_FORWARD, zone_servers, SERVERS },
        { name_of("2.0.192.in-addr.arpa"), false, DDNS_REVERSE, zone_servers, SERVERS },
    };
    struct ddns_zones all = { zones, 2, endpoints, SERVERS };
    struct world *w = calloc(1, sizeof *w);
    struct ddns_engine_config config = {
        .zones = &all, .answer_timeout_ms = 2000, .random = dice, .random_user = w
    };
    struct ddns_name statics = name_of("www.example.org");
    uint8_t static_address[4] = { 198, 51, 100, 1 };
    ddns_stats stats;
    int bad;

    if (w == NULL || (w->dns = calloc(1, sizeof *w->dns)) == NULL) {
        abort();
    }
    w->random = seed * 7919 + 1;
    w->mode = (ddns_conflict_mode)(seed / 6 % 4); /* beside durability and UDP */
    endpoints[0].transport = seed % 3 == 0 ? DDNS_UDP : DDNS_TCP;
    model_add(w->dns, &statics, DDNS_TYPE_A, (struct ddns_bytes){ static_address, 4 });
    if (ddns_engine_new(&config, &w->engine) != DDNS_OK) {
        abort();
    }
    if (seed % 2 == 0 && ddns_engine_set_durable(w->engine, DDNS_DURABLE) != DDNS_OK) {
        abort();
    }
    heap_fail_often(poverty);
    for (unsigned i = 0; i < STEPS; i++) {
        live(w);
    }
    heap_fail_often(0);
    memset(w->moods, 0, sizeof w->moods);
    pass(w, QUIET_MS);
    ddns_engine_stats(w->engine, &stats);
    bad = judge(w, seed);
    if (stats.unsettled != 0 || stats.in_flight != 0 ||
        (poverty == 0 && (w->mode == DDNS_CHECK_WITH_DHCID && w->conflicts == 0))) {
        (void)printf("seed %llu: %llu unsettled, %llu in flight, %llu conflicts\n",
                     (unsigned long long)seed, (unsigned long long)stats.unsettled,
                     (unsigned long long)stats.in_flight,
                     (unsigned long long)w->conflicts);
        bad++;
    }
    ddns_engine_free(w->engine);
    free(w->dns);
    free(w);
    return bad;
}

int main(int argc, char **argv)
{
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    unsigned poverty = argc > 3 && strcmp(argv[3], "poor") == 0 ? POOR : 0;
    int bad = 0;

    for (unsigned long seed = first; seed < first + count; seed++) {
        bad += run(seed, poverty);
    }
    (void)printf("%lu lives, %d differences\n", count, bad);
    return bad == 0 ? 0 : 1;
}
