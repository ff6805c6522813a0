/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SCENARIO_WORLD_H
#define SCENARIO_WORLD_H

#include "engine/engine.h"
#include "scenario/model_server.h"

/**
 * What surrounds an engine in virtual time: a clock, dice that fall the same way
 * for the same seed, two servers of a forward and a reverse zone with moods of
 * their own, and what leases want.
 */
enum {
    ADDRESSES = 40, /* 192.0.2.0 or 2001:db8:: and up */
    NAMES = 25,
    CLIENTS = 20,
    SERVERS = 2,
    DELIVERIES_MAX = 4096,
    LINKS_MAX = 256,
};

enum mood { WELL, DEAF, CLOSED, SERVFAIL, REFUSES, FORGETFUL, MOODS };

struct delivery {
    uint64_t at;
    enum { OPEN, MESSAGE, LOST, COMMITTED } kind;
    ddns_link link;
    uint64_t commit;
    ddns_error error;
    uint8_t bytes[MODEL_ANSWER_MAX];
    size_t len;
};

struct world;

/** What a program does about what the engine asks for; each may be NULL. */
struct world_hooks {
    /** Rows are to be made durable: world_commits() later.  Without it, they are. */
    void (*commit)(struct world *w, const struct ddns_action *act);
    /** A commit that world_commits() was asked for is there. */
    void (*committed)(struct world *w, uint64_t commit);
    /** An update leaves. */
    void (*sent)(struct world *w, struct ddns_bytes message);
};

struct world {
    uint64_t seed;
    uint64_t random;
    uint64_t now; /* milliseconds */
    struct ddns_engine *engine;
    struct model_server *dns;
    enum mood moods[SERVERS];
    struct delivery queue[DELIVERIES_MAX];
    size_t queued;
    struct {
        ddns_link link;
        unsigned server;
    } links[LINKS_MAX];
    size_t link_count;
    struct ddns_wish wishes[ADDRESSES]; /* what is wanted; directions 0: nothing */
    uint64_t conflicts;
    uint64_t asked; /* queries that were answered */
    ddns_conflict_mode mode;
    bool ipv6;                 /* the addresses; world_make_ipv6() */
    const struct world *other; /* world_share(); NULL: no other */
    uint32_t ttl;
    const struct world_hooks *hooks;
    void *user;      /* of the hooks */
    unsigned breath; /* actions until the process dies; 0: it lives on */
    bool dead;       /* nothing more happens in it */

    struct ddns_endpoint endpoints[SERVERS];
    struct ddns_zone zones[2];
    struct ddns_zones all;
};

/** A world for @p seed, without an engine; aborts without memory. */
struct world *world_new(uint64_t seed);
void world_free(struct world *w);

/** From its beginning the addresses of this world are of IPv6. */
void world_make_ipv6(struct world *w);

/**
 * Make @p w, of IPv6, and @p other, of IPv4, two processes with one forward zone, in
 * mixed mode; before they begin.  World_unshare() before either is freed.
 */
void world_share(struct world *w, struct world *other);
void world_unshare(struct world *w, struct world *other);

/** A new engine, however often memory fails. */
void world_begin(struct world *w);

/** The engine and all its connections are gone, and what was on its way to it. */
void world_end(struct world *w);

/** A number below @p n. */
uint32_t below(struct world *w, uint32_t n);

/** A name that is known to be one. */
struct ddns_name name_of(const char *text);

/** The name that DHCP has not put there, and must not touch. */
struct ddns_name static_name(void);

/** The DHCID of client @p number at @p fqdn. */
struct ddns_dhcid client_dhcid(const struct world *w, uint32_t number,
                               const struct ddns_name *fqdn);

/** Does some client of IPv4 send its DUID (RFC 4361)?  Then the families may conflict. */
bool world_sends_duids(const struct world *w);

/** Some client wants some name to lead to @p address. */
struct ddns_wish world_wish(struct world *w, unsigned address);

/** May a name lead to several addresses of its client? */
bool world_shares_names(const struct world *w);

/** Do the prerequisites defend names against other clients? */
bool world_is_guarded(const struct world *w);

/** Let @p commit be durable in @p ms. */
void world_commits(struct world *w, uint64_t commit, uint64_t ms);

/** No commit that was asked for comes any more. */
void world_forget_commits(struct world *w);

/** Let @p ms pass, event by event, or less when the process dies. */
void world_pass(struct world *w, uint64_t ms);

#endif
