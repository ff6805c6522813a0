/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "ddns/ddns.h"
#include "support/fake_server.h"
#include "support/heap.h"
#include "support/leaks.h"

enum { ANSWER_DELAY_US = 100000, PATIENCE_MS = 10000, QR = 0x80, TC = 0x02 };

static unsigned entries(const char *path)
{
    unsigned count = 0;
    DIR *dir = opendir(path);

    while (readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count;
}

static uint64_t now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* What was there before the test must be all that is there after it. */
static unsigned threads_before, files_before;

static void begin(void)
{
    uv_loop_t first;

    cr_assert_eq(uv_loop_init(&first), 0); /* opens files that libuv keeps for good */
    cr_assert_eq(uv_loop_close(&first), 0);
    threads_before = entries("/proc/self/task");
    files_before = entries("/proc/self/fd");
}

static void end(void)
{
    uint64_t until = now_ms() + PATIENCE_MS;

    /* A thread that was joined may still be on its way out of this folder. */
    while (entries("/proc/self/task") != threads_before && now_ms() < until) {
        usleep(1000);
    }
    if (entries("/proc/self/task") != threads_before ||
        entries("/proc/self/fd") != files_before) {
        abort(); /* Criterion would lose an assertion here */
    }
    no_leaks();
}

TestSuite(client, .init = begin, .fini = end);
TestSuite(find_zone, .init = begin, .fini = end);

/* ---- servers and a client ------------------------------------------------------ */

/* Says yes to everything: the update itself with QR set (RFC 2136 section 3.8). */
static void agree(int fd, void *arg)
{
    static uint8_t frame[2 + 65535];
    const unsigned *delay_us = arg;
    size_t len;

    while (fake_read_frame(fd, frame + 2, &len)) {
        if (delay_us != NULL) {
            usleep(*delay_us);
        }
        frame[0] = (uint8_t)(len >> 8);
        frame[1] = (uint8_t)len;
        frame[4] |= QR;
        fake_write(fd, frame, 2 + len);
    }
}

static void agree_datagrams(int fd, void *arg)
{
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof peer;
    uint8_t octets[600];
    ssize_t len;

    (void)arg;
    while ((len = recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&peer,
                           &peer_len)) > 0) {
        octets[2] |= QR;
        sendto(fd, octets, (size_t)len, 0, (struct sockaddr *)&peer, peer_len);
        peer_len = sizeof peer;
    }
}

static void say_nothing(int fd, void *arg)
{
    uint8_t octets[600];

    (void)arg;
    while (recv(fd, octets, sizeof octets, 0) > 0) {
    }
}

static struct {
    ddns_client *client;
    atomic_uint added, removed, down;
    _Atomic ddns_error in_callback;
    bool set_again;
} t;

static const ddns_binding lease = {
    .address = { { 192, 0, 2, 7 }, 4 },
    .directions = DDNS_FORWARD,
    .fqdn = "host.example.org",
    .mode = DDNS_NO_CHECK_WITHOUT_DHCID,
    .ttl = 600,
};

static void on_event(void *user, const ddns_event *event)
{
    cr_assert_eq(user, &t);
    if (event->kind == DDNS_EVENT_SERVER_DOWN) {
        t.down++;
    } else if (event->kind == DDNS_EVENT_REMOVED) {
        t.removed++;
    } else if (event->kind == DDNS_EVENT_ADDED) {
        if (t.set_again) {
            t.in_callback = ddns_client_set(t.client, &lease);
        }
        t.added++;
    }
}

static void start(uint16_t port, ddns_transport transport)
{
    const ddns_server server = { "127.0.0.1", port, transport, NULL };
    ddns_errbuf errbuf;
    ddns_config *config;

    cr_assert_eq(ddns_config_new(&config), DDNS_OK);
    cr_assert_eq(ddns_config_add_zone(config, DDNS_FORWARD, "example.org", &server, 1),
                 DDNS_OK);
    cr_assert_eq(ddns_config_set_timeout(config, 60000), DDNS_OK);
    cr_assert_eq(ddns_client_start(config, on_event, &t, &t.client, &errbuf), DDNS_OK);
    ddns_config_free(config);
}

static void wait_for(const atomic_uint *counter)
{
    uint64_t until = now_ms() + PATIENCE_MS;

    while (*counter == 0 && now_ms() < until) {
        usleep(1000);
    }
    cr_assert_gt(*counter, 0);
}

/* ---- life ------------------------------------------------------------------------ */

Test(client, starts_and_stops_with_nothing_to_do)
{
    start(fake_server_closed_port(AF_INET, SOCK_STREAM), DDNS_TCP);
    ddns_client_stop(t.client, 0);
    ddns_client_stop(NULL, 0);
}

