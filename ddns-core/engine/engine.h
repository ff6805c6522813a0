/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_ENGINE_ENGINE_H
#define DDNS_ENGINE_ENGINE_H

#include "metrics/traffic.h"
#include "txn/row.h"
#include "txn/zones.h"

/**
 * The reconciler: what DNS should say against what it was told, per address.
 *
 * It reads no clock, opens nothing and calls nobody but @p random.  What
 * happened goes in through set(), resume(), clear() and on_*(); what to do comes
 * out of next() until it returns false; deadline() says when to call on_tick()
 * if nothing else happens.  One thread at a time.  It begins without a ledger.
 */
struct ddns_engine;

/** The time, given to every input. */
struct ddns_now {
    uint64_t mono_ms; /**< never goes back */
    uint64_t unix_s;  /**< goes into signatures */
};

struct ddns_engine_config {
    const struct ddns_zones *zones; /**< borrowed for the engine's life */
    uint32_t answer_timeout_ms;
    bool mixed; /**< every mode is that of dual-stack mixed mode, restored ones too */
    uint32_t (*random)(
        void *user); /**< message ids and jitter: unpredictable (RFC 5452) */
    void *random_user;
};

/** What DNS should say about one address; ddns_binding after checking. */
struct ddns_wish {
    ddns_address address;
    unsigned directions; /**< none: nothing */
    struct ddns_dhcid dhcid;
    bool has_dhcid;
    ddns_conflict_mode mode;
    uint32_t ttl;
    uint64_t wished_ms;    /**< monotonic time at which it was; 0: now */
    struct ddns_name fqdn; /**< last: most of it is unused, and need not be kept */
};

/** Names one connection or UDP socket for as long as it lives; never reused. */
typedef uint64_t ddns_link;

enum ddns_action_kind {
    DDNS_DO_CONNECT, /**< link, endpoint, transport: then on_open() or on_lost() */
    DDNS_DO_SEND,    /**< link, message */
    DDNS_DO_CLOSE,   /**< link; nothing more is heard of it */
    DDNS_DO_COMMIT,  /**< commit, rows, row_count: make durable, then on_commit() */
    DDNS_DO_TELL,    /**< event */
};

/** Everything in it is borrowed until the next call on the engine. */
struct ddns_action {
    enum ddns_action_kind kind;
    ddns_link link;
    unsigned endpoint;        /**< index into ddns_zones.endpoints */
    ddns_transport transport; /**< the endpoint's, or TCP where UDP was too small */
    struct ddns_bytes message;
    uint64_t commit;
    const struct ddns_row *rows;
    size_t row_count;
    const ddns_event *event;
};

DDNS_NODISCARD ddns_error ddns_engine_new(const struct ddns_engine_config *config,
                                          struct ddns_engine **out_engine);
void ddns_engine_free(struct ddns_engine *e);

/** What is said from here on is said at @p now, until next() says another time. */
void ddns_engine_set_time(struct ddns_engine *e, struct ddns_now now);

/** Want @p wish; replaces what was wanted for its address.  @retval DDNS_E_NOMEM */
DDNS_NODISCARD ddns_error ddns_engine_set(struct ddns_engine *e,
                                          const struct ddns_wish *wish);

/**
 * set() for a lease found in the lease database: DNS may have been told about it
 * already.  During a walk it is what the lease was when the database was read, so
 * it does not count where set() or clear() have said something since the walk began.
 */
DDNS_NODISCARD ddns_error ddns_engine_resume(struct ddns_engine *e,
                                             const struct ddns_wish *wish);

/** Want nothing for the address; the rest counts only where nothing is known of it. */
DDNS_NODISCARD ddns_error ddns_engine_clear(struct ddns_engine *e,
                                            const struct ddns_wish *wish);

/**
 * A row of the ledger: DNS was told this.  Nothing is done about it before a wish
 * for its address is heard, or a walk has found none.  It does not count where the
 * address is known already.
 */
