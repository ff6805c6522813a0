/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/fake_server.h"
#include "support/heap.h"
#include "support/leaks.h"
#include "transport/frame.h"
#include "transport/link.h"

/* ---- frames --------------------------------------------------------------- */

/* Five messages: "", "a", "bc", 300 times 'd', "". */
enum { STREAM_MESSAGES = 5, STREAM_LEN = 5 * 2 + 0 + 1 + 2 + 300 + 0 };

static const size_t stream_lens[STREAM_MESSAGES] = { 0, 1, 2, 300, 0 };
static const char *const stream_texts[STREAM_MESSAGES] = { "", "a", "bc", "dd", "" };

static void stream_fill(uint8_t *stream)
{
    static const uint8_t head[] = { 0, 0, 0, 1, 'a', 0, 2, 'b', 'c', 0x01, 0x2c };

    memset(stream, 'd', STREAM_LEN);
    memcpy(stream, head, sizeof head);
    memset(stream + STREAM_LEN - 2, 0, 2);
}

/* Read @p len octets into @p f and check each message that comes out. */
static void feed(struct ddns_frames *f, const uint8_t *octets, size_t len, size_t *seen)
{
    struct ddns_bytes message;

    while (len > 0) {
        struct ddns_frame_room room = ddns_frames_room(f);
        size_t part = len < room.len ? len : room.len;

        cr_assert_gt(room.len, 0);
        memcpy(room.data, octets, part);
        ddns_frames_filled(f, part);
        octets += part;
        len -= part;
        while (ddns_frames_next(f, &message)) {
            cr_assert_lt(*seen, STREAM_MESSAGES);
            cr_expect_eq(message.len, stream_lens[*seen], "message %zu", *seen);
            for (size_t i = 0; i < message.len; i++) {
                cr_assert_eq(message.data[i], stream_texts[*seen][i % 2]);
            }
            ++*seen;
        }
    }
}

Test(frame, comes_out_whole_wherever_the_stream_is_split)
{
    static struct ddns_frames f;
    uint8_t stream[STREAM_LEN];

    stream_fill(stream);
    for (size_t split = 0; split <= STREAM_LEN; split++) {
        size_t seen = 0;

        ddns_frames_init(&f);
        feed(&f, stream, split, &seen);
        feed(&f, stream + split, STREAM_LEN - split, &seen);
        cr_expect_eq(seen, STREAM_MESSAGES, "split at %zu", split);
    }
}

Test(frame, comes_out_whole_octet_by_octet)
{
    static struct ddns_frames f;
    uint8_t stream[STREAM_LEN];
    size_t seen = 0;

    stream_fill(stream);
    ddns_frames_init(&f);
    for (size_t i = 0; i < STREAM_LEN; i++) {
        feed(&f, stream + i, 1, &seen);
    }
    cr_expect_eq(seen, STREAM_MESSAGES);
}

Test(frame, of_the_largest_length_fits_behind_a_part_of_another)
{
    static struct ddns_frames f;
    static const uint8_t head[] = { 0, 1, 'x', 0xff, 0xff };
    struct ddns_bytes message;
    struct ddns_frame_room room;
    size_t left = 65535;

    ddns_frames_init(&f);
    room = ddns_frames_room(&f);
    memcpy(room.data, head, sizeof head);
    ddns_frames_filled(&f, sizeof head);
    cr_assert(ddns_frames_next(&f, &message));
    cr_expect_eq(message.len, 1);
    while (left > 0) {
        cr_assert(!ddns_frames_next(&f, &message));
        room = ddns_frames_room(&f);
        cr_assert_gt(room.len, 0);
        size_t part = left < 4099 ? left : 4099;

        memset(room.data, 'y', part);
        ddns_frames_filled(&f, part);
        left -= part;
    }
    cr_assert(ddns_frames_next(&f, &message));
    cr_expect_eq(message.len, 65535);
    cr_expect_eq(message.data[65534], 'y');
    cr_expect_eq(ddns_frames_room(&f).len, DDNS_FRAME_MAX);
}

