/* SPDX-License-Identifier: MPL-2.0 */
#include "scenario/model_server.h"

#include <string.h>

enum { CHANGES_MAX = 1024 };

static bool same_value(const struct model_record *r, struct ddns_bytes rdata)
{
    return rdata.data == NULL ||
           (r->len == rdata.len && memcmp(r->rdata, rdata.data, rdata.len) == 0);
}

static bool matches(const struct model_record *r, const struct ddns_name *owner,
                    uint16_t type, struct ddns_bytes rdata)
{
    return ddns_name_equal(&r->owner, owner) &&
           (type == DDNS_TYPE_ANY || r->type == type) && same_value(r, rdata);
}

bool model_has(const struct model_server *m, const struct ddns_name *owner, uint16_t type,
               struct ddns_bytes rdata)
{
    for (size_t i = 0; i < m->count; i++) {
        if (matches(&m->records[i], owner, type, rdata)) {
            return true;
        }
    }
    return false;
}

size_t model_count(const struct model_server *m, const struct ddns_name *owner,
                   uint16_t type)
{
    size_t count = 0;

    for (size_t i = 0; i < m->count; i++) {
        count += matches(&m->records[i], owner, type, (struct ddns_bytes){ 0 }) ? 1 : 0;
    }
    return count;
}

void model_add(struct model_server *m, const struct ddns_name *owner, uint16_t type,
               struct ddns_bytes rdata)
{
    struct model_record *r = &m->records[m->count];

    if (m->count == MODEL_RECORDS_MAX || rdata.len > MODEL_RDATA_MAX ||
        model_has(m, owner, type, rdata)) {
        return;
    }
    r->owner = *owner;
    r->type = type;
    r->len = (uint16_t)rdata.len;
    memcpy(r->rdata, rdata.data, rdata.len);
    m->count++;
}

void model_remove(struct model_server *m, const struct ddns_name *owner, uint16_t type,
                  struct ddns_bytes rdata)
{
    for (size_t i = 0; i < m->count;) {
        if (matches(&m->records[i], owner, type, rdata)) {
            m->records[i] = m->records[--m->count];
        } else {
            i++;
        }
    }
}

/* RFC 2136 section 3.2: the RCODE of a prerequisite that does not hold. */
static unsigned check(const struct model_server *m, const struct ddns_rr *rr)
{
    bool any = rr->type == DDNS_TYPE_ANY;
    struct ddns_bytes value = { 0 };

    if (rr->klass == DDNS_CLASS_IN) {
        value = rr->rdata;
    }
    if (rr->klass == DDNS_CLASS_NO) {
        bool there = model_has(m, &rr->owner, rr->type, value);

        return !there ? DDNS_NOERROR : any ? DDNS_YXDOMAIN : DDNS_YXRRSET;
    }
    if (model_has(m, &rr->owner, rr->type, value)) {
        return DDNS_NOERROR;
    }
    return any ? DDNS_NXDOMAIN : DDNS_NXRRSET;
}

/* RFC 2136 section 3.4.2. */
static void change(struct model_server *m, const struct ddns_rr *rr,
                   struct ddns_bytes rdata)
{
    if (rr->klass == DDNS_CLASS_IN) {
        model_add(m, &rr->owner, rr->type, rdata);
    } else if (rr->klass == DDNS_CLASS_ANY) {
        model_remove(m, &rr->owner, rr->type, (struct ddns_bytes){ 0 });
    } else {
        model_remove(m, &rr->owner, rr->type, rdata);
    }
}

struct ddns_bytes model_rdata(struct ddns_bytes message, const struct ddns_rr *rr,
                              struct ddns_name *room)
{
    struct ddns_reader r = ddns_reader_of(message);

    if (rr->type != DDNS_TYPE_PTR || rr->rdata.len == 0) {
        return rr->rdata;
    }
    r.pos = (size_t)(rr->rdata.data - message.data);
    ddns_read_name(&r, room);
    *room = ddns_name_lower(room);
    return (struct ddns_bytes){ room->wire, room->len };
}

/* How many of the @p count prerequisites that @p r stands before want a value there. */
static size_t values_wanted(struct ddns_reader r, unsigned count,
                            const struct ddns_rr *there)
{
    size_t values = 0;

    for (unsigned i = 0; i < count; i++) {
        struct ddns_rr rr;

        ddns_read_rr(&r, &rr);
        values += rr.klass == DDNS_CLASS_IN && rr.type == there->type &&
                          ddns_name_equal(&rr.owner, &there->owner)
                      ? 1
                      : 0;
    }
    return values;
}

/* Those with a value, or those without, of the @p count prerequisites after @p r. */
static unsigned check_some(const struct model_server *m, struct ddns_bytes message,
                           struct ddns_reader *r, unsigned count, bool values)
{
    const struct ddns_reader first = *r;
    unsigned failed = DDNS_NOERROR;

