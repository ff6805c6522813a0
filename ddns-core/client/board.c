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

/* Room for as much as there is in @p like.  For release() also where there is not. */
static bool make_room(const ddns_statistics *like, ddns_statistics *out)
{
    *out = *like;
    out->traffic = calloc(like->traffic_count + 1, sizeof *out->traffic);
    out->zones = calloc(like->zone_count + 1, sizeof *out->zones);
    out->servers = calloc(like->server_count + 1, sizeof *out->servers);
    return out->traffic != NULL && out->zones != NULL && out->servers != NULL;
}

static void release(ddns_statistics *shown)
{
    free(shown->traffic);
    free(shown->zones);
    free(shown->servers);
}

ddns_error ddns_board_open(struct ddns_board *board, const ddns_statistics *statistics)
{
    if (!make_room(statistics, &board->shown) ||
        pthread_mutex_init(&board->lock, NULL) != 0) {
        release(&board->shown);
        return DDNS_E_NOMEM;
    }
    copy(&board->shown, statistics);
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

ddns_error ddns_board_study(struct ddns_board *board, ddns_statistics_fn *fn, void *user)
{
    ddns_statistics seen;
    bool room;

    pthread_mutex_lock(&board->lock);
    room = make_room(&board->shown, &seen);
    if (room) {
        copy(&seen, &board->shown);
    }
    pthread_mutex_unlock(&board->lock);
    if (room) {
        fn(user, &seen);
    }
    release(&seen);
    return room ? DDNS_OK : DDNS_E_NOMEM;
}
