/* SPDX-License-Identifier: MPL-2.0 */
#include "client/board.h"

#include <stdlib.h>
#include <string.h>

/* An empty list may be nowhere. */
static void copy_list(void *to, const void *from, size_t size)
{
    if (size > 0) {
        memcpy(to, from, size);
    }
}

static void copy(ddns_statistics *to, const ddns_statistics *from)
{
    to->totals = from->totals;
    copy_list(to->traffic, from->traffic, from->traffic_count * sizeof *to->traffic);
    copy_list(to->zones, from->zones, from->zone_count * sizeof *to->zones);
    copy_list(to->servers, from->servers, from->server_count * sizeof *to->servers);
}

static void release(ddns_statistics *shown)
{
    free(shown->traffic);
    free(shown->zones);
    free(shown->servers);
}

ddns_error ddns_board_open(struct ddns_board *board, const ddns_statistics *statistics)
{
    ddns_statistics shown = {
        .traffic = calloc(statistics->traffic_count + 1, sizeof *shown.traffic),
        .traffic_count = statistics->traffic_count,
        .zones = calloc(statistics->zone_count + 1, sizeof *shown.zones),
        .zone_count = statistics->zone_count,
        .servers = calloc(statistics->server_count + 1, sizeof *shown.servers),
        .server_count = statistics->server_count,
    };

    if (shown.traffic == NULL || shown.zones == NULL || shown.servers == NULL ||
        pthread_mutex_init(&board->lock, NULL) != 0) {
        release(&shown);
        return DDNS_E_NOMEM;
    }
    copy(&shown, statistics);
    board->shown = shown;
    return DDNS_OK;
}

void ddns_board_close(struct ddns_board *board)
{
    pthread_mutex_destroy(&board->lock);
    release(&board->shown);
}

bool ddns_board_show(struct ddns_board *board, const ddns_statistics *statistics)
{
    if (pthread_mutex_trylock(&board->lock) != 0) {
        return false;
    }
    copy(&board->shown, statistics);
    pthread_mutex_unlock(&board->lock);
    return true;
}

void ddns_board_read(struct ddns_board *board, ddns_statistics_fn *fn, void *user)
{
    pthread_mutex_lock(&board->lock);
    fn(user, &board->shown);
    pthread_mutex_unlock(&board->lock);
}
