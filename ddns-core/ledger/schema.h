/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_LEDGER_SCHEMA_H
#define DDNS_LEDGER_SCHEMA_H

struct sqlite3;

enum {
    DDNS_APPLICATION_ID = 0x44644e53, /* "DdNS" in the file's header */
    DDNS_SCHEMA_VERSION = 1,          /* "user_version" in the file's header */
};

/** Begins the table's definition, so it is on the first page of every ledger. */
#define DDNS_SCHEMA_MARK "CREATE TABLE told"

enum ddns_schema_state {
    DDNS_SCHEMA_NONE,    /**< an empty database */
    DDNS_SCHEMA_KNOWN,   /**< a ledger of this or of an older version */
    DDNS_SCHEMA_NEWER,   /**< a ledger that a newer program has written */
    DDNS_SCHEMA_FOREIGN, /**< a database of another program */
    DDNS_SCHEMA_DAMAGED, /**< a ledger of a version that never was */
};

/** Changes nothing.  Returns SQLite's result; @p out_state is written with SQLITE_OK. */
int ddns_schema_examine(struct sqlite3 *db, enum ddns_schema_state *out_state,
                        int *out_version);

/**
 * Bring a database of @p version, 0 for an empty one, to ours, in one transaction
 * that writes even where nothing is to be changed: so it also says whether the
 * database can be written.  Returns SQLite's result.
 */
int ddns_schema_migrate(struct sqlite3 *db, int version);

#endif