/* The line of /proc/self/task/<thread>/status that begins with @p key, of our thread. */
static bool thread_line(const char *key, char *line, size_t size)
{
    DIR *tasks = opendir("/proc/self/task");
    bool found = false;
    struct dirent *task;

    while (!found && (task = readdir(tasks)) != NULL) {
        char path[300];
        bool ours = false;

        (void)snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        FILE *file = task->d_name[0] == '.' ? NULL : fopen(path, "re");

        while (file != NULL && !found && fgets(line, (int)size, file) != NULL) {
            ours = ours || strcmp(line, "Name:\tdns-update\n") == 0;
            found = ours && strncmp(line, key, strlen(key)) == 0;
        }
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    closedir(tasks);
    return found;
}

Test(client, runs_on_one_thread_that_takes_no_signals)
{
    char line[100];
    sigset_t none;

    sigemptyset(&none);
    cr_assert_eq(sigprocmask(SIG_SETMASK, &none, NULL), 0);
    start(fake_server_closed_port(AF_INET, SOCK_STREAM), DDNS_TCP);
    cr_expect_eq(entries("/proc/self/task"), threads_before + 1);
    cr_assert(thread_line("SigBlk:", line, sizeof line));

    unsigned long long blocked = strtoull(line + strlen("SigBlk:"), NULL, 16);

    for (int number = 1; number < 32; number++) {
        if (number != SIGKILL && number != SIGSTOP) {
            cr_expect(((blocked >> (number - 1)) & 1) == 1, "signal %d", number);
        }
    }
    ddns_client_stop(t.client, 0);
}

static void tells_and_takes_back(int type, ddns_transport transport,
                                 void (*serve)(int fd, void *arg))
{
    struct fake_server s;
    ddns_stats stats;

    cr_assert(fake_server_start(&s, AF_INET, type, serve, NULL));
    start(s.port, transport);
    cr_assert_eq(ddns_client_set(t.client, &lease), DDNS_OK);
    wait_for(&t.added);
    cr_assert_eq(ddns_client_clear(t.client, &lease), DDNS_OK);
    wait_for(&t.removed);
    do {
        ddns_client_stats(t.client, &stats);
    } while (stats.unsettled > 0);
    cr_expect_eq(stats.added, 1);
    cr_expect_eq(stats.removed, 1);
    cr_expect_eq(stats.bindings, 0);
    cr_expect_eq(stats.in_flight, 0);
    cr_expect_geq(stats.sent, 2);
    cr_expect_eq(stats.answered, stats.sent);
    ddns_client_stop(t.client, 0);
    fake_server_stop(&s);
}

Test(client, tells_a_server_over_tcp)
{
    tells_and_takes_back(SOCK_STREAM, DDNS_TCP, agree);
}

Test(client, tells_a_server_over_udp)
{
    tells_and_takes_back(SOCK_DGRAM, DDNS_UDP, agree_datagrams);
}

Test(client, resumes_a_lease)
{
    struct fake_server s;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, agree, NULL));
    start(s.port, DDNS_TCP);
    cr_assert_eq(ddns_client_resume(t.client, &lease), DDNS_OK);
    wait_for(&t.added);
    ddns_client_stop(t.client, 0);
    fake_server_stop(&s);
}

Test(client, says_at_once_what_can_never_be)
{
    ddns_binding binding = lease;

    start(fake_server_closed_port(AF_INET, SOCK_STREAM), DDNS_TCP);
    binding.fqdn = "host.example.com";
    cr_expect_eq(ddns_client_set(t.client, &binding), DDNS_E_NO_ZONE);
    cr_expect_eq(ddns_client_resume(t.client, &binding), DDNS_E_NO_ZONE);
    cr_expect_eq(ddns_client_clear(t.client, &binding), DDNS_OK, "it is not there");
    ddns_client_stop(t.client, 0);
}

/* ---- no memory ----------------------------------------------------------------------
 */

Test(client, starts_whole_or_not_at_all)
{
    const ddns_server server = { "127.0.0.1", 1, DDNS_TCP, NULL };
    ddns_config *config;
    ddns_errbuf why;
    unsigned number = 0;

    cr_assert_eq(ddns_config_new(&config), DDNS_OK);
    cr_assert_eq(ddns_config_add_zone(config, DDNS_FORWARD, "a", &server, 1), DDNS_OK);
    for (;; number++) {
        heap_fail_after(number);

        ddns_error error = ddns_client_start(config, NULL, NULL, &t.client, &why);

        if (!heap_stop_failing()) {
            cr_assert_eq(error, DDNS_OK);
            break;
        }
        cr_assert_eq(error, DDNS_E_NOMEM, "allocation %u", number);
        cr_expect_not_null(strstr(why.text, ddns_strerror(DDNS_E_NOMEM)));
    }
    cr_expect_geq(number, 6);
    ddns_client_stop(t.client, 0);
    ddns_config_free(config);
}

