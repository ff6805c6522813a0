/* SPDX-License-Identifier: MPL-2.0 */

/*
 * What tests/bench/memory runs: a client with so many leases, in one state after the
 * other.  For each state a line: its name, by how many bytes the process has grown
 * since the client was started, and by how many it had at most on the way there.
 *
 *     lease_memory answered|unanswered LEASES LEDGER
 *
 * The DNS server is a thread of it that says yes to everything, or nothing at all.
 */

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ddns/ddns.h"
#include "support/fake_server.h"

enum { POLL_US = 20000, FIRST_ADDRESS = 0x0a4d0000 /* 10.77.0.0 */, TTL = 1200 };
enum { FRAME_PREFIX = 2, FLAGS_AT = 2, QR = 0x80 };

static uint8_t frame[FRAME_PREFIX + 65535];

static sem_t ledger_read, go_on;

static void fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "lease_memory: %s: %s\n", what, why);
    exit(1);
}

static void check(const char *what, ddns_error error)
{
    if (error != DDNS_OK) {
        fail(what, ddns_strerror(error));
    }
}

/* ---- how large the process is ------------------------------------------------ */

/* The figure after @p label in a file of /proc, in bytes. */
static long figure(const char *path, const char *label)
{
    FILE *file = fopen(path, "re");
    char line[256];
    long kib = -1;

    while (file != NULL && kib < 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, label, strlen(label)) == 0) {
            kib = strtol(line + strlen(label), NULL, 10);
        }
    }
    if (file == NULL || kib < 0) {
        fail(path, label);
    }
    (void)fclose(file);
    return kib * 1024;
}

/* What is the process's own: its code and the files that it maps do not count. */
static long own(void)
{
    return figure("/proc/self/smaps_rollup", "Private_Dirty:");
}

/* The most that was resident counts from now on. */
static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "we");

    if (file == NULL || fputs("5", file) < 0 || fclose(file) != 0) {
        fail("clear_refs", "cannot be written");
    }
}

static struct {
    long own, resident;
} at_start;

static void report(const char *state)
{
    (void)printf("%s\t%ld\t%ld\n", state, own() - at_start.own,
                 figure("/proc/self/status", "VmHWM:") - at_start.resident);
    (void)fflush(stdout);
    forget_peak();
}

/* ---- the client -------------------------------------------------------------- */

/* Holds the client until its mailbox is full. */
static void on_event(void *user, const ddns_event *event)
{
    (void)user;
    if (event->kind == DDNS_EVENT_LEDGER_READ) {
        sem_post(&ledger_read);
        sem_wait(&go_on);
    }
}

/* Says yes to every update, or never says anything. */
static void serve(int fd, void *arg)
{
    const bool *answers = arg;
    size_t len;

    while (fake_read_frame(fd, frame + FRAME_PREFIX, &len)) {
        frame[0] = (uint8_t)(len >> 8);
        frame[1] = (uint8_t)len;
        frame[FRAME_PREFIX + FLAGS_AT] |= QR;
        if (*answers) {
            fake_write(fd, frame, FRAME_PREFIX + len);
        }
    }
}

static ddns_config *configure(const char *ledger, uint16_t port)
{
    const ddns_server server = { "127.0.0.1", port, DDNS_TCP, NULL };
    ddns_config *config;

    check("configuration", ddns_config_new(&config));
    check("zone", ddns_config_add_zone(config, DDNS_FORWARD, "example.org", &server, 1));
    check("zone",
          ddns_config_add_zone(config, DDNS_REVERSE, "10.in-addr.arpa", &server, 1));
    check("ledger", ddns_config_set_ledger(config, ledger));
    return config;
}

static ddns_client *start(ddns_config *config)
{
    ddns_client *client;
    ddns_errbuf why;

    if (ddns_client_start(config, on_event, NULL, &client, &why) != DDNS_OK) {
        fail("start", why.text);
    }
    ddns_config_free(config);
    sem_wait(&ledger_read);
    at_start.own = own();
    at_start.resident = figure("/proc/self/status", "VmRSS:");
    forget_peak();
    return client;
}

