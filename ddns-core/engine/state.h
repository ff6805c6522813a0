/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_ENGINE_STATE_H
#define DDNS_ENGINE_STATE_H

/*
 * The engine's inside.  Five kinds of things:
 *
 *   owner    a domain name that bindings want or were told; one change at a time
 *   binding  an address: what DNS should say about it, and what it was told
 *   lane     a zone: the bindings with a change to make there, and its servers
 *   server   an address to talk to; rests when it does not answer
 *   flight   one UPDATE message on its way, carrying the changes of some bindings, or
 *            a query for each of them, where such a message was refused
 *
 * wish.c takes what is wanted, binding.c decides what the next change of an address
 * is, told.c keeps what DNS was told, commit.c takes it to the ledger, walk.c
 * compares with the lease database, stray.c removes what no lease wants, lane.c
 * decides which changes leave together and to whom, flight.c what an answer means,
 * ask.c finds out who spoilt a batch, found.c keeps what an answer showed, server.c who
 * rests, report.c puts events into words, tally.c what is counted, view.c what is known,
 * input.c takes what happened, engine.c hands out what to do.
 */

#include <sys/queue.h>

#include "engine/engine.h"
#include "engine/ring.h"
#include "engine/table.h"
#include "txn/request.h"

enum {
    FLIGHTS_PER_LANE = 8,     /* TCP: some are answered while others become durable */
    FLIGHTS_PER_SERVER = 32,  /* BIND drops what exceeds its update-quota of 100 */
    LEASES_PER_MS = 2,        /* sent faster, the next ones are gathered for a while, */
    GATHER_MAX_MS = 10,       /* and at most so long */
    LEASES_PER_MESSAGE = 256, /* past this, larger messages are hardly faster */
    LOOKAHEAD = 1024,         /* queued bindings looked at to fill one message */
    FEW = 4,          /* leases; a batch of so many is sooner halved than asked about */
    LOOK_BEHIND = 16, /* bindings that wait for a name and may be spared their turn */
    LANES_MAX = 1024, /* parents of names that "*" may stand for at a time */
    REFUSALS_MAX = 4, /* refused leases in a row before it must be the zone */
    STRIKES_MAX = 3,  /* answers lost to one lease alone before it must be the lease */
    UDP_TRIES = 3,
    ROWS_PER_COMMIT = 256, /* one group commit */
    COMMITS_MAX = 4,       /* on their way to the ledger at a time */
    CONNECT_MS = 1000,
    IDLE_MS = 10000, /* BIND closes after 30 s; closing first avoids the race */
    REST_FIRST_MS = 250,
    REST_MAX_MS = 5000,
    SHUNNED_RETRY_MS = 60000,
    SECOND_CHANCE_MS = 2000, /* the least between two tries of what was shunned */
    NO_TCP_MS = 60000,
};

#define NEVER UINT64_MAX

TAILQ_HEAD(binding_list, binding);
STAILQ_HEAD(dirty_list, binding);
TAILQ_HEAD(flight_list, flight);
TAILQ_HEAD(link_list, link);
TAILQ_HEAD(report_list, report);
TAILQ_HEAD(lane_list, lane);

/* There are as many as leases, nearly: keep it small (doc/10-memory.md). */
struct owner {
    struct table_node node;     /* in engine.owners */
    struct binding *holders[2]; /* to whose address it may lead: A, AAAA; of several
                                   the one that was added last */
    struct ring_entry *blocked; /* want to change the name, and wait while it is busy */
    struct ring_entry *waiting; /* lost the name to another; wait until it is free */
    uint32_t refs;
    uint32_t offers; /* how often it may have become free */
    bool busy;       /* a forward change is in flight, or in the batch being gathered */
    uint8_t len;
    uint8_t wire[]; /* the name as it came first; case is kept */
};