/* ---- a loop, a set of links, and what was told ------------------------------ */

enum { LINK = 7, GUARD_MS = 10000, KEEP = 4 };

static struct {
    uv_loop_t loop;
    uv_timer_t guard;
    struct ddns_transport_set *set;
    bool inside; /* a function of transport.h is running */
    unsigned opened, messages, lost;
    uint64_t link;
    ddns_error error;
    struct {
        size_t len;
        uint8_t *data;
    } kept[KEEP];
    void (*then)(void); /* called in on_message() */
} t;

static void on_open(void *user, uint64_t link)
{
    (void)user;
    cr_assert(!t.inside);
    t.link = link;
    t.opened++;
    uv_stop(&t.loop);
}

static void on_message(void *user, uint64_t link, struct ddns_bytes message)
{
    (void)user;
    cr_assert(!t.inside);
    t.link = link;
    if (t.messages < KEEP) {
        t.kept[t.messages].len = message.len;
        t.kept[t.messages].data = malloc(message.len + 1);
        memcpy(t.kept[t.messages].data, message.data, message.len);
    }
    t.messages++;
    uv_stop(&t.loop);
    if (t.then != NULL) {
        t.then();
    }
}

static void on_lost(void *user, uint64_t link, ddns_error error)
{
    (void)user;
    cr_assert(!t.inside);
    t.link = link;
    t.error = error;
    t.lost++;
    uv_stop(&t.loop);
}

static void on_guard(uv_timer_t *timer)
{
    (void)timer;
    cr_assert_fail("nothing happens any more: %u opened, %u messages, %u lost", t.opened,
                   t.messages, t.lost);
}

static void begin(void)
{
    static const struct ddns_transport_events events = { on_open, on_message, on_lost,
                                                         NULL };

    (void)signal(SIGPIPE, SIG_IGN); /* the client's thread blocks it */
    cr_assert_eq(uv_loop_init(&t.loop), 0);
    uv_timer_init(&t.loop, &t.guard);
    uv_timer_start(&t.guard, on_guard, GUARD_MS, 0);
    cr_assert_eq(ddns_transport_new(&t.loop, &events, &t.set), DDNS_OK);
}

static void free_set(void)
{
    t.inside = true;
    ddns_transport_free(t.set);
    t.inside = false;
    t.set = NULL;
}

static void end(void)
{
    if (t.set != NULL) {
        free_set();
    }
    uv_close((uv_handle_t *)&t.guard, NULL);
    uv_run(&t.loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&t.loop) != 0) {
        abort(); /* a handle is left; Criterion would lose an assertion here */
    }
    for (size_t i = 0; i < KEEP; i++) {
        free(t.kept[i].data);
    }
    no_leaks();
}

TestSuite(transport, .init = begin, .fini = end);

static ddns_error connect_to(uint64_t link, int family, uint16_t port,
                             ddns_transport transport)
{
    ddns_address address;
    ddns_error error;

    cr_assert_eq(ddns_address_parse(family == AF_INET6 ? "::1" : "127.0.0.1", &address),
                 DDNS_OK);
    t.inside = true;
    error = ddns_transport_connect(t.set, link, &address, port, transport);
    t.inside = false;
    return error;
}

static ddns_error send_to(uint64_t link, const void *data, size_t len)
{
    ddns_error error;

    t.inside = true;
    error = ddns_transport_send(t.set, link, (struct ddns_bytes){ data, len });
    t.inside = false;
    return error;
}

static void close_link(uint64_t link)
{
    t.inside = true;
    ddns_transport_close(t.set, link);
    t.inside = false;
}

static void run_until(const unsigned *counter, unsigned at_least)
{
    while (*counter < at_least) {
        uv_run(&t.loop, UV_RUN_DEFAULT); /* each event stops it */
    }
}

static void run_ms(unsigned ms)
{
    uint64_t until = uv_hrtime() + ms * (uint64_t)1000000;

    while (uv_hrtime() < until) {
        uv_run(&t.loop, UV_RUN_NOWAIT);
    }
}