DDNS_NODISCARD ddns_error ddns_engine_restore(struct ddns_engine *e,
                                              const struct ddns_row *row);

/**
 * The lease database is about to be read: resume() will be called for the leases
 * in @p range.  A walk that is under way ends without having found anything out.
 *
 * @param afresh  tell DNS again what it was told before
 */
void ddns_engine_walk_begin(struct ddns_engine *e, const ddns_range *range, bool afresh);

/**
 * All leases of the range have been resumed: where none was, and none was set
 * meanwhile, nothing is wanted.  Not @p complete, nothing is concluded.
 */
void ddns_engine_walk_end(struct ddns_engine *e, bool complete);

/** Tell DNS again what is wanted for @p address, whatever it was told. */
void ddns_engine_retell(struct ddns_engine *e, const ddns_address *address);

/**
 * Remove records that were @p found in DNS and that no lease wants: those of its
 * directions.  Its DHCID, or the target of the PTR, guards the removal.  Nothing
 * happens where a lease wants them by now.
 */
DDNS_NODISCARD ddns_error ddns_engine_remove_stray(struct ddns_engine *e,
                                                   const struct ddns_wish *found);

enum ddns_durability {
    DDNS_NOT_DURABLE,  /**< nothing is committed, and nothing waits for it */
    DDNS_DURABLE,      /**< a claim is committed before it is sent */
    DDNS_DURABLE_ANEW, /**< and all that was told is committed again */
};

/** @retval DDNS_E_NOMEM  it stays as it was */
DDNS_NODISCARD ddns_error ddns_engine_set_durable(struct ddns_engine *e,
                                                  enum ddns_durability how);

/** The commit after which all that was told up to now is durable. */
uint64_t ddns_engine_commit_awaited(const struct ddns_engine *e);

/** Fill a DDNS_DO_COMMIT out of turn; false when there is nothing to commit. */
bool ddns_engine_next_commit(struct ddns_engine *e, struct ddns_action *out_action);

void ddns_engine_on_open(struct ddns_engine *e, ddns_link id, struct ddns_now now);
void ddns_engine_on_message(struct ddns_engine *e, ddns_link id,
                            struct ddns_bytes message, struct ddns_now now);
void ddns_engine_on_lost(struct ddns_engine *e, ddns_link id, ddns_error error,
                         struct ddns_now now);

/** @p commit and all before it are durable. */
void ddns_engine_on_commit(struct ddns_engine *e, uint64_t commit);
void ddns_engine_on_tick(struct ddns_engine *e, struct ddns_now now);

/** Take the next thing to do; false when there is none until something happens. */
bool ddns_engine_next(struct ddns_engine *e, struct ddns_now now,
                      struct ddns_action *out_action);

/** Monotonic time at which on_tick() is due; UINT64_MAX for never. */
uint64_t ddns_engine_deadline(const struct ddns_engine *e);

/** True while something can be told to a server that is not known to be away. */
bool ddns_engine_busy(const struct ddns_engine *e);

void ddns_engine_stats(const struct ddns_engine *e, ddns_stats *out_stats);

/** What was counted up to now; the engine's own, until the next call on it. */
const ddns_statistics *ddns_engine_statistics(struct ddns_engine *e);

/** Call @p fn for the address when anything is known of it.  Texts are the engine's. */
void ddns_engine_lease(struct ddns_engine *e, const ddns_address *address,
                       struct ddns_now now, ddns_lease_fn *fn, void *user);

/** Call @p fn for each address that wants @p name, or was told it. */
void ddns_engine_leases_named(struct ddns_engine *e, const struct ddns_name *name,
                              struct ddns_now now, ddns_lease_fn *fn, void *user);

/** Call @p fn with what DNS should say about each address.  Texts are the engine's. */
void ddns_engine_claims(struct ddns_engine *e, ddns_claim_fn *fn, void *user);

/** Call @p fn for each server of each zone. */
void ddns_engine_zones(struct ddns_engine *e, struct ddns_now now, ddns_zone_fn *fn,
                       void *user);

#endif