/** Where a binding is; the list that its entry is linked into. */
enum place {
    IDLE,      /* none: DNS says what is wanted */
    QUEUED,    /* lane.queue */
    BLOCKED,   /* owner.blocked */
    WAITING,   /* owner.waiting */
    ASIDE,     /* lane.aside: until the zone takes something */
    SHUNNED,   /* lane.shunned: for a while, or until it is renewed */
    IN_FLIGHT, /* none: flight.members */
};

/** Why a forward record is wanted and yet not being added. */
enum hold { HOLD_NONE, HOLD_CONFLICT, HOLD_SUPERSEDED };

/**
 * What DNS should say.  When that is nothing, directions is none, and the rest is
 * what DNS was told, or owner is NULL.
 */
struct wanted {
    struct owner *owner;
    uint32_t ttl;
    struct ddns_dhcid dhcid;
    bool has_dhcid : 1;
    uint8_t directions : 2;
    uint8_t mode : 3;
};

/** What DNS was told; without "sure", it may not have heard it. */
struct told {
    struct owner *forward;        /* the name that leads to the address, or NULL */
    struct owner *reverse;        /* the target of the address's PTR, or NULL */
    struct owner *reverse_before; /* its last sure target, while reverse is not */
    uint32_t forward_ttl;
    uint32_t reverse_ttl;
    bool forward_sure;
    bool reverse_sure;
    uint8_t mode : 3;
    bool has_dhcid;
    struct ddns_dhcid dhcid;
};

enum { NO_CHANGE = 0xff };
enum { MODES = 7 }; /* an enum ddns_conflict_mode has as many bits */

/** Has a batch been refused that it was in, and is its part in that known? */
enum sorting { UNSORTED, TO_ASK, SORTED };

/** What a server said last about a binding, or what kept it from saying something. */
struct answer {
    int8_t error;
    uint8_t rcode;
    uint16_t tsig_error;
};

/* One for each lease: keep it small (doc/10-memory.md). */
struct binding {
    struct table_node node; /* in engine.bindings, or engine.strays */
    union {
        TAILQ_ENTRY(binding) entry; /* in a list of its lane */
        struct ring_entry ring;     /* in one of its owner */
    };
    STAILQ_ENTRY(binding) dirty_entry;
    struct lane *lane; /* while QUEUED, ASIDE, SHUNNED or IN_FLIGHT */
    struct wanted wanted;
    struct told *former;  /* told, where it is not what is wanted: ask told_of() */
    uint32_t offers;      /* the name's, when it was asked for and lost to another */
    uint32_t heard;       /* number of the walk during which a wish was last heard */
    uint32_t told_at;     /* Unix seconds of the last change of told */
    uint32_t answered_at; /* Unix seconds; 0: never */
    uint32_t since;       /* when it left its rest, on the clock of tally.c; 0: at rest */
    struct answer answer;
    uint16_t struck; /* server.answers when an answer to it alone was last lost */
    uint8_t place : 3;
    uint8_t hold : 2;
    uint8_t strikes : 2; /* answers lost to it alone, while the server answered others */
    bool stray : 1;      /* what DNS says and no lease wants; not in engine.bindings */
    bool suspect : 1;    /* shunned before, and has not been accepted since */
    bool doubted : 1;    /* DNS may have lost its change since it was sent */
    bool dirty : 1;      /* told differs from what was last committed */
    bool held : 1;       /* restored, and no wish was heard since */
    bool told_forward : 1; /* told, where it is what is wanted: of that, which */
    bool told_reverse : 1;
    bool forward_sure : 1;
    bool reverse_sure : 1;
    uint8_t told_mode : 3;
    uint8_t sorting : 2; /* enum sorting, of its change */
    bool has_found : 1;  /* DHCIDs: ask found_of() */
    uint8_t change;      /* enum ddns_change, or NO_CHANGE */
    uint8_t step;
    uint8_t turns;
    uint16_t limit; /* largest message it may share; shrinks when one is turned down */
    uint8_t address_len;
    uint8_t address[]; /* ask binding_address() */
};

_Static_assert(STRIKES_MAX < 4, "binding.strikes has two bits");

/** Why something was turned down. */
struct reason {
    ddns_error error;
    unsigned rcode;
    unsigned tsig_error;
    int64_t clock_skew;
};