static uint16_t start(struct fake_server *s, int type, void (*serve)(int fd, void *arg))
{
    cr_assert(fake_server_start(s, AF_INET, type, serve, NULL));
    return s->port;
}

static unsigned threads(void)
{
    unsigned count = 0;
    DIR *tasks = opendir("/proc/self/task");

    while (readdir(tasks) != NULL) {
        count++;
    }
    closedir(tasks);
    return count;
}

/* ---- TCP -------------------------------------------------------------------- */

static void wait_for_end(int fd)
{
    uint8_t octet;

    while (recv(fd, &octet, 1, 0) > 0) {
    }
}

static void echo_frames(int fd, void *arg)
{
    static uint8_t frame[2 + 65535];
    size_t len;

    (void)arg;
    while (fake_read_frame(fd, frame + 2, &len)) {
        frame[0] = (uint8_t)(len >> 8);
        frame[1] = (uint8_t)len;
        fake_write(fd, frame, 2 + len);
    }
}

Test(transport, carries_messages_of_every_size_over_tcp)
{
    static uint8_t largest[65535];
    struct fake_server s;
    unsigned before;

    memset(largest, 0x5a, sizeof largest);
    cr_assert_eq(connect_to(LINK, AF_INET, start(&s, SOCK_STREAM, echo_frames), DDNS_TCP),
                 DDNS_OK);
    before = threads();
    run_until(&t.opened, 1);
    cr_expect_eq(t.link, LINK);
    cr_expect_eq(send_to(LINK, "hello", 5), DDNS_OK);
    cr_expect_eq(send_to(LINK, NULL, 0), DDNS_OK);
    cr_expect_eq(send_to(LINK, largest, sizeof largest), DDNS_OK);
    run_until(&t.messages, 3);
    cr_expect_eq(t.kept[0].len, 5);
    cr_expect_arr_eq(t.kept[0].data, "hello", 5);
    cr_expect_eq(t.kept[1].len, 0);
    cr_assert_eq(t.kept[2].len, sizeof largest);
    cr_expect_arr_eq(t.kept[2].data, largest, sizeof largest);
    cr_expect_eq(threads(), before, "libuv's thread pool must never start");
    close_link(LINK);
    fake_server_stop(&s);
    cr_expect_eq(t.opened, 1);
    cr_expect_eq(t.lost, 0);
}

Test(transport, speaks_ipv6)
{
    struct fake_server s;

    cr_assert(fake_server_start(&s, AF_INET6, SOCK_STREAM, echo_frames, NULL));
    cr_assert_eq(connect_to(LINK, AF_INET6, s.port, DDNS_TCP), DDNS_OK);
    cr_expect_eq(send_to(LINK, "six", 3), DDNS_OK, "what is sent early waits");
    run_until(&t.messages, 1);
    cr_expect_arr_eq(t.kept[0].data, "six", 3);
    close_link(LINK);
    fake_server_stop(&s);
}

static void answer_twice_in_one_segment(int fd, void *arg)
{
    (void)arg;
    fake_write(fd, "\0\3one\0\3two", 10);
    wait_for_end(fd);
}

Test(transport, tells_two_messages_of_one_segment)
{
    struct fake_server s;
    uint16_t port = start(&s, SOCK_STREAM, answer_twice_in_one_segment);

    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_TCP), DDNS_OK);
    run_until(&t.messages, 2);
    cr_expect_arr_eq(t.kept[0].data, "one", 3);
    cr_expect_arr_eq(t.kept[1].data, "two", 3);
    close_link(LINK);
    fake_server_stop(&s);
}

static void close_the_link(void)
{
    close_link(LINK);
}