/* Wait until DNS was told @p added times, and then @p removed times not to say it. */
static void wait_for_stats(unsigned added, unsigned removed)
{
    uint64_t until = now_ms() + PATIENCE_MS;
    ddns_stats stats;

    do {
        usleep(1000);
        ddns_client_stats(t.client, &stats);
    } while ((stats.added < added || stats.removed < removed) && now_ms() < until);
    cr_assert_eq(stats.added, added);
    cr_assert_eq(stats.removed, removed);
}

/*
 * An accepted wish is not forgotten, whichever allocation fails on its way.  Only
 * the event about it may be, so the stats tell.
 */
Test(client, comes_back_to_a_wish_that_memory_ran_out_for)
{
    unsigned failed = 0;
    struct fake_server s;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, agree, NULL));
    start(s.port, DDNS_TCP);
    heap_fail_after(0);
    cr_expect_eq(ddns_client_set(t.client, &lease), DDNS_E_NOMEM);
    for (unsigned number = 1; number < 12; number++) {
        heap_fail_after(number);
        cr_assert_eq(ddns_client_set(t.client, &lease), DDNS_OK);
        wait_for_stats(number, number - 1);
        failed += heap_stop_failing() ? 1 : 0;
        cr_assert_eq(ddns_client_clear(t.client, &lease), DDNS_OK);
        wait_for_stats(number, number);
    }
    cr_expect_geq(failed, 4);
    ddns_client_stop(t.client, 0);
    fake_server_stop(&s);
}

/* ---- stopping ---------------------------------------------------------------------- */

Test(client, finishes_within_its_grace_and_takes_no_more)
{
    unsigned delay_us = ANSWER_DELAY_US;
    struct fake_server s;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, agree, &delay_us));
    start(s.port, DDNS_TCP);
    t.set_again = true;
    cr_assert_eq(ddns_client_set(t.client, &lease), DDNS_OK);
    ddns_client_stop(t.client, PATIENCE_MS);
    fake_server_stop(&s);
    cr_expect_eq(t.added, 1);
    cr_expect_eq(t.in_callback, DDNS_E_STOPPING);
}

Test(client, does_not_wait_longer_than_its_grace)
{
    enum { GRACE_MS = 100 };
    struct fake_server s;
    uint64_t begun;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, say_nothing, NULL));
    start(s.port, DDNS_TCP);
    cr_assert_eq(ddns_client_set(t.client, &lease), DDNS_OK);
    begun = now_ms();
    ddns_client_stop(t.client, GRACE_MS);
    cr_expect_geq(now_ms() - begun, GRACE_MS);
    cr_expect_lt(now_ms() - begun, GRACE_MS + PATIENCE_MS);
    fake_server_stop(&s);
    cr_expect_eq(t.added, 0);
}

Test(client, does_not_wait_for_a_server_that_is_away)
{
    uint64_t begun;

    start(fake_server_closed_port(AF_INET, SOCK_STREAM), DDNS_TCP);
    cr_assert_eq(ddns_client_set(t.client, &lease), DDNS_OK);
    begun = now_ms();
    ddns_client_stop(t.client, 2 * PATIENCE_MS);
    cr_expect_lt(now_ms() - begun, PATIENCE_MS);
    cr_expect_eq(t.down, 1);
}

/* ---- the search for a zone ------------------------------------------------------------
 */

/* An SOA record of the name in the question, to follow it. */
static const uint8_t soa[] = {
    0xc0, 0x0c, 0, 6, 0, 1, 0, 0, 0, 60, 0, 22, 0, 0, 0, 0, 0,
    1,    0,    0, 0, 2, 0, 0, 0, 3, 0,  0, 0,  4, 0, 0, 0, 5
};

/* Make the query in @p msg an answer that has @p soa; returns its length. */
static size_t found(uint8_t *msg, size_t len)
{
    msg[2] |= QR;
    msg[7] = 1;
    memcpy(msg + len, soa, sizeof soa);
    return len + sizeof soa;
}