/** How a thing that failed comes back: longer and longer rests, then one try. */
struct rest {
    bool down;
    unsigned failures;
    uint64_t until;
    uint64_t since;     /* Unix seconds of the last change of down; 0: never */
    struct reason last; /* why it was down last */
};

/** What a zone has experienced with one of its servers. */
struct pair {
    const struct ddns_tsig_key *key;
    struct server *server;
    ddns_traffic *traffic;
    struct rest rest;
    unsigned in_flight;
    unsigned refusals; /* leases refused since something was accepted */
    bool accepting;    /* the last thing it said about the zone was yes */
};

struct lane {
    TAILQ_ENTRY(lane) entry;
    const struct ddns_zone *zone;
    ddns_zone_load *load;
    struct ddns_name apex;
    struct binding_list queue;
    size_t queued; /* in queue */
    struct binding_list aside;
    struct binding_list shunned;
    uint64_t gather_until; /* before that, nothing but a full message leaves */
    uint64_t shunned_retry_at;
    uint64_t second_chance_at; /* before that, no acceptance brings on a try */
    unsigned second_chances;   /* in vain, one after the other */
    unsigned in_flight;
    unsigned probes;     /* sent while the zone or the server was down */
    struct pair pairs[]; /* zone->count */
};

struct server {
    const struct ddns_endpoint *endpoint;
    ddns_server_health *health;
    unsigned index;
    struct link *tcp; /* the one connection, or NULL */
    struct rest rest;
    unsigned in_flight;
    uint32_t answers;      /* believed, in all */
    uint64_t heard_at;     /* last believed answer */
    uint64_t no_tcp_until; /* UDP: its TCP could not be reached */
};

/** What the caller has to do about a link next. */
enum link_state { LINK_NEW, LINK_CONNECTING, LINK_OPEN, LINK_CLOSING };

struct link {
    TAILQ_ENTRY(link) entry;
    ddns_link id;
    struct server *server;
    ddns_transport transport;
    enum link_state state;
    unsigned in_flight;
    unsigned answers;
    uint64_t since; /* when it began to connect, or was last used */
};

/** A query about the name of one member of a flight. */
struct question {
    struct ddns_mac mac;
    bool answered;
    uint8_t finding; /* enum ddns_found */
    uint8_t rcode;
    struct ddns_dhcids found;
};

struct flight {
    TAILQ_ENTRY(flight) entry;
    struct link *link;
    struct lane *lane;
    struct pair *pair;
    bool unsent;   /* SEND still has to be asked for, once or for more questions */
    bool has_hint; /* an unsigned refusal arrived: believed only if nothing better does */
    uint16_t id;   /* of questions, the first one's; the others count on */
    unsigned tries;
    uint64_t commit; /* must be durable before it is sent */
    uint64_t sent_at;
    uint64_t resend_at;
    uint64_t deadline;
    struct reason hint;
    struct ddns_mac mac;
    uint8_t *wire;
    size_t wire_len;
    struct question *questions;   /* one a member, in place of the message; or NULL */
    size_t asked, answered;       /* questions */
    const struct ddns_plan *plan; /* what all members are doing, */
    unsigned step;                /* and how far they are */
    size_t count;
    struct binding *members[];
};

/** Bindings at the same step of the same plan, which may leave in one message. */
struct batch {
    struct lane *lane;
    struct pair *pair;
    size_t count;
    struct binding *members[LEASES_PER_MESSAGE];
};

/** An event before it is put into words. */
struct report {
    TAILQ_ENTRY(report) entry;
    ddns_event_kind kind;
    ddns_address address;
    struct owner *owner; /* NULL for servers and zones */
    ddns_direction direction;
    const struct lane *lane;     /* NULL for servers */
    const struct server *server; /* NULL where none is meant */
    const struct pair *pair;     /* NULL where none is meant */
    struct reason reason;
};

