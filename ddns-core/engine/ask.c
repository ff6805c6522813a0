/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "engine/parts.h"
#include "proto/query.h"
#include "txn/ask.h"

/*
 * A refused batch says that one of its names is not as was supposed, and not which.
 * A query costs a server a fiftieth of an update, so the names are asked about, all
 * at once, and then go on with those in the same state.  The answers choose the step
 * alone: its prerequisites guard it, and a batch that is refused again is halved.
 *
 * In mixed mode an update has to name the DHCIDs that stand at its name, so there a plan
 * has steps that only ask.  They take turns as others do, and are not asked for ever.
 */

ddns_error ask_begin(struct ddns_engine *e, const struct batch *batch, struct link *link)
{
    struct flight *f = flight_new(batch);

    if (f == NULL) {
        return DDNS_E_NOMEM;
    }
    f->questions = calloc(batch->count, sizeof *f->questions);
    if (f->questions == NULL) {
        flight_free(f);
        return DDNS_E_NOMEM;
    }
    f->id = fresh_ids(e, link, batch->count);
    flight_depart(e, f, link);
    return DDNS_OK;
}

/* As DNS was told it: what is wanted may be another thing by now. */
static struct ddns_subject subject_of(const struct flight *f, const struct binding *b)
{
    bool forward = ddns_change_direction((enum ddns_change)b->change) == DDNS_FORWARD;
    const struct ddns_dhcid *dhcid = told_dhcid(b);
    struct ddns_subject subject = {
        .step = &f->plan->steps[f->step],
        .address = binding_address(b),
        .network = f->lane->zone->network,
        .fqdn = owner_name(forward ? told_forward(b) : told_reverse(b)),
    };

    if (dhcid != NULL) {
        subject.dhcid = (struct ddns_bytes){ dhcid->rdata, DDNS_DHCID_LEN };
    }
    return subject;
}

struct ddns_bytes ask_next(struct ddns_engine *e, struct flight *f, struct ddns_now now)
{
    struct question *q;
    struct ddns_subject subject;
    struct ddns_question question;
    struct ddns_writer w = ddns_writer_of(e->message, sizeof e->message);

    if (f->asked == f->count) {
        f->asked = 0; /* by UDP, once more */
    }
    q = &f->questions[f->asked];
    subject = subject_of(f, f->members[f->asked]);
    question = ddns_ask_question(&subject);
    ddns_query_write(&w, (uint16_t)(f->id + f->asked), &question);
    if (f->pair->key != NULL &&
        ddns_tsig_sign(&w, f->pair->key, now.unix_s, &q->mac) != DDNS_OK) {
        q->mac.len = 0; /* it goes unsigned, and nothing answers it that is believed */
    }
    f->asked++;
    f->pair->traffic->counts[DDNS_COUNT_QUERY_SENT]++;
    f->unsent = f->asked < f->count;
    return (struct ddns_bytes){ w.buf, w.len };
}

/* Does the answer say something, that can be kept until it is needed? */
static bool learn(struct ddns_engine *e, const struct flight *f, struct binding *b,
                  const struct question *q)
{
    if (!q->answered || q->finding == DDNS_FOUND_UNKNOWN) {
        return false;
    }
    return f->plan->steps[f->step].ask != DDNS_ASK_DHCIDS || found_keep(e, b, &q->found);
}

/* Go on with the step that fits what was found, or in a smaller message. */
static void sort_out(const struct flight *f, struct binding *b, const struct question *q,
                     bool learnt)
{
    b->sorting = SORTED;
    if (!learnt) {
        b->limit = (uint16_t)(f->count > 1 ? f->count / 2 : 1);
        return;
    }

    int step = f->plan->steps[f->step].sorted[q->finding];

    if (step < 0) {
        b->limit = 1;
        b->step = (uint8_t)DDNS_ALONE(step);
    } else {
        b->step = (uint8_t)step;
    }
}

/* Why nothing came of @p q. */
static struct reason reason_of(const struct question *q)
{
    struct reason reason = { .rcode = q->rcode };

    if (!q->answered) {
        reason.error = DDNS_E_TIMEOUT;
    } else if (q->rcode == DDNS_NOERROR) {
        reason.error = DDNS_E_FORMAT;
    }
    return reason;
}

/* One that goes on alone must not hold up the others: it is their turn first. */
static void land(struct ddns_engine *e, const struct flight *f, size_t i,
                 struct ddns_now now)
{
    const struct question *q = &f->questions[i];
    struct binding *b = f->members[i];
    struct owner *owner = binding_subject(b);
    bool learnt = learn(e, f, b, q);

    if (owner != NULL) {
        owner_share(owner);
    }
    if (!learnt && ddns_step_only_asks(&f->plan->steps[f->step]) &&
        ++b->turns >= DDNS_PLAN_MAX_TURNS) {
        binding_shun(e, b, f->pair, reason_of(q), now.mono_ms);
        b->change = NO_CHANGE;
    } else {
        binding_leave(e, b);
        if (binding_plan(b) == f->plan) {
            sort_out(f, b, q, learnt);
        } else {
            b->change = NO_CHANGE; /* another mode, with other steps, is wanted now */
        }
        binding_route(e, b, b->limit > 1);
    }
    if (owner != NULL) {
        owner_release(e, owner);
        owner_drop(e, owner);
    }
}

void ask_conclude(struct ddns_engine *e, struct flight *f, struct ddns_now now)
{
    for (size_t i = f->count; i-- > 0;) { /* so that they keep their order */
        land(e, f, i, now);
    }
    flight_arrive(e, f, now);
}

/* Only what the key has signed is believed. */
static bool is_proven(const struct flight *f, const struct question *q,
                      struct ddns_bytes message, struct ddns_now now)
{
    struct ddns_tsig_result tsig = { .verdict = DDNS_TSIG_GOOD };

    return f->pair->key == NULL || (ddns_tsig_verify(message, f->pair->key, &q->mac,
                                                     now.unix_s, &tsig) == DDNS_OK &&
                                    tsig.verdict == DDNS_TSIG_GOOD && tsig.error == 0);
}

void ask_heard(struct ddns_engine *e, struct flight *f, struct ddns_bytes message,
               struct ddns_now now)
{
    struct ddns_reader r = ddns_reader_of(message);
    struct ddns_reader id_reader = r;
    uint16_t id = ddns_read_u16(&id_reader);
    size_t i = (uint16_t)(id - f->id);
    struct question *q = &f->questions[i];
    struct ddns_subject subject = subject_of(f, f->members[i]);
    struct ddns_question question = ddns_ask_question(&subject);
    struct ddns_header header;

    if (i >= f->asked || q->answered ||
        !ddns_query_answered(&r, id, &question, &header) ||
        !is_proven(f, q, message, now)) {
        e->stats.ignored++;
        return;
    }
    server_answered(e, f->pair->server, now);
    f->link->answers++;
    q->answered = true;
    q->rcode = (uint8_t)ddns_header_rcode(&header);
    q->finding = (uint8_t)ddns_ask_finding(&subject, message, &r, &header, &q->found);
    if (++f->answered == f->count) {
        ask_conclude(e, f, now);
    }
}
