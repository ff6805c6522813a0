/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_RUNNER_H
#define DDNS_CLIENT_RUNNER_H

#include "client/bookkeeper.h"
#include "client/flood.h"
#include "client/publisher.h"
#include "client/random.h"
#include "proto/dhcid.h"
#include "transport/transport.h"

/**
 * The work of the client's thread: it carries what the engine decides to the
 * transport, and what happens there back to the engine.
 *
 * Opened and closed by the thread that owns the client; in between all of it
 * belongs to the thread that is in ddns_runner_run().
 */
struct ddns_runner {
    uv_loop_t loop;
    uv_async_t bell;   /**< ends the sleep: look into the mailbox */
    uv_timer_t alarm;  /**< ends the sleep: something is due */
    uv_prepare_t turn; /**< runs before each sleep */
    struct ddns_transport_set *links;
    struct ddns_engine *engine;
    struct ddns_bookkeeper books;
    struct ddns_publisher publisher;
    struct ddns_random random;

    const struct ddns_zones *zones;
    const struct ddns_dhcid_maker *dhcids;
    struct ddns_mailbox *mailbox;
    ddns_event_fn *on_event; /**< may be NULL */
    void *user;

    struct ddns_letters letters; /**< taken, but not yet read to the engine */
    uint64_t read_on_at_ms;      /**< when to read the rest of them */
    uint64_t look_at_ms;         /**< when to look for more */
    uint64_t look_until_ms;      /**< until then, as the mailbox was told */
    struct ddns_flood letters_flood, bindings_flood;
    uint64_t stop_at_ms;
    bool stopping;
};

/** What a runner works with; all of it is borrowed for the runner's life. */
struct ddns_runner_config {
    const struct ddns_zones *zones;
    const struct ddns_dhcid_maker *dhcids;
    unsigned timeout_ms;
    bool mixed;
    const char *ledger;     /**< path, or NULL for none */
    const char *prometheus; /**< path, or NULL for none */
    const char *daemon;     /**< who we are, for that file */
    struct ddns_mailbox *mailbox;
    ddns_event_fn *on_event;
    void *user;
};

/** Have everything that can fail behind us before the thread starts. */
DDNS_NODISCARD ddns_error ddns_runner_open(struct ddns_runner *r,
                                           const struct ddns_runner_config *config);

/** Returns once the mailbox was closed and the work is done or its grace is over. */
void ddns_runner_run(struct ddns_runner *r);

/** Close and release everything, whether it ever ran or not. */
void ddns_runner_close(struct ddns_runner *r);

#endif