struct ddns_engine {
    struct ddns_engine_config config;
    struct table owners;
    struct table bindings;
    struct table strays;
    struct table found;     /* what found.c keeps */
    struct lane_list lanes; /* the one whose turn it is first */
    size_t lane_count;
    struct server *servers; /* one per endpoint */
    struct link_list links;
    ddns_link last_link;
    struct flight_list flights;
    struct report_list reports;
    struct report *told; /* lent out by the last DDNS_DO_TELL */

    /* the walk through the lease database */
    bool walking;
    bool afresh;
    uint32_t walk; /* its number, or that of the last one */
    ddns_range range;

    /* durability */
    bool durable;
    struct dirty_list dirty;
    size_t dirty_count;
    uint64_t commits_begun;
    uint64_t commits_done;
    struct ddns_row *rows;

    ddns_stats stats;
    ddns_statistics statistics;
    uint64_t now_ms; /* as of the last next() */
    uint64_t unix_s;

    /* room to build one message and one event in */
    struct ddns_update update;
    struct ddns_subject subjects[LEASES_PER_MESSAGE];
    uint8_t message[DDNS_MESSAGE_MAX];
    ddns_event event;
    char text_fqdn[DDNS_NAME_TEXT_MAX];
    char text_told[DDNS_NAME_TEXT_MAX];
    char text_ptr[DDNS_NAME_TEXT_MAX];
    char text_zone[DDNS_NAME_TEXT_MAX];
    char text_key[DDNS_NAME_TEXT_MAX];
    char text_server[DDNS_ADDRESS_TEXT_MAX + 8];
};

/* ---- owner.c ------------------------------------------------------------- */

/** The owner for @p name with one more reference, or NULL without memory. */
struct owner *owner_take(struct ddns_engine *e, const struct ddns_name *name);
/** The owner for @p name, or NULL when nobody wants it or was told it. */
const struct owner *owner_find(const struct ddns_engine *e, const struct ddns_name *name);
struct owner *owner_share(struct owner *owner);
void owner_drop(struct ddns_engine *e, struct owner *owner); /**< accepts NULL */
struct ddns_name owner_name(const struct owner *owner);

/** Is it the name of @p owner? */
bool owner_is_named(const struct owner *owner, const struct ddns_name *name);

/** The place in @p owner's holders for addresses of the family of @p b. */
struct binding **owner_holder(struct owner *owner, const struct binding *b);

/* For the table of owners. */
uint64_t owner_hash(const struct table_node *node, uint64_t seed);
void owner_destroy(struct table_node *node);

/** No change is in flight any more: let the next one go. */
void owner_release(struct ddns_engine *e, struct owner *owner);

/** The name may be free: let its clients of before, and one stranger, try again. */
void owner_offer(struct ddns_engine *e, struct owner *owner);

/* ---- binding.c ----------------------------------------------------------- */

/** The binding of @p address, made when there is none; NULL without memory. */
struct binding *binding_take(struct ddns_engine *e, const ddns_address *address,
                             bool *out_added);
void binding_free(struct ddns_engine *e, struct binding *b);

/** A binding that is in no table yet; NULL without memory. */
struct binding *binding_new(const ddns_address *address);
ddns_address binding_address(const struct binding *b);

/** The binding that has @p entry in a list of its owner; NULL for NULL. */
struct binding *binding_of_ring(struct ring_entry *entry);

/* For the tables of bindings. */
uint64_t binding_hash(const struct table_node *node, uint64_t seed);
void binding_destroy(struct table_node *node);

/** Nothing is wanted, told or to be committed. */
bool binding_is_empty(const struct binding *b);

/** Put @p b where its next change can be made, or free it when nothing is left. */
void binding_route(struct ddns_engine *e, struct binding *b, bool first);

/** The current change of @p b is not to be made: go on without it. */
void binding_give_up(struct ddns_engine *e, struct binding *b);

/** Take @p b out of the list that it is in. */
void binding_leave(struct ddns_engine *e, struct binding *b);

