/* SPDX-License-Identifier: MPL-2.0 */
#include "engine/parts.h"

void ddns_engine_on_open(struct ddns_engine *e, ddns_link id, struct ddns_now now)
{
    struct link *link = link_find(e, id);

    if (link != NULL && link->state == LINK_CONNECTING) {
        link->state = LINK_OPEN;
        link->since = now.mono_ms;
        link->server->health->connected++;
    }
}

void ddns_engine_on_lost(struct ddns_engine *e, ddns_link id, ddns_error error,
                         struct ddns_now now)
{
    struct link *link = link_find(e, id);

    if (link == NULL) {
        return;
    }
    if (link->state == LINK_OPEN && (link->in_flight == 0 || link->answers > 0)) {
        link_lost(
            e, link, error,
            now); /* a server may close what it has served (RFC 7766 section 6.2.3) */
        return;
    }
    link_failed(e, link, error, now);
}

static bool zone_matches(struct ddns_reader *r, const struct ddns_header *h,
                         const struct flight *f)
{
    struct ddns_question q;

    if (h->counts[DDNS_ZONE] == 0) {
        return true; /* a server need not repeat it (RFC 2136 section 3.8) */
    }
    ddns_read_question(r, &q);
    return ddns_reader_ok(r) && h->counts[DDNS_ZONE] == 1 && q.type == DDNS_TYPE_SOA &&
           q.klass == DDNS_CLASS_IN && ddns_name_equal(&q.name, &f->lane->apex);
}

/* The flight that waits on @p link for an answer with @p id, or NULL. */
static struct flight *flight_of_id(const struct ddns_engine *e, const struct link *link,
                                   uint16_t id)
{
    struct flight *f;

    TAILQ_FOREACH(f, &e->flights, entry)
    {
        if (f->link == link && flight_has_id(f, id)) {
            return f;
        }
    }
    return NULL;
}

/*
 * The flight that @p message answers, going by its link, id and zone section; what
 * answers a question is left to ask_heard().
 */
static struct flight *match(struct ddns_engine *e, const struct link *link,
                            struct ddns_bytes message, struct ddns_header *out_header)
{
    struct ddns_reader r = ddns_reader_of(message);
    struct flight *f;

    ddns_read_header(&r, out_header);
    if (!ddns_reader_ok(&r) || !(out_header->flags & DDNS_FLAG_QR)) {
        return NULL;
    }
    f = flight_of_id(e, link, out_header->id);
    if (f == NULL || f->questions != NULL) {
        return f;
    }
    return !f->unsent && ddns_header_opcode(out_header) == DDNS_OPCODE_UPDATE &&
                   zone_matches(&r, out_header, f)
               ? f
               : NULL;
}

/* The answer did not fit a datagram: ask again over TCP (RFC 2136 section 6.2). */
static void move_to_tcp(struct ddns_engine *e, struct flight *f, struct ddns_now now)
{
    struct server *server = f->pair->server;
    struct link *tcp = server->tcp;

    if (server->no_tcp_until > now.mono_ms) {
        flight_shun(e, f, DDNS_E_SPACE, now);
        return;
    }
    if (tcp == NULL) {
        tcp = link_new(e, server, DDNS_TCP, now);
    }
    if (tcp == NULL || flight_of_id(e, tcp, f->id) != NULL) {
        flight_abandon(e, f, DDNS_E_NOMEM, now); /* it goes again, with another id */
        return;
    }
    f->link->in_flight--;
    link_close(e, f->link);
    f->link = tcp;
    tcp->in_flight++;
    f->unsent = true;
    f->resend_at = NEVER;
}

/*
 * An answer that is not signed by the key proves nothing (RFC 8945 section 5.3),
 * but a server that does not know the key cannot sign.  What it says is kept and
 * believed when nothing better arrives; at once on TCP, where nobody else can say it.
 */
static void on_unproven(struct ddns_engine *e, struct flight *f, unsigned rcode,
                        const struct ddns_tsig_result *tsig, struct ddns_now now)
{
    bool plain =
        tsig->verdict == DDNS_TSIG_UNSIGNED || tsig->verdict == DDNS_TSIG_MISSING;

    e->stats.ignored++;
    if (!plain || rcode == DDNS_NOERROR) {
        return;
    }
    f->has_hint = true;
    f->hint = (struct reason){ .rcode = rcode, .tsig_error = tsig->error };
    if (f->link->transport == DDNS_TCP && tsig->verdict == DDNS_TSIG_UNSIGNED) {
        server_answered(e, f->pair->server, now);
        flight_refused(e, f, f->hint, now);
    }
}

void ddns_engine_on_message(struct ddns_engine *e, ddns_link id,
                            struct ddns_bytes message, struct ddns_now now)
{
    struct link *link = link_find(e, id);
    struct ddns_tsig_result tsig = { .verdict = DDNS_TSIG_GOOD };
    struct ddns_header header = { 0 };
    struct flight *f = link == NULL ? NULL : match(e, link, message, &header);
    unsigned rcode = ddns_header_rcode(&header);

    if (f == NULL) {
        e->stats.ignored++;
        return;
    }
    if ((header.flags & DDNS_FLAG_TC) && link->transport == DDNS_UDP) {
        move_to_tcp(e, f, now);
        return;
    }
    if (f->questions != NULL) {
        ask_heard(e, f, message, now);
        return;
    }
    if (f->pair->key != NULL &&
        ddns_tsig_verify(message, f->pair->key, &f->mac, now.unix_s, &tsig) != DDNS_OK) {
        e->stats.ignored++;
        return;
    }
    tally_tsig(f, &tsig);
    if (tsig.verdict != DDNS_TSIG_GOOD) {
        on_unproven(e, f, rcode, &tsig, now);
        return;
    }
    e->stats.answered++;
    flight_answered(e, f, rcode, &tsig, now);
}

static void tick_links(struct ddns_engine *e, struct ddns_now now)
{
    struct link *link = TAILQ_FIRST(&e->links);

    while (link != NULL) {
        struct link *next = TAILQ_NEXT(link, entry);

        if (link->state == LINK_CONNECTING &&
            now.mono_ms >= link_connect_deadline(e, link)) {
            link_failed(e, link, DDNS_E_TIMEOUT, now);
            return; /* it may have closed several; the rest is due at the next tick */
        }
        if (link_is_idle(link) && now.mono_ms >= link->since + IDLE_MS) {
            link_close(e, link);
        }
        link = next;
    }
}

/* Handle one flight whose time has come; the list may be another one afterwards. */
static bool tick_flight(struct ddns_engine *e, struct ddns_now now)
{
    struct flight *f;

    TAILQ_FOREACH(f, &e->flights, entry)
    {
        if (f->unsent) {
            continue;
        }
        if (now.mono_ms >= f->deadline) {
            flight_expired(e, f, now);
            return true;
        }
        if (now.mono_ms >= f->resend_at) {
            f->unsent = true;
            return true;
        }
    }
    return false;
}

void ddns_engine_on_tick(struct ddns_engine *e, struct ddns_now now)
{
    struct lane *lane;

    while (tick_flight(e, now)) {
    }
    tick_links(e, now);
    TAILQ_FOREACH(lane, &e->lanes, entry)
    {
        e->served = lane;
        if (!TAILQ_EMPTY(&lane->shunned) && now.mono_ms >= lane->shunned_retry_at) {
            lane_retry_shunned(e, lane);
        }
    }
    e->served = NULL;
    lanes_house(e, now);
}
