/* SPDX-License-Identifier: MPL-2.0 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/ledger.h"

/*
 * Starts and stops a ledger again and again, with commits, rewrites and a file that
 * vanishes, and takes its results or does not.  Every commit of a round that takes
 * them has to be answered.
 */
enum { ROUNDS = 60, COMMITS = 40, ROWS = 20 };

static atomic_uint rings;

static void on_result(void *user)
{
    atomic_fetch_add((atomic_uint *)user, 1);
}

static bool commit(struct ddns_ledger *l, unsigned number)
{
    struct ddns_row *rows = calloc(ROWS, sizeof *rows);
    bool queued = false;

    for (unsigned i = 0; rows != NULL && i < ROWS; i++) {
        rows[i] = (struct ddns_row){
            .address = { { 10, 0, (uint8_t)number, (uint8_t)i }, 4 },
            .directions = DDNS_FORWARD,
            .fqdn = { 3, { 1, 'x', 0 } },
        };
    }
    queued = rows != NULL && ddns_ledger_commit(l, number, rows, ROWS) == DDNS_OK;
    free(rows);
    return queued;
}

/* Returns how many results were answers to commits. */
static unsigned take_results(struct ddns_ledger *l)
{
    struct ddns_ledger_result result;
    unsigned answers = 0;

    while (ddns_ledger_next(l, &result)) {
        answers += result.kind == DDNS_LEDGER_COMMITTED;
    }
    return answers;
}

static bool play(struct ddns_ledger *l, unsigned round, const char *path)
{
    unsigned answers = 0;
    bool listens = round % 3 != 0;

    for (unsigned number = 0; number < COMMITS; number++) {
        if (number == 5 && ddns_ledger_begin_rewrite(l) != DDNS_OK) {
            return false;
        }
        if (number == 25 && ddns_ledger_end_rewrite(l) != DDNS_OK) {
            return false;
        }
        if (number == 15 && round % 5 == 0) {
            (void)unlink(path);
        }
        if (!commit(l, number)) {
            return false;
        }
        answers += listens ? take_results(l) : 0;
    }
    while (listens && answers < COMMITS) {
        answers += take_results(l);
        (void)usleep(100);
    }
    return true;
}

int main(void)
{
    static const char *const beside[] = { "", "-wal", "-shm", ".corrupt" };
    char folder[] = "/tmp/ddns-ledger-XXXXXX";
    char path[64];
    char name[80];
    bool good = mkdtemp(folder) != NULL;

    (void)snprintf(path, sizeof path, "%s/ledger.sqlite", folder);
    for (unsigned round = 0; good && round < ROUNDS; round++) {
        struct ddns_ledger_config config = { path, on_result, &rings, 1 };
        struct ddns_ledger *l;

        good = ddns_ledger_start(&config, &l) == DDNS_OK;
        if (good) {
            good = play(l, round, path);
            ddns_ledger_stop(l);
        }
    }
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, beside[i]);
        (void)unlink(name);
    }
    (void)rmdir(folder);
    return good && atomic_load(&rings) > 0 ? 0 : 1;
}