/** The name that the current change of @p b is about; NULL in the reverse tree. */
struct owner *binding_subject(const struct binding *b);
ddns_conflict_mode binding_mode(const struct binding *b);
const struct ddns_plan *binding_plan(const struct binding *b);

/** Does the address of @p b, added to its client's name, leave the others that it has? */
bool stands_beside_others(const struct binding *b, uint8_t mode);

/** Has a question to be asked before the change of @p b can go on? */
bool binding_asks(const struct binding *b);

/** Are the DHCIDs the same, or both none? */
bool same_dhcid(bool has_a, const struct ddns_dhcid *a, bool has_b,
                const struct ddns_dhcid *b);

/** Is the wanted name the one that DNS was told, and for the same client? */
bool same_claim(const struct wanted *wanted, const struct told *told);

/** Is what is wanted for the client for which DNS was told @p other? */
bool same_client(const struct wanted *wanted, const struct binding *other);

/** The binding of @p address, or NULL. */
struct binding *binding_find(const struct ddns_engine *e, const ddns_address *address);

/* ---- commit.c ------------------------------------------------------------ */

/** What was told is another thing now: remember when, and to commit it. */
void told_changed(struct ddns_engine *e, struct binding *b);

/** Commit the row of @p b, where there is a ledger. */
void commit_later(struct ddns_engine *e, struct binding *b);

/** Fill one commit in its turn; false also when enough are under way. */
bool commit_next(struct ddns_engine *e, struct ddns_action *out);

/* ---- wish.c -------------------------------------------------------------- */

/** Want nothing for @p b, as was said at @p wished_ms, or is now for 0. */
void want_nothing(struct ddns_engine *e, struct binding *b, uint64_t wished_ms);

/** Act as if DNS may have forgotten what it was told for @p b. */
void distrust(struct ddns_engine *e, struct binding *b);

/* ---- stray.c ------------------------------------------------------------- */

/** True when what the stray @p b is to remove has become that of a lease. */
bool stray_is_moot(const struct ddns_engine *e, const struct binding *b);

/* ---- told.c -------------------------------------------------------------- */

/** What DNS was told for @p b. */
struct told told_of(const struct binding *b);
struct owner *told_forward(const struct binding *b);
struct owner *told_reverse(const struct binding *b);
bool told_anything(const struct binding *b);

/** The DHCID that DNS was told for @p b, or NULL; valid while nothing changes it. */
const struct ddns_dhcid *told_dhcid(const struct binding *b);

/**
 * Replace what DNS was told for @p b by @p told.  Where it is not what is wanted,
 * told_keep() must have said true since.
 */
void told_put(struct binding *b, const struct told *told);

/** Make room for told to differ from what is wanted; false without memory. */
bool told_keep(struct binding *b);

/** DNS may not have, or not all of, what it was told in @p directions. */
void told_unsure(struct binding *b, unsigned directions);

void told_forget_forward(struct ddns_engine *e, struct binding *b);

/** The PTR does not have the target told last; it may have the one before. */
void told_forget_reverse(struct ddns_engine *e, struct binding *b);

/** From here on DNS may have been told the change of @p b. */
void binding_claim(struct ddns_engine *e, struct binding *b);

/** DNS has made the change of @p b. */
void binding_done(struct ddns_engine *e, struct binding *b, struct lane *lane);

/** The name belongs to another client. */
void binding_conflict(struct ddns_engine *e, struct binding *b, struct lane *lane,
                      struct reason reason);

/** Turned down for itself: it waits by itself, and is tried again later. */
void binding_shun(struct ddns_engine *e, struct binding *b, const struct pair *pair,
                  struct reason reason, uint64_t now);

/** Not to be blamed: it waits until the zone takes something. */
void binding_set_aside(struct ddns_engine *e, struct binding *b);

/** True when the removal of @p b would remove what another has in its place. */
bool binding_is_moot(const struct binding *b);

/* ---- lane.c -------------------------------------------------------------- */

/** Make the lanes of all zones but "*", which gets them as they are needed. */
bool lanes_open(struct ddns_engine *e);

