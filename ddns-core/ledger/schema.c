/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/schema.h"

#include <sqlite3.h>
#include <stddef.h>

/*
 * steps[n] makes version n + 1 of version n.  A step that a release has used is never
 * changed.  SQLite keeps the text, and shows it to whoever asks for ".schema".
 */
static const char *const steps[DDNS_SCHEMA_VERSION] = {
    /* clang-format off */
    DDNS_SCHEMA_MARK " ( -- what DNS was told, or is about to be, about a lease\n"
    "  address     TEXT PRIMARY KEY NOT NULL,\n"
    "  fqdn        TEXT,             -- owner of the address record\n"
    "  ptr         TEXT,             -- target of the PTR record\n"
    "  ptr_before  TEXT,             -- target that it may still have\n"
    "  dhcid       TEXT,             -- as dig shows it\n"
    "  mode        TEXT NOT NULL,    -- ddns-conflict-resolution-mode\n"
    "  ttl         INTEGER NOT NULL,\n"
    "  state       TEXT NOT NULL,    -- claimed: not sure; confirmed: DNS has said so\n"
    "  told_at     INTEGER NOT NULL, -- Unix seconds\n"
    "  answered_at INTEGER,          -- Unix seconds\n"
    "  answer      TEXT,             -- RCODE of the last answer\n"
    "  generation  INTEGER NOT NULL  -- of the last time when all was written anew\n"
    ") WITHOUT ROWID;\n"
    "CREATE VIEW leases AS SELECT address, fqdn, ptr, ttl, state,\n"
    "  datetime(told_at, 'unixepoch', 'localtime') AS told,\n"
    "  datetime(answered_at, 'unixepoch', 'localtime') AS answered,\n"
    "  answer, mode, dhcid FROM told;",
    /* clang-format on */
};

/** Run a query that yields one number.  Returns SQLite's result. */
static int ask(sqlite3 *db, const char *sql, int *out)
{
    sqlite3_stmt *query = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &query, NULL);

    if (result == SQLITE_OK) {
        result = sqlite3_step(query);
        *out = sqlite3_column_int(query, 0);
    }
    sqlite3_finalize(query);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

int ddns_schema_examine(sqlite3 *db, enum ddns_schema_state *out_state, int *out_version)
{
    int application = 0;
    int version = 0;
    int objects = 0;
    int result = ask(db, "PRAGMA application_id", &application);

    if (result == SQLITE_OK) {
        result = ask(db, "PRAGMA user_version", &version);
    }
    if (result == SQLITE_OK) {
        result = ask(db, "SELECT count(*) FROM sqlite_schema", &objects);
    }
    if (result != SQLITE_OK) {
        return result;
    }
    *out_version = version;
    if (application == 0 && version == 0 && objects == 0) {
        *out_state = DDNS_SCHEMA_NONE;
    } else if (application != DDNS_APPLICATION_ID) {
        *out_state = DDNS_SCHEMA_FOREIGN;
    } else if (version > DDNS_SCHEMA_VERSION) {
        *out_state = DDNS_SCHEMA_NEWER;
    } else {
        *out_state = version > 0 ? DDNS_SCHEMA_KNOWN : DDNS_SCHEMA_DAMAGED;
    }
    return SQLITE_OK;
}

static int stamp(sqlite3 *db)
{
    char sql[96];

    sqlite3_snprintf(sizeof sql, sql, "PRAGMA application_id=%d; PRAGMA user_version=%d",
                     DDNS_APPLICATION_ID, DDNS_SCHEMA_VERSION);
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int ddns_schema_migrate(sqlite3 *db, int version)
{
    int result = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    for (int n = version; result == SQLITE_OK && n < DDNS_SCHEMA_VERSION; n++) {
        result = sqlite3_exec(db, steps[n], NULL, NULL, NULL);
    }
    if (result == SQLITE_OK) {
        result = stamp(db);
    }
    if (result == SQLITE_OK) {
        result = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    }
    return result;
}
