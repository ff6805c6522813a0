/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/ledger.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "base/thread.h"
#include "ledger/store.h"

enum {
    PAGES = 2,             /* one is read while the other is filled */
    NOTICES = 4,           /* DOWN and UP, twice */
    ROWS_PER_BATCH = 4096, /* past this a transaction gains nothing, and others wait */
    MS_PER_S = 1000,
    NS_PER_MS = 1000000,
};

enum item_kind { COMMIT, BEGIN_REWRITE, END_REWRITE, PAGE, NOTICE };

/* Work on its way to the thread, a result on its way back, or the room for one. */
struct item {
    STAILQ_ENTRY(item) entry;
    enum item_kind kind;
    struct ddns_ledger_result result;
    ddns_errbuf why;
    struct ddns_row rows[];
};

STAILQ_HEAD(items, item);

struct ddns_ledger {
    /* Constant. */
    char *path;
    void (*on_result)(void *user);
    void *user;
    unsigned retry_ms;
    pthread_t thread;

    pthread_mutex_t lock; /* guards what follows, and is held for pointer work alone */
    pthread_cond_t wake;  /* work, room for a result, or the end */
    struct items jobs, results, free_pages, free_notices;
    bool stopping;

    struct item *shown; /* the caller's thread: the result that it has borrowed */

    /* The ledger's thread. */
    struct ddns_store store;
    size_t rows_read, rows_skipped;
    bool open;
    bool read;    /* to the end, once */
    bool outage;  /* DOWN or SET_ASIDE was said, and UP not yet */
    bool is_down; /* DOWN was */
    uint64_t retry_at_ms;
};

static void free_items(struct items *items)
{
    struct item *item;

    while ((item = STAILQ_FIRST(items)) != NULL) {
        STAILQ_REMOVE_HEAD(items, entry);
        free(item);
    }
}

/* ---- results, on the ledger's thread ---------------------------------------- */

/**
 * Take room for a result, and wait for it when the caller is slow to take what is
 * there.  NULL when the caller has stopped to listen.
 */
static struct item *take_room(struct ddns_ledger *l, struct items *room)
{
    struct item *item = NULL;

    pthread_mutex_lock(&l->lock);
    while (STAILQ_EMPTY(room) && !l->stopping) {
        pthread_cond_wait(&l->wake, &l->lock);
    }
    if (!l->stopping) {
        item = STAILQ_FIRST(room);
        STAILQ_REMOVE_HEAD(room, entry);
    }
    pthread_mutex_unlock(&l->lock);
    return item;
}

/* Room that turned out not to be needed. */
static void give_room_back(struct ddns_ledger *l, struct items *room, struct item *item)
{
    pthread_mutex_lock(&l->lock);
    STAILQ_INSERT_TAIL(room, item, entry);
    pthread_mutex_unlock(&l->lock);
}

static void append(struct items *to, struct items *from)
{
    struct item *item;

    while ((item = STAILQ_FIRST(from)) != NULL) {
        STAILQ_REMOVE_HEAD(from, entry);
        STAILQ_INSERT_TAIL(to, item, entry);
    }
}

static void give(struct ddns_ledger *l, struct items *results)
{
    bool was_empty;

    pthread_mutex_lock(&l->lock);
    was_empty = STAILQ_EMPTY(&l->results);
    append(&l->results, results);
    pthread_mutex_unlock(&l->lock);
    if (was_empty) {
        l->on_result(l->user);
    }
}

static void give_one(struct ddns_ledger *l, struct item *item)
{
    struct items one = STAILQ_HEAD_INITIALIZER(one);

    STAILQ_INSERT_TAIL(&one, item, entry);
    give(l, &one);
}

static void notice(struct ddns_ledger *l, enum ddns_ledger_result_kind kind)
{
    struct item *item = take_room(l, &l->free_notices);

    if (item == NULL) {
        return;
    }
    item->why = l->store.why;
    item->result = (struct ddns_ledger_result){
        .kind = kind,
        .count = l->rows_read,
        .skipped = l->rows_skipped,
        .why = item->why.text,
    };
    give_one(l, item);
}

