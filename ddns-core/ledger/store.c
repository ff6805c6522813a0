/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/row_text.h"
#include "ledger/schema.h"

enum { BUSY_MS = 1000 };

/* The columns, in this order in every statement. */
enum {
    ADDRESS,
    FQDN,
    PTR,
    PTR_BEFORE,
    DHCID,
    MODE,
    TTL,
    STATE,
    TOLD_AT,
    ANSWERED_AT,
    ANSWER,
    GENERATION,
};
#define COLUMNS                                                                          \
    "address, fqdn, ptr, ptr_before, dhcid, mode, ttl, state, told_at, answered_at, "    \
    "answer"

static const char select_sql[] = "SELECT " COLUMNS " FROM told ORDER BY address";
static const char upsert_sql[] = "INSERT OR REPLACE INTO told (" COLUMNS ", generation) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char remove_sql[] = "DELETE FROM told WHERE address = ?";

/* A number that somebody has edited beyond reach must not make the sum overflow. */
static const char generation_sql[] =
    "SELECT coalesce(max(generation), 0) + 1 FROM told WHERE generation < 1 << 62";
static const char outdated_sql[] = "DELETE FROM told WHERE generation IS NOT ?";

/* ---- faults ---------------------------------------------------------------- */

static void fault(struct ddns_store *s, enum ddns_store_status status, const char *what)
{
    if (s->status == DDNS_STORE_OK) {
        s->status = status;
        ddns_file_explain(&s->why, s->file.path, "%s", what);
    }
}

/* What people can act on, where SQLite's own words do not say it. */
static const char *words_of(const struct ddns_store *s, int result)
{
    int number = s->db == NULL ? 0 : sqlite3_system_errno(s->db);

    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program has locked it";
    case SQLITE_FULL:
        return "there is no room for it on the disk";
    case SQLITE_NOMEM:
        return "SQLite is out of memory";
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        if (number != 0) {
            return strerrordesc_np(number);
        }
        break;
    default:
        break;
    }
    return s->db == NULL ? sqlite3_errstr(result) : sqlite3_errmsg(s->db);
}

/* True where the content of the file is to blame, so that it will not get better. */
static bool blames_content(int result)
{
    switch (result & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* a table or a column of ours is not there */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return true;
    default:
        return false;
    }
}

/** Keep a result of SQLite's that is an error; true while there was none. */
static bool check(struct ddns_store *s, int result)
{
    bool fine = result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE;

    if (fine || s->status != DDNS_STORE_OK) {
        return s->status == DDNS_STORE_OK;
    }
    s->status = blames_content(result) ? DDNS_STORE_DAMAGED : DDNS_STORE_UNAVAILABLE;
    if (s->status == DDNS_STORE_DAMAGED && s->file.fd >= 0 &&
        !ddns_file_is_ours(&s->file)) {
        s->status = DDNS_STORE_UNAVAILABLE;
        ddns_file_explain(&s->why, s->file.path, "is not a ledger");
        return false;
    }
    ddns_file_explain(&s->why, s->file.path, "%s%s",
                      s->status == DDNS_STORE_DAMAGED ? "is damaged: " : "",
                      words_of(s, result));
    return false;
}

/* ---- statements ------------------------------------------------------------ */

static void execute(struct ddns_store *s, const char *sql)
{
    if (s->status == DDNS_STORE_OK) {
        check(s, sqlite3_exec(s->db, sql, NULL, NULL, NULL));
    }
}

static struct sqlite3_stmt *prepare(struct ddns_store *s, const char *sql)
{
    struct sqlite3_stmt *statement = NULL;

    if (s->status == DDNS_STORE_OK) {
        check(s, sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                                    NULL));
    }
    return statement;
}

/** Run a statement that yields no row. */
static void run(struct ddns_store *s, struct sqlite3_stmt *statement)
{
    if (s->status == DDNS_STORE_OK) {
        check(s, sqlite3_step(statement));
    }
    sqlite3_reset(statement);
}

/* ---- the log ---------------------------------------------------------------- */

enum { LOG_PATH_MAX = sizeof((struct ddns_file *)NULL)->path + sizeof "-wal" };

static void log_path(const struct ddns_store *s, char *out)
{
    sqlite3_snprintf(LOG_PATH_MAX, out, "%s-wal", s->file.path);
}

/** The log's inode; 0 where there is no log, or nothing in it. */
static ino_t log_inode(const struct ddns_store *s)
{
    char path[LOG_PATH_MAX];
    struct stat status;

    log_path(s, path);
    return stat(path, &status) == 0 && status.st_size > 0 ? status.st_ino : 0;
}

/*
 * Where the file was replaced, SQLite leaves the log of the old one behind, and would
 * take it for the new one's.
 */
