/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/store.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/leaks.h"
#include "support/rows.h"

enum { MANY = 1000 };

static struct {
    struct folder folder;
    struct ddns_store store;
    struct ddns_row rows[MANY + 1];
} t;

static void begin(void)
{
    t.folder = folder_make();
    t.store.file.fd = -1;
}

static void end(void)
{
    ddns_store_close(&t.store);
    folder_remove(&t.folder);
    no_leaks();
}

TestSuite(store, .init = begin, .fini = end);

static void open_store(void)
{
    ddns_store_open(&t.store, t.folder.ledger);
    cr_assert_eq(t.store.status, DDNS_STORE_OK, "%s", t.store.why.text);
}

static void close_store(void)
{
    ddns_store_close(&t.store);
}

static enum ddns_store_status write_rows(const struct ddns_row *rows, size_t count)
{
    ddns_store_begin(&t.store);
    ddns_store_put(&t.store, rows, count);
    return ddns_store_commit(&t.store);
}

/* Rows with the numbers @p from to @p to. */
static enum ddns_store_status write_numbers(uint32_t from, uint32_t to)
{
    ddns_store_begin(&t.store);
    for (uint32_t n = from; n <= to; n++) {
        struct ddns_row row = row_number(n);

        ddns_store_put(&t.store, &row, 1);
    }
    return ddns_store_commit(&t.store);
}

/* All rows, into t.rows; returns how many. */
static size_t read_all(void)
{
    size_t count = ddns_store_read(&t.store, t.rows, MANY + 1);

    cr_expect_eq(ddns_store_read(&t.store, t.rows + MANY, 1), 0);
    return count;
}

/* The error that is a sentence about this file, and has @p words in it. */
static void expect_fault(enum ddns_store_status status, const char *words)
{
    cr_expect_eq(t.store.status, status, "%d: %s", t.store.status, t.store.why.text);
    cr_expect_not_null(strstr(t.store.why.text, t.folder.ledger), "%s", t.store.why.text);
    cr_expect_not_null(strstr(t.store.why.text, words), "%s", t.store.why.text);
}

static void fill(uint32_t count)
{
    open_store();
    cr_assert_eq(write_numbers(1, count), DDNS_STORE_OK, "%s", t.store.why.text);
    close_store();
}

/* ---- by other means ----------------------------------------------------------- */

/* Run SQL as somebody else would, from a connection of its own. */
static void sql_do(const char *sql)
{
    sqlite3 *db;

    cr_assert_eq(sqlite3_open(t.folder.ledger, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sql,
                 sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_close(db), SQLITE_OK);
}

/* The first column of the first row; the next call overwrites it. */
static const char *sql_ask(const char *sql)
{
    static char answer[4096];
    sqlite3 *db;
    sqlite3_stmt *query;

    cr_assert_eq(sqlite3_open_v2(t.folder.ledger, &db, SQLITE_OPEN_READONLY, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK, "%s: %s", sql,
                 sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_step(query), SQLITE_ROW, "%s: %s", sql, sqlite3_errmsg(db));
    (void)snprintf(answer, sizeof answer, "%s", sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    sqlite3_close(db);
    return answer;
}

struct content {
    uint8_t *data;
    size_t len;
};

static struct content content_of(const char *path)
{
    FILE *file = fopen(path, "re");
    struct stat status;
    struct content content = { 0 };

    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fstat(fileno(file), &status), 0);
    content.len = (size_t)status.st_size;
    content.data = malloc(content.len + 1);
    cr_assert_not_null(content.data);
    cr_assert_eq(fread(content.data, 1, content.len, file), content.len);
    (void)fclose(file);
    return content;
}

static void put_content(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "we");

    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(data, 1, len, file), len);
    cr_assert_eq(fclose(file), 0);
}