/* ---- the store, on the ledger's thread --------------------------------------- */

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

/** Give out every row, until the end or until nobody listens. */
static void read_rows(struct ddns_ledger *l)
{
    size_t count = 1;

    l->rows_read = 0;
    while (count > 0) {
        struct item *page = take_room(l, &l->free_pages);

        if (page == NULL) {
            return;
        }
        count = ddns_store_read(&l->store, page->rows, DDNS_LEDGER_PAGE);
        l->rows_read += count;
        page->result = (struct ddns_ledger_result){
            .kind = DDNS_LEDGER_ROWS,
            .rows = page->rows,
            .count = count,
        };
        if (count > 0) {
            give_one(l, page);
        } else {
            give_room_back(l, &l->free_pages, page);
        }
    }
    l->rows_skipped = ddns_store_skipped(&l->store);
}

static void open_and_read(struct ddns_ledger *l)
{
    ddns_store_open(&l->store, l->path);
    if (!l->read) { /* also of a damaged file, what there is */
        read_rows(l);
    }
}

/** Begin the file anew where its content is beyond use. */
static void replace_damaged(struct ddns_ledger *l)
{
    if (l->store.status != DDNS_STORE_DAMAGED || !ddns_store_set_aside(&l->store)) {
        return;
    }
    notice(l, DDNS_LEDGER_SET_ASIDE);
    l->outage = true;
    l->read = true; /* as far as it could be */
    open_and_read(l);
}

/** Find out whether the store is of use now, and say so when it is not. */
static void settle(struct ddns_ledger *l)
{
    bool replaced = l->store.status == DDNS_STORE_REPLACED;

    replace_damaged(l);
    l->open = l->store.status == DDNS_STORE_OK;
    if (l->open) {
        l->read = true;
        return;
    }
    if (!l->is_down) {
        notice(l, DDNS_LEDGER_DOWN);
    }
    ddns_store_close(&l->store);
    l->is_down = l->outage = true;
    /* What is there now may well work; for everything else, time has to pass. */
    l->retry_at_ms = now_ms() + (replaced ? 0 : l->retry_ms);
}

static void attempt(struct ddns_ledger *l)
{
    open_and_read(l);
    settle(l);
}

static void say_up(struct ddns_ledger *l)
{
    if (l->open && l->outage) {
        l->is_down = l->outage = false;
        notice(l, DDNS_LEDGER_UP);
    }
}

/* ---- work, on the ledger's thread --------------------------------------------- */

/** Write a batch of commits in one transaction, and answer each of them. */
static void write_batch(struct ddns_ledger *l, struct items *batch)
{
    bool written = false;
    struct item *item;

    if (l->open) {
        ddns_store_begin(&l->store);
        STAILQ_FOREACH(item, batch, entry)
        {
            ddns_store_put(&l->store, item->rows, item->result.count);
        }
        written = ddns_store_commit(&l->store) == DDNS_STORE_OK;
    }
    STAILQ_FOREACH(item, batch, entry)
    {
        item->result.error = written ? DDNS_OK : DDNS_E_STORE;
    }
    give(l, batch);
}

static void rewrite(struct ddns_ledger *l, struct items *batch)
{
    enum item_kind kind = STAILQ_FIRST(batch)->kind;

    free_items(batch);
    if (l->open && kind == BEGIN_REWRITE) {
        ddns_store_begin_generation(&l->store);
    } else if (l->open) {
        ddns_store_end_generation(&l->store);
    }
}

static void work(struct ddns_ledger *l, struct items *batch)
{
    if (STAILQ_FIRST(batch)->kind == COMMIT) {
        write_batch(l, batch);
    } else {
        rewrite(l, batch);
    }
    if (l->open && l->store.status != DDNS_STORE_OK) {
        settle(l);
    }
}

