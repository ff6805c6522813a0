/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "scenario/days.h"

static struct letter *post_empty(struct days *d, enum verb verb)
{
    struct letter *letter = &d->mail.letters[d->mail.count++];

    if (d->mail.count > MAIL_MAX) {
        abort();
    }
    *letter = (struct letter){ .verb = verb };
    return letter;
}

void post(struct days *d, enum verb verb, const struct ddns_wish *wish)
{
    post_empty(d, verb)->wish = *wish;
}

static ddns_error read_walk(struct days *d, const struct letter *letter)
{
    ddns_range range = { { { 192, 0, 2, (uint8_t)letter->first }, 4 },
                         { { 192, 0, 2, (uint8_t)letter->last }, 4 } };

    if (letter->verb == WALK_BEGIN) {
        ddns_engine_walk_begin(d->world->engine, &range, letter->flag);
        return DDNS_OK;
    }
    ddns_engine_walk_end(d->world->engine, letter->flag);
    if (letter->flag && letter->full) {
        d->knows = true;
        d->reading.owed = false;
        d->reading.owed_afresh = d->reading.owed_afresh && !letter->afresh;
    }
    return DDNS_OK;
}

static ddns_error read_letter(struct days *d, const struct letter *letter)
{
    struct ddns_engine *e = d->world->engine;

    switch (letter->verb) {
    case SET:
        return ddns_engine_set(e, &letter->wish);
    case CLEAR:
        return ddns_engine_clear(e, &letter->wish);
    case RESUME:
        return ddns_engine_resume(e, &letter->wish);
    case RETELL:
        ddns_engine_retell(e, &letter->wish.address);
        return DDNS_OK;
    case REMOVE_STRAY:
        return ddns_engine_remove_stray(e, &letter->wish);
    case WALK_BEGIN:
    case WALK_END:
        break;
    }
    return read_walk(d, letter);
}

bool read_letters(struct days *d, size_t most)
{
    struct mailbox *m = &d->mail;
    ddns_error error = DDNS_OK;
    size_t read = 0;

    while (error == DDNS_OK && read < most && read < m->count) {
        error = read_letter(d, &m->letters[read]);
        read += error == DDNS_OK ? 1 : 0;
    }
    if (error != DDNS_OK && error != DDNS_E_NOMEM) {
        abort();
    }
    m->count -= read;
    memmove(m->letters, m->letters + read, m->count * sizeof *m->letters);
    return error == DDNS_OK;
}

void read_all_letters(struct days *d)
{
    while (!read_letters(d, MAIL_MAX)) {
    }
}

/* ---- the reading of the lease database ------------------------------------ */

/*
 * A release whose clear() was heard before the walk began must have left the
 * database before it is read.
 */
static void let_releases_end(struct days *d)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (d->leaves_at[i] != 0) {
            d->world->wishes[i].directions = 0;
            d->leaves_at[i] = 0;
        }
    }
}

void reading_begin(struct days *d, unsigned first, unsigned last, bool afresh)
{
    struct letter *letter = post_empty(d, WALK_BEGIN);

    letter->first = first;
    letter->last = last;
    letter->flag = afresh;
    let_releases_end(d);
    d->reading.under_way = true;
    d->reading.next = first;
    d->reading.last = last;
    d->reading.full = first == 0 && last >= ADDRESSES - 1;
    d->reading.afresh = afresh;
    d->reading.page_count = 0;
}

static void end(struct days *d, bool complete)
{
    struct letter *letter = post_empty(d, WALK_END);

    letter->flag = complete;
    letter->full = d->reading.full;
    letter->afresh = d->reading.afresh;
    d->reading.under_way = false;
    if (!complete) {
        d->reading.owed = true;
    }
}

static void read_page(struct days *d)
{
    struct reading *r = &d->reading;

    while (r->page_count < PAGE && r->next <= r->last && r->next < ADDRESSES) {
        const struct ddns_wish *wish = &d->world->wishes[r->next++];

        if (wish->directions != 0) {
            r->page[r->page_count] = *wish;
            r->page[r->page_count++].ttl = d->world->ttl;
        }
    }
}

static void submit_page(struct days *d)
{
    for (size_t i = 0; i < d->reading.page_count; i++) {
        post(d, RESUME, &d->reading.page[i]);
    }
    d->reading.page_count = 0;
}

void reading_go_on(struct days *d, bool fails)
{
    struct reading *r = &d->reading;

    if (r->page_count > 0) {
        submit_page(d);
    } else if (fails) {
        end(d, false);
    } else if (r->next <= r->last && r->next < ADDRESSES) {
        read_page(d);
    } else {
        end(d, true);
    }
}
