/* SPDX-License-Identifier: MPL-2.0 */

/*
 * limit_core ADDRESS PORT LEASES [LEDGER] < SECRET
 *
 * The core alone, fed with so many leases at once: prints the seconds until DNS was
 * told all of them, and how many messages that took.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/lease.h"
#include "bench/limit_arguments.h"

enum { GLANCE_US = 1000, PATIENCE_MS = 60000 };

static void must(const char *what, ddns_error error)
{
    if (error != DDNS_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, ddns_strerror(error));
        exit(1);
    }
}

/* What goes wrong on the way is for the reader of the table. */
static void on_event(void *user, const ddns_event *event)
{
    (void)user;
    if (event->kind != DDNS_EVENT_ADDED && event->kind != DDNS_EVENT_LEDGER_READ &&
        event->kind != DDNS_EVENT_SERVER_UP) {
        (void)fprintf(stderr, "event %d: %s, %s\n", (int)event->kind,
                      ddns_strerror(event->error), ddns_rcode_text(event->rcode));
    }
}

static ddns_client *start(const struct limit_arguments *given)
{
    ddns_key key = { .name = BENCH_KEY,
                     .algorithm = "hmac-sha256",
                     .secret = given->secret,
                     .encoding = DDNS_SECRET_BASE64 };
    ddns_server server = { .address = given->address,
                           .port = given->port,
                           .transport = DDNS_TCP,
                           .key = BENCH_KEY };
    ddns_config *config = NULL;
    ddns_client *client = NULL;
    ddns_errbuf why = { "" };

    must("configuration", ddns_config_new(&config));
    must("key", ddns_config_add_key(config, &key));
    must(BENCH_FORWARD,
         ddns_config_add_zone(config, DDNS_FORWARD, BENCH_FORWARD, &server, 1));
    must(BENCH_REVERSE,
         ddns_config_add_zone(config, DDNS_REVERSE, BENCH_REVERSE, &server, 1));
    must("timeout", ddns_config_set_timeout(config, PATIENCE_MS));
    if (given->last != NULL) {
        must("ledger", ddns_config_set_ledger(config, given->last));
    }
    must("client", ddns_client_start(config, on_event, NULL, &client, &why));
    ddns_config_free(config);
    return client;
}

static void wait_for_ledger(ddns_client *client)
{
    ddns_ledger_info ledger;

    do {
        (void)usleep(GLANCE_US);
        ddns_client_ledger(client, &ledger);
    } while (ledger.state == DDNS_LEDGER_IS_READING);
}

static void set(ddns_client *client, unsigned number)
{
    struct bench_lease lease = bench_lease_of(number);
    ddns_binding binding = {
        .address = lease.address,
        .directions = DDNS_FORWARD | DDNS_REVERSE,
        .fqdn = lease.fqdn,
        .identity = bench_identity(&lease),
        .mode = DDNS_CHECK_WITH_DHCID,
        .ttl = BENCH_TTL,
    };

    must(lease.fqdn, ddns_client_set(client, &binding));
}

static ddns_stats wait_until_settled(ddns_client *client, unsigned leases)
{
    ddns_stats stats;

    do {
        (void)usleep(GLANCE_US);
        ddns_client_stats(client, &stats);
    } while (stats.bindings < leases || stats.unsettled > 0);
    return stats;
}

int main(int argc, char **argv)
{
    struct limit_arguments given = limit_arguments_read(argc, argv);
    ddns_client *client = start(&given);
    ddns_stats stats;

    wait_for_ledger(client);

    double began = limit_now();

    for (unsigned i = 0; i < given.leases; i++) {
        set(client, i);
    }
    stats = wait_until_settled(client, given.leases);
    printf("%.6f %llu\n", limit_now() - began, (unsigned long long)stats.sent);
    ddns_client_stop(client, PATIENCE_MS);
    return 0;
}