static void drop_log(const struct ddns_store *s)
{
    char path[LOG_PATH_MAX];

    log_path(s, path);
    if (s->log_inode != 0 && s->log_inode == log_inode(s)) {
        (void)unlink(path);
    }
}

/* ---- open ------------------------------------------------------------------ */

static void init(struct ddns_store *s, const char *path)
{
    memset(s, 0, sizeof *s);
    if (!ddns_file_name(&s->file, path, &s->why)) {
        s->status = DDNS_STORE_UNAVAILABLE;
    }
}

static void connect_to(struct ddns_store *s, const char *name, int flags)
{
    if (s->status != DDNS_STORE_OK) {
        return;
    }
    if (check(s, sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL))) {
        sqlite3_extended_result_codes(s->db, 1);
        sqlite3_busy_timeout(s->db, BUSY_MS);
        /* Until it is known to be ours, also closing must not write to it. */
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        /* What somebody put into the file must not run with the server's rights. */
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    }
}

/** Look at what is in the file.  Returns its version, 0 for nothing. */
static int examine(struct ddns_store *s)
{
    enum ddns_schema_state state = DDNS_SCHEMA_NONE;
    int version = 0;

    if (s->status != DDNS_STORE_OK ||
        !check(s, ddns_schema_examine(s->db, &state, &version))) {
        return 0;
    }
    switch (state) {
    case DDNS_SCHEMA_NONE:
    case DDNS_SCHEMA_KNOWN:
        break;
    case DDNS_SCHEMA_NEWER:
        fault(s, DDNS_STORE_UNAVAILABLE,
              "a newer version of this program has written it");
        break;
    case DDNS_SCHEMA_FOREIGN:
        if (s->file.fd < 0 || !ddns_file_is_ours(&s->file)) {
            fault(s, DDNS_STORE_UNAVAILABLE, "is a database of another program");
            break;
        }
        /* fall through */
    case DDNS_SCHEMA_DAMAGED:
        fault(s, DDNS_STORE_DAMAGED, "is damaged: its header is not a ledger's");
        break;
    }
    return version;
}

/*
 * What integrity_check has found: nothing, a fault of the file's, or a page that could
 * not be had for another reason, which it says in words.
 */
static int verdict_of(const char *answer)
{
    static const char words[] = "error code=";
    const char *code = answer == NULL ? NULL : strstr(answer, words);

    if (answer == NULL) {
        return SQLITE_NOMEM;
    }
    if (code != NULL) {
        return (int)strtol(code + sizeof words - 1, NULL, 10);
    }
    return strcmp(answer, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
}

/*
 * A hundred thousand rows take it less than a tenth of a second.  The quick check takes
 * as long, and does not see that rows are out of order, so that some cannot be found.
 */
static void verify(struct ddns_store *s)
{
    struct sqlite3_stmt *query = prepare(s, "PRAGMA integrity_check(1)");

    if (query != NULL && check(s, sqlite3_step(query))) {
        check(s, verdict_of((const char *)sqlite3_column_text(query, 0)));
    }
    sqlite3_finalize(query);
}

static void prepare_to_write(struct ddns_store *s, int version)
{
    if (s->status != DDNS_STORE_OK) {
        return;
    }
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    execute(s, "PRAGMA journal_mode=WAL");
    execute(s, "PRAGMA synchronous=NORMAL");
    if (s->status == DDNS_STORE_OK) {
        check(s, ddns_schema_migrate(s->db, version));
    }
    s->log_inode = log_inode(s);
    if (version == 0) { /* the file alone, without the log, shall say whose it is */
        execute(s, "PRAGMA wal_checkpoint");
    }
    s->upsert = prepare(s, upsert_sql);
    s->remove = prepare(s, remove_sql);
    s->select = prepare(s, select_sql);
}

void ddns_store_open(struct ddns_store *s, const char *path)
{
    int version;

    init(s, path);
    if (s->status == DDNS_STORE_OK && !ddns_file_hold(&s->file, &s->why)) {
        s->status = DDNS_STORE_UNAVAILABLE;
    }
    connect_to(s, s->file.path, SQLITE_OPEN_READWRITE);
    version = examine(s);
    verify(s);
    prepare_to_write(s, version);
    if (s->db != NULL && s->status == DDNS_STORE_DAMAGED) {
        (void)sqlite3_prepare_v2(s->db, select_sql, -1, &s->select, NULL);
    }
}

/* ---- open to read ---------------------------------------------------------- */

/** The URI that makes SQLite read the file alone, without locks and beside nothing. */
static void immutable_uri(const char *path, char *uri, size_t size)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char query[] = "?immutable=1";
    size_t len = sizeof "file:" - 1;

    memcpy(uri, "file:", len);
    for (; *path != '\0' && len + 3 + sizeof query < size; path++) {
        if (strchr("%?#", *path) != NULL) {
            uri[len++] = '%';
            uri[len++] = hex[(unsigned char)*path >> 4];
            uri[len++] = hex[(unsigned char)*path & 0xf];
        } else {
            uri[len++] = *path;
        }
    }
    memcpy(uri + len, query, sizeof query);
}

