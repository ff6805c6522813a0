/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/ledger.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "ledger/store.h"
#include "support/heap.h"
#include "support/leaks.h"
#include "support/rows.h"

enum { SOON_MS = 20, NEVER_MS = 3600 * 1000, MANY = 1000 };

static struct {
    struct folder folder;
    struct ddns_ledger *ledger;
    pthread_mutex_t lock;
    pthread_cond_t bell;
    unsigned rings;
    uint64_t commits;
    struct ddns_ledger_result result;
    struct ddns_store store;
    struct ddns_row rows[MANY + 1];
} t = { .lock = PTHREAD_MUTEX_INITIALIZER, .bell = PTHREAD_COND_INITIALIZER };

static void begin(void)
{
    t.folder = folder_make();
    t.store.file.fd = -1;
}

static void end(void)
{
    ddns_ledger_stop(t.ledger);
    ddns_store_close(&t.store);
    folder_remove(&t.folder);
    no_leaks();
}

TestSuite(ledger, .init = begin, .fini = end);

/* ---- a caller ------------------------------------------------------------------ */

static void on_result(void *user)
{
    cr_assert_eq(user, &t);
    pthread_mutex_lock(&t.lock);
    t.rings++;
    pthread_cond_signal(&t.bell);
    pthread_mutex_unlock(&t.lock);
}

static void start(unsigned retry_ms)
{
    struct ddns_ledger_config config = { t.folder.ledger, on_result, &t, retry_ms };

    cr_assert_eq(ddns_ledger_start(&config, &t.ledger), DDNS_OK);
}

static void stop(void)
{
    ddns_ledger_stop(t.ledger);
    t.ledger = NULL;
    t.rings = 0;
}

/* Sleep until the bell rings, as a loop does; one ring may be for several results. */
static void wait_for_ring(void)
{
    pthread_mutex_lock(&t.lock);
    while (t.rings == 0) {
        pthread_cond_wait(&t.bell, &t.lock);
    }
    t.rings = 0;
    pthread_mutex_unlock(&t.lock);
}

/* The next result, which has to be of this kind. */
static void expect(enum ddns_ledger_result_kind kind)
{
    while (!ddns_ledger_next(t.ledger, &t.result)) {
        wait_for_ring();
    }
    cr_assert_eq(t.result.kind, kind, "result %d, not %d: %s", t.result.kind, kind,
                 t.result.why == NULL ? "" : t.result.why);
}

static void expect_why(enum ddns_ledger_result_kind kind, const char *words)
{
    expect(kind);
    cr_expect_not_null(strstr(t.result.why, words), "%s", t.result.why);
    cr_expect_not_null(strstr(t.result.why, t.folder.path), "%s", t.result.why);
}

static void expect_ready(size_t count, size_t skipped)
{
    size_t seen = 0;

    expect(count > 0 ? DDNS_LEDGER_ROWS : DDNS_LEDGER_READY);
    while (t.result.kind == DDNS_LEDGER_ROWS) {
        cr_assert_leq(t.result.count, DDNS_LEDGER_PAGE);
        cr_assert_leq(seen + t.result.count, MANY);
        memcpy(t.rows + seen, t.result.rows, t.result.count * sizeof *t.rows);
        seen += t.result.count;
        expect(seen < count ? DDNS_LEDGER_ROWS : DDNS_LEDGER_READY);
    }
    cr_expect_eq(seen, count);
    cr_expect_eq(t.result.count, count);
    cr_expect_eq(t.result.skipped, skipped);
}

static void start_ready(void)
{
    start(NEVER_MS);
    expect_ready(0, 0);
}

/* Commit the rows with the numbers @p from to @p to at once. */
static uint64_t commit(uint32_t from, uint32_t to)
{
    size_t count = 0;

    for (uint32_t n = from; n <= to; n++) {
        t.rows[count++] = row_number(n);
    }
    cr_assert_eq(ddns_ledger_commit(t.ledger, ++t.commits, t.rows, count), DDNS_OK);
    memset(t.rows, 0xff, sizeof t.rows); /* they were copied */
    return t.commits;
}

static void expect_committed(uint64_t number, ddns_error error)
{
    expect(DDNS_LEDGER_COMMITTED);
    cr_expect_eq(t.result.commit, number);
    cr_expect_eq(t.result.error, error);
}

/* What a rewrite of the rows @p from to @p to comes to. */
static void rewrite(uint32_t from, uint32_t to)
{
    uint64_t number;

    cr_assert_eq(ddns_ledger_begin_rewrite(t.ledger), DDNS_OK);
    number = commit(from, to);
    cr_assert_eq(ddns_ledger_end_rewrite(t.ledger), DDNS_OK);
    expect_committed(number, DDNS_OK);
}