Test(transport, tells_nothing_more_of_a_link_closed_in_a_callback)
{
    struct fake_server s;
    uint16_t port = start(&s, SOCK_STREAM, answer_twice_in_one_segment);

    t.then = close_the_link;
    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_TCP), DDNS_OK);
    run_until(&t.messages, 1);
    run_ms(50);
    cr_expect_eq(t.messages, 1);
    cr_expect_eq(t.lost, 0);
    fake_server_stop(&s);
}

Test(transport, is_freed_in_a_callback)
{
    struct fake_server s;
    uint16_t port = start(&s, SOCK_STREAM, answer_twice_in_one_segment);

    t.then = free_set;
    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_TCP), DDNS_OK);
    run_until(&t.messages, 1);
    run_ms(50);
    cr_expect_eq(t.messages, 1);
    cr_expect_eq(t.lost, 0);
    fake_server_stop(&s);
}

static void drip(int fd, void *arg)
{
    static const uint8_t stream[] = { 0, 0, 0, 0, 0, 3, 'a', 'b', 'c', 0, 1, 'd' };

    (void)arg;
    for (size_t i = 0; i < sizeof stream; i++) {
        fake_write(fd, stream + i, 1);
        usleep(1000);
    }
    wait_for_end(fd);
}

Test(transport, puts_together_what_arrives_octet_by_octet)
{
    struct fake_server s;

    cr_assert_eq(connect_to(LINK, AF_INET, start(&s, SOCK_STREAM, drip), DDNS_TCP),
                 DDNS_OK);
    run_until(&t.messages, 4);
    cr_expect_eq(t.kept[0].len, 0, "an empty frame is a message for others to judge");
    cr_expect_eq(t.kept[1].len, 0);
    cr_expect_eq(t.kept[2].len, 3);
    cr_expect_arr_eq(t.kept[2].data, "abc", 3);
    cr_expect_eq(t.kept[3].len, 1);
    close_link(LINK);
    fake_server_stop(&s);
}

static void stop_in_the_middle(int fd, void *arg)
{
    (void)arg;
    fake_write(fd, "\0\1x\0\5ab", 7);
}

Test(transport, loses_a_link_that_ends_in_the_middle_of_a_frame)
{
    struct fake_server s;
    uint16_t port = start(&s, SOCK_STREAM, stop_in_the_middle);

    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_TCP), DDNS_OK);
    run_until(&t.lost, 1);
    cr_expect_eq(t.messages, 1);
    cr_expect_eq(t.error, DDNS_E_CLOSED);
    cr_expect_eq(send_to(LINK, "x", 1), DDNS_E_INVALID, "the link is gone");
    run_ms(20);
    cr_expect_eq(t.lost, 1);
    fake_server_stop(&s);
}

static void reset(int fd, void *arg)
{
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };
    uint8_t octet;

    (void)arg;
    fake_read(fd, &octet, 1);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

Test(transport, loses_a_link_that_is_reset)
{
    struct fake_server s;

    cr_assert_eq(connect_to(LINK, AF_INET, start(&s, SOCK_STREAM, reset), DDNS_TCP),
                 DDNS_OK);
    cr_expect_eq(send_to(LINK, "hello", 5), DDNS_OK);
    run_until(&t.lost, 1);
    cr_expect_eq(t.error, DDNS_E_CLOSED);
    fake_server_stop(&s);
}

Test(transport, says_when_a_connection_is_refused)
{
    uint16_t port = fake_server_closed_port(AF_INET, SOCK_STREAM);

    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_TCP), DDNS_OK);
    cr_expect_eq(send_to(LINK, "hello", 5), DDNS_OK);
    run_until(&t.lost, 1);
    cr_expect_eq(t.link, LINK);
    cr_expect_eq(t.error, DDNS_E_REFUSED);
    cr_expect_eq(t.opened, 0);
}

static void hold(int fd, void *arg)
{
    int *until = arg;
    uint8_t octet;

    (void)fd;
    (void)read(*until, &octet, 1);
}