static void answer_frames(int fd, void *arg)
{
    static uint8_t frame[2 + 65535];
    size_t len;

    (void)arg;
    while (fake_read_frame(fd, frame + 2, &len)) {
        len = found(frame + 2, len);
        frame[0] = (uint8_t)(len >> 8);
        frame[1] = (uint8_t)len;
        fake_write(fd, frame, 2 + len);
    }
}

/* First a lie about the id, then, when asked again, what is true. */
static void lie_then_answer(int fd, void *arg)
{
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof peer;
    uint8_t msg[600];
    unsigned *asked = arg;
    ssize_t got;

    while ((got = recvfrom(fd, msg, sizeof msg - sizeof soa, 0, (struct sockaddr *)&peer,
                           &peer_len)) > 0) {
        size_t len = found(msg, (size_t)got);

        if (++*asked == 1) {
            msg[0] ^= 1;
        }
        sendto(fd, msg, len, 0, (struct sockaddr *)&peer, peer_len);
        peer_len = sizeof peer;
    }
}

static void answer_truncated(int fd, void *arg)
{
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof peer;
    uint8_t msg[600];
    ssize_t len;

    (void)arg;
    while ((len = recvfrom(fd, msg, sizeof msg, 0, (struct sockaddr *)&peer, &peer_len)) >
           0) {
        msg[2] |= QR | TC;
        sendto(fd, msg, (size_t)len, 0, (struct sockaddr *)&peer, peer_len);
        peer_len = sizeof peer;
    }
}

static ddns_error find(uint16_t port, ddns_transport transport, unsigned timeout_ms,
                       char *zone)
{
    const ddns_server server = { "127.0.0.1", port, transport, NULL };

    return ddns_find_zone(&server, "Example.ORG", timeout_ms, zone);
}

Test(find_zone, asks_over_tcp)
{
    char zone[DDNS_NAME_TEXT_MAX];
    struct fake_server s;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, answer_frames, NULL));
    cr_assert_eq(find(s.port, DDNS_TCP, PATIENCE_MS, zone), DDNS_OK);
    cr_expect_str_eq(zone, "Example.ORG.");
    fake_server_stop(&s);
}

Test(find_zone, asks_again_over_udp_and_believes_no_other_id)
{
    char zone[DDNS_NAME_TEXT_MAX];
    struct fake_server s;
    unsigned asked = 0;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_DGRAM, lie_then_answer, &asked));
    cr_assert_eq(find(s.port, DDNS_UDP, PATIENCE_MS, zone), DDNS_OK);
    cr_expect_str_eq(zone, "Example.ORG.");
    fake_server_stop(&s);
    cr_expect_eq(asked, 2);
}

Test(find_zone, turns_to_tcp_when_the_answer_is_truncated)
{
    char zone[DDNS_NAME_TEXT_MAX];
    struct fake_server udp;

    cr_assert(fake_server_start(&udp, AF_INET, SOCK_DGRAM, answer_truncated, NULL));
    cr_expect_eq(find(udp.port, DDNS_UDP, PATIENCE_MS, zone), DDNS_E_REFUSED,
                 "nobody listens at that TCP port");
    fake_server_stop(&udp);
}

Test(find_zone, says_why_not)
{
    char zone[DDNS_NAME_TEXT_MAX] = "untouched";
    const ddns_server named = { "ns.example", 0, DDNS_TCP, NULL };
    const ddns_server server = { "127.0.0.1", 0, DDNS_TCP, NULL };
    struct fake_server s;

    cr_assert(fake_server_start(&s, AF_INET, SOCK_DGRAM, say_nothing, NULL));
    cr_expect_eq(find(s.port, DDNS_UDP, 50, zone), DDNS_E_TIMEOUT);
    fake_server_stop(&s);
    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, say_nothing, NULL));
    cr_expect_eq(find(s.port, DDNS_TCP, 50, zone), DDNS_E_TIMEOUT);
    fake_server_stop(&s);
    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, agree, NULL));
    cr_expect_eq(find(s.port, DDNS_TCP, PATIENCE_MS, zone), DDNS_E_NO_ZONE);
    fake_server_stop(&s);
    cr_expect_eq(find(s.port, DDNS_TCP, PATIENCE_MS, zone), DDNS_E_REFUSED);
    cr_expect_eq(find(s.port, DDNS_UDP, PATIENCE_MS, zone), DDNS_E_REFUSED);
    cr_expect_eq(ddns_find_zone(&named, "a", 50, zone), DDNS_E_ADDRESS);
    cr_expect_eq(ddns_find_zone(&server, "a..b", 50, zone), DDNS_E_NAME);
    cr_expect_eq(ddns_find_zone(&server, NULL, 50, zone), DDNS_E_NAME);
    cr_expect_str_eq(zone, "untouched");
}
