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
 * What is done with them stands in parts.h.
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
    FEW = 4,           /* leases; a batch of so many is sooner halved than asked about */
    LOOK_BEHIND = 16,  /* bindings that wait for a name and may be spared their turn */
    LANES_KEPT = 1024, /* for "*"; beyond that, those that nothing needs are given up */
    REFUSALS_MAX = 4,  /* refused leases in a row before it must be the zone */
    STRIKES_MAX = 3,   /* answers lost to one lease alone before it must be the lease */
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
    HOMELESS,  /* engine.homeless: there is no memory for the lane of its zone */
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
    struct table found;         /* what found.c keeps */
    struct lane_list lanes;     /* the one whose turn it is first */
    struct lane **lane_of_zone; /* of each zone that is not "*", by its index */
    size_t lane_count;
    const struct lane *served; /* in the middle of being served, so that it has to stay */
    struct binding_list homeless;
    uint64_t homeless_retry_at;
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

#endif
