/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Threads set, resume, clear, walk and ask as fast as they can while another stops
 * the client, which keeps a ledger, again and again.  A plain program, because
 * ThreadSanitizer and Criterion do not go together; the sanitizers and the exit status
 * judge it.
 *
 * A call on a client that is freed would be the caller's mistake.  So the stop
 * must last until every thread has been told DDNS_E_STOPPING: the server, on
 * whose answer the stop waits, is silent until then.
 */

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ddns/ddns.h"
#include "support/fake_server.h"

enum { SETTERS = 3, ADDRESSES = 64, ROUNDS = 200, GRACE_MS = 30000, QR = 0x80 };

/* One for all rounds, so that the next finds what the one before has told. */
static char ledger[] = "/tmp/set_stop.XXXXXX";

struct round {
    ddns_client *client;
    atomic_bool silent;  /* the server, until the setters are gone */
    atomic_uint stopped; /* setters that were told to stop */
    atomic_ulong calls;  /* that were accepted */
    atomic_ulong events;
};

static void fail(const char *what, ddns_error error)
{
    (void)fprintf(stderr, "%s: %s\n", what, ddns_strerror(error));
    exit(1);
}

static void wait_until_spoken(struct round *r)
{
    while (atomic_load(&r->silent)) {
        usleep(100);
    }
}

static void serve_stream(int fd, void *arg)
{
    static _Thread_local uint8_t frame[2 + 65535];
    size_t len;

    while (fake_read_frame(fd, frame + 2, &len)) {
        wait_until_spoken(arg);
        frame[0] = (uint8_t)(len >> 8);
        frame[1] = (uint8_t)len;
        frame[4] |= QR;
        fake_write(fd, frame, 2 + len);
    }
}

static void serve_datagrams(int fd, void *arg)
{
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof peer;
    uint8_t octets[600];
    ssize_t len;

    while ((len = recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&peer,
                           &peer_len)) > 0) {
        wait_until_spoken(arg);
        octets[2] |= QR;
        sendto(fd, octets, (size_t)len, 0, (struct sockaddr *)&peer, peer_len);
        peer_len = sizeof peer;
    }
}

static void on_event(void *user, const ddns_event *event)
{
    struct round *r = user;

    (void)event;
    atomic_fetch_add(&r->events, 1);
}

static void on_lease(void *user, const ddns_lease_info *info)
{
    struct round *r = user;

    atomic_fetch_add(&r->events, info->fqdn != NULL);
}

static void on_zone(void *user, const ddns_zone_info *info)
{
    struct round *r = user;

    atomic_fetch_add(&r->events, info->zone != NULL);
}

/* A busy client may have no time for a question. */
static ddns_error tolerant(ddns_error error)
{
    return error == DDNS_E_TIMEOUT ? DDNS_OK : error;
}

static ddns_error ask_something(struct round *r, unsigned dice,
                                const ddns_address *address)
{
    const ddns_range all = { { { 0 }, 4 }, { { 255, 255, 255, 255 }, 4 } };
    ddns_ledger_info info;

    switch (dice % 8) {
    case 0:
        return ddns_client_walk_begin(r->client, &all, dice % 3 == 0);
    case 1:
        return ddns_client_walk_end(r->client, dice % 3 == 0);
    case 2:
        return ddns_client_retell(r->client, address);
    case 3:
        return tolerant(ddns_client_lease(r->client, address, on_lease, r));
    case 4:
        return tolerant(
            ddns_client_leases_named(r->client, "host1.example.org", on_lease, r));
    case 5:
        ddns_client_ledger(r->client, &info);
        return DDNS_OK;
    default:
        return tolerant(ddns_client_zones(r->client, on_zone, r));
    }
}

