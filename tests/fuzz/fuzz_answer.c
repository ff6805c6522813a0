/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Whatever a server answers to an update, the engine goes on; and when the update
 * was signed, an answer that is not changes nothing that was told.
 *
 * The first octet of the input chooses signed or not and TCP or UDP, the rest is
 * the answer; it always has the right id.
 */
#include <string.h>

#include "engine/engine.h"
#include "fuzz.h"

enum { SIGNED = 1, UDP = 2, ANSWER_MAX = 4096 };

struct server {
    struct ddns_engine *engine;
    ddns_link link;
    uint8_t id[2];
};

static const struct ddns_now now = { 1000, 1700000000 };

static uint32_t constant(void *user)
{
    (void)user;
    return 0x12345678;
}

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    must(ddns_name_parse(text, &name) == DDNS_OK);
    return name;
}

/* Do what the engine asks for, up to the first message. */
static void pump(struct server *s)
{
    struct ddns_action act;

    while (ddns_engine_next(s->engine, now, &act)) {
        if (act.kind == DDNS_DO_CONNECT) {
            s->link = act.link;
            ddns_engine_on_open(s->engine, act.link, now);
        } else if (act.kind == DDNS_DO_SEND) {
            memcpy(s->id, act.message.data, sizeof s->id);
        }
    }
}

static void want_one_lease(struct server *s)
{
    struct ddns_wish wish = { .address = { { 192, 0, 2, 7 }, 4 },
                              .directions = DDNS_FORWARD,
                              .fqdn = name_of("host.example.org"),
                              .mode = DDNS_NO_CHECK_WITHOUT_DHCID,
                              .ttl = 600 };

    must(ddns_engine_set(s->engine, &wish) == DDNS_OK);
    pump(s);
}

static void answer(struct server *s, const uint8_t *data, size_t size)
{
    uint8_t message[ANSWER_MAX];

    size = size < sizeof message ? size : sizeof message;
    memcpy(message, data, size);
    memcpy(message, s->id, size < sizeof s->id ? size : sizeof s->id);
    ddns_engine_on_message(s->engine, s->link, (struct ddns_bytes){ message, size }, now);
    pump(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t first = 0;
    static const uint8_t secret[] = "a secret that the input does not know";
    unsigned choice = size == 0 ? 0 : data[0];
    struct ddns_name key_name = name_of("key");
    struct ddns_tsig_key *key = NULL;
    struct ddns_endpoint endpoint = { .transport = choice & UDP ? DDNS_UDP : DDNS_TCP };
    struct ddns_zone_server zone_server = { .endpoint = 0 };
    struct ddns_zone zone = { name_of("example.org"), false, DDNS_FORWARD,
                              &zone_server,           1,     NULL };
    struct ddns_zones zones = {
        .zones = &zone,
        .zone_count = 1,
        .order = &first,
        .order_count = 1,
        .endpoints = &endpoint,
        .endpoint_count = 1,
    };
    struct ddns_engine_config config = { .zones = &zones,
                                         .answer_timeout_ms = 2000,
                                         .random = constant };
    struct server s = { .engine = NULL };
    ddns_stats stats;

    must(ddns_tsig_key_new(&key_name, "hmac-sha256", 0,
                           (struct ddns_bytes){ secret, sizeof secret },
                           &key) == DDNS_OK);
    zone_server.key = choice & SIGNED ? key : NULL;
    must(ddns_engine_new(&config, &s.engine) == DDNS_OK);
    want_one_lease(&s);
    if (size > 1) {
        answer(&s, data + 1, size - 1);
    }
    ddns_engine_stats(s.engine, &stats);
    must(stats.answered == 0 || !(choice & SIGNED));
    must(stats.added <= 1 && stats.conflicts == 0 && stats.bindings == 1);
    ddns_engine_free(s.engine);
    ddns_tsig_key_free(key);
    return 0;
}