/* ---- leases ------------------------------------------------------------------ */

typedef ddns_error say_fn(ddns_client *client, const ddns_binding *binding);

/* Host, its network interface and its address all differ from lease to lease. */
static void say(ddns_client *client, say_fn *fn, uint32_t number)
{
    uint32_t ip = FIRST_ADDRESS + number;
    uint8_t o[] = { (uint8_t)(ip >> 24), (uint8_t)(ip >> 16), (uint8_t)(ip >> 8),
                    (uint8_t)ip };
    uint8_t hwaddr[] = { 1, 2, 0, o[0], o[1], o[2], o[3] };
    char fqdn[64];
    ddns_binding binding = {
        .address = { { o[0], o[1], o[2], o[3] }, 4 },
        .directions = DDNS_FORWARD | DDNS_REVERSE,
        .fqdn = fqdn,
        .identity = { DDNS_ID_HWADDR, hwaddr, sizeof hwaddr },
        .mode = DDNS_CHECK_WITH_DHCID,
        .ttl = TTL,
    };

    (void)snprintf(fqdn, sizeof fqdn, "host-%u-%u-%u-%u.example.org", o[0], o[1], o[2],
                   o[3]);
    check("lease", fn(client, &binding));
}

static void say_all(ddns_client *client, say_fn *fn, uint32_t leases)
{
    for (uint32_t i = 0; i < leases; i++) {
        say(client, fn, i);
    }
}

static ddns_stats wait_for(ddns_client *client,
                           bool (*reached)(const ddns_stats *stats, uint32_t leases),
                           uint32_t leases)
{
    ddns_stats stats;

    for (;;) {
        ddns_client_stats(client, &stats);
        if (reached(&stats, leases)) {
            return stats;
        }
        usleep(POLL_US);
    }
}

static bool all_known(const ddns_stats *stats, uint32_t leases)
{
    return stats->bindings == leases && stats->unsettled == leases;
}

static bool all_settled(const ddns_stats *stats, uint32_t leases)
{
    return stats->bindings == leases && stats->unsettled == 0;
}

static bool all_gone(const ddns_stats *stats, uint32_t leases)
{
    (void)leases;
    return stats->bindings == 0 && stats->unsettled == 0;
}

static void measure_unanswered(ddns_client *client, uint32_t leases)
{
    say_all(client, ddns_client_set, leases);
    report("in the mailbox");
    sem_post(&go_on);
    (void)wait_for(client, all_known, leases);
    report("pending");
}

static void measure_answered(ddns_client *client, uint32_t leases)
{
    sem_post(&go_on);
    say_all(client, ddns_client_set, leases);
    (void)wait_for(client, all_settled, leases);
    report("settled");
    say_all(client, ddns_client_set, leases);
    (void)wait_for(client, all_settled, leases);
    report("renewed");
    say_all(client, ddns_client_clear, leases);
    (void)wait_for(client, all_gone, leases);
    report("removed");
}

int main(int argc, char **argv)
{
    bool answers = argc > 1 && strcmp(argv[1], "answered") == 0;
    struct fake_server server;
    uint32_t leases;
    ddns_client *client;

    if (argc != 4) {
        fail("usage", "lease_memory answered|unanswered LEASES LEDGER");
    }
    leases = (uint32_t)strtoul(argv[2], NULL, 10);
    if (sem_init(&ledger_read, 0, 0) != 0 || sem_init(&go_on, 0, 0) != 0 ||
        !fake_server_start(&server, AF_INET, SOCK_STREAM, serve, &answers)) {
        fail("start", "no semaphore, no socket or no thread");
    }
    client = start(configure(argv[3], server.port));
    (answers ? measure_answered : measure_unanswered)(client, leases);
    ddns_client_stop(client, 0);
    fake_server_stop(&server);
    return 0;
}
