/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/lookup.h"

#include <string.h>

#include "proto/query.h"

static struct ddns_lookup_slot *slot_of_id(struct ddns_lookup *l, uint16_t id)
{
    for (size_t i = 0; i < DDNS_LOOKUPS_IN_FLIGHT; i++) {
        if (l->slots[i].state == DDNS_SLOT_WAITING && l->slots[i].id == id) {
            return &l->slots[i];
        }
    }
    return NULL;
}

/* A slot whose record set is to be asked for now, or NULL. */
static struct ddns_lookup_slot *slot_to_ask(struct ddns_lookup *l)
{
    struct ddns_lookup_slot *unused = NULL;

    for (size_t i = 0; i < DDNS_LOOKUPS_IN_FLIGHT; i++) {
        if (l->slots[i].state == DDNS_SLOT_AGAIN) {
            return &l->slots[i];
        }
        if (l->slots[i].state == DDNS_SLOT_FREE) {
            unused = &l->slots[i];
        }
    }
    if (unused != NULL && l->next < l->count) {
        unused->sought = l->next++;
        return unused;
    }
    return NULL;
}

static struct ddns_question question_of(const struct ddns_sought *sought)
{
    struct ddns_question question = { .type = sought->type, .klass = DDNS_CLASS_IN };

    question.name.len = (uint8_t)sought->owner.len;
    memcpy(question.name.wire, sought->owner.data, sought->owner.len);
    return question;
}

bool ddns_lookup_ask(struct ddns_lookup *l, struct ddns_writer *w,
                     uint32_t (*random)(void *user), void *user, uint64_t now)
{
    struct ddns_lookup_slot *slot =
        l->reading.state == DDNS_READING_ON ? slot_to_ask(l) : NULL;
    struct ddns_question question;
    ddns_error error = DDNS_OK;

    if (slot == NULL) {
        return false;
    }
    do {
        slot->id = (uint16_t)random(user);
    } while (slot_of_id(l, slot->id) != NULL);
    question = question_of(&l->sought[slot->sought]);
    ddns_query_write(w, slot->id, &question);
    if (l->key != NULL) {
        error = ddns_tsig_sign(w, l->key, now, &slot->mac);
    }
    if (error != DDNS_OK) {
        l->reading.state = DDNS_READING_FAILED;
        l->reading.error = error;
        return false;
    }
    slot->state = DDNS_SLOT_WAITING;
    return true;
}

/* Take what the answer says about the question itself; an alias says nothing. */
static void take_answer(struct ddns_lookup *l, struct ddns_bytes msg,
                        struct ddns_reader *r, unsigned count,
                        const struct ddns_question *question)
{
    struct ddns_rr rr;
    ddns_error error = DDNS_OK;

    for (unsigned i = 0; i < count && error == DDNS_OK; i++) {
        ddns_read_rr(r, &rr);
        error = r->error;
        if (error == DDNS_OK && rr.type == question->type &&
            ddns_name_equal(&rr.owner, &question->name)) {
            error = ddns_records_take(l->records, msg, &rr);
        }
    }
    if (error == DDNS_E_NOMEM) {
        l->reading.state = DDNS_READING_FAILED;
        l->reading.error = error;
    } else if (error != DDNS_OK) {
        ddns_reading_break(&l->reading, "the answer is malformed");
    }
}

static bool verify(struct ddns_lookup *l, struct ddns_bytes msg,
                   const struct ddns_lookup_slot *slot, unsigned rcode, uint64_t now)
{
    struct ddns_tsig_result tsig = { .verdict = DDNS_TSIG_GOOD };
    ddns_error error = DDNS_OK;

    if (l->key != NULL) {
        error = ddns_tsig_verify(msg, l->key, &slot->mac, now, &tsig);
    }
    return ddns_reading_accept(&l->reading, error, &tsig, rcode);
}

bool ddns_lookup_take(struct ddns_lookup *l, struct ddns_bytes msg, uint64_t now)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_reader id = r;
    struct ddns_lookup_slot *slot = slot_of_id(l, ddns_read_u16(&id));
    struct ddns_question question;
    struct ddns_header header;

    if (slot == NULL || l->reading.state != DDNS_READING_ON) {
        return false;
    }
    question = question_of(&l->sought[slot->sought]);
    if (!ddns_query_answered(&r, slot->id, &question, &header)) {
        return false;
    }
    if (!verify(l, msg, slot, ddns_header_rcode(&header), now)) {
        return true;
    }
    if ((header.flags & DDNS_FLAG_AA) == 0 || (header.flags & DDNS_FLAG_TC) != 0) {
        ddns_reading_break(&l->reading, "the answer is not authoritative or not whole");
        return true;
    }
    take_answer(l, msg, &r, header.counts[DDNS_PREREQUISITE], &question);
    slot->state = DDNS_SLOT_FREE;
    if (++l->answered == l->count && l->reading.state == DDNS_READING_ON) {
        l->reading.state = DDNS_READING_DONE;
    }
    return true;
}

void ddns_lookup_lost(struct ddns_lookup *l)
{
    for (size_t i = 0; i < DDNS_LOOKUPS_IN_FLIGHT; i++) {
        if (l->slots[i].state == DDNS_SLOT_WAITING) {
            l->slots[i].state = DDNS_SLOT_AGAIN;
        }
    }
}
