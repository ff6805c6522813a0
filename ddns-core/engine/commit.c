/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/parts.h"

/*
 * What DNS was told, on its way to the ledger.  A claim is durable before the
 * update that makes it leaves, so that whatever dies afterwards, the record that
 * may stand in DNS is known and can be removed.
 */

void told_changed(struct ddns_engine *e, struct binding *b)
{
    b->told_at = (uint32_t)e->unix_s;
    commit_later(e, b);
}

void commit_later(struct ddns_engine *e, struct binding *b)
{
    if (e->durable && !b->dirty && !b->stray) {
        b->dirty = true;
        STAILQ_INSERT_TAIL(&e->dirty, b, dirty_entry);
        e->dirty_count++;
    }
}

uint64_t ddns_engine_commit_awaited(const struct ddns_engine *e)
{
    return e->commits_begun + (e->dirty_count + ROWS_PER_COMMIT - 1) / ROWS_PER_COMMIT;
}

static struct ddns_row row_of(const struct binding *b)
{
    const struct told told = told_of(b);
    const struct told *t = &told;
    struct ddns_row row = { .address = binding_address(b),
                            .dhcid = t->dhcid,
                            .has_dhcid = t->has_dhcid,
                            .mode = (ddns_conflict_mode)t->mode,
                            .confirmed = true,
                            .told_at = b->told_at,
                            .answered_at = b->answered_at,
                            .rcode = b->answer.rcode };

    if (t->forward != NULL) {
        row.directions |= DDNS_FORWARD;
        row.fqdn = owner_name(t->forward);
        row.ttl = t->forward_ttl;
        row.confirmed = t->forward_sure;
    }
    if (t->reverse != NULL) {
        row.directions |= DDNS_REVERSE;
        row.ptr = owner_name(t->reverse);
        row.ttl = t->reverse_ttl;
        row.confirmed = row.confirmed && t->reverse_sure;
    }
    if (t->reverse_before != NULL) {
        row.ptr_before = owner_name(t->reverse_before);
    }
    return row;
}

/* Off the list of what is to be committed; freed when this was the last to say. */
static void clean_first(struct ddns_engine *e)
{
    struct binding *b = STAILQ_FIRST(&e->dirty);

    STAILQ_REMOVE_HEAD(&e->dirty, dirty_entry);
    e->dirty_count--;
    b->dirty = false;
    if (b->place == IDLE) {
        binding_route(e, b, false);
    }
}

bool ddns_engine_next_commit(struct ddns_engine *e, struct ddns_action *out_action)
{
    size_t count = 0;

    while (count < ROWS_PER_COMMIT && !STAILQ_EMPTY(&e->dirty)) {
        e->rows[count++] = row_of(STAILQ_FIRST(&e->dirty));
        clean_first(e);
    }
    if (count == 0) {
        return false;
    }
    *out_action = (struct ddns_action){ .kind = DDNS_DO_COMMIT,
                                        .commit = ++e->commits_begun,
                                        .rows = e->rows,
                                        .row_count = count };
    return true;
}

bool commit_next(struct ddns_engine *e, struct ddns_action *out)
{
    return e->commits_begun - e->commits_done < COMMITS_MAX &&
           ddns_engine_next_commit(e, out);
}

void ddns_engine_on_commit(struct ddns_engine *e, uint64_t commit)
{
    if (commit > e->commits_done && commit <= e->commits_begun) {
        e->commits_done = commit;
    }
}

/* Nobody keeps what is told: nothing waits for a commit any more. */
static void stop_committing(struct ddns_engine *e)
{
    struct flight *f;

    while (!STAILQ_EMPTY(&e->dirty)) {
        clean_first(e);
    }
    e->commits_done = e->commits_begun;
    TAILQ_FOREACH(f, &e->flights, entry)
    {
        f->commit = 0;
    }
}

static void commit_everything(struct ddns_engine *e)
{
    struct table_node *n = NULL;

    while ((n = table_next(&e->bindings, n)) != NULL) {
        struct binding *b = (struct binding *)n;

        if (told_anything(b)) {
            commit_later(e, b);
        }
    }
}

ddns_error ddns_engine_set_durable(struct ddns_engine *e, enum ddns_durability how)
{
    if (how == DDNS_NOT_DURABLE) {
        e->durable = false;
        stop_committing(e);
        return DDNS_OK;
    }
    if (e->rows == NULL) {
        e->rows = calloc(ROWS_PER_COMMIT, sizeof *e->rows);
    }
    if (e->rows == NULL) {
        return DDNS_E_NOMEM;
    }
    e->durable = true;
    if (how == DDNS_DURABLE_ANEW) {
        commit_everything(e);
    }
    return DDNS_OK;
}
