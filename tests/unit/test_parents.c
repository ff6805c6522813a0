/* SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/heap.h"
#include "support/leaks.h"

/*
 * "*" stands for the parent of each name, and clients name as many parents as they like:
 * none of their leases is forgotten.
 */

enum { MANY = 1500, SENT_MAX = 64, HEADER = 12, TIMEOUT_MS = 1000 };

static struct {
    struct ddns_zone_server server;
    struct ddns_endpoint endpoint;
    struct ddns_zone zone;
    struct ddns_zones zones;
    struct ddns_engine *engine;
    uint64_t now_ms;
    uint32_t ids;
    unsigned added;
    size_t sent_count;
    struct {
        ddns_link link;
        uint8_t bytes[512];
        size_t len;
    } sent[SENT_MAX];
} t;

static uint32_t count_up(void *user)
{
    (void)user;
    return ++t.ids;
}

static struct ddns_now now(void)
{
    return (struct ddns_now){ t.now_ms, 1700000000 + t.now_ms / 1000 };
}

static void begin(void)
{
    static const uint32_t first = 0;
    struct ddns_engine_config config = { .zones = &t.zones,
                                         .answer_timeout_ms = TIMEOUT_MS,
                                         .random = count_up };

    t.zone = (struct ddns_zone){
        .direction = DDNS_FORWARD, .wildcard = true, .servers = &t.server, .count = 1
    };
    t.zone.name = (struct ddns_name){ .len = 1 };
    t.zones = (struct ddns_zones){
        .zones = &t.zone,
        .zone_count = 1,
        .order = &first,
        .order_count = 1,
        .endpoints = &t.endpoint,
        .endpoint_count = 1,
    };
    cr_assert_eq(ddns_engine_new(&config, &t.engine), DDNS_OK);
}

static void end(void)
{
    ddns_engine_free(t.engine);
    no_leaks();
}

TestSuite(parents, .init = begin, .fini = end);

static void note_sent(const struct ddns_action *action)
{
    cr_assert_lt(t.sent_count, SENT_MAX);
    cr_assert_leq(action->message.len, sizeof t.sent[0].bytes);
    t.sent[t.sent_count].link = action->link;
    t.sent[t.sent_count].len = action->message.len;
    memcpy(t.sent[t.sent_count++].bytes, action->message.data, action->message.len);
}

static void turn(void)
{
    struct ddns_action action;

    if (ddns_engine_deadline(t.engine) <= t.now_ms) {
        ddns_engine_on_tick(t.engine, now());
    }
    while (ddns_engine_next(t.engine, now(), &action)) {
        if (action.kind == DDNS_DO_CONNECT) {
            ddns_engine_on_open(t.engine, action.link, now());
        } else if (action.kind == DDNS_DO_SEND) {
            note_sent(&action);
        } else if (action.kind == DDNS_DO_TELL) {
            t.added += action.event->kind == DDNS_EVENT_ADDED;
        }
    }
}

static size_t question_end(const uint8_t *message)
{
    size_t at = HEADER;

    while (message[at] != 0) {
        at += 1u + message[at];
    }
    return at + 1 + 4; /* root, type, class */
}

/* NOERROR to everything sent so far. */
static void answer_all(void)
{
    size_t count = t.sent_count;

    t.sent_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t *message = t.sent[i].bytes;

        message[2] |= 0x80;
        memset(message + 6, 0, 6); /* no section but the first */
        ddns_engine_on_message(t.engine, t.sent[i].link,
                               (struct ddns_bytes){ message, question_end(message) },
                               now());
    }
}

static void lease(unsigned number)
{
    struct ddns_wish wish = {
        .address = { .bytes = { 10, 0, number >> 8 & 255, number & 255 }, .len = 4 },
        .directions = DDNS_FORWARD,
        .mode = DDNS_NO_CHECK_WITHOUT_DHCID,
        .ttl = 300
    };
    char name[64];

    (void)snprintf(name, sizeof name, "host.parent%u.example", number);
    cr_assert_eq(ddns_name_parse(name, &wish.fqdn), DDNS_OK);
    cr_assert_eq(ddns_engine_set(t.engine, &wish), DDNS_OK);
}

static size_t unsettled(void)
{
    ddns_stats stats;

    ddns_engine_stats(t.engine, &stats);
    return stats.unsettled;
}

Test(parents, of_any_number_are_told_when_the_server_is_back)
{
    for (unsigned i = 0; i < MANY; i++) {
        lease(i);
    }
    turn();
    cr_expect_eq(unsettled(), MANY);
    for (unsigned i = 0; i < MANY && unsettled() > 0; i++) {
        answer_all();
        t.now_ms += 10;
        turn();
    }
    cr_expect_eq(t.added, MANY);
}

Test(parents, wait_for_memory)
{
    lease(0);
    turn();
    answer_all();
    heap_fail_after(2); /* the address, its name; then the zone */
    lease(1);
    cr_assert(heap_stop_failing());
    turn();
    cr_expect_eq(t.sent_count, 0);
    cr_expect_eq(unsettled(), 1);
    t.now_ms = ddns_engine_deadline(t.engine);
    cr_expect_leq(t.now_ms, 1000);
    turn();
    answer_all();
    turn();
    cr_expect_eq(t.added, 2);
    cr_expect_eq(unsettled(), 0);
}
