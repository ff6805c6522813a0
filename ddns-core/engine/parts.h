/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_ENGINE_PARTS_H
#define DDNS_ENGINE_PARTS_H

/*
 * What the engine's files do for each other.
 *
 * wish.c takes what is wanted, binding.c decides what the next change of an address
 * is, told.c keeps what DNS was told, commit.c takes it to the ledger, walk.c
 * compares with the lease database, stray.c removes what no lease wants, lane.c
 * decides which changes leave together and to whom, flight.c what an answer means,
 * ask.c finds out who spoilt a batch, found.c keeps what an answer showed, server.c who
 * rests, report.c puts events into words, tally.c what is counted, view.c what is known,
 * input.c takes what happened, engine.c hands out what to do.
 */

#include "engine/state.h"

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

/**
 * A change that was blocked or queued is not going to be made: the name, unless it is
 * busy, goes to whoever waits behind it.
 */
void owner_hand_on(struct ddns_engine *e, struct owner *owner);

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

/**
 * Put @p b where its next change can be made, or free it when nothing is left; true when
 * it is queued.
 */
bool binding_route(struct ddns_engine *e, struct binding *b, bool first);

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

/**
 * The lane for @p change of @p b, or NULL when no zone is configured for it; false
 * without memory.
 */
bool lane_of(struct ddns_engine *e, const struct binding *b, enum ddns_change change,
             struct lane **out_lane);

/** Route again what had no lane for lack of memory, if it is time to. */
void lanes_house(struct ddns_engine *e, struct ddns_now now);

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
