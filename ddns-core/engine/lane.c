/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/parts.h"

static bool is_reported(const struct ddns_engine *e, const struct lane *lane)
{
    const struct report *r;

    TAILQ_FOREACH(r, &e->reports, entry)
    {
        if (r->lane == lane) {
            return true;
        }
    }
    return e->told != NULL && e->told->lane == lane;
}

/* One that "*" stood for, and that nothing needs any more. */
static bool is_spare(const struct ddns_engine *e, const struct lane *lane)
{
    return lane->zone->wildcard && lane != e->served && lane->in_flight == 0 &&
           TAILQ_EMPTY(&lane->queue) && TAILQ_EMPTY(&lane->aside) &&
           TAILQ_EMPTY(&lane->shunned) && !is_reported(e, lane);
}

static void free_spare_lane(struct ddns_engine *e)
{
    struct lane *lane = TAILQ_FIRST(&e->lanes);

    while (lane != NULL && !is_spare(e, lane)) {
        lane = TAILQ_NEXT(lane, entry);
    }
    if (lane != NULL) {
        TAILQ_REMOVE(&e->lanes, lane, entry);
        e->lane_count--;
        free(lane);
    }
}

static struct lane *lane_new(struct ddns_engine *e, const struct ddns_zone *zone,
                             const struct ddns_name *apex)
{
    struct lane *lane;

    if (zone->wildcard && e->lane_count >= e->config.zones->zone_count + LANES_KEPT) {
        free_spare_lane(e);
    }
    lane = calloc(1, sizeof *lane + zone->count * sizeof *lane->pairs);
    if (lane == NULL) {
        return NULL;
    }
    lane->zone = zone;
    lane->apex = *apex;
    TAILQ_INIT(&lane->queue);
    TAILQ_INIT(&lane->aside);
    TAILQ_INIT(&lane->shunned);
    for (size_t i = 0; i < zone->count; i++) {
        lane->pairs[i].key = zone->servers[i].key;
        lane->pairs[i].server = &e->servers[zone->servers[i].endpoint];
    }
    tally_lane(e, lane);
    TAILQ_INSERT_TAIL(&e->lanes, lane, entry);
    e->lane_count++;
    return lane;
}

bool lanes_open(struct ddns_engine *e)
{
    const struct ddns_zones *zones = e->config.zones;

    e->lane_of_zone = calloc(zones->zone_count + 1, sizeof(struct lane *));
    if (e->lane_of_zone == NULL) {
        return false;
    }
    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_zone *zone = &zones->zones[i];

        if (zone->wildcard) {
            continue; /* it has a lane for each apex, once there is one */
        }
        e->lane_of_zone[i] = lane_new(e, zone, &zone->name);
        if (e->lane_of_zone[i] == NULL) {
            return false;
        }
    }
    return true;
}

bool lane_of(struct ddns_engine *e, const struct binding *b, enum ddns_change change,
             struct lane **out_lane)
{
    ddns_address address = binding_address(b);
    const struct ddns_zone *zone;
    struct ddns_name name;
    struct ddns_name apex;
    struct lane *lane;

    if (ddns_change_direction(change) == DDNS_FORWARD) {
        name = owner_name(change == DDNS_ADD_FORWARD ? b->wanted.owner : told_forward(b));
        zone = ddns_zones_find(e->config.zones, DDNS_FORWARD, &name);
    } else {
        name = ddns_name_reverse(&address);
        zone = ddns_zones_find_reverse(e->config.zones, &address);
    }
    *out_lane = NULL;
    if (zone == NULL) {
        return true;
    }
    if (!zone->wildcard) {
        *out_lane = e->lane_of_zone[zone - e->config.zones->zones];
        return true;
    }
    apex = ddns_zone_apex(zone, &name);
    TAILQ_FOREACH(lane, &e->lanes, entry)
    {
        if (lane->zone == zone && ddns_name_equal(&lane->apex, &apex)) {
            break;
        }
    }
    *out_lane = lane != NULL ? lane : lane_new(e, zone, &apex);
    return *out_lane != NULL;
}