static void open_to_read(struct ddns_store *s, const char *name, int flags)
{
    connect_to(s, name, SQLITE_OPEN_READONLY | flags);
    if (examine(s) == 0) {
        fault(s, DDNS_STORE_UNAVAILABLE, "is not a ledger");
    }
    s->select = prepare(s, select_sql);
}

/* Where nobody has the file open, SQLite needs to make others beside it. */
static bool lacks_right_to_write(const struct ddns_store *s)
{
    int result = s->db == NULL ? SQLITE_OK : sqlite3_errcode(s->db) & 0xff;

    return s->status == DDNS_STORE_UNAVAILABLE &&
           (result == SQLITE_CANTOPEN || result == SQLITE_READONLY);
}

void ddns_store_open_read_only(struct ddns_store *s, const char *path)
{
    char uri[3 * sizeof s->file.path + sizeof "file:?immutable=1"];

    init(s, path);
    s->read_only = true;
    open_to_read(s, s->file.path, 0);
    if (!lacks_right_to_write(s) || log_inode(s) != 0) {
        return; /* a log has rows that the file alone has not */
    }
    ddns_store_close(s);
    init(s, path);
    s->read_only = true;
    immutable_uri(s->file.path, uri, sizeof uri);
    open_to_read(s, uri, SQLITE_OPEN_URI);
}

/* ---- close ----------------------------------------------------------------- */