/** Take from the queue what can be done at once: some commits, or one other thing. */
static void take_batch(struct ddns_ledger *l, struct items *batch)
{
    size_t rows = 0;
    struct item *item = STAILQ_FIRST(&l->jobs);

    do {
        rows += item->result.count;
        STAILQ_REMOVE_HEAD(&l->jobs, entry);
        STAILQ_INSERT_TAIL(batch, item, entry);
        if (item->kind != COMMIT) {
            return;
        }
        item = STAILQ_FIRST(&l->jobs);
    } while (item != NULL && item->kind == COMMIT && rows < ROWS_PER_BATCH &&
             item->result.count <= ROWS_PER_BATCH - rows);
}

static bool retry_due(const struct ddns_ledger *l)
{
    return !l->open && now_ms() >= l->retry_at_ms;
}

/* Sleep until there is work, or the time to open the file again. */
static void sleep_on(struct ddns_ledger *l)
{
    struct timespec until = {
        .tv_sec = (time_t)(l->retry_at_ms / MS_PER_S),
        .tv_nsec = (long)(l->retry_at_ms % MS_PER_S * NS_PER_MS),
    };

    if (l->open) {
        pthread_cond_wait(&l->wake, &l->lock);
    } else {
        pthread_cond_timedwait(&l->wake, &l->lock, &until);
    }
}

/**
 * Wait for work, or until the file should be opened again.  False when there is no
 * work, and will be none.
 */
static bool wait_for_work(struct ddns_ledger *l, struct items *batch, bool *out_retry)
{
    bool stopping;

    pthread_mutex_lock(&l->lock);
    while (STAILQ_EMPTY(&l->jobs) && !l->stopping && !retry_due(l)) {
        sleep_on(l);
    }
    stopping = l->stopping;
    if (!STAILQ_EMPTY(&l->jobs)) {
        take_batch(l, batch);
    }
    pthread_mutex_unlock(&l->lock);
    *out_retry = !stopping && retry_due(l);
    return !stopping || !STAILQ_EMPTY(batch);
}

static void *thread_body(void *arg)
{
    struct ddns_ledger *l = arg;
    struct items batch = STAILQ_HEAD_INITIALIZER(batch);
    bool retry;

    attempt(l);
    notice(l, DDNS_LEDGER_READY);
    say_up(l);
    while (wait_for_work(l, &batch, &retry)) {
        if (retry) {
            attempt(l);
        }
        if (!STAILQ_EMPTY(&batch)) {
            work(l, &batch);
        }
        say_up(l);
    }
    ddns_store_close(&l->store);
    return NULL;
}

/* ---- the caller's side --------------------------------------------------------- */

static struct item *item_new(enum item_kind kind, size_t rows)
{
    struct item *item;

    if (rows > (SIZE_MAX - sizeof *item) / sizeof *item->rows) {
        return NULL;
    }
    item = malloc(sizeof *item + rows * sizeof *item->rows);
    if (item != NULL) {
        item->kind = kind;
        item->result = (struct ddns_ledger_result){ 0 };
    }
    return item;
}

static bool make_room(struct items *room, enum item_kind kind, size_t rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct item *item = item_new(kind, rows);

        if (item == NULL) {
            return false;
        }
        STAILQ_INSERT_TAIL(room, item, entry);
    }
    return true;
}

static void ledger_free(struct ddns_ledger *l)
{
    free_items(&l->jobs);
    free_items(&l->results);
    free_items(&l->free_pages);
    free_items(&l->free_notices);
    free(l->shown);
    free(l->path);
    free(l);
}

static struct ddns_ledger *ledger_new(const struct ddns_ledger_config *config)
{
    struct ddns_ledger *l = calloc(1, sizeof *l);