Test(transport, does_not_hoard_what_a_server_does_not_read)
{
    static uint8_t largest[65535];
    struct fake_server s;
    int until[2];
    unsigned sent = 0;
    ddns_error error;

    cr_assert_eq(pipe(until), 0);
    cr_assert(fake_server_start(&s, AF_INET, SOCK_STREAM, hold, &until[0]));
    cr_assert_eq(connect_to(LINK, AF_INET, s.port, DDNS_TCP), DDNS_OK);
    run_until(&t.opened, 1);
    do {
        error = send_to(LINK, largest, sizeof largest);
        uv_run(&t.loop, UV_RUN_NOWAIT);
    } while (error == DDNS_OK && ++sent < 1000);
    cr_expect_eq(error, DDNS_E_IO);
    cr_expect_geq(sent, 15);
    cr_expect_eq(t.lost, 0, "it is the caller's to close");
    free_set(); /* with writes that never finished */
    close(until[1]);
    fake_server_stop(&s);
    close(until[0]);
}

Test(transport, closes_a_link_that_never_opened)
{
    struct fake_server s;

    cr_assert_eq(connect_to(LINK, AF_INET, start(&s, SOCK_STREAM, echo_frames), DDNS_TCP),
                 DDNS_OK);
    cr_expect_eq(send_to(LINK, "hello", 5), DDNS_OK);
    close_link(LINK);
    cr_assert_eq(connect_to(LINK + 1, AF_INET, s.port, DDNS_UDP), DDNS_OK);
    close_link(LINK + 1);
    run_ms(20);
    cr_expect_eq(t.opened + t.lost + t.messages, 0);
    fake_server_stop(&s);
}

Test(transport, is_freed_with_open_links)
{
    struct fake_server s;

    cr_assert_eq(connect_to(1, AF_INET, start(&s, SOCK_STREAM, echo_frames), DDNS_TCP),
                 DDNS_OK);
    run_until(&t.opened, 1);
    cr_assert_eq(connect_to(2, AF_INET, s.port, DDNS_TCP), DDNS_OK);
    cr_assert_eq(connect_to(3, AF_INET, s.port, DDNS_UDP), DDNS_OK);
    cr_expect_eq(send_to(1, "hello", 5), DDNS_OK);
    free_set();
    run_ms(20);
    cr_expect_eq(t.opened, 1);
    cr_expect_eq(t.lost + t.messages, 0);
    fake_server_stop(&s);
}

Test(transport, knows_which_links_it_has)
{
    uint16_t port = fake_server_closed_port(AF_INET, SOCK_DGRAM);
    static const uint8_t too_long[65536];

    cr_expect_eq(send_to(LINK, "x", 1), DDNS_E_INVALID);
    close_link(LINK);
    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_UDP), DDNS_OK);
    cr_expect_eq(connect_to(LINK, AF_INET, port, DDNS_TCP), DDNS_E_INVALID);
    cr_expect_eq(send_to(LINK, too_long, sizeof too_long), DDNS_E_INVALID);
    ddns_transport_free(NULL);
}

/* ---- UDP -------------------------------------------------------------------- */

/* Answers twice, once from elsewhere, until an empty datagram comes. */
static void echo_datagrams(int fd, void *arg)
{
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    uint8_t octets[600];
    int other = socket(AF_INET, SOCK_DGRAM, 0);
    ssize_t got;

    (void)arg;
    while ((got = recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&peer,
                           &len)) > 0) {
        sendto(other, "forged", 6, 0, (struct sockaddr *)&peer, len);
        sendto(fd, octets, (size_t)got, 0, (struct sockaddr *)&peer, len);
        sendto(fd, "", 0, 0, (struct sockaddr *)&peer, len);
        len = sizeof peer;
    }
    close(other);
}