static void disconnect(struct ddns_store *s)
{
    sqlite3_finalize(s->select);
    sqlite3_finalize(s->upsert);
    sqlite3_finalize(s->remove);
    s->select = s->upsert = s->remove = NULL;
    if (s->db != NULL && s->status == DDNS_STORE_DAMAGED) {
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    sqlite3_close(s->db);
    s->db = NULL;
}

void ddns_store_close(struct ddns_store *s)
{
    bool replaced = s->file.fd >= 0 && !ddns_file_in_place(&s->file);

    disconnect(s);
    if (replaced) {
        drop_log(s);
    }
    ddns_file_release(&s->file);
    if (s->status == DDNS_STORE_OK) {
        fault(s, DDNS_STORE_UNAVAILABLE, "is closed");
    }
}

bool ddns_store_set_aside(struct ddns_store *s)
{
    bool moved;

    disconnect(s);
    moved = ddns_file_in_place(&s->file) && ddns_file_set_aside(&s->file, &s->why);
    ddns_file_release(&s->file);
    return moved;
}

/* ---- read ------------------------------------------------------------------ */

/* Copy a text, or nothing for NULL; false where it is none or does not fit. */
static bool copy_text(struct sqlite3_stmt *row, int column, char *out, size_t size)
{
    const void *text;
    size_t len;

    if (sqlite3_column_type(row, column) == SQLITE_NULL) {
        return true;
    }
    text = sqlite3_column_blob(row, column);
    len = (size_t)sqlite3_column_bytes(row, column);
    if (sqlite3_column_type(row, column) != SQLITE_TEXT || text == NULL || len >= size ||
        memchr(text, '\0', len) != NULL) {
        return false;
    }
    memcpy(out, text, len); /* the rest of it is zero */
    return true;
}

static bool copy_number(struct sqlite3_stmt *row, int column, int64_t *out)
{
    *out = sqlite3_column_int64(row, column); /* of NULL: zero */
    return sqlite3_column_type(row, column) == SQLITE_INTEGER ||
           (column == ANSWERED_AT && sqlite3_column_type(row, column) == SQLITE_NULL);
}

static bool read_row(struct sqlite3_stmt *row, struct ddns_row *out)
{
    struct ddns_row_text text = { 0 };

    return copy_text(row, ADDRESS, text.address, sizeof text.address) &&
           copy_text(row, FQDN, text.fqdn, sizeof text.fqdn) &&
           copy_text(row, PTR, text.ptr, sizeof text.ptr) &&
           copy_text(row, PTR_BEFORE, text.ptr_before, sizeof text.ptr_before) &&
           copy_text(row, DHCID, text.dhcid, sizeof text.dhcid) &&
           copy_text(row, MODE, text.mode, sizeof text.mode) &&
           copy_number(row, TTL, &text.ttl) &&
           copy_text(row, STATE, text.state, sizeof text.state) &&
           copy_number(row, TOLD_AT, &text.told_at) &&
           copy_number(row, ANSWERED_AT, &text.answered_at) &&
           copy_text(row, ANSWER, text.answer, sizeof text.answer) &&
           ddns_row_of_text(&text, out);
}

size_t ddns_store_read(struct ddns_store *s, struct ddns_row *rows, size_t room)
{
    size_t count = 0;

    if (s->select == NULL ||
        (s->status != DDNS_STORE_OK && s->status != DDNS_STORE_DAMAGED)) {
        return 0;
    }
    if (s->at_end) {
        s->at_end = false;
        return 0;
    }
    if (!sqlite3_stmt_busy(s->select)) {
        s->skipped = 0;
    }
    while (count < room) {
        int result = sqlite3_step(s->select);

        if (result != SQLITE_ROW) {
            check(s, result);
            s->at_end = count > 0;
            sqlite3_reset(s->select);
            break;
        }
        if (read_row(s->select, &rows[count])) {
            count++;
        } else {
            s->skipped++;
        }
    }
    return count;
}

size_t ddns_store_skipped(const struct ddns_store *s)
{
    return s->skipped;
}

/* ---- write ----------------------------------------------------------------- */

/* A writer that was left with a file nobody can find would go on for ever. */
static bool may_write(struct ddns_store *s)
{
    if (s->status == DDNS_STORE_OK && s->read_only) {
        fault(s, DDNS_STORE_UNAVAILABLE, "is open to read alone");
    }
    if (s->status == DDNS_STORE_OK && !ddns_file_in_place(&s->file)) {
        fault(s, DDNS_STORE_REPLACED, "was deleted or replaced while it was in use");
    }
    return s->status == DDNS_STORE_OK;
}

void ddns_store_begin(struct ddns_store *s)
{
    if (may_write(s)) {
        sqlite3_reset(s->select);
        s->at_end = false;
        execute(s, "BEGIN IMMEDIATE");
    }
}

/* SQLite borrows the text until the statement is reset. */
static void bind_text(struct ddns_store *s, int column, const char *text)
{
    check(s, *text == '\0'
                 ? sqlite3_bind_null(s->upsert, column + 1)
                 : sqlite3_bind_text(s->upsert, column + 1, text, -1, SQLITE_STATIC));
}

static void bind_number(struct ddns_store *s, int column, int64_t number)
{
    check(s, sqlite3_bind_int64(s->upsert, column + 1, number));
}

static void upsert(struct ddns_store *s, const struct ddns_row_text *text)
{
    bind_text(s, ADDRESS, text->address);
    bind_text(s, FQDN, text->fqdn);
    bind_text(s, PTR, text->ptr);
    bind_text(s, PTR_BEFORE, text->ptr_before);
    bind_text(s, DHCID, text->dhcid);
    bind_text(s, MODE, text->mode);
    bind_number(s, TTL, text->ttl);
    bind_text(s, STATE, text->state);
    bind_number(s, TOLD_AT, text->told_at);
    bind_number(s, ANSWERED_AT, text->answered_at);
    if (text->answered_at == 0) {
        check(s, sqlite3_bind_null(s->upsert, ANSWERED_AT + 1));
    }
    bind_text(s, ANSWER, text->answer);
    bind_number(s, GENERATION, s->generation);
    run(s, s->upsert);
}

static void remove_row(struct ddns_store *s, const ddns_address *address)
{
    char text[DDNS_ADDRESS_TEXT_MAX];

    ddns_address_text(address, text);
    check(s, sqlite3_bind_text(s->remove, ADDRESS + 1, text, -1, SQLITE_STATIC));
    run(s, s->remove);
}

void ddns_store_put(struct ddns_store *s, const struct ddns_row *rows, size_t count)
{
    struct ddns_row_text text;

    for (size_t i = 0; i < count && s->status == DDNS_STORE_OK; i++) {
        if (rows[i].directions == 0) {
            remove_row(s, &rows[i].address);
        } else {
            ddns_row_to_text(&rows[i], &text);
            upsert(s, &text);
        }
    }
}

enum ddns_store_status ddns_store_commit(struct ddns_store *s)
{
    execute(s, "COMMIT");
    return s->status;
}

/* ---- generations ----------------------------------------------------------- */

void ddns_store_begin_generation(struct ddns_store *s)
{
    struct sqlite3_stmt *query = may_write(s) ? prepare(s, generation_sql) : NULL;

    if (query != NULL && check(s, sqlite3_step(query))) {
        s->generation = sqlite3_column_int64(query, 0);
        s->rewriting = true;
    }
    sqlite3_finalize(query);
}

void ddns_store_end_generation(struct ddns_store *s)
{
    struct sqlite3_stmt *statement;

    if (!s->rewriting || !may_write(s)) {
        return;
    }
    s->rewriting = false;
    statement = prepare(s, outdated_sql);
    if (statement != NULL) {
        check(s, sqlite3_bind_int64(statement, 1, s->generation));
        run(s, statement);
    }
    sqlite3_finalize(statement);
}