bool lane_hopeful(const struct lane *lane)
{
    for (size_t i = 0; i < lane->zone->count; i++) {
        if (!lane->pairs[i].rest.down && !lane->pairs[i].server->rest.down) {
            return true;
        }
    }
    return false;
}

/* Route every binding of @p list, alone in its message if it has spoilt one before. */
static void requeue(struct ddns_engine *e, struct binding_list *list)
{
    struct binding *b = TAILQ_FIRST(list);

    while (b != NULL) {
        struct binding *next = TAILQ_NEXT(b, entry);

        binding_route(e, b, false);
        b = next;
    }
}

void lane_resume(struct ddns_engine *e, struct lane *lane)
{
    requeue(e, &lane->aside);
}

void lane_retry_shunned(struct ddns_engine *e, struct lane *lane)
{
    lane->shunned_retry_at = NEVER;
    requeue(e, &lane->shunned);
}

void lanes_house(struct ddns_engine *e, struct ddns_now now)
{
    const struct binding *last = TAILQ_LAST(&e->homeless, binding_list);
    struct binding *b = TAILQ_FIRST(&e->homeless);
    bool over = b == NULL;

    if (now.mono_ms < e->homeless_retry_at) {
        return;
    }
    e->homeless_retry_at = now.mono_ms + REST_FIRST_MS;
    while (!over) {
        struct binding *next = TAILQ_NEXT(b, entry);

        over = b == last; /* behind it are those that are homeless again */
        binding_route(e, b, false);
        b = next;
    }
}

void lane_second_chance(struct ddns_engine *e, struct lane *lane, struct ddns_now now)
{
    uint64_t ms = (uint64_t)SECOND_CHANCE_MS << lane->second_chances;

    if (TAILQ_EMPTY(&lane->shunned) || now.mono_ms < lane->second_chance_at) {
        return;
    }
    if (ms < SHUNNED_RETRY_MS) {
        lane->second_chances++;
    }
    lane->second_chance_at = now.mono_ms + ms;
    lane_retry_shunned(e, lane);
}

enum verdict { CANNOT, MUST_WAIT, CAN };

/*
 * Can @p pair take a message now?  What was down gets one try at a time.  A
 * connection to a server that was down is tried beside the next server, so that
 * a dead one costs nothing.
 */
static enum verdict pair_verdict(struct ddns_engine *e, struct pair *pair,
                                 struct ddns_now now)
{
    struct server *server = pair->server;
    bool tcp = server->endpoint->transport == DDNS_TCP;

    if (!rest_over(&server->rest, now) || !rest_over(&pair->rest, now)) {
        return CANNOT;
    }
    if (server->rest.down && tcp && server->tcp == NULL &&
        link_new(e, server, DDNS_TCP, now) == NULL) {
        server->rest.until = now.mono_ms + REST_FIRST_MS; /* no memory */
    }
    if (server->rest.down && tcp &&
        (server->tcp == NULL || server->tcp->state != LINK_OPEN)) {
        return CANNOT;
    }
    if ((server->rest.down && server->in_flight > 0) ||
        (pair->rest.down && pair->in_flight > 0)) {
        return CANNOT;
    }
    return server->in_flight >= FLIGHTS_PER_SERVER ? MUST_WAIT : CAN;
}

static struct pair *choose(struct ddns_engine *e, struct lane *lane, struct ddns_now now)
{
    for (size_t i = 0; i < lane->zone->count; i++) {
        enum verdict verdict = pair_verdict(e, &lane->pairs[i], now);

        if (verdict == CAN) {
            return &lane->pairs[i];
        }
        if (verdict == MUST_WAIT) {
            return NULL;
        }
    }
    return NULL;
}