    for (unsigned i = 0; i < count; i++) {
        struct ddns_name room;
        struct ddns_rr rr;

        ddns_read_rr(r, &rr);
        if (!ddns_reader_ok(r)) {
            return DDNS_FORMERR;
        }
        if (failed != DDNS_NOERROR || (rr.klass == DDNS_CLASS_IN) != values) {
            continue;
        }
        rr.rdata = model_rdata(message, &rr, &room);
        failed = check(m, &rr);
        if (values &&
            values_wanted(first, count, &rr) != model_count(m, &rr.owner, rr.type)) {
            failed = DDNS_NXRRSET;
        }
    }
    return failed;
}

/* Section 3.2.5: values come last, and are compared as a whole set. */
static unsigned check_all(const struct model_server *m, struct ddns_bytes message,
                          struct ddns_reader *r, unsigned count)
{
    struct ddns_reader first = *r;
    unsigned failed = check_some(m, message, &first, count, false);

    return failed != DDNS_NOERROR ? failed : check_some(m, message, r, count, true);
}

unsigned model_update(struct model_server *m, struct ddns_bytes message)
{
    struct ddns_reader r = ddns_reader_of(message);
    struct ddns_header h;
    struct ddns_question zone;
    struct ddns_rr rr;
    struct ddns_name room;
    unsigned rcode;

    ddns_read_header(&r, &h);
    ddns_read_question(&r, &zone);
    if (!ddns_reader_ok(&r) || h.counts[DDNS_UPDATE] > CHANGES_MAX) {
        return DDNS_FORMERR;
    }
    rcode = check_all(m, message, &r, h.counts[DDNS_PREREQUISITE]);
    if (rcode != DDNS_NOERROR) {
        return rcode;
    }
    for (unsigned i = 0; i < h.counts[DDNS_UPDATE]; i++) {
        ddns_read_rr(&r, &rr);
        if (!ddns_reader_ok(&r) || !ddns_name_in_zone(&rr.owner, &zone.name)) {
            return DDNS_NOTZONE;
        }
        change(m, &rr, model_rdata(message, &rr, &room));
    }
    m->updates++;
    return DDNS_NOERROR;
}

size_t model_answer(struct ddns_bytes request, unsigned rcode, uint8_t *out)
{
    struct ddns_reader r = ddns_reader_of(request);
    struct ddns_writer w = ddns_writer_of(out, MODEL_ANSWER_MAX);
    struct ddns_header h;

    ddns_read_header(&r, &h);
    h.flags = (uint16_t)(h.flags | DDNS_FLAG_QR | rcode);
    memset(h.counts, 0, sizeof h.counts);
    ddns_write_header(&w, &h);
    return w.len;
}

static struct ddns_question question_of(struct ddns_bytes query)
{
    struct ddns_reader r = ddns_reader_of(query);
    struct ddns_header h;
    struct ddns_question question;

    ddns_read_header(&r, &h);
    ddns_read_question(&r, &question);
    return question;
}

size_t model_answer_with(struct ddns_bytes query, unsigned rcode,
                         const struct model_record *records, size_t count, uint8_t *out)
{
    struct ddns_writer w = ddns_writer_of(out, MODEL_ANSWER_MAX);
    struct ddns_question question = question_of(query);
    struct ddns_header h = { .id = (uint16_t)(query.data[0] << 8 | query.data[1]),
                             .flags = (uint16_t)(DDNS_FLAG_QR | DDNS_FLAG_AA | rcode),
                             .counts = { 1, (uint16_t)count } };

    ddns_write_header(&w, &h);
    ddns_write_name(&w, NULL, &question.name);
    ddns_write_u16(&w, question.type);
    ddns_write_u16(&w, question.klass);
    for (size_t i = 0; i < count; i++) {
        ddns_write_name(&w, NULL, &question.name);
        ddns_write_u16(&w, records[i].type);
        ddns_write_u16(&w, DDNS_CLASS_IN);
        ddns_write_u32(&w, 600);
        ddns_write_u16(&w, records[i].len);
        ddns_write_bytes(&w, (struct ddns_bytes){ records[i].rdata, records[i].len });
    }
    return w.len;
}

size_t model_query(const struct model_server *m, struct ddns_bytes query, uint8_t *out)
{
    struct ddns_question question = question_of(query);
    struct model_record found[4];
    size_t count = 0;

    for (size_t i = 0; i < m->count && count < sizeof found / sizeof *found; i++) {
        if (matches(&m->records[i], &question.name, question.type,
                    (struct ddns_bytes){ 0 })) {
            found[count++] = m->records[i];
        }
    }
    return model_answer_with(
        query,
        model_count(m, &question.name, DDNS_TYPE_ANY) > 0 ? DDNS_NOERROR : DDNS_NXDOMAIN,
        found, count, out);
}

bool model_is_query(struct ddns_bytes message)
{
    struct ddns_reader r = ddns_reader_of(message);
    struct ddns_header h;

    ddns_read_header(&r, &h);
    return ddns_header_opcode(&h) == DDNS_OPCODE_QUERY;
}