/** The lane for @p change of @p b, or NULL when no zone is configured for it. */
struct lane *lane_of(struct ddns_engine *e, const struct binding *b,
                     enum ddns_change change);

/** Begin one more flight or connection for @p lane; false when nothing can be done. */
bool lane_advance(struct ddns_engine *e, struct lane *lane, struct ddns_now now);

/** True while what is queued waits for more to come. */
bool lane_gathers(const struct lane *lane, uint64_t now_ms);

/** True when some server of the zone is not known to be away. */
bool lane_hopeful(const struct lane *lane);

/** The zone takes something: queue again what was set aside. */
void lane_resume(struct ddns_engine *e, struct lane *lane);

/** Give what was shunned another chance. */
void lane_retry_shunned(struct ddns_engine *e, struct lane *lane);

/**
 * The zone has taken a change: perhaps it was the zone that would not take what was
 * shunned.  Tried at longer and longer intervals, as it may be the leases after all.
 */
void lane_second_chance(struct ddns_engine *e, struct lane *lane, struct ddns_now now);

/* ---- found.c ------------------------------------------------------------- */

/** The DHCIDs that were found at the name of @p b; NULL where none were asked for. */
const struct ddns_dhcids *found_of(const struct ddns_engine *e, const struct binding *b);

/** Keep @p dhcids for the change of @p b; false without memory. */
bool found_keep(struct ddns_engine *e, struct binding *b,
                const struct ddns_dhcids *dhcids);

/** Every binding's are forgotten before it is freed. */
void found_forget(struct ddns_engine *e, struct binding *b);

/* For the table of them. */
uint64_t found_hash(const struct table_node *node, uint64_t seed);
void found_destroy(struct table_node *node);

/* ---- ask.c --------------------------------------------------------------- */

/** Ask about the names of @p batch on @p link: of one alone by UDP. */
DDNS_NODISCARD ddns_error ask_begin(struct ddns_engine *e, const struct batch *batch,
                                    struct link *link);

/** The next question of @p f, which has one; in a buffer of the engine. */
struct ddns_bytes ask_next(struct ddns_engine *e, struct flight *f, struct ddns_now now);

/** Let the members of @p f go on, each as the answers so far suggest.  Frees it. */
void ask_conclude(struct ddns_engine *e, struct flight *f, struct ddns_now now);

/** @p message came on the link of @p f, with the id of one of its questions. */
void ask_heard(struct ddns_engine *e, struct flight *f, struct ddns_bytes message,
               struct ddns_now now);

/* ---- flight.c ------------------------------------------------------------ */

/** The first of @p count ids that no other message on @p link waits for. */
uint16_t fresh_ids(struct ddns_engine *e, const struct link *link, size_t count);

/** The flight without a message, or NULL without memory. */
struct flight *flight_new(const struct batch *batch);

/** Put @p f, whose members are those of its batch, on @p link. */
void flight_depart(struct ddns_engine *e, struct flight *f, struct link *link);

/** The flight is over; its members have been, or are being, dealt with.  Frees it. */
void flight_arrive(struct ddns_engine *e, struct flight *f, struct ddns_now now);
void flight_free(struct flight *f);

/** True for the id of the message, or of one of the questions, of @p f. */
bool flight_has_id(const struct flight *f, uint16_t id);

/**
 * Build and sign one message for @p batch and put it on @p link.
 *
 * @retval DDNS_E_SPACE  larger than @p cap: try fewer, or TCP
 */
DDNS_NODISCARD ddns_error flight_begin(struct ddns_engine *e, const struct batch *batch,
                                       struct link *link, size_t cap,
                                       struct ddns_now now);
void flight_answered(struct ddns_engine *e, struct flight *f, unsigned rcode,
                     const struct ddns_tsig_result *tsig, struct ddns_now now);

/** The message came to nothing for @p error: its bindings queue again. */
void flight_abandon(struct ddns_engine *e, struct flight *f, ddns_error error,
                    struct ddns_now now);

/** It cannot be sent at all: its lease waits by itself. */
void flight_shun(struct ddns_engine *e, struct flight *f, ddns_error error,
                 struct ddns_now now);