Test(transport, hears_its_peer_alone_over_udp)
{
    struct fake_server s;

    cr_assert_eq(
        connect_to(LINK, AF_INET, start(&s, SOCK_DGRAM, echo_datagrams), DDNS_UDP),
        DDNS_OK);
    cr_expect_eq(t.opened, 0, "nothing is told before the loop runs");
    run_until(&t.opened, 1);
    cr_expect_eq(send_to(LINK, "hello", 5), DDNS_OK);
    run_until(&t.messages, 2);
    cr_expect_eq(t.kept[0].len, 5);
    cr_expect_arr_eq(t.kept[0].data, "hello", 5);
    cr_expect_eq(t.kept[1].len, 0);
    run_ms(20);
    cr_expect_eq(t.messages, 2);
    cr_expect_eq(t.lost, 0);
    fake_server_stop(&s);
}

Test(transport, says_when_nobody_is_at_the_udp_port)
{
    static const int families[] = { AF_INET, AF_INET6 };

    for (unsigned i = 0; i < 2; i++) {
        uint16_t port = fake_server_closed_port(families[i], SOCK_DGRAM);

        cr_assert_eq(connect_to(LINK + i, families[i], port, DDNS_UDP), DDNS_OK);
        cr_expect_eq(send_to(LINK + i, "hello", 5), DDNS_OK);
        run_until(&t.lost, i + 1);
        cr_expect_eq(t.link, LINK + i);
        cr_expect_eq(t.error, DDNS_E_REFUSED);
    }
}

Test(transport, refuses_what_udp_cannot_carry)
{
    static const uint8_t largest[65535];
    uint16_t port = fake_server_closed_port(AF_INET, SOCK_DGRAM);

    cr_assert_eq(connect_to(LINK, AF_INET, port, DDNS_UDP), DDNS_OK);
    cr_assert_eq(send_to(LINK, largest, sizeof largest), DDNS_OK);
    run_until(&t.lost, 1);
    cr_expect_eq(t.error, DDNS_E_IO);
}

/* ---- no memory -------------------------------------------------------------- */

Test(transport, says_so_when_memory_runs_out)
{
    static const ddns_transport kinds[] = { DDNS_TCP, DDNS_UDP };
    static const struct ddns_transport_events events = { 0 };
    struct ddns_transport_set *other;
    struct fake_server s;
    uint16_t port = start(&s, SOCK_STREAM, echo_frames);

    heap_fail_after(0);
    cr_expect_eq(ddns_transport_new(&t.loop, &events, &other), DDNS_E_NOMEM);
    for (unsigned i = 0; i < 2; i++) {
        heap_fail_after(0);
        cr_expect_eq(connect_to(LINK + i, AF_INET, port, kinds[i]), DDNS_E_NOMEM);
        cr_assert_eq(connect_to(LINK + i, AF_INET, port, kinds[i]), DDNS_OK);
        run_until(&t.opened, i + 1);
        heap_fail_after(0);
        cr_expect_eq(send_to(LINK + i, "hello", 5), DDNS_E_NOMEM);
        cr_expect_eq(t.lost, 0, "it is the caller's to close");
    }
    free_set();
    fake_server_stop(&s);
}

/* ---- errors ------------------------------------------------------------------ */

static const struct {
    int uv;
    ddns_error error;
} errors[] = {
    { UV_ECONNREFUSED, DDNS_E_REFUSED },
    { UV_EHOSTUNREACH, DDNS_E_UNREACHABLE },
    { UV_ENETUNREACH, DDNS_E_UNREACHABLE },
    { UV_EOF, DDNS_E_CLOSED },
    { UV_ECONNRESET, DDNS_E_CLOSED },
    { UV_EPIPE, DDNS_E_CLOSED },
    { UV_ETIMEDOUT, DDNS_E_TIMEOUT },
    { UV_ENOMEM, DDNS_E_NOMEM },
    { UV_EMFILE, DDNS_E_FULL },
    { UV_EMSGSIZE, DDNS_E_IO },
    { UV_EAFNOSUPPORT, DDNS_E_UNREACHABLE },
    { -1000000, DDNS_E_IO },
};

Test(link_error, says_what_a_caller_can_act_on)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        cr_expect_eq(ddns_error_of_uv(errors[i].uv), errors[i].error, "%s",
                     uv_strerror(errors[i].uv));
    }
}