static void expect_content(const char *path, const struct content *content)
{
    struct content now = content_of(path);

    cr_expect_eq(now.len, content->len, "%s", path);
    cr_expect(now.len == content->len && memcmp(now.data, content->data, now.len) == 0,
              "%s has changed", path);
    free(now.data);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ---- rows ------------------------------------------------------------------------ */

static const struct {
    const char *label;
    const char *address;
    const char *fqdn, *ptr, *ptr_before; /* NULL: none */
    bool has_dhcid, confirmed;
    ddns_conflict_mode mode;
    uint32_t ttl;
    uint64_t told_at, answered_at;
    uint16_t rcode;
} samples[] = {
    { "both directions", "192.0.2.7", "laptop.example.org", "laptop.example.org", NULL,
      true, true, DDNS_CHECK_WITH_DHCID, 600, 1700000000, 1700000001, 0 },
    { "no answer yet", "2001:db8::7", "Laptop.Example.ORG", NULL, NULL, true, false,
      DDNS_CHECK_EXISTS_WITH_DHCID, 0, 1700000000, 0, 0 },
    { "a rename", "2001:db8::ffff:c000:207", NULL, "new.example.org", "old.example.org",
      false, false, DDNS_NO_CHECK_WITHOUT_DHCID, UINT32_MAX, 1, 2, 8 },
    { "an escape for every occasion", "::ffff:192.0.2.1",
      "a\\.b.\\000\\255\\\"\\(\\;\\@\\$\\\\.'; DROP TABLE told;--", ".",
      "a\\.b.\\000\\255\\\"\\(\\;\\@\\$\\\\", true, true, DDNS_NO_CHECK_WITH_DHCID, 1,
      INT64_MAX, INT64_MAX, 10 },
    { "an RCODE without a name", "255.255.255.255", "x", "x", NULL, false, true,
      DDNS_ASSOCIATE, 1, 0, 1, 11 },
    { "mixed mode", "192.0.2.8", "x", NULL, NULL, true, true, DDNS_MIXED_CHECK_WITH_DHCID,
      1, 0, 1, 0 },
    { "mixed mode, any DHCID", "192.0.2.9", "x", NULL, NULL, true, true,
      DDNS_MIXED_CHECK_EXISTS_WITH_DHCID, 1, 0, 1, 0 },
    { "mixed mode, no check", "192.0.2.10", "x", NULL, NULL, true, true,
      DDNS_MIXED_NO_CHECK_WITH_DHCID, 1, 0, 1, 0 },
    { "the largest RCODE", "0.0.0.0", "x", NULL, NULL, false, true, DDNS_ASSOCIATE, 1, 0,
      1, UINT16_MAX },
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static struct ddns_row sample(size_t i)
{
    struct ddns_row row = { .address = address_of(samples[i].address),
                            .has_dhcid = samples[i].has_dhcid,
                            .confirmed = samples[i].confirmed,
                            .mode = samples[i].mode,
                            .ttl = samples[i].ttl,
                            .told_at = samples[i].told_at,
                            .answered_at = samples[i].answered_at,
                            .rcode = samples[i].rcode };

    if (samples[i].fqdn != NULL) {
        row.directions |= DDNS_FORWARD;
        row.fqdn = name_of(samples[i].fqdn);
    }
    if (samples[i].ptr != NULL) {
        row.directions |= DDNS_REVERSE;
        row.ptr = name_of(samples[i].ptr);
    }
    if (samples[i].ptr_before != NULL) {
        row.ptr_before = name_of(samples[i].ptr_before);
    }
    for (size_t at = 0; row.has_dhcid && at < DDNS_DHCID_LEN; at++) {
        row.dhcid.rdata[at] = (uint8_t)(7 * at + i);
    }
    return row;
}

static void expect_one_row(const struct ddns_row *want)
{
    cr_assert_eq(read_all(), 1);
    cr_expect_eq(ddns_store_skipped(&t.store), 0);
    expect_row(&t.rows[0], want);
}

Test(store, gives_back_every_field_of_a_row)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        struct ddns_row row = sample(i);

        open_store();
        cr_assert_eq(write_rows(&row, 1), DDNS_STORE_OK, "%s", t.store.why.text);
        expect_one_row(&row);
        close_store();
        open_store();
        expect_one_row(&row);
        row.directions = 0;
        cr_expect_eq(write_rows(&row, 1), DDNS_STORE_OK);
        close_store();
    }
}

/* The longest name in the longest form: 249 octets that need an escape. */
Test(store, gives_back_the_longest_name)
{
    struct ddns_row row = sample(0);
    uint8_t *at = row.fqdn.wire;
    static const uint8_t lens[] = { 63, 63, 63, 61, 0 };

    memset(row.fqdn.wire, 0xff, sizeof row.fqdn.wire);
    for (size_t i = 0; i < sizeof lens; i++) {
        *at = lens[i];
        at += 1 + lens[i];
    }
    row.fqdn.len = DDNS_NAME_MAX;
    open_store();
    cr_assert_eq(write_rows(&row, 1), DDNS_STORE_OK);
    expect_one_row(&row);
}