/* Move @p b, whose name is busy, behind the change that keeps it so. */
static void block(struct ddns_engine *e, struct binding *b, struct owner *owner)
{
    binding_leave(e, b);
    b->place = BLOCKED;
    e->stats.unsettled++;
    ring_add_last(&owner->blocked, &b->ring);
}

static bool fits_with(const struct binding *b, const struct binding *leader, size_t size)
{
    return binding_plan(b) == binding_plan(leader) && b->step == leader->step &&
           binding_asks(b) == binding_asks(leader) && b->limit >= size;
}

/* Is it @p batch that keeps @p owner busy, and no flight? */
static bool is_gathered(const struct batch *batch, const struct owner *owner)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (binding_subject(batch->members[i]) == owner) {
            return true;
        }
    }
    return false;
}

/* The change of @p b is not to be made: whoever waits behind it goes on. */
static void renounce(struct ddns_engine *e, struct binding *b, struct owner *owner)
{
    if (owner != NULL) {
        owner_share(owner);
    }
    binding_give_up(e, b);
    if (owner != NULL) {
        owner_hand_on(e, owner);
        owner_drop(e, owner);
    }
}

/* Take @p b into @p batch when it may share its message; never the same name twice. */
static void consider(struct ddns_engine *e, struct batch *batch, struct binding *b,
                     size_t *most)
{
    struct owner *owner = binding_subject(b);

    if (owner != NULL && owner->busy) {
        if (!is_gathered(batch, owner)) {
            block(e, b, owner);
        }
        return;
    }
    if (stray_is_moot(e, b) || (b->change == DDNS_REMOVE_FORWARD && binding_is_moot(b))) {
        renounce(e, b, owner); /* it became so while it waited */
        return;
    }
    if (batch->count > 0 && !fits_with(b, batch->members[0], batch->count + 1)) {
        return;
    }
    *most = b->limit < *most ? b->limit : *most;
    batch->members[batch->count++] = b;
    if (owner != NULL) {
        owner->busy = true;
    }
}

/*
 * Gather bindings whose next step is the same as the first one's, so that an
 * answer means the same for all.  Their names are marked busy.
 */
static void gather(struct ddns_engine *e, struct batch *batch)
{
    struct binding *b = TAILQ_FIRST(&batch->lane->queue);
    size_t most = LEASES_PER_MESSAGE;

    for (size_t seen = 0; b != NULL && seen < LOOKAHEAD && batch->count < most; seen++) {
        struct binding *next = TAILQ_NEXT(b, entry);

        consider(e, batch, b, &most);
        b = next;
    }
}

/*
 * One binding to find out whether what was down is well again.  Old and new ones
 * take turns, and those that failed so far come last: if some can never succeed,
 * one that can is found soon.
 */
static void gather_probe(struct ddns_engine *e, struct batch *batch)
{
    struct lane *lane = batch->lane;
    size_t most = 1;

    for (size_t seen = 0; seen < LOOKAHEAD && batch->count == 0; seen++) {
        struct binding *b = lane->probes++ % 2 == 0
                                ? TAILQ_FIRST(&lane->queue)
                                : TAILQ_LAST(&lane->queue, binding_list);

        if (b != NULL) {
            consider(e, batch, b, &most);
        } else if (!TAILQ_EMPTY(&lane->aside)) {
            binding_route(e, TAILQ_FIRST(&lane->aside), true);
        } else {
            return;
        }
    }
}

/* Leave all but the first @p keep where they are. */
static void ungather(struct batch *batch, size_t keep)
{
    while (batch->count > keep) {
        struct owner *owner = binding_subject(batch->members[--batch->count]);

        if (owner != NULL) {
            owner->busy = false;
        }
    }
}

static struct link *link_for(struct ddns_engine *e, struct server *server,
                             ddns_transport transport, struct ddns_now now)
{
    if (transport == DDNS_UDP) {
        return link_new(e, server, DDNS_UDP, now);
    }
    if (server->tcp == NULL) {
        return link_new(e, server, DDNS_TCP, now);
    }
    return server->tcp;
}

