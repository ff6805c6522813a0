/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"

/*
 * What is counted has its place from the start: one for each server of each zone in the
 * configuration, so that counting takes no memory, and no counter is lost with a lane
 * that "*" stood for.
 */

/* ---- places -------------------------------------------------------------------- */

static bool open_zones(struct ddns_engine *e)
{
    const struct ddns_zones *zones = e->config.zones;
    ddns_statistics *s = &e->statistics;

    s->zones = calloc(zones->zone_count + 1, sizeof *s->zones);
    if (s->zones == NULL) {
        return false;
    }
    for (size_t i = 0; i < zones->zone_count; i++) {
        const struct ddns_zone *zone = &zones->zones[i];

        s->zones[i].direction = zone->direction;
        ddns_name_text(&zone->name, e->text_zone);
        s->zones[i].zone = strdup(zone->wildcard ? "*" : e->text_zone);
        if (s->zones[i].zone == NULL) {
            return false;
        }
        s->zone_count++;
        s->traffic_count += zone->count;
    }
    return true;
}

static bool open_servers(struct ddns_engine *e)
{
    size_t count = e->config.zones->endpoint_count;
    ddns_statistics *s = &e->statistics;

    s->servers = calloc(count + 1, sizeof *s->servers);
    if (s->servers == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        s->servers[i].transport = e->servers[i].endpoint->transport;
        s->servers[i].server = strdup(server_text(e, &e->servers[i]));
        if (s->servers[i].server == NULL) {
            return false;
        }
        s->server_count++;
        e->servers[i].health = &s->servers[i];
    }
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* "address#port" is the same for TCP and UDP: the pointers tell the servers apart. */
static bool same_place(const ddns_traffic *a, const ddns_traffic *b)
{
    return a->zone == b->zone && a->server == b->server && same_text(a->key, b->key);
}

/* What distinguishes @p server of the zone with @p index; the key in e->text_key. */
static ddns_traffic place_of(struct ddns_engine *e, size_t index,
                             const struct ddns_zone_server *server)
{
    const ddns_zone_load *zone = &e->statistics.zones[index];
    const ddns_server_health *health = &e->statistics.servers[server->endpoint];
    ddns_traffic place = { .direction = zone->direction,
                           .zone = zone->zone,
                           .server = health->server,
                           .transport = health->transport };

    if (server->key != NULL) {
        ddns_name_text(ddns_tsig_key_name(server->key), e->text_key);
        place.key = e->text_key;
    }
    return place;
}

static ddns_traffic *find(const ddns_statistics *s, const ddns_traffic *place)
{
    for (size_t i = 0; i < s->traffic_count; i++) {
        if (same_place(&s->traffic[i], place)) {
            return &s->traffic[i];
        }
    }
    return NULL;
}

/* A server that a zone names twice has one place. */
static bool open_place(ddns_statistics *s, ddns_traffic place)
{
    if (find(s, &place) != NULL) {
        return true;
    }
    if (place.key != NULL) {
        place.key = strdup(place.key);
        if (place.key == NULL) {
            return false;
        }
    }
    ddns_traffic_open(&place);
    s->traffic[s->traffic_count++] = place;
    return true;
}

static bool open_places(struct ddns_engine *e, size_t index)
{
    const struct ddns_zone *zone = &e->config.zones->zones[index];

    for (size_t k = 0; k < zone->count; k++) {
        if (!open_place(&e->statistics, place_of(e, index, &zone->servers[k]))) {
            return false;
        }
    }
    return true;
}

static bool open_traffic(struct ddns_engine *e)
{
    ddns_statistics *s = &e->statistics;

    s->traffic = calloc(s->traffic_count + 1, sizeof *s->traffic);
    s->traffic_count = 0;
    if (s->traffic == NULL) {
        return false;
    }
    for (size_t i = 0; i < e->config.zones->zone_count; i++) {
        if (!open_places(e, i)) {
            return false;
        }
    }
    return true;
}

bool tally_open(struct ddns_engine *e)
{
    return open_zones(e) && open_servers(e) && open_traffic(e);
}

void tally_close(struct ddns_engine *e)
{
    ddns_statistics *s = &e->statistics;

    for (size_t i = 0; s->traffic != NULL && i < s->traffic_count; i++) {
        free((void *)s->traffic[i].key); /* const for the readers; ours to free */
    }
    for (size_t i = 0; i < s->zone_count; i++) {
        free((void *)s->zones[i].zone);
    }
    for (size_t i = 0; i < s->server_count; i++) {
        free((void *)s->servers[i].server);
    }
    free(s->traffic);
    free(s->zones);
    free(s->servers);
}

void tally_lane(struct ddns_engine *e, struct lane *lane)
{
    size_t index = (size_t)(lane->zone - e->config.zones->zones);

    lane->load = &e->statistics.zones[index];
    for (size_t i = 0; i < lane->zone->count; i++) {
        ddns_traffic place = place_of(e, index, &lane->zone->servers[i]);

        lane->pairs[i].traffic = find(&e->statistics, &place);
    }
}

const ddns_statistics *ddns_engine_statistics(struct ddns_engine *e)
{
    e->statistics.totals = e->stats;
    for (size_t i = 0; i < e->statistics.server_count; i++) {
        e->statistics.servers[i].up = !e->servers[i].rest.down;
    }
    return &e->statistics;
}

/* ---- what happens to an update ------------------------------------------------------
 */

/* Of questions, and of what has not left yet, nothing is known that counts. */
static bool was_sent(const struct flight *f)
{
    return f->questions == NULL && f->tries > 0;
}

void tally_sent(struct ddns_engine *e, const struct flight *f)
{
    ddns_traffic *t = f->pair->traffic;

    if (f->tries > 1) {
        t->counts[DDNS_COUNT_RESENT]++;
        return;
    }
    e->stats.sent++;
    t->counts[DDNS_COUNT_SENT]++;
    ddns_histogram_add(&t->batch, f->count);
}

void tally_answer(const struct flight *f, struct reason reason, struct ddns_now now)
{
    ddns_traffic *t = f->pair->traffic;
    unsigned last = DDNS_RCODES - 1;
    bool success = reason.rcode == DDNS_NOERROR && reason.tsig_error == 0;

    if (was_sent(f)) {
        t->counts[success ? DDNS_COUNT_SUCCESS : DDNS_COUNT_REJECTED]++;
        t->rcodes[reason.rcode < last ? reason.rcode : last]++;
        ddns_histogram_add(&t->round_trip, now.mono_ms - f->sent_at);
    }
}

void tally_failure(const struct flight *f, ddns_error error)
{
    if (was_sent(f)) {
        f->pair->traffic
            ->counts[error == DDNS_E_TIMEOUT ? DDNS_COUNT_TIMEOUT : DDNS_COUNT_ERROR]++;
    }
}

/* The server's word; it is a hint where nothing proves it, and counts as it came. */
static ddns_verdict verdict_of_error(unsigned tsig_error)
{
    switch (tsig_error) {
    case DDNS_BADSIG:
        return DDNS_VERDICT_BADSIG;
    case DDNS_BADKEY:
        return DDNS_VERDICT_BADKEY;
    case DDNS_BADTIME:
        return DDNS_VERDICT_BADTIME;
    case DDNS_BADTRUNC:
        return DDNS_VERDICT_BADTRUNC;
    default:
        return DDNS_VERDICT_OTHER;
    }
}

static ddns_verdict verdict_of(const struct ddns_tsig_result *tsig)
{
    switch (tsig->verdict) {
    case DDNS_TSIG_WRONG_KEY:
        return DDNS_VERDICT_WRONG_KEY;
    case DDNS_TSIG_WRONG_MAC:
        return DDNS_VERDICT_WRONG_MAC;
    case DDNS_TSIG_SHORT_MAC:
        return DDNS_VERDICT_SHORT_MAC;
    case DDNS_TSIG_WRONG_TIME:
        return DDNS_VERDICT_WRONG_TIME;
    case DDNS_TSIG_UNSIGNED:
    case DDNS_TSIG_MISSING:
    case DDNS_TSIG_PENDING:
    case DDNS_TSIG_GOOD:
        break;
    }
    return tsig->error == 0 ? DDNS_VERDICT_UNSIGNED : verdict_of_error(tsig->error);
}

void tally_tsig(const struct flight *f, const struct ddns_tsig_result *tsig)
{
    if (tsig->verdict != DDNS_TSIG_GOOD || tsig->error != 0) {
        f->pair->traffic->verdicts[verdict_of(tsig)]++;
    }
}

/* ---- what happens to a lease ---------------------------------------------------------
 */

/* Milliseconds in 32 bits go round in 49 days: what waits longer seems to wait less. */
static uint32_t clock_of(uint64_t mono_ms)
{
    uint32_t clock = (uint32_t)mono_ms;

    return clock == 0 ? 1 : clock; /* zero is for what does not wait */
}

void tally_wish(struct ddns_engine *e, struct binding *b, uint64_t wished_ms)
{
    if (b->since == 0) {
        b->since = clock_of(wished_ms == 0 ? e->now_ms : wished_ms);
    }
}

void tally_rest(struct binding *b)
{
    b->since = 0;
}

void tally_change(const struct flight *f, const struct binding *b, struct ddns_now now)
{
    bool adds = b->change == DDNS_ADD_FORWARD || b->change == DDNS_ADD_REVERSE;
    ddns_traffic *t = f->pair->traffic;

    t->counts[adds ? DDNS_COUNT_RECORD_ADDED : DDNS_COUNT_RECORD_REMOVED]++;
    ddns_histogram_add(&t->latency, clock_of(now.mono_ms) - b->since);
}
