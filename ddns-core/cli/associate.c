/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/associate.h"

#include <stdio.h>

#include "cli/conclude.h"
#include "cli/signing_key.h"

/** Names made of the arguments, checked. */
struct plan {
    struct arguments *arguments;
    struct outcome *outcome;
    char reverse_zone[DDNS_NAME_TEXT_MAX];
    unsigned directions;
};

/* ---- names -------------------------------------------------------------- */

static bool name_forward(struct plan *p)
{
    const struct arguments *a = p->arguments;
    struct outcome *o = p->outcome;
    ddns_error error;

    if (ddns_name_in("@", a->zone, o->zone) != DDNS_OK) {
        return outcome_fail(o, STATUS_USAGE, "zone", ddns_strerror(DDNS_E_NAME));
    }
    error = ddns_name_in(a->name, o->zone, o->name);
    if (error == DDNS_E_NO_ZONE) {
        o->status = STATUS_USAGE;
        outcome_say(o, "name: ends with a dot, and is not in zone %s", o->zone);
        return false;
    }
    return error == DDNS_OK ||
           outcome_fail(o, STATUS_USAGE, "name", ddns_strerror(error));
}

/** The server to ask and tell, as far as the library wants to know it. */
static ddns_server server_of(const struct arguments *a, const char *key)
{
    return (ddns_server){
        .address = a->dns_server, .port = a->port, .transport = a->transport, .key = key
    };
}

static bool ask_for_reverse_zone(struct plan *p)
{
    ddns_server server = server_of(p->arguments, NULL);
    ddns_error error = ddns_find_zone(&server, p->outcome->ptr, p->arguments->timeout_ms,
                                      p->reverse_zone);

    if (error == DDNS_OK) {
        return true;
    }
    if (error == DDNS_E_NO_ZONE) {
        p->outcome->status = STATUS_REFUSED;
        outcome_say(p->outcome,
                    "%s: knows no zone that holds %s (nothing was changed; try "
                    "reverse-zone)",
                    p->outcome->server, p->outcome->ptr);
        return false;
    }
    return outcome_fail(p->outcome, STATUS_NO_ANSWER, p->outcome->server,
                        ddns_strerror(error));
}

static bool name_reverse(struct plan *p)
{
    char owner[DDNS_NAME_TEXT_MAX];
    const struct arguments *a = p->arguments;
    struct outcome *o = p->outcome;
    ddns_error error;

    if (!a->ptr) {
        return true;
    }
    p->directions |= DDNS_REVERSE;
    ddns_address_reverse_text(&a->address, o->ptr);
    if (a->reverse_zone == NULL) {
        return ask_for_reverse_zone(p);
    }
    if (ddns_name_in("@", a->reverse_zone, p->reverse_zone) != DDNS_OK) {
        return outcome_fail(o, STATUS_USAGE, "reverse-zone", ddns_strerror(DDNS_E_NAME));
    }
    error = ddns_name_in(o->ptr, p->reverse_zone, owner);
    if (error != DDNS_OK) {
        o->status = STATUS_USAGE;
        outcome_say(o, "reverse-zone: does not enclose %s", o->ptr);
    }
    return error == DDNS_OK;
}

/* ---- configuration ------------------------------------------------------ */

static bool add_zone(struct plan *p, ddns_config *config, ddns_direction direction,
                     const char *zone, const char *key)
{
    ddns_server server = server_of(p->arguments, key);
    ddns_error error = ddns_config_add_zone(config, direction, zone, &server, 1);

    return error == DDNS_OK ||
           outcome_fail(p->outcome, STATUS_USAGE,
                        direction == DDNS_FORWARD ? "zone" : "reverse-zone",
                        ddns_strerror(error));
}

static bool add_zones(struct plan *p, ddns_config *config, const char *key)
{
    return add_zone(p, config, DDNS_FORWARD, p->outcome->zone, key) &&
           ((p->directions & DDNS_REVERSE) == 0 ||
            add_zone(p, config, DDNS_REVERSE, p->reverse_zone, key));
}

/** Everything the client has to know; the secret is gone from here afterwards. */
static bool configure(struct plan *p, ddns_config *config)
{
    struct arguments *a = p->arguments;
    struct key key;
    bool ready;

    if (ddns_config_set_timeout(config, a->timeout_ms) != DDNS_OK) {
        return outcome_fail(p->outcome, STATUS_USAGE, "timeout", "out of range");
    }
    if (a->key_file == NULL && a->key == NULL) {
        return add_zones(p, config, NULL);
    }
    ready =
        signing_key_add(a, config, &key, p->outcome) && add_zones(p, config, key.name);
    key_wipe(&key);
    arguments_wipe(a);
    return ready;
}

/* ---- the update ---------------------------------------------------------- */

/** A failure before anything was sent. */
static void give_up(struct outcome *o, ddns_error error, const char *why)
{
    o->status =
        ddns_error_class_of(error) == DDNS_CLASS_USAGE ? STATUS_USAGE : STATUS_NO_ANSWER;
    outcome_say(o, "%s", why);
}

static void run(struct plan *p, const ddns_config *config)
{
    /* Each direction may connect and then wait for an answer, over UDP and TCP. */
    enum { WAITS = 8, REST_MS = 1000 };
    const struct arguments *a = p->arguments;
    const ddns_binding binding = {
        .address = a->address,
        .directions = p->directions,
        .fqdn = p->outcome->name,
        .mode = DDNS_ASSOCIATE,
        .ttl = a->ttl,
    };
    ddns_errbuf errbuf = { "" };
    struct verdict verdicts[VERDICTS];
    struct waiter waiter;
    ddns_client *client;
    ddns_error error = waiter_open(&waiter);

    if (error != DDNS_OK) {
        give_up(p->outcome, error, ddns_strerror(error));
        return;
    }
    error = ddns_client_start(config, waiter_on_event, &waiter, &client, &errbuf);
    if (error != DDNS_OK) {
        give_up(p->outcome, error,
                errbuf.text[0] != '\0' ? errbuf.text : ddns_strerror(error));
        waiter_close(&waiter);
        return;
    }
    error = a->ttl == 0 ? ddns_client_clear(client, &binding)
                        : ddns_client_set(client, &binding);
    if (error == DDNS_OK) {
        waiter_wait(&waiter, p->directions, (int)a->timeout_ms * WAITS + REST_MS,
                    verdicts);
        conclude(p->outcome, p->directions, verdicts);
    } else {
        give_up(p->outcome, error, ddns_strerror(error));
    }
    ddns_client_stop(client, 0);
    waiter_close(&waiter);
}

static void describe(const struct arguments *a, struct outcome *o)
{
    enum { DNS_PORT = 53 };

    o->type = a->address.len == 4 ? "A" : "AAAA";
    o->ttl = a->ttl;
    ddns_address_text(&a->address, o->address);
    (void)snprintf(o->server, sizeof o->server, "%s#%u", a->dns_server,
                   a->port == 0 ? DNS_PORT : (unsigned)a->port);
}

void associate(struct arguments *arguments, struct outcome *out_outcome)
{
    struct plan plan = { .arguments = arguments,
                         .outcome = out_outcome,
                         .directions = DDNS_FORWARD };
    ddns_config *config = NULL;

    describe(arguments, out_outcome);
    if (!name_forward(&plan) || !name_reverse(&plan)) {
        return;
    }
    if (ddns_config_new(&config) != DDNS_OK) {
        give_up(out_outcome, DDNS_E_NOMEM, ddns_strerror(DDNS_E_NOMEM));
        return;
    }
    if (configure(&plan, config)) {
        run(&plan, config);
    }
    ddns_config_free(config);
}
