/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/** What of an event decides; smaller than PIPE_BUF, so writes do not interleave. */
struct news {
    unsigned directions; /**< 0: the server's, and so of every direction */
    struct verdict verdict;
};

ddns_error waiter_open(struct waiter *out_waiter)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0) {
        return DDNS_E_IO;
    }
    *out_waiter = (struct waiter){ .read_fd = fds[0], .write_fd = fds[1] };
    return DDNS_OK;
}

void waiter_close(struct waiter *waiter)
{
    (void)close(waiter->read_fd);
    (void)close(waiter->write_fd);
}

static bool decides(ddns_event_kind kind)
{
    switch (kind) {
    case DDNS_EVENT_ADDED:
    case DDNS_EVENT_REMOVED:
    case DDNS_EVENT_CONFLICT:
    case DDNS_EVENT_REFUSED:
    case DDNS_EVENT_SERVER_DOWN:
    case DDNS_EVENT_ZONE_DOWN:
        return true;
    case DDNS_EVENT_SERVER_UP:
    case DDNS_EVENT_ZONE_UP:
    case DDNS_EVENT_LEDGER_DOWN: /* the command keeps none */
    case DDNS_EVENT_LEDGER_UP:
    case DDNS_EVENT_LEDGER_SET_ASIDE:
    case DDNS_EVENT_LEDGER_READ:
    case DDNS_EVENT_PROMETHEUS_DOWN:
    case DDNS_EVENT_PROMETHEUS_UP:
        break;
    }
    return false;
}

void waiter_on_event(void *waiter, const ddns_event *event)
{
    const struct waiter *w = waiter;
    struct news news = {
        .directions = event->direction,
        .verdict = {
            .done = event->kind == DDNS_EVENT_ADDED || event->kind == DDNS_EVENT_REMOVED,
            .error = event->error,
            .rcode = event->rcode,
            .tsig_error = event->tsig_error,
            .clock_skew = event->clock_skew,
        },
    };

    if (decides(event->kind)) {
        /* A pipe takes thousands of these, and the reader waits for at most two. */
        (void)!write(w->write_fd, &news, sizeof news);
    }
}

/** The next event within @p patience_ms. */
static bool next_news(const struct waiter *waiter, int patience_ms, struct news *out_news)
{
    struct pollfd poll_fd = { .fd = waiter->read_fd, .events = POLLIN };
    int ready;

    do {
        ready = poll(&poll_fd, 1, patience_ms);
    } while (ready < 0 && errno == EINTR);
    return ready == 1 &&
           read(waiter->read_fd, out_news, sizeof *out_news) == (ssize_t)sizeof *out_news;
}

/** Note @p verdict for @p directions. */
static void note(const struct verdict *verdict, unsigned directions,
                 struct verdict verdicts[VERDICTS])
{
    if ((directions & DDNS_FORWARD) != 0) {
        verdicts[VERDICT_FORWARD] = *verdict;
    }
    if ((directions & DDNS_REVERSE) != 0) {
        verdicts[VERDICT_REVERSE] = *verdict;
    }
}

void waiter_wait(const struct waiter *waiter, unsigned directions, int patience_ms,
                 struct verdict out_verdicts[VERDICTS])
{
    const struct verdict silence = { .error = DDNS_E_TIMEOUT };
    unsigned open = directions;
    struct news news;

    note(&silence, DDNS_FORWARD | DDNS_REVERSE, out_verdicts);
    while (open != 0 && next_news(waiter, patience_ms, &news)) {
        unsigned told = news.directions == 0 ? open : news.directions & open;

        note(&news.verdict, told, out_verdicts);
        open &= ~told;
    }
}
