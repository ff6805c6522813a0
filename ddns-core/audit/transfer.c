/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/transfer.h"

#include "proto/query.h"

static struct ddns_question question_of(const struct ddns_transfer *t)
{
    return (struct ddns_question){ t->zone, DDNS_TYPE_AXFR, DDNS_CLASS_IN };
}

ddns_error ddns_transfer_ask(struct ddns_transfer *t, struct ddns_writer *w, uint16_t id,
                             uint64_t now)
{
    struct ddns_question question = question_of(t);
    struct ddns_mac mac;
    ddns_error error = DDNS_OK;

    t->id = id;
    ddns_query_write(w, id, &question);
    if (t->key == NULL) {
        return w->error;
    }
    error = ddns_tsig_sign(w, t->key, now, &mac);
    return error == DDNS_OK ? ddns_tsig_stream_new(t->key, &mac, &t->stream) : error;
}

/*
 * Read header and question.  RFC 5936 section 2.2: the first message repeats the
 * question, later ones may.
 */
static bool read_top(const struct ddns_transfer *t, struct ddns_reader *r,
                     struct ddns_header *header)
{
    struct ddns_question question = question_of(t);
    struct ddns_reader top = *r;

    ddns_read_header(&top, header);
    if (ddns_reader_ok(&top) && header->counts[DDNS_ZONE] == 0 &&
        (t->begun || ddns_header_rcode(header) != DDNS_NOERROR)) {
        *r = top;
        return header->id == t->id && (header->flags & DDNS_FLAG_QR) != 0 &&
               ddns_header_opcode(header) == DDNS_OPCODE_QUERY;
    }
    return ddns_query_answered(r, t->id, &question, header);
}

static bool verify(struct ddns_transfer *t, struct ddns_bytes msg, unsigned rcode,
                   uint64_t now, enum ddns_tsig_verdict *verdict)
{
    struct ddns_tsig_result tsig = { .verdict = DDNS_TSIG_GOOD };
    ddns_error error = DDNS_OK;

    if (t->stream != NULL) {
        error = ddns_tsig_stream_next(t->stream, msg, now, &tsig);
    }
    *verdict = tsig.verdict;
    return ddns_reading_accept(&t->reading, error, &tsig, rcode);
}

/* RFC 5936 section 2.2: the SOA comes first, and again after all others. */
static void take_record(struct ddns_transfer *t, struct ddns_bytes msg,
                        const struct ddns_rr *rr)
{
    bool apex = rr->type == DDNS_TYPE_SOA && ddns_name_equal(&rr->owner, &t->zone);
    ddns_error error = DDNS_OK;

    if (apex && t->soas < 2) {
        t->soas++;
        return;
    }
    if (t->soas != 1) {
        ddns_reading_break(&t->reading, "records stand outside the zone's two SOAs");
        return;
    }
    if (ddns_name_in_zone(&rr->owner, &t->zone)) {
        error = ddns_records_take(t->records, msg, rr);
    }
    if (error == DDNS_E_FORMAT) {
        ddns_reading_break(&t->reading, "a record is malformed");
    } else if (error != DDNS_OK) {
        t->reading.state = DDNS_READING_FAILED;
        t->reading.error = error;
    }
}

static void take_records(struct ddns_transfer *t, struct ddns_bytes msg,
                         struct ddns_reader *r, unsigned count)
{
    struct ddns_rr rr;

    for (unsigned i = 0; i < count && t->reading.state == DDNS_READING_ON; i++) {
        ddns_read_rr(r, &rr);
        if (ddns_reader_ok(r)) {
            take_record(t, msg, &rr);
        } else {
            ddns_reading_break(&t->reading, "the answer is malformed");
        }
    }
}

/* A message that is verified and says NOERROR. */
static void take_content(struct ddns_transfer *t, struct ddns_bytes msg,
                         struct ddns_reader *r, const struct ddns_header *header)
{
    if ((header->flags & DDNS_FLAG_TC) != 0 ||
        (!t->begun && header->counts[DDNS_PREREQUISITE] == 0)) {
        ddns_reading_break(&t->reading, "the answer is no zone transfer");
        return;
    }
    t->begun = true;
    take_records(t, msg, r, header->counts[DDNS_PREREQUISITE]);
}

bool ddns_transfer_take(struct ddns_transfer *t, struct ddns_bytes msg, uint64_t now)
{
    struct ddns_reader r = ddns_reader_of(msg);
    struct ddns_header header;
    enum ddns_tsig_verdict verdict;

    if (t->reading.state != DDNS_READING_ON || !read_top(t, &r, &header)) {
        return false;
    }
    if (!verify(t, msg, ddns_header_rcode(&header), now, &verdict)) {
        return true;
    }
    if (ddns_header_rcode(&header) != DDNS_NOERROR) {
        t->reading.state = DDNS_READING_REFUSED;
        t->reading.rcode = ddns_header_rcode(&header);
        return true;
    }
    take_content(t, msg, &r, &header);
    if (t->reading.state == DDNS_READING_ON && t->soas == 2) {
        /* The last message must be signed (RFC 8945 section 5.3.1). */
        t->reading.state =
            verdict == DDNS_TSIG_GOOD ? DDNS_READING_DONE : DDNS_READING_UNSIGNED;
        t->reading.tsig.verdict = verdict;
    }
    return true;
}

void ddns_transfer_close(struct ddns_transfer *t)
{
    ddns_tsig_stream_free(t->stream);
    t->stream = NULL;
}