Test(store, has_one_row_for_an_address)
{
    struct ddns_row row = row_number(1);

    open_store();
    cr_assert_eq(write_numbers(1, 3), DDNS_STORE_OK);
    row.fqdn = name_of("renamed.example.org");
    cr_assert_eq(write_rows(&row, 1), DDNS_STORE_OK);
    cr_assert_eq(read_all(), 3);
    expect_row(&t.rows[0], &row);
}

Test(store, deletes_a_row_that_has_no_direction)
{
    struct ddns_row gone[] = { row_number(2), row_number(9) };

    gone[0].directions = gone[1].directions = 0;
    open_store();
    cr_assert_eq(write_numbers(1, 3), DDNS_STORE_OK);
    cr_expect_eq(write_rows(gone, 2), DDNS_STORE_OK, "also one that is not there");
    cr_assert_eq(read_all(), 2);
    cr_expect_eq(t.rows[0].address.bytes[3], 1);
    cr_expect_eq(t.rows[1].address.bytes[3], 3);
}

Test(store, is_read_in_pages_and_again)
{
    struct ddns_row page[4];

    open_store();
    cr_expect_eq(ddns_store_read(&t.store, page, 4), 0, "there is nothing");
    cr_assert_eq(write_numbers(1, 6), DDNS_STORE_OK);
    for (unsigned round = 0; round < 2; round++) {
        cr_expect_eq(ddns_store_read(&t.store, page, 4), 4);
        cr_expect_eq(page[3].address.bytes[3], 4);
        cr_expect_eq(ddns_store_read(&t.store, page, 4), 2);
        cr_expect_eq(page[1].address.bytes[3], 6);
        cr_expect_eq(ddns_store_read(&t.store, page, 4), 0);
    }
    for (unsigned round = 0; round < 2; round++) {
        cr_expect_eq(ddns_store_read(&t.store, page, 3), 3);
        cr_expect_eq(ddns_store_read(&t.store, page, 3), 3);
        cr_expect_eq(ddns_store_read(&t.store, page, 3), 0, "the last page was full");
    }
}

Test(store, can_be_written_while_it_is_half_read)
{
    struct ddns_row page[4];

    open_store();
    cr_assert_eq(write_numbers(1, 6), DDNS_STORE_OK);
    cr_expect_eq(ddns_store_read(&t.store, page, 4), 4);
    cr_expect_eq(write_numbers(7, 9), DDNS_STORE_OK);
    cr_expect_eq(read_all(), 9);
}

/* ---- for people ------------------------------------------------------------------- */

Test(store, can_be_read_by_people_while_it_is_open)
{
    struct ddns_row row = row_number(0);

    row.address = address_of("2001:db8::7");
    row.ptr_before = name_of("before.example.org");
    row.rcode = 5;
    setenv("TZ", "XXX-2", 1);
    open_store();
    cr_assert_eq(write_rows(&row, 1), DDNS_STORE_OK);
    cr_expect_str_eq(
        sql_ask("SELECT address || ' ' || fqdn || ' ' || ptr || ' ' || ttl || ' ' || "
                "state || ' ' || told || ' ' || answered || ' ' || answer || ' ' || mode "
                "|| ' ' || dhcid FROM leases"),
        "2001:db8::7 host-0.example.org. host-0.example.org. 600 confirmed "
        "2023-11-15 00:13:20 2023-11-15 00:13:21 REFUSED check-with-dhcid "
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAA=");
    cr_expect_str_eq(sql_ask("SELECT ptr_before FROM told"), "before.example.org.");
    cr_expect_eq(write_numbers(1, 1), DDNS_STORE_OK, "the reader has locked nothing");
}

Test(store, shows_nothing_where_nothing_is_known)
{
    struct ddns_row row = { .address = address_of("192.0.2.7"),
                            .directions = DDNS_FORWARD,
                            .fqdn = name_of("x") };

    open_store();
    cr_assert_eq(write_rows(&row, 1), DDNS_STORE_OK);
    cr_expect_str_eq(sql_ask("SELECT count(*) FROM told WHERE ptr IS NULL AND ptr_before "
                             "IS NULL AND dhcid IS NULL AND answered_at IS NULL AND "
                             "answer IS NULL AND state = 'claimed'"),
                     "1");
}

static const char *const edits[] = {
    "address = 'nonsense'",
    "address = '10.0.0.01'",
    "address = x'31302e302e302e39'",
    "address = '2001:DB8::1'",
    "address = replace(hex(zeroblob(5000)), '0', 'x')",
    "fqdn = 'a..b'",
    "fqdn = replace(hex(zeroblob(2000)), '0', 'x')",
    "fqdn = 'a' || char(0) || 'b'",
    "fqdn = x'61'",
    "fqdn = NULL, ptr = NULL",
    "ptr = '\\999'",
    "ptr_before = '.a'",
    "dhcid = 'AAAA'",
    "dhcid = '*'",
    "dhcid = dhcid || 'AAAA'",
    "mode = 'check'",
    "ttl = -1",
    "ttl = 4294967296",
    "ttl = 'soon'",
    "state = 'maybe'",
    "told_at = -1",
    "told_at = 'today'",
    "answered_at = 'today'",
    "answered_at = -5",
    "answer = NULL",
    "answer = 'NOPE'",
    "answer = 'RCODE'",
    "answer = 'RCODE65536'",
    "answer = 'RCODE1x'",
    "answer = 'RCODE000000000000000011'",
};

Test(store, skips_and_counts_rows_that_somebody_has_edited)
{
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        char sql[256];

        fill(3);
        (void)snprintf(sql, sizeof sql, "UPDATE told SET %s WHERE address = '10.0.0.2'",
                       edits[i]);
        sql_do(sql);
        open_store();
        cr_expect_eq(read_all(), 2, "%s", edits[i]);
        cr_expect_eq(ddns_store_skipped(&t.store), 1, "%s", edits[i]);
        cr_expect_eq(write_numbers(1, 3), DDNS_STORE_OK, "%s", edits[i]);
        close_store();
        cr_assert_eq(unlink(t.folder.ledger), 0);
    }
}

