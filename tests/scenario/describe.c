/* SPDX-License-Identifier: MPL-2.0 */
#include "scenario/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire/message.h"

struct text {
    char *at;
    size_t left;
};

static void put(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct text *t, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(t->at, t->left, format, args); /* NOLINT(clang-analyzer-valist.*) */
    va_end(args);
    if (len > 0 && (size_t)len < t->left) {
        t->at += len;
        t->left -= (size_t)len;
    }
}

static const char *type_text(unsigned type)
{
    switch (type) {
    case DDNS_TYPE_A:
        return "A";
    case DDNS_TYPE_AAAA:
        return "AAAA";
    case DDNS_TYPE_PTR:
        return "PTR";
    case DDNS_TYPE_DHCID:
        return "DHCID";
    case DDNS_TYPE_ANY:
        return "all";
    default:
        return "?";
    }
}

static void put_name(struct text *t, const struct ddns_name *name,
                     const struct ddns_name *zone)
{
    char full[DDNS_NAME_TEXT_MAX];
    char apex[DDNS_NAME_TEXT_MAX];
    size_t cut;

    ddns_name_text(name, full);
    ddns_name_text(zone, apex);
    if (ddns_name_in_zone(name, zone) && !ddns_name_equal(name, zone)) {
        cut = strlen(full) - strlen(apex) - 1;
        full[cut] = '\0';
    }
    put(t, "%s", full);
}

static void put_value(struct text *t, struct ddns_bytes message, const struct ddns_rr *rr)
{
    struct ddns_reader r = ddns_reader_of(message);
    ddns_address address = { .len = (uint8_t)rr->rdata.len };
    char text[DDNS_NAME_TEXT_MAX];
    struct ddns_name target;

    if (rr->type == DDNS_TYPE_A || rr->type == DDNS_TYPE_AAAA) {
        memcpy(address.bytes, rr->rdata.data, rr->rdata.len);
        ddns_address_text(&address, text);
        put(t, " %s", text);
    } else if (rr->type == DDNS_TYPE_PTR) {
        r.pos = (size_t)(rr->rdata.data - message.data);
        ddns_read_name(&r, &target);
        ddns_name_text(&target, text);
        put(t, " %s", text);
    } else if (rr->type == DDNS_TYPE_DHCID && rr->rdata.len > 1 &&
               rr->rdata.data[1] == 2) {
        put(t, " duid");
    } else if (rr->type == DDNS_TYPE_DHCID && rr->klass == DDNS_CLASS_NO) {
        put(t, " hwaddr"); /* this one, and not all of them */
    }
}

static void put_prerequisite(struct text *t, struct ddns_bytes message,
                             const struct ddns_rr *rr)
{
    if (rr->klass == DDNS_CLASS_IN) {
        put(t, " is %s", type_text(rr->type));
        put_value(t, message, rr);
    } else if (rr->type == DDNS_TYPE_ANY) {
        put(t, rr->klass == DDNS_CLASS_NO ? " unused" : " used");
    } else {
        put(t, " %s %s", rr->klass == DDNS_CLASS_NO ? "no" : "has", type_text(rr->type));
    }
}

static void put_change(struct text *t, struct ddns_bytes message,
                       const struct ddns_rr *rr)
{
    put(t, " %s %s", rr->klass == DDNS_CLASS_IN ? "+" : "-", type_text(rr->type));
    if (rr->rdata.len > 0) {
        put_value(t, message, rr);
    }
}

void describe_update(struct ddns_bytes message, char *text, size_t size)
{
    struct text t = { text, size };
    struct ddns_reader r = ddns_reader_of(message);
    char apex[DDNS_NAME_TEXT_MAX];
    struct ddns_header h;
    struct ddns_question zone;
    unsigned count;

    ddns_read_header(&r, &h);
    ddns_read_question(&r, &zone);
    count = h.counts[DDNS_PREREQUISITE] + (unsigned)h.counts[DDNS_UPDATE];
    ddns_name_text(&zone.name, apex);
    put(&t, "%s:", apex);
    for (unsigned i = 0; i < count; i++) {
        struct ddns_rr rr;

        ddns_read_rr(&r, &rr);
        if (!ddns_reader_ok(&r)) {
            put(&t, " unreadable");
            return;
        }
        put(&t, i == 0 ? " " : "; ");
        put_name(&t, &rr.owner, &zone.name);
        if (i < h.counts[DDNS_PREREQUISITE]) {
            put_prerequisite(&t, message, &rr);
        } else {
            put_change(&t, message, &rr);
        }
    }
}

void describe_query(struct ddns_bytes message, char *text, size_t size)
{
    struct text t = { text, size };
    struct ddns_reader r = ddns_reader_of(message);
    char name[DDNS_NAME_TEXT_MAX];
    struct ddns_header h;
    struct ddns_question question;

    ddns_read_header(&r, &h);
    ddns_read_question(&r, &question);
    ddns_name_text(&question.name, name);
    put(&t, "%s %s", name, type_text(question.type));
}