/* Too large for a datagram (RFC 2136 section 6.2), and the server has no TCP. */
static bool cannot_be_sent(struct ddns_engine *e, struct batch *batch,
                           struct ddns_now now)
{
    struct binding *b = batch->members[0];
    struct owner *owner = binding_subject(b);
    struct reason reason = { .error = DDNS_E_SPACE };

    if (batch->pair->server->no_tcp_until <= now.mono_ms) {
        return false;
    }
    ungather(batch, 0);
    binding_shun(e, b, batch->pair, reason, now.mono_ms);
    if (owner != NULL) {
        owner_hand_on(e, owner);
    }
    return true;
}

bool lane_gathers(const struct lane *lane, uint64_t now_ms)
{
    return now_ms < lane->gather_until && lane->queued < LEASES_PER_MESSAGE;
}

/*
 * A message costs a server as much as twenty leases in it.  So when many come, the
 * next ones are given the time to come together, the longer the more there were; the
 * first ones, and those that come one by one, leave at once.
 */
static void begin_to_gather(struct lane *lane, size_t count, uint64_t now_ms)
{
    uint64_t ms = count / LEASES_PER_MS;

    lane->gather_until = now_ms + (ms < GATHER_MAX_MS ? ms : GATHER_MAX_MS);
}

/* Launch what fits of @p batch; true when something came of it. */
static bool launch(struct ddns_engine *e, struct batch *batch, struct ddns_now now)
{
    struct server *server = batch->pair->server;
    ddns_transport transport = server->endpoint->transport;

    while (batch->count > 0) {
        bool tcp = transport == DDNS_TCP;
        bool connected = tcp && server->tcp != NULL;
        struct link *link = link_for(e, server, transport, now);
        ddns_error error = link == NULL ? DDNS_E_NOMEM : DDNS_OK;

        if (link != NULL && tcp && link->state != LINK_OPEN) {
            ungather(batch, 0);
            return !connected;
        }
        if (link != NULL && (tcp || batch->count == 1) &&
            binding_asks(batch->members[0])) {
            error = ask_begin(e, batch, link);
        } else if (link != NULL) {
            error =
                flight_begin(e, batch, link, tcp ? DDNS_MESSAGE_MAX : DDNS_UDP_MAX, now);
        }
        if (error == DDNS_OK) {
            begin_to_gather(batch->lane, batch->count, now.mono_ms);
            return true;
        }
        if (link != NULL && !tcp) {
            link_free(e, link);
        }
        if (error != DDNS_E_SPACE || (tcp && batch->count == 1)) {
            ungather(batch, 0);
            batch->pair->rest.until =
                now.mono_ms + REST_FIRST_MS; /* no memory, no digest */
            return false;
        }
        if (!tcp && cannot_be_sent(e, batch, now)) {
            return true;
        }
        ungather(batch, (batch->count + 1) / 2);
        transport = DDNS_TCP;
    }
    return false;
}

bool lane_advance(struct ddns_engine *e, struct lane *lane, struct ddns_now now)
{
    struct batch batch = { .lane = lane };
    bool udp;

    if ((TAILQ_EMPTY(&lane->queue) && TAILQ_EMPTY(&lane->aside)) ||
        lane_gathers(lane, now.mono_ms)) {
        return false;
    }
    batch.pair = choose(e, lane, now);
    if (batch.pair == NULL) {
        return false;
    }
    udp = batch.pair->server->endpoint->transport == DDNS_UDP;
    if (lane->in_flight >= (udp ? FLIGHTS_PER_SERVER : FLIGHTS_PER_LANE)) {
        return false;
    }
    if (batch.pair->rest.down || batch.pair->server->rest.down) {
        gather_probe(e, &batch);
    } else {
        lane_resume(e, lane); /* another server of the zone may take what one did not */
        gather(e, &batch);
    }
    if (udp) {
        ungather(&batch, 1); /* a datagram holds few leases, and is soon answered */
    }
    return launch(e, &batch, now);
}
