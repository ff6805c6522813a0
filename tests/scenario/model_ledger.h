/* SPDX-License-Identifier: MPL-2.0 */
#ifndef MODEL_LEDGER_H
#define MODEL_LEDGER_H

#include "scenario/world.h"

/**
 * The ledger as its file would be after the process has died: a row per address,
 * each of the generation in which it was written last, and the commits that have
 * been handed over and may or may not have reached it.
 */
enum { LEDGER_COMMITS_MAX = 4, LEDGER_ROWS_PER_COMMIT = 2 * ADDRESSES };

struct ledger_row {
    bool there;
    unsigned generation;
    struct ddns_row row;
};

struct ledger_commit {
    uint64_t number;
    size_t count;
    struct ddns_row rows[LEDGER_ROWS_PER_COMMIT];
};

struct model_ledger {
    bool down;      /* nothing can be written or read */
    bool behind;    /* DNS may have been told what it has not been told */
    bool rewriting; /* told everything anew; rows of generations before are in doubt */
    unsigned generation;
    uint64_t rewritten_by; /* the commit that ends the rewriting */
    uint64_t written;      /* the last commit of the process that is durable */
    struct ledger_row rows[ADDRESSES];
    struct ledger_commit pending[LEDGER_COMMITS_MAX];
    size_t pending_count;
};

/** Take over the rows of a commit. */
void ledger_take(struct model_ledger *l, const struct ddns_action *act);

/** What was taken up to commit @p number is durable. */
void ledger_write(struct model_ledger *l, uint64_t number);

/** Some of what was taken became durable, in order; the rest never will. */
void ledger_break(struct model_ledger *l, struct world *w);

/** All has been written again: what has not been is not so any more. */
void ledger_sweep(struct model_ledger *l);

/** The row of @p address, or NULL. */
const struct ddns_row *ledger_row(const struct model_ledger *l,
                                  const ddns_address *address);

/** Would a restart know of @p r from the ledger alone? */
bool ledger_covers(const struct model_ledger *l, const struct model_server *dns,
                   const struct model_record *r);

/** The same of a record that an update adds. */
bool ledger_covers_claim(const struct model_ledger *l, const struct ddns_name *owner,
                         uint16_t type, struct ddns_bytes rdata);

#endif
