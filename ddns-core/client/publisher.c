/* SPDX-License-Identifier: MPL-2.0 */
#include "client/publisher.h"

enum { PACE_MS = 250 };

static void ring(void *bell)
{
    uv_async_send(bell);
}

ddns_error ddns_publisher_open(struct ddns_publisher *p, const char *path,
                               const char *daemon, uv_async_t *bell)
{
    const struct ddns_exporter_config config = { .path = path,
                                                 .daemon = daemon,
                                                 .board = &p->board,
                                                 .on_change = ring,
                                                 .user = bell };
    ddns_error error = ddns_board_open(&p->board, ddns_engine_statistics(p->engine));

    if (error != DDNS_OK) {
        return error;
    }
    p->open = true;
    return path == NULL ? DDNS_OK : ddns_exporter_start(&config, &p->exporter);
}

static void tell_news(const struct ddns_publisher *p)
{
    struct ddns_exporter_news news;

    if (p->exporter == NULL || !ddns_exporter_news(p->exporter, &news) ||
        p->on_event == NULL) {
        return;
    }
    p->on_event(p->user, &(ddns_event){ .kind = news.failed ? DDNS_EVENT_PROMETHEUS_DOWN
                                                            : DDNS_EVENT_PROMETHEUS_UP,
                                        .detail = news.failed ? news.why : NULL });
}

/* The letters that nobody has read yet are leases that wait, too. */
static bool show(struct ddns_publisher *p)
{
    ddns_statistics statistics = *ddns_engine_statistics(p->engine);

    ddns_mailbox_stats(p->mailbox, &statistics.totals);
    return ddns_board_show(&p->board, &statistics);
}

void ddns_publisher_turn(struct ddns_publisher *p, struct ddns_now now)
{
    tell_news(p);
    p->behind = true;
    if (now.mono_ms >= p->not_before_ms) {
        p->behind = !show(p);
        p->not_before_ms = now.mono_ms + PACE_MS;
    }
}

uint64_t ddns_publisher_deadline(const struct ddns_publisher *p)
{
    return p->behind ? p->not_before_ms : UINT64_MAX;
}

void ddns_publisher_stop(struct ddns_publisher *p)
{
    ddns_exporter_stop(p->exporter);
    p->exporter = NULL;
}

void ddns_publisher_close(struct ddns_publisher *p)
{
    ddns_publisher_stop(p);
    if (p->open) {
        ddns_board_close(&p->board);
        p->open = false;
    }
}