/** Nothing was heard in time. */
void flight_expired(struct ddns_engine *e, struct flight *f, struct ddns_now now);

/** The zone's server turned it down for @p reason. */
void flight_refused(struct ddns_engine *e, struct flight *f, struct reason reason,
                    struct ddns_now now);

/* ---- server.c ------------------------------------------------------------ */

struct link *link_new(struct ddns_engine *e, struct server *server,
                      ddns_transport transport, struct ddns_now now);
struct link *link_find(struct ddns_engine *e, ddns_link id);
void link_close(struct ddns_engine *e, struct link *link);
void link_free(struct ddns_engine *e, struct link *link);

/** Forget @p link and queue again what was on it. */
void link_lost(struct ddns_engine *e, struct link *link, ddns_error error,
               struct ddns_now now);
/** @p link cannot be used; nor can its server, unless it was only a way round UDP. */
void link_failed(struct ddns_engine *e, struct link *link, ddns_error error,
                 struct ddns_now now);
void server_failed(struct ddns_engine *e, struct server *server, ddns_error error,
                   struct ddns_now now);
void server_answered(struct ddns_engine *e, struct server *server, struct ddns_now now);

/** Time at which @p link has taken too long to connect. */
uint64_t link_connect_deadline(const struct ddns_engine *e, const struct link *link);
bool link_is_idle(const struct link *link);

/** True when @p rest is over or was never needed. */
bool rest_over(const struct rest *rest, struct ddns_now now);
void rest_begin(struct ddns_engine *e, struct rest *rest, struct reason reason,
                struct ddns_now now);
void rest_end(struct rest *rest, struct ddns_now now);

/* ---- tally.c ------------------------------------------------------------- */

/** Make a place for all that can be counted; false without memory. */
bool tally_open(struct ddns_engine *e);
void tally_close(struct ddns_engine *e);

/** Where what happens in @p lane, which is new, is counted. */
void tally_lane(struct ddns_engine *e, struct lane *lane);

/** The message of @p f leaves, perhaps once more. */
void tally_sent(struct ddns_engine *e, const struct flight *f);

/** It was answered for @p reason; of this and tally_failure(), one for each flight. */
void tally_answer(const struct flight *f, struct reason reason, struct ddns_now now);
void tally_failure(const struct flight *f, ddns_error error);

/** What is wrong with the signature of an answer to @p f, if anything is. */
void tally_tsig(const struct flight *f, const struct ddns_tsig_result *tsig);

/** What @p b is to say differs from what DNS says, since @p wished_ms, or now for 0. */
void tally_wish(struct ddns_engine *e, struct binding *b, uint64_t wished_ms);

/** Nothing is to be done about @p b. */
void tally_rest(struct binding *b);

/** DNS has made the change of @p b, a member of @p f. */
void tally_change(const struct flight *f, const struct binding *b, struct ddns_now now);

/* ---- report.c ------------------------------------------------------------ */

/** What a report about a lease names: the name, the zone, and the server or NULL. */
struct report_of {
    struct owner *owner;
    const struct lane *lane;
    const struct pair *pair;
};
void report_lease(struct ddns_engine *e, ddns_event_kind kind, const struct binding *b,
                  struct report_of of, struct reason reason);
void report_server(struct ddns_engine *e, ddns_event_kind kind,
                   const struct server *server, ddns_error error);
void report_zone(struct ddns_engine *e, ddns_event_kind kind, const struct lane *lane,
                 const struct pair *pair, struct reason reason);

/** "address#port", in a buffer of the engine. */
const char *server_text(struct ddns_engine *e, const struct server *server);

/** The name in @p text, which has DDNS_NAME_TEXT_MAX bytes; NULL for NULL. */
const char *owner_text(const struct owner *owner, char *text);

/** Put the oldest report into words; NULL when there is none. */
const ddns_event *report_next(struct ddns_engine *e);
void report_free_all(struct ddns_engine *e);

#endif