Test(store, does_not_mind_a_column_or_an_index_of_somebody_elses)
{
    fill(3);
    sql_do("ALTER TABLE told ADD COLUMN note TEXT; CREATE INDEX by_name ON told (fqdn)");
    open_store();
    cr_expect_eq(read_all(), 3);
    cr_expect_eq(write_numbers(1, 4), DDNS_STORE_OK, "%s", t.store.why.text);
}

/* ---- the file --------------------------------------------------------------------- */

static mode_t permissions(const char *path)
{
    struct stat status;

    cr_assert_eq(stat(path, &status), 0, "%s", path);
    return status.st_mode & 0777;
}

Test(store, is_its_owners_alone)
{
    umask(0);
    open_store();
    cr_assert_eq(write_numbers(1, 1), DDNS_STORE_OK);
    cr_expect_eq(permissions(t.folder.ledger), 0600);
    cr_expect_eq(permissions(folder_beside(&t.folder, "-wal")), 0600);
    cr_expect_eq(permissions(folder_beside(&t.folder, "-shm")), 0600);
}

Test(store, keeps_the_permissions_that_it_finds)
{
    fill(1);
    cr_assert_eq(chmod(t.folder.ledger, 0400), 0);
    umask(0);
    ddns_store_open(&t.store, t.folder.ledger);
    cr_expect_eq(permissions(t.folder.ledger), 0400);
}

Test(store, takes_an_empty_file_for_a_new_ledger)
{
    put_content(t.folder.ledger, "", 0);
    open_store();
    cr_expect_eq(write_numbers(1, 1), DDNS_STORE_OK);
    cr_expect_eq(read_all(), 1);
}

Test(store, leaves_nothing_beside_it_when_it_is_closed)
{
    fill(3);
    cr_expect(!exists(folder_beside(&t.folder, "-wal")));
    cr_expect(!exists(folder_beside(&t.folder, "-shm")));
}

Test(store, says_what_is_wrong_with_the_path)
{
    static char path[PATH_MAX + 16];

    (void)snprintf(path, sizeof path, "%s/missing/ledger.sqlite", t.folder.path);
    ddns_store_open(&t.store, path);
    cr_expect_eq(t.store.status, DDNS_STORE_UNAVAILABLE);
    cr_expect_not_null(strstr(t.store.why.text, "No such file"), "%s", t.store.why.text);
    close_store();

    cr_assert_eq(mkdir(t.folder.ledger, 0700), 0);
    ddns_store_open(&t.store, t.folder.ledger);
    expect_fault(DDNS_STORE_UNAVAILABLE, "Is a directory");
    close_store();
    cr_assert_eq(rmdir(t.folder.ledger), 0);

    cr_assert_eq(mkfifo(t.folder.ledger, 0600), 0);
    ddns_store_open(&t.store, t.folder.ledger);
    expect_fault(DDNS_STORE_UNAVAILABLE, "not a file");
    close_store();

    memset(path, 'x', sizeof path - 1);
    ddns_store_open(&t.store, path);
    cr_expect_eq(t.store.status, DDNS_STORE_UNAVAILABLE);
    cr_expect_not_null(strstr(t.store.why.text, "too long"), "%s", t.store.why.text);
}

