/* SPDX-License-Identifier: MPL-2.0 */

/*
 * limit_raw ADDRESS PORT LEASES BATCH < SECRET
 *
 * The raw limit: the messages that tell so many leases to a forward and to a reverse
 * zone, BATCH leases in each, made and signed beforehand and then sent as fast as they
 * are answered.  Prints the seconds from the first message to the last answer, and
 * how many there were.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench/claim.h"
#include "bench/limit_arguments.h"

enum { IN_FLIGHT = 4, FRAME_PREFIX = 2, BATCH_MAX = 1024, PATIENCE_S = 60 };

/* One zone: its messages, each with its length before it, and its connection. */
struct lane {
    const struct limit_arguments *given;
    const struct ddns_tsig_key *key;
    const char *zone;
    enum ddns_change change;
    unsigned batch;
    size_t count;
    struct ddns_bytes *frames;
    int fd;
};

static void must(const char *what, bool well)
{
    if (!well) {
        perror(what);
        exit(1);
    }
}

/* ---- before ------------------------------------------------------------- */

static struct ddns_bytes make_frame(const struct lane *lane, uint16_t id,
                                    const struct ddns_subject *subjects, size_t count)
{
    static struct ddns_update update;
    uint8_t *octets = malloc(FRAME_PREFIX + DDNS_MESSAGE_MAX);
    struct ddns_name zone;
    struct ddns_mac mac;

    must("malloc", octets != NULL);
    bench_must(lane->zone, ddns_name_parse(lane->zone, &zone));
    bench_must("message",
               ddns_request_build(&update, octets + FRAME_PREFIX, DDNS_MESSAGE_MAX, id,
                                  &zone, subjects, count));
    bench_must("signature",
               ddns_tsig_sign(&update.w, lane->key, (uint64_t)time(NULL), &mac));
    octets[0] = (uint8_t)(update.w.len >> 8);
    octets[1] = (uint8_t)update.w.len;
    octets = realloc(octets, FRAME_PREFIX + update.w.len);
    must("realloc", octets != NULL);
    return (struct ddns_bytes){ octets, FRAME_PREFIX + update.w.len };
}

static void make_frames(struct lane *lane)
{
    static struct bench_claim claims[BATCH_MAX];
    static struct ddns_subject subjects[BATCH_MAX];
    unsigned leases = lane->given->leases;

    lane->count = (leases + lane->batch - 1) / lane->batch;
    lane->frames = calloc(lane->count, sizeof *lane->frames);
    must("calloc", lane->frames != NULL);
    for (size_t at = 0; at < lane->count; at++) {
        unsigned first = (unsigned)at * lane->batch;
        unsigned count = leases - first < lane->batch ? leases - first : lane->batch;

        for (unsigned i = 0; i < count; i++) {
            bench_claim_fill(&claims[i], first + i);
            bench_subject_fill(&subjects[i], &claims[i], lane->change);
        }
        lane->frames[at] = make_frame(lane, (uint16_t)at, subjects, count);
    }
}

static void open_connection(struct lane *lane)
{
    struct sockaddr_in peer = { .sin_family = AF_INET,
                                .sin_port = htons(lane->given->port) };
    struct timeval patience = { .tv_sec = PATIENCE_S };
    int on = 1;

    must("address", inet_pton(AF_INET, lane->given->address, &peer.sin_addr) == 1);
    lane->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must("socket", lane->fd >= 0);
    must("connect", connect(lane->fd, (struct sockaddr *)&peer, sizeof peer) == 0);
    must("no delay", setsockopt(lane->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
    must("patience",
         setsockopt(lane->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
}

/* ---- meanwhile ---------------------------------------------------------- */

static void send_frame(const struct lane *lane, size_t at)
{
    struct ddns_bytes frame = lane->frames[at];

    must("send",
         send(lane->fd, frame.data, frame.len, MSG_NOSIGNAL) == (ssize_t)frame.len);
}

static void receive(const struct lane *lane, uint8_t *octets, size_t len)
{
    must("receive", recv(lane->fd, octets, len, MSG_WAITALL) == (ssize_t)len);
}

/* The order of the answers is the server's affair: each has to say NOERROR. */
static void await_answer(const struct lane *lane)
{
    uint8_t octets[DDNS_MESSAGE_MAX];
    struct ddns_header header;
    struct ddns_reader reader;
    size_t len = 0;

    receive(lane, octets, FRAME_PREFIX);
    len = (size_t)octets[0] << 8 | octets[1];
    receive(lane, octets, len);
    reader = ddns_reader_of((struct ddns_bytes){ octets, len });
    ddns_read_header(&reader, &header);
    if (!ddns_reader_ok(&reader) || ddns_header_rcode(&header) != DDNS_NOERROR) {
        (void)fprintf(stderr, "%s: %s\n", lane->zone,
                      ddns_rcode_text(ddns_header_rcode(&header)));
        exit(1);
    }
}

static void *run(void *arg)
{
    const struct lane *lane = arg;
    size_t sent = 0;

    while (sent < lane->count && sent < IN_FLIGHT) {
        send_frame(lane, sent++);
    }
    for (size_t answered = 0; answered < lane->count; answered++) {
        await_answer(lane);
        if (sent < lane->count) {
            send_frame(lane, sent++);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct limit_arguments given = limit_arguments_read(argc, argv);
    unsigned batch = given.last == NULL ? 0 : (unsigned)strtoul(given.last, NULL, 10);
    struct ddns_tsig_key *key = bench_key(BENCH_KEY, given.secret);
    struct lane lanes[] = {
        { &given, key, BENCH_FORWARD, DDNS_ADD_FORWARD, batch, 0, NULL, -1 },
        { &given, key, BENCH_REVERSE, DDNS_ADD_REVERSE, batch, 0, NULL, -1 },
    };
    enum { LANES = sizeof lanes / sizeof *lanes };
    pthread_t threads[LANES];

    must("BATCH", batch > 0 && batch <= BATCH_MAX);
    for (size_t i = 0; i < LANES; i++) {
        make_frames(&lanes[i]);
        open_connection(&lanes[i]);
    }

    double began = limit_now();

    for (size_t i = 0; i < LANES; i++) {
        must("thread", pthread_create(&threads[i], NULL, run, &lanes[i]) == 0);
    }
    for (size_t i = 0; i < LANES; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    printf("%.6f %zu\n", limit_now() - began, lanes[0].count + lanes[1].count);
    ddns_tsig_key_free(key);
    return 0;
}