    if (l == NULL) {
        return NULL;
    }
    STAILQ_INIT(&l->jobs);
    STAILQ_INIT(&l->results);
    STAILQ_INIT(&l->free_pages);
    STAILQ_INIT(&l->free_notices);
    l->on_result = config->on_result;
    l->user = config->user;
    l->retry_ms = config->retry_ms == 0 ? DDNS_LEDGER_RETRY_MS : config->retry_ms;
    l->path = strdup(config->path);
    if (l->path == NULL || !make_room(&l->free_pages, PAGE, DDNS_LEDGER_PAGE, PAGES) ||
        !make_room(&l->free_notices, NOTICE, 0, NOTICES)) {
        ledger_free(l);
        return NULL;
    }
    return l;
}

/** The lock, and a condition whose clock nobody sets. */
static bool locks_open(struct ddns_ledger *l)
{
    if (!ddns_condition_open(&l->wake)) {
        return false;
    }
    if (pthread_mutex_init(&l->lock, NULL) != 0) {
        pthread_cond_destroy(&l->wake);
        return false;
    }
    return true;
}

static void locks_close(struct ddns_ledger *l)
{
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->wake);
}

ddns_error ddns_ledger_start(const struct ddns_ledger_config *config,
                             struct ddns_ledger **out_ledger)
{
    struct ddns_ledger *l = ledger_new(config);
    ddns_error error = DDNS_E_NOMEM;

    if (l == NULL) {
        return error;
    }
    if (!locks_open(l)) {
        goto no_locks;
    }
    error = ddns_thread_start("dns-ledger", thread_body, l, &l->thread);
    if (error == DDNS_OK) {
        *out_ledger = l;
        return DDNS_OK;
    }
    locks_close(l);
no_locks:
    ledger_free(l);
    return error;
}

static ddns_error queue(struct ddns_ledger *l, struct item *item)
{
    if (item == NULL) {
        return DDNS_E_NOMEM;
    }
    pthread_mutex_lock(&l->lock);
    STAILQ_INSERT_TAIL(&l->jobs, item, entry);
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    return DDNS_OK;
}

ddns_error ddns_ledger_commit(struct ddns_ledger *l, uint64_t commit,
                              const struct ddns_row *rows, size_t count)
{
    struct item *item = item_new(COMMIT, count);

    if (item != NULL) {
        item->result.kind = DDNS_LEDGER_COMMITTED;
        item->result.commit = commit;
        item->result.count = count;
        if (count > 0) {
            memcpy(item->rows, rows, count * sizeof *rows);
        }
    }
    return queue(l, item);
}

ddns_error ddns_ledger_begin_rewrite(struct ddns_ledger *l)
{
    return queue(l, item_new(BEGIN_REWRITE, 0));
}

ddns_error ddns_ledger_end_rewrite(struct ddns_ledger *l)
{
    return queue(l, item_new(END_REWRITE, 0));
}

/** Take back what the caller had borrowed.  With the lock. */
static void take_back(struct ddns_ledger *l, struct item *item)
{
    switch (item->kind) {
    case PAGE:
        STAILQ_INSERT_TAIL(&l->free_pages, item, entry);
        pthread_cond_signal(&l->wake);
        break;
    case NOTICE:
        STAILQ_INSERT_TAIL(&l->free_notices, item, entry);
        pthread_cond_signal(&l->wake);
        break;
    case COMMIT:
    case BEGIN_REWRITE:
    case END_REWRITE:
        free(item);
        break;
    }
}

bool ddns_ledger_next(struct ddns_ledger *l, struct ddns_ledger_result *out_result)
{
    struct item *item;

    pthread_mutex_lock(&l->lock);
    if (l->shown != NULL) {
        take_back(l, l->shown);
    }
    item = STAILQ_FIRST(&l->results);
    if (item != NULL) {
        STAILQ_REMOVE_HEAD(&l->results, entry);
        *out_result = item->result;
    }
    l->shown = item;
    pthread_mutex_unlock(&l->lock);
    return item != NULL;
}

void ddns_ledger_stop(struct ddns_ledger *l)
{
    if (l == NULL) {
        return;
    }
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    locks_close(l);
    ledger_free(l);
}