/* Rows in the file, when nobody else has it; they are in t.rows. */
static size_t rows_in_file(void)
{
    size_t count;

    ddns_store_open(&t.store, t.folder.ledger);
    cr_assert_eq(t.store.status, DDNS_STORE_OK, "%s", t.store.why.text);
    count = ddns_store_read(&t.store, t.rows, MANY + 1);
    ddns_store_close(&t.store);
    return count;
}

static void fill(uint32_t count)
{
    ddns_store_open(&t.store, t.folder.ledger);
    ddns_store_begin(&t.store);
    for (uint32_t n = 1; n <= count; n++) {
        struct ddns_row row = row_number(n);

        ddns_store_put(&t.store, &row, 1);
    }
    cr_assert_eq(ddns_store_commit(&t.store), DDNS_STORE_OK, "%s", t.store.why.text);
    ddns_store_close(&t.store);
}

static sqlite3 *sql_open(const char *sql)
{
    sqlite3 *db;

    cr_assert_eq(sqlite3_open(t.folder.ledger, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s",
                 sqlite3_errmsg(db));
    return db;
}

/* ---- in order ------------------------------------------------------------------- */

Test(ledger, is_ready_with_nothing_in_a_new_file)
{
    start_ready();
    cr_expect(!ddns_ledger_next(t.ledger, &t.result));
}

Test(ledger, gives_out_all_rows_in_pages)
{
    fill(MANY);
    start(NEVER_MS);
    expect_ready(MANY, 0);
    for (size_t i = 0; i < MANY; i++) {
        bool known = false;

        /* In the order of the text, so not of the numbers. */
        for (uint32_t n = 1; n <= MANY && !known; n++) {
            struct ddns_row row = row_number(n);

            known = memcmp(row.address.bytes, t.rows[i].address.bytes, 16) == 0;
            if (known) {
                expect_row(&t.rows[i], &row);
            }
        }
        cr_assert(known);
    }
}

Test(ledger, says_how_many_rows_were_unreadable)
{
    fill(5);
    sqlite3_close(sql_open("UPDATE told SET mode = '' WHERE address <= '10.0.0.2'"));
    start(NEVER_MS);
    expect_ready(3, 2);
}

Test(ledger, answers_every_commit_in_order)
{
    uint64_t first;

    start_ready();
    first = commit(1, 1);
    for (uint32_t n = 2; n <= 50; n++) {
        commit(n, n);
    }
    cr_assert_eq(ddns_ledger_commit(t.ledger, ++t.commits, NULL, 0), DDNS_OK);
    for (uint64_t number = first; number <= t.commits; number++) {
        expect_committed(number, DDNS_OK);
    }
    cr_expect(!ddns_ledger_next(t.ledger, &t.result));
    stop();
    cr_expect_eq(rows_in_file(), 50);
}

/* Twelve of these are more than one transaction takes. */
Test(ledger, takes_more_than_it_writes_at_once)
{
    start_ready();
    for (unsigned i = 0; i < 12; i++) {
        commit(1, MANY);
    }
    for (uint64_t number = 1; number <= t.commits; number++) {
        expect_committed(number, DDNS_OK);
    }
    stop();
    cr_expect_eq(rows_in_file(), MANY);
}

Test(ledger, finishes_what_is_queued_when_it_is_stopped)
{
    start(NEVER_MS);
    for (unsigned i = 0; i < 20; i++) {
        commit(i * 10 + 1, i * 10 + 10);
    }
    stop();
    cr_expect_eq(rows_in_file(), 200);
}

Test(ledger, stops_while_nobody_takes_what_it_reads)
{
    fill(MANY);
    start(NEVER_MS);
    wait_for_ring();
    commit(1, 1);
    stop();
    ddns_ledger_stop(NULL);
}

Test(ledger, keeps_with_a_rewrite_only_what_is_written_anew)
{
    fill(50);
    start(NEVER_MS);
    expect_ready(50, 0);
    rewrite(11, 20);
    stop();
    cr_expect_eq(rows_in_file(), 10);
}

Test(ledger, keeps_everything_when_a_rewrite_is_not_ended)
{
    fill(50);
    start(NEVER_MS);
    expect_ready(50, 0);
    cr_assert_eq(ddns_ledger_begin_rewrite(t.ledger), DDNS_OK);
    expect_committed(commit(11, 20), DDNS_OK);
    stop();
    cr_expect_eq(rows_in_file(), 50);
}

/* ---- outages --------------------------------------------------------------------- */

static void expect_down_from_the_start(unsigned retry_ms, const char *words)
{
    start(retry_ms);
    expect_why(DDNS_LEDGER_DOWN, words);
    expect_ready(0, 0);
}

Test(ledger, goes_on_without_a_file_and_does_not_try_again_too_soon)
{
    char path[sizeof t.folder.path];

    memcpy(path, t.folder.path, sizeof path);
    cr_assert_eq(rmdir(path), 0);
    expect_down_from_the_start(NEVER_MS, "No such file");
    cr_assert_eq(mkdir(path, 0700), 0);
    expect_committed(commit(1, 1), DDNS_E_STORE);
    cr_assert_eq(ddns_ledger_begin_rewrite(t.ledger), DDNS_OK);
    cr_assert_eq(ddns_ledger_end_rewrite(t.ledger), DDNS_OK);
    expect_committed(commit(1, 1), DDNS_E_STORE);
    commit(1, 1);
    stop();
    cr_expect_neq(access(t.folder.ledger, F_OK), 0, "the disk was left alone");
}

Test(ledger, is_up_when_its_folder_is_there_at_last)
{
    cr_assert_eq(rmdir(t.folder.path), 0);
    expect_down_from_the_start(SOON_MS, "No such file");
    expect_committed(commit(1, 1), DDNS_E_STORE);
    cr_assert_eq(mkdir(t.folder.path, 0700), 0);
    expect(DDNS_LEDGER_UP);
    rewrite(1, 3);
    stop();
    cr_expect_eq(rows_in_file(), 3);
}

Test(ledger, gives_out_its_rows_late_when_it_could_not_be_read_at_the_start)
{
    struct ddns_store other;

    fill(300);
    ddns_store_open(&other, t.folder.ledger);
    cr_assert_eq(other.status, DDNS_STORE_OK);
    expect_down_from_the_start(SOON_MS, "this process uses it already");
    ddns_store_close(&other);
    expect(DDNS_LEDGER_ROWS);
    cr_expect_eq(t.result.count, DDNS_LEDGER_PAGE);
    expect(DDNS_LEDGER_ROWS);
    cr_expect_eq(t.result.count, 300 - DDNS_LEDGER_PAGE);
    expect(DDNS_LEDGER_UP);
    expect_committed(commit(301, 301), DDNS_OK);
    stop();
    cr_expect_eq(rows_in_file(), 301);
}

Test(ledger, is_down_while_a_directory_is_in_its_place)
{
    cr_assert_eq(mkdir(t.folder.ledger, 0700), 0);
    expect_down_from_the_start(SOON_MS, "Is a directory");
    cr_assert_eq(rmdir(t.folder.ledger), 0);
    expect(DDNS_LEDGER_UP);
}

Test(ledger, is_down_while_a_newer_version_has_written_it)
{
    fill(3);
    sqlite3_close(sql_open("PRAGMA user_version = 99"));
    expect_down_from_the_start(SOON_MS, "newer version");
    cr_assert_eq(unlink(t.folder.ledger), 0);
    expect(DDNS_LEDGER_UP);
}

Test(ledger, is_down_while_another_program_has_locked_it)
{
    sqlite3 *other;

    start(SOON_MS);
    expect_ready(0, 0);
    expect_committed(commit(1, 10), DDNS_OK);
    other = sql_open("BEGIN EXCLUSIVE");
    expect_committed(commit(1, 2), DDNS_E_STORE);
    expect_why(DDNS_LEDGER_DOWN, "locked");
    expect_committed(commit(1, 2), DDNS_E_STORE);
    cr_assert_eq(sqlite3_close(other), SQLITE_OK);
    expect(DDNS_LEDGER_UP);
    rewrite(1, 5);
    stop();
    cr_expect_eq(rows_in_file(), 5);
}

Test(ledger, is_down_and_up_when_its_file_is_deleted)
{
    start_ready();
    expect_committed(commit(1, 10), DDNS_OK);
    cr_assert_eq(unlink(t.folder.ledger), 0);
    expect_committed(commit(11, 11), DDNS_E_STORE);
    expect_why(DDNS_LEDGER_DOWN, "deleted");
    expect(DDNS_LEDGER_UP); /* at once: this retry does not wait */
    rewrite(1, 11);
    stop();
    cr_expect_eq(rows_in_file(), 11);
}

/* The rewrite that the outage has interrupted must not delete what it did not write. */
Test(ledger, does_not_end_a_rewrite_that_an_outage_has_interrupted)
{
    start_ready();
    expect_committed(commit(1, 10), DDNS_OK);
    cr_assert_eq(link(t.folder.ledger, folder_beside(&t.folder, ".copy")), 0);
    cr_assert_eq(ddns_ledger_begin_rewrite(t.ledger), DDNS_OK);
    expect_committed(commit(1, 1), DDNS_OK);
    cr_assert_eq(unlink(t.folder.ledger), 0);
    expect_committed(commit(2, 2), DDNS_E_STORE);
    expect_why(DDNS_LEDGER_DOWN, "deleted");
    expect(DDNS_LEDGER_UP);
    expect_committed(commit(3, 5), DDNS_OK);
    cr_assert_eq(ddns_ledger_end_rewrite(t.ledger), DDNS_OK);
    stop();
    cr_expect_eq(rows_in_file(), 3);
}

static void limit_files(rlim_t size)
{
    struct rlimit limit;

    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(ledger, is_down_while_the_disk_is_full)
{
    (void)signal(SIGXFSZ, SIG_IGN);
    start(SOON_MS);
    expect_ready(0, 0);
    expect_committed(commit(1, 10), DDNS_OK);
    limit_files(4096);
    expect_committed(commit(11, 900), DDNS_E_STORE);
    expect_why(DDNS_LEDGER_DOWN, "ledger");
    expect_committed(commit(11, 900), DDNS_E_STORE);
    limit_files(RLIM_INFINITY);
    expect(DDNS_LEDGER_UP);
    rewrite(1, 900);
    stop();
    cr_expect_eq(rows_in_file(), 900);
}

Test(ledger, is_down_while_sqlite_has_no_memory)
{
    start(SOON_MS);
    expect_ready(0, 0);
    sqlite3_hard_heap_limit64(1);
    expect_committed(commit(1, 900), DDNS_E_STORE);
    expect_why(DDNS_LEDGER_DOWN, "out of memory");
    sqlite3_hard_heap_limit64(0);
    expect(DDNS_LEDGER_UP);
    rewrite(1, 10);
    stop();
    cr_expect_eq(rows_in_file(), 10);
}

/*
 * Four outages are eight notices, and there is room for four; on a slow machine some
 * outages may be one.
 */
Test(ledger, waits_for_a_caller_who_does_not_listen)
{
    enum { OUTAGES = 4, A_WHILE_US = 100000 };
    unsigned answered = 0;
    bool up = true;

    start(SOON_MS);
    expect_ready(0, 0);
    for (unsigned i = 0; i < OUTAGES; i++) {
        (void)unlink(t.folder.ledger);
        commit(1, 1);
        usleep(A_WHILE_US);
    }
    while (answered < OUTAGES || !up) {
        while (!ddns_ledger_next(t.ledger, &t.result)) {
            wait_for_ring();
        }
        if (t.result.kind == DDNS_LEDGER_COMMITTED) {
            answered++;
            continue;
        }
        cr_assert_eq(t.result.kind, up ? DDNS_LEDGER_DOWN : DDNS_LEDGER_UP);
        up = !up;
    }
    cr_expect_eq(answered, OUTAGES);
}

/* ---- damage ---------------------------------------------------------------------- */

/* Make what is at @p offset of the file unreadable. */
static void scribble(long offset)
{
    static const char noise[2000] = { 'x', 'y', 'z' };
    int fd = open(t.folder.ledger, O_WRONLY | O_CLOEXEC);

    cr_assert_geq(fd, 0);
    cr_assert_eq(pwrite(fd, noise, sizeof noise, offset), (ssize_t)sizeof noise);
    close(fd);
}

Test(ledger, sets_a_damaged_file_aside_and_gives_out_what_is_left_of_it)
{
    size_t seen = 0;
    struct stat status;

    fill(MANY);
    cr_assert_eq(stat(t.folder.ledger, &status), 0);
    scribble(status.st_size / 2);
    start(NEVER_MS);
    expect(DDNS_LEDGER_ROWS);
    while (t.result.kind == DDNS_LEDGER_ROWS) {
        seen += t.result.count;
        while (!ddns_ledger_next(t.ledger, &t.result)) {
            wait_for_ring();
        }
    }
    cr_expect(seen > 0 && seen < MANY, "%zu", seen);
    cr_expect_eq(t.result.kind, DDNS_LEDGER_SET_ASIDE);
    cr_expect_not_null(strstr(t.result.why, "damaged"), "%s", t.result.why);
    expect(DDNS_LEDGER_READY);
    cr_expect_eq(t.result.count, seen);
    expect(DDNS_LEDGER_UP);
    rewrite(1, 5);
    stop();
    cr_expect_eq(rows_in_file(), 5);
    cr_expect_eq(access(folder_beside(&t.folder, ".corrupt"), F_OK), 0);
}

/* SQLite has read only a part of it before: an update of a row is what meets it. */
Test(ledger, sets_aside_a_file_that_is_damaged_while_it_is_open)
{
    start_ready();
    expect_committed(commit(1, MANY), DDNS_OK);
    sqlite3_close(sql_open("DROP VIEW leases; DROP TABLE told"));
    expect_committed(commit(1, 1), DDNS_E_STORE);
    expect_why(DDNS_LEDGER_SET_ASIDE, "damaged");
    expect(DDNS_LEDGER_UP);
    rewrite(1, 5);
    stop();
    cr_expect_eq(rows_in_file(), 5);
}

Test(ledger, is_down_when_a_damaged_file_can_not_be_moved)
{
    fill(10);
    scribble(100); /* behind the header, which says whose it is */
    cr_assert_eq(mkdir(folder_beside(&t.folder, ".corrupt"), 0700), 0);
    expect_down_from_the_start(SOON_MS, "moved away");
    cr_assert_eq(rmdir(folder_beside(&t.folder, ".corrupt")), 0);
    expect(DDNS_LEDGER_SET_ASIDE);
    expect(DDNS_LEDGER_UP);
}

/* ---- memory ---------------------------------------------------------------------- */

Test(ledger, says_so_when_there_is_no_memory)
{
    struct ddns_ledger_config config = { t.folder.ledger, on_result, &t, NEVER_MS };
    ddns_error error = DDNS_E_NOMEM;
    unsigned failed = 0;

    while (error == DDNS_E_NOMEM) {
        heap_fail_after(failed);
        error = ddns_ledger_start(&config, &t.ledger);
        failed += heap_stop_failing() ? 1 : 0;
        cr_assert_lt(failed, 100);
    }
    cr_expect_geq(failed, 7);
    expect_ready(0, 0);
    heap_fail_after(0);
    cr_expect_eq(ddns_ledger_commit(t.ledger, 1, t.rows, 1), DDNS_E_NOMEM);
    heap_fail_after(0);
    cr_expect_eq(ddns_ledger_begin_rewrite(t.ledger), DDNS_E_NOMEM);
    heap_fail_after(0);
    cr_expect_eq(ddns_ledger_end_rewrite(t.ledger), DDNS_E_NOMEM);
    cr_expect(heap_stop_failing());
    cr_expect_eq(ddns_ledger_commit(t.ledger, 1, t.rows, SIZE_MAX / 2), DDNS_E_NOMEM);
    cr_expect_eq(ddns_ledger_commit(t.ledger, 1, t.rows, SIZE_MAX), DDNS_E_NOMEM);
    cr_expect(!ddns_ledger_next(t.ledger, &t.result));
}

/* ---- kill -9 ----------------------------------------------------------------------- */

/* Commit one row after the other, and say into @p out which ones are durable. */
static void commit_for_ever(int out)
{
    uint32_t asked = 0;

    start(NEVER_MS);
    expect_ready(0, 0);
    while (asked < MANY) {
        for (unsigned i = 0; i < 3 && asked < MANY; i++) {
            asked++;
            commit(asked, asked);
        }
        expect(DDNS_LEDGER_COMMITTED);
        do {
            uint32_t number = (uint32_t)t.result.commit;

            if (t.result.error != DDNS_OK ||
                write(out, &number, sizeof number) != (ssize_t)sizeof number) {
                _exit(1);
            }
        } while (ddns_ledger_next(t.ledger, &t.result));
    }
}

/* Start it, kill it after it has said so of @p count rows; returns the last of them. */
static uint32_t kill_after(unsigned count)
{
    int ends[2];
    uint32_t number = 0;
    uint32_t last = 0;
    pid_t child;

    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
    child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        commit_for_ever(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    while (count > 0 && read(ends[0], &number, sizeof number) == sizeof number) {
        last = number;
        count--;
    }
    cr_assert_eq(count, 0);
    cr_assert_eq(kill(child, SIGKILL), 0);
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        last = number;
    }
    cr_assert_eq(waitpid(child, NULL, 0), child);
    close(ends[0]);
    return last;
}

Test(ledger, has_after_a_kill_every_row_whose_commit_was_answered)
{
    static const unsigned moments[] = { 1, 2, 7, 50, 131, 400 };

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        uint32_t last = kill_after(moments[i]);
        size_t count = rows_in_file();

        cr_expect_geq(last, moments[i]);
        cr_expect_geq(count, last, "%zu rows, and number %u was answered", count, last);
        cr_expect_leq(count, MANY);
        cr_assert_eq(unlink(t.folder.ledger), 0);
    }
}