static ddns_error say_something(struct round *r, unsigned *seed)
{
    char fqdn[64];
    ddns_binding binding = {
        .directions = DDNS_FORWARD | DDNS_REVERSE,
        .fqdn = fqdn,
        .mode = DDNS_NO_CHECK_WITHOUT_DHCID,
        .ttl = 600,
    };
    unsigned dice = (unsigned)rand_r(seed);
    ddns_stats stats;

    binding.address = (ddns_address){ { 192, 0, 2, (uint8_t)(1 + dice % ADDRESSES) }, 4 };
    (void)snprintf(fqdn, sizeof fqdn, "host%u.example.org", dice / 256 % ADDRESSES);
    switch (dice / 65536 % 5) {
    case 4:
        return ask_something(r, dice / 524288, &binding.address);
    case 0:
        return ddns_client_clear(r->client, &binding);
    case 1:
        return ddns_client_resume(r->client, &binding);
    default:
        ddns_client_stats(r->client, &stats);
        return ddns_client_set(r->client, &binding);
    }
}

static void *set_until_told_to_stop(void *arg)
{
    struct round *r = arg;
    unsigned seed = (unsigned)(uintptr_t)&seed;
    ddns_error error;

    while ((error = say_something(r, &seed)) == DDNS_OK) {
        atomic_fetch_add(&r->calls, 1);
    }
    if (error != DDNS_E_STOPPING) {
        fail("set", error);
    }
    if (atomic_fetch_add(&r->stopped, 1) + 1 == SETTERS) {
        atomic_store(&r->silent, false);
    }
    return NULL;
}

static void start(struct round *r, uint16_t port, ddns_transport transport)
{
    const ddns_server server = { "127.0.0.1", port, transport, NULL };
    ddns_config *config;
    ddns_errbuf why;
    ddns_error error = ddns_config_new(&config);

    if (error == DDNS_OK) {
        error = ddns_config_add_zone(config, DDNS_FORWARD, "example.org", &server, 1);
    }
    if (error == DDNS_OK) {
        error = ddns_config_add_zone(config, DDNS_REVERSE, "2.0.192.in-addr.arpa",
                                     &server, 1);
    }
    if (error == DDNS_OK) {
        error = ddns_config_set_timeout(config, 60000);
    }
    if (error == DDNS_OK) {
        error = ddns_config_set_ledger(config, ledger);
    }
    if (error == DDNS_OK) {
        error = ddns_client_start(config, on_event, r, &r->client, &why);
    }
    if (error != DDNS_OK) {
        fail("start", error);
    }
    ddns_config_free(config);
}

static unsigned long play(unsigned number)
{
    bool udp = number % 2 != 0;
    struct round r = { .silent = true };
    struct fake_server server;
    pthread_t setters[SETTERS];

    if (!fake_server_start(&server, AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM,
                           udp ? serve_datagrams : serve_stream, &r)) {
        fail("server", DDNS_E_IO);
    }
    start(&r, server.port, udp ? DDNS_UDP : DDNS_TCP);
    for (size_t i = 0; i < SETTERS; i++) {
        if (pthread_create(&setters[i], NULL, set_until_told_to_stop, &r) != 0) {
            fail("thread", DDNS_E_NOMEM);
        }
    }
    usleep(number % 8 * 500); /* stop at another moment each time */
    /* Something must wait for an answer when the stop begins. */
    while (atomic_load(&r.calls) < ADDRESSES) {
        usleep(100);
    }
    ddns_client_stop(r.client, GRACE_MS);
    for (size_t i = 0; i < SETTERS; i++) {
        pthread_join(setters[i], NULL);
    }
    fake_server_stop(&server);
    return atomic_load(&r.calls);
}

static void remove_ledger(void)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char path[sizeof ledger + sizeof "-wal"];

        (void)snprintf(path, sizeof path, "%s%s", ledger, suffixes[i]);
        (void)unlink(path);
    }
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS;
    unsigned long calls = 0;
    int fd = mkstemp(ledger);

    if (fd < 0 || close(fd) != 0) {
        fail("ledger", DDNS_E_IO);
    }
    for (unsigned number = 0; number < rounds; number++) {
        calls += play(number);
    }
    remove_ledger();
    (void)printf("%u rounds, %lu wishes\n", rounds, calls);
    return 0;
}
