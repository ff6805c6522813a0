/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SCENARIO_DAYS_H
#define SCENARIO_DAYS_H

#include "scenario/model_ledger.h"

/**
 * Ten days of one server: what lies between Kea and the engine, as a process that
 * dies and is started again.
 *
 * world.wishes is the lease database.  What the process does about it goes through
 * a mailbox, as letters do between its threads, and dies with it.
 */
enum {
    MAIL_MAX = 1024,
    PAGE = 8, /* leases read from the lease database at a time */
    HAND_MAX = 512,
    EXCUSES_MAX = 2 * NAMES + 2 * ADDRESSES,
};

enum verb { SET, CLEAR, RESUME, WALK_BEGIN, WALK_END, RETELL, REMOVE_STRAY };

struct letter {
    enum verb verb;
    bool flag;   /* WALK_BEGIN: afresh; WALK_END: complete */
    bool afresh; /* WALK_END: all was told again */
    bool full;   /* of the walk: all addresses are read */
    unsigned first, last;
    struct ddns_wish wish; /* REMOVE_STRAY: the record; RETELL: its address */
};

struct mailbox {
    struct letter letters[MAIL_MAX];
    size_t count;
};

/** The reading of the lease database. */
struct reading {
    bool under_way;
    bool owed;        /* what is held is not yet compared with all leases */
    bool owed_afresh; /* and somebody has asked for all to be told again */
    unsigned next, last;
    bool full;
    bool afresh;
    struct ddns_wish page[PAGE]; /* read, and not yet submitted */
    size_t page_count;
};

/** A lease that has been as it is for a while, and DNS says so. */
struct standing {
    struct ddns_wish wish;
    uint64_t since;
    bool stands;
};

struct days {
    struct world *world;
    uint64_t seed;
    int bad;
    bool trusts;       /* rows of a ledger that was behind count as confirmed */
    bool ledger_fails; /* now and then */
    bool silent;       /* nobody has told the engine about leases yet */
    bool knows;        /* the engine knows all that may be in DNS, but the excused */
    struct model_ledger ledger;
    struct mailbox mail;
    struct reading reading;
    struct standing standing[ADDRESSES];
    uint64_t leaves_at[ADDRESSES];   /* clear() was called, the row is there; or 0 */
    bool damaged[ADDRESSES];         /* records of it were removed by hand */
    struct ddns_wish hand[HAND_MAX]; /* records put into the zone by hand */
    size_t hand_count;
    struct ddns_name excused[EXCUSES_MAX]; /* may hold what nobody could know of */
    size_t excused_count;
    unsigned lives;
    unsigned audits; /* records that only a look at the zone could find */
};

/* ---- days_letters.c ------------------------------------------------------- */

void post(struct days *d, enum verb verb, const struct ddns_wish *wish);

/** Let the engine read letters; false when it ran out of memory over one. */
bool read_letters(struct days *d, size_t most);
void read_all_letters(struct days *d);

/** Begin to read the leases from address @p first to @p last. */
void reading_begin(struct days *d, unsigned first, unsigned last, bool afresh);

/** Read the next page, submit the last one, or end.  Sometimes the database @p fails. */
void reading_go_on(struct days *d, bool fails);

/* ---- days_hand.c ---------------------------------------------------------- */

/** Somebody removes or changes the records of a lease, and has them told again. */
void hand_damages(struct days *d);

/** Somebody plants a record that no lease wants, and has it removed. */
void hand_plants(struct days *d);

/** Ask again for what a process that is gone was asked for. */
void hand_insists(struct days *d);

/** Have the records that were put there by hand, and still are, removed. */
void hand_tidies(struct days *d);

/** Is @p owner one whose records were put there by hand? */
bool hand_was_at(const struct days *d, const struct ddns_name *owner);

/** May @p owner hold what no process could know of? */
bool is_excused(const struct days *d, const struct ddns_name *owner);

/** Have everything removed that no lease wants, and that is not a difference. */
void audit(struct days *d);

/* ---- days_process.c ------------------------------------------------------- */

extern const struct world_hooks process_hooks;

void process_start(struct days *d);
void process_is_killed(struct days *d);
void process_reloads(struct days *d);

/** The ledger fails or, having failed, heals. */
void process_ledger(struct days *d);

/** Notice what has come to an end meanwhile, and what must not have. */
void process_looks(struct days *d);

/** Print that something is not as it must be. */
void complain(struct days *d, const char *what, const struct ddns_name *name);

#endif