/* A word that has a meaning to SQLite is a file's name like every other. */
Test(store, is_a_file_whatever_its_name)
{
    static const char *const names[] = { ":memory:", "file:x?mode=memory", "a%41#b" };

    cr_assert_eq(chdir(t.folder.path), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ddns_store_open(&t.store, names[i]);
        cr_expect_eq(write_numbers(1, 2), DDNS_STORE_OK, "%s", t.store.why.text);
        close_store();
        ddns_store_open(&t.store, names[i]);
        cr_expect_eq(read_all(), 2, "%s", names[i]);
        close_store();
        ddns_store_open_read_only(&t.store, names[i]);
        cr_expect_eq(read_all(), 2, "%s", names[i]);
        close_store();
    }
    cr_assert_eq(chdir("/"), 0);
}

/* ---- what is not ours ---------------------------------------------------------------
 */

static void expect_untouched(const char *words)
{
    struct content before = content_of(t.folder.ledger);
    bool log = exists(folder_beside(&t.folder, "-wal"));
    struct content log_before = { 0 };

    if (log) {
        log_before = content_of(folder_beside(&t.folder, "-wal"));
    }
    ddns_store_open(&t.store, t.folder.ledger);
    expect_fault(DDNS_STORE_UNAVAILABLE, words);
    cr_expect_eq(write_numbers(1, 1), DDNS_STORE_UNAVAILABLE);
    cr_expect_eq(ddns_store_read(&t.store, t.rows, MANY), 0);
    close_store();
    expect_content(t.folder.ledger, &before);
    if (log) {
        expect_content(folder_beside(&t.folder, "-wal"), &log_before);
    }
    free(before.data);
    free(log_before.data);
}

Test(store, does_not_touch_what_a_newer_version_has_written)
{
    fill(3);
    sql_do("PRAGMA user_version = 2");
    expect_untouched("newer version");
}

/* As a newer version that was killed leaves it. */
Test(store, does_not_touch_the_log_of_a_newer_version)
{
    pid_t child;
    int status = 0;

    fill(3);
    child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        sqlite3 *db;

        if (sqlite3_open(t.folder.ledger, &db) == SQLITE_OK &&
            sqlite3_exec(db, "PRAGMA user_version = 2", NULL, NULL, NULL) == SQLITE_OK) {
            (void)raise(SIGKILL);
        }
        _exit(1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status));
    cr_assert(exists(folder_beside(&t.folder, "-wal")));
    expect_untouched("newer version");
}

Test(store, does_not_touch_the_database_of_another_program)
{
    sql_do("CREATE TABLE lease4 (address INTEGER)");
    expect_untouched("another program");
}

Test(store, does_not_touch_a_file_that_is_no_database)
{
    static char text[5000];

    memset(text, 'x', sizeof text);
    put_content(t.folder.ledger, text, sizeof text);
    expect_untouched("not a ledger");
    put_content(t.folder.ledger, "{ \"Dhcp4\": {} }", 15);
    expect_untouched("not a ledger");
}

Test(store, is_in_use_by_one_at_a_time)
{
    static struct ddns_store second;

    open_store();
    cr_assert_eq(write_numbers(1, 1), DDNS_STORE_OK);
    ddns_store_open(&second, t.folder.ledger);
    cr_expect_eq(second.status, DDNS_STORE_UNAVAILABLE);
    cr_expect_not_null(strstr(second.why.text, "this process"), "%s", second.why.text);
    ddns_store_close(&second);
    cr_expect_eq(write_numbers(2, 2), DDNS_STORE_OK);
    close_store();
    ddns_store_open(&second, t.folder.ledger);
    cr_expect_eq(second.status, DDNS_STORE_OK, "%s", second.why.text);
    ddns_store_close(&second);
}

/* Run @p body in a process of its own, which ends with what it returns. */
static int in_child(int (*body)(void))
{
    int status = 0;
    pid_t child = fork();

    cr_assert_geq(child, 0);
    if (child == 0) {
        _exit(body());
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int open_second(void)
{
    static struct ddns_store second;

    ddns_file_release(&t.store.file); /* of this process, which has inherited it */
    ddns_store_open(&second, t.folder.ledger);
    return second.status == DDNS_STORE_UNAVAILABLE &&
                   strstr(second.why.text, "another process") != NULL
               ? 0
               : 1;
}

Test(store, is_in_use_by_one_process)
{
    open_store();
    cr_expect_eq(in_child(open_second), 0);
    cr_expect_eq(write_numbers(1, 1), DDNS_STORE_OK);
}

/* ---- generations ------------------------------------------------------------------- */

Test(store, keeps_with_a_new_generation_only_what_is_written_anew)
{
    open_store();
    cr_assert_eq(write_numbers(1, 5), DDNS_STORE_OK);
    for (uint32_t round = 0; round < 3; round++) {
        ddns_store_begin_generation(&t.store);
        cr_assert_eq(write_numbers(1, 3), DDNS_STORE_OK);
        cr_expect_eq(read_all(), 5, "until the end, nothing is gone");
        ddns_store_end_generation(&t.store);
        cr_expect_eq(read_all(), 3);
        cr_assert_eq(write_numbers(4, 5), DDNS_STORE_OK);
        cr_expect_eq(read_all(), 5, "what comes later stays");
    }
}

Test(store, keeps_everything_when_it_crashes_within_a_generation)
{
    open_store();
    cr_assert_eq(write_numbers(1, 5), DDNS_STORE_OK);
    ddns_store_begin_generation(&t.store);
    cr_assert_eq(write_numbers(1, 3), DDNS_STORE_OK);
    close_store();
    open_store();
    cr_expect_eq(read_all(), 5);
    ddns_store_end_generation(&t.store);
    cr_expect_eq(read_all(), 5, "an end without a beginning");
    cr_assert_eq(write_numbers(6, 7), DDNS_STORE_OK);
    ddns_store_begin_generation(&t.store);
    cr_assert_eq(write_numbers(2, 2), DDNS_STORE_OK);
    ddns_store_end_generation(&t.store);
    cr_expect_eq(read_all(), 1);
}

Test(store, has_a_new_generation_whatever_the_old_ones_say)
{
    static const char *const numbers[] = { "9223372036854775807",
                                           "4611686018427387903",
                                           "-9223372036854775808",
                                           "'x'",
                                           "x'00'",
                                           "1.5" };

    open_store();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char sql[128];

        cr_assert_eq(write_numbers(1, 5), DDNS_STORE_OK);
        close_store();
        (void)snprintf(sql, sizeof sql, "UPDATE told SET generation = %s", numbers[i]);
        sql_do(sql);
        open_store();
        for (unsigned round = 0; round < 2; round++) {
            ddns_store_begin_generation(&t.store);
            cr_assert_eq(write_numbers(1, 3 - round), DDNS_STORE_OK);
            ddns_store_end_generation(&t.store);
            cr_expect_eq(read_all(), 3 - round, "%s", numbers[i]);
        }
    }
}

/* ---- outages ----------------------------------------------------------------------- */

Test(store, notices_that_its_file_was_deleted)
{
    open_store();
    cr_assert_eq(write_numbers(1, 1), DDNS_STORE_OK);
    cr_assert_eq(unlink(t.folder.ledger), 0);
    cr_expect_eq(write_numbers(2, 2), DDNS_STORE_REPLACED);
    expect_fault(DDNS_STORE_REPLACED, "deleted");
    close_store();
    open_store();
    cr_expect_eq(read_all(), 0);
}

Test(store, notices_that_its_file_was_replaced)
{
    fill(5);
    cr_assert_eq(rename(t.folder.ledger, folder_beside(&t.folder, ".copy")), 0);
    open_store();
    cr_assert_eq(write_numbers(6, 6), DDNS_STORE_OK);
    cr_assert_eq(rename(folder_beside(&t.folder, ".copy"), t.folder.ledger), 0);
    ddns_store_begin_generation(&t.store);
    cr_expect_eq(t.store.status, DDNS_STORE_REPLACED);
    close_store();
    open_store();
    cr_expect_eq(read_all(), 5);
}

Test(store, says_that_the_disk_is_full_and_keeps_what_it_has)
{
    struct rlimit limit;

    (void)signal(SIGXFSZ, SIG_IGN);
    open_store();
    cr_assert_eq(write_numbers(1, 10), DDNS_STORE_OK);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 65536;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_expect_eq(write_numbers(11, 900), DDNS_STORE_UNAVAILABLE);
    cr_expect_gt(strlen(t.store.why.text), strlen(t.folder.ledger));
    cr_expect_eq(write_numbers(11, 11), DDNS_STORE_UNAVAILABLE, "the fault is kept");
    close_store();
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    open_store();
    cr_expect_eq(read_all(), 10, "all of a transaction, or nothing");
    cr_expect_eq(write_numbers(11, 900), DDNS_STORE_OK);
}

Test(store, says_that_another_program_has_locked_it)
{
    sqlite3 *other;

    fill(3);
    cr_assert_eq(sqlite3_open(t.folder.ledger, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    ddns_store_open(&t.store, t.folder.ledger);
    expect_fault(DDNS_STORE_UNAVAILABLE, "locked");
    close_store();
    cr_assert_eq(sqlite3_close(other), SQLITE_OK);
    open_store();
    cr_expect_eq(read_all(), 3);
}

Test(store, waits_a_second_for_another_program)
{
    sqlite3_stmt *query;

    open_store();
    cr_assert_eq(sqlite3_prepare_v2(t.store.db, "PRAGMA busy_timeout", -1, &query, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_step(query), SQLITE_ROW);
    cr_expect_eq(sqlite3_column_int(query, 0), 1000);
    sqlite3_finalize(query);
}

Test(store, survives_that_sqlite_has_no_memory)
{
    sqlite3_int64 used;
    unsigned faults = 0;

    fill(300);
    used = sqlite3_memory_used();
    for (sqlite3_int64 more = 0; more < 700000; more += 3001) {
        sqlite3_hard_heap_limit64(used + more + 1);
        ddns_store_open(&t.store, t.folder.ledger);
        ddns_store_read(&t.store, t.rows, MANY);
        ddns_store_begin_generation(&t.store);
        if (write_numbers(1, 300) == DDNS_STORE_OK) {
            ddns_store_end_generation(&t.store);
        }
        if (t.store.status != DDNS_STORE_OK) {
            faults++;
            expect_fault(DDNS_STORE_UNAVAILABLE, "out of memory");
        }
        close_store();
    }
    sqlite3_hard_heap_limit64(0);
    cr_expect_gt(faults, 10, "%u", faults);
    open_store();
    cr_expect_eq(read_all(), 300);
}

/* ---- damage ------------------------------------------------------------------------ */

static void expect_set_aside(void)
{
    cr_expect_eq(t.store.status, DDNS_STORE_DAMAGED, "%s", t.store.why.text);
    cr_assert(ddns_store_set_aside(&t.store), "%s", t.store.why.text);
    cr_expect(exists(folder_beside(&t.folder, ".corrupt")));
    cr_expect(!exists(t.folder.ledger));
    cr_expect(!exists(folder_beside(&t.folder, "-wal")));
    cr_expect(!exists(folder_beside(&t.folder, "-shm")));
    open_store();
    cr_expect_eq(read_all(), 0);
    cr_expect_eq(write_numbers(1, 3), DDNS_STORE_OK);
    close_store();
}

static uint64_t dice(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Whatever byte is wrong: rows are read, or the file is set aside, and life goes on. */
static void damage_and_use(const struct content *good, size_t at, uint8_t flip)
{
    good->data[at] ^= flip;
    put_content(t.folder.ledger, good->data, good->len);
    good->data[at] ^= flip;
    ddns_store_open(&t.store, t.folder.ledger);
    ddns_store_read(&t.store, t.rows, MANY);
    ddns_store_begin_generation(&t.store);
    if (write_numbers(1, 20) == DDNS_STORE_OK) {
        ddns_store_end_generation(&t.store);
    }
    if (t.store.status != DDNS_STORE_OK) {
        expect_set_aside();
    } else {
        cr_expect_eq(read_all(), 20);
        close_store();
    }
}

Test(store, survives_any_damaged_byte)
{
    enum { ROUNDS = 50, VERSION_AT = 60 };
    uint64_t state = 20231114;
    struct content good;

    fill(MANY);
    good = content_of(t.folder.ledger);
    for (unsigned round = 0; round < ROUNDS; round++) {
        /* Every second one where it hurts: in the header and in the schema. */
        size_t at = dice(&state) % (round % 2 == 0 ? good.len : 4096);
        uint8_t flip = (uint8_t)(1u << dice(&state) % 8);

        if (at >= VERSION_AT && at < VERSION_AT + 4) {
            continue; /* is that of a newer version */
        }
        cr_log_info("byte %zu, bits %#x", at, flip);
        damage_and_use(&good, at, flip);
        (void)unlink(t.folder.ledger);
    }
    free(good.data);
}

Test(store, sets_a_damaged_ledger_aside_with_its_log_in_place_of_an_older_one)
{
    struct content log;

    fill(MANY);
    open_store();
    cr_assert_eq(write_numbers(1, 500), DDNS_STORE_OK);
    log = content_of(folder_beside(&t.folder, "-wal"));
    cr_assert_gt(log.len, 0);
    t.store.status = DDNS_STORE_DAMAGED;
    expect_set_aside();
    expect_content(folder_beside(&t.folder, ".corrupt-wal"), &log);
    free(log.data);

    cr_assert_eq(truncate(t.folder.ledger, 4096 + 7), 0);
    ddns_store_open(&t.store, t.folder.ledger);
    expect_fault(DDNS_STORE_DAMAGED, "damaged");
    expect_set_aside();
    if (exists(folder_beside(&t.folder, ".corrupt-wal"))) {
        struct content none = { (uint8_t *)"", 0 };

        expect_content(folder_beside(&t.folder, ".corrupt-wal"), &none);
    }
}

Test(store, takes_zeros_and_a_broken_header_for_a_damaged_ledger)
{
    static const uint8_t zeros[8192];
    struct content good;

    put_content(t.folder.ledger, zeros, sizeof zeros);
    ddns_store_open(&t.store, t.folder.ledger);
    expect_set_aside();

    fill(10);
    good = content_of(t.folder.ledger);
    memcpy(good.data, "sqlite", 6);
    put_content(t.folder.ledger, good.data, good.len);
    free(good.data);
    ddns_store_open(&t.store, t.folder.ledger);
    expect_set_aside();

    sql_do("PRAGMA application_id = 77");
    ddns_store_open(&t.store, t.folder.ledger);
    expect_set_aside();

    sql_do("PRAGMA user_version = 0");
    ddns_store_open(&t.store, t.folder.ledger);
    expect_set_aside();

    sql_do("DROP TABLE told");
    ddns_store_open(&t.store, t.folder.ledger);
    expect_set_aside();
}

/* ---- to read alone ------------------------------------------------------------------
 */

static void open_read_only(void)
{
    ddns_store_open_read_only(&t.store, t.folder.ledger);
}

static int read_beside(void)
{
    static struct ddns_store reader;

    ddns_store_open_read_only(&reader, t.folder.ledger);
    return (int)ddns_store_read(&reader, t.rows, MANY);
}

Test(store, can_be_read_beside_its_writer)
{
    open_store();
    cr_assert_eq(write_numbers(1, 3), DDNS_STORE_OK);
    cr_expect_eq(in_child(read_beside), 3);
    cr_assert_eq(write_numbers(4, 5), DDNS_STORE_OK);
    cr_expect_eq(in_child(read_beside), 5);
    cr_assert_eq(write_numbers(6, 7), DDNS_STORE_OK);
}

Test(store, opened_to_read_can_not_be_written)
{
    fill(3);
    open_read_only();
    cr_expect_eq(read_all(), 3, "%s", t.store.why.text);
    ddns_store_begin_generation(&t.store);
    expect_fault(DDNS_STORE_UNAVAILABLE, "read alone");
    cr_expect_eq(write_numbers(4, 4), DDNS_STORE_UNAVAILABLE);
}

Test(store, opened_to_read_has_to_be_there_and_a_ledger)
{
    open_read_only();
    expect_fault(DDNS_STORE_UNAVAILABLE, "No such file");
    cr_expect(!exists(t.folder.ledger));
    close_store();
    sql_do("PRAGMA user_version = 0");
    open_read_only();
    expect_fault(DDNS_STORE_UNAVAILABLE, "not a ledger");
    close_store();
    sql_do("CREATE TABLE lease4 (address INTEGER)");
    open_read_only();
    expect_fault(DDNS_STORE_UNAVAILABLE, "another program");
    close_store();
    sql_do("PRAGMA application_id = 0x44644e53; PRAGMA user_version = 2");
    open_read_only();
    expect_fault(DDNS_STORE_UNAVAILABLE, "newer version");
}

static int read_as_nobody(void)
{
    if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) {
        return 255;
    }
    return read_beside();
}

/* SQLite wants to make a file beside it, and nobody may. */
Test(store, can_be_read_where_nothing_can_be_written)
{
    fill(3);
    cr_assert_eq(chmod(t.folder.ledger, 0444), 0);
    cr_assert_eq(chmod(t.folder.path, 0555), 0);
    cr_expect_eq(in_child(read_as_nobody), 3);
    cr_assert_eq(chmod(t.folder.path, 0755), 0);
}
