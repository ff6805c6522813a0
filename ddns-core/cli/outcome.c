/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/outcome.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "cli/json.h"

static void add(struct outcome *o, const char *format, va_list arguments)
{
    size_t len = strlen(o->message);

    (void)vsnprintf(o->message + len, sizeof o->message - len, format, arguments);
}

void outcome_say(struct outcome *o, const char *format, ...)
{
    va_list arguments;

    o->message[0] = '\0';
    va_start(arguments, format);
    add(o, format, arguments);
    va_end(arguments);
}

void outcome_add(struct outcome *o, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(o, format, arguments);
    va_end(arguments);
}

void outcome_add_clock(struct outcome *o, int64_t skew)
{
    int64_t seconds = skew < 0 ? -skew : skew;

    outcome_add(o, " (this clock is %lld seconds %s the server's)", (long long)seconds,
                skew < 0 ? "ahead of" : "behind");
}

enum status outcome_status_of(ddns_error error)
{
    return ddns_error_class_of(error) == DDNS_CLASS_USAGE ? STATUS_USAGE
                                                          : STATUS_NO_ANSWER;
}

bool outcome_fail(struct outcome *o, enum status status, const char *what,
                  const char *why)
{
    o->status = status;
    outcome_say(o, "%s: %s", what, why);
    return false;
}

/** A number on the wire and what it usually means to who runs the command. */
struct meaning {
    unsigned number;
    const char *text;
};

/* RFC 2136 section 2.2.  PowerDNS answers REFUSED to every wrong signature. */
static const struct meaning rcodes[] = {
    { 1, "the server could not read the update" },
    { 2, "the server failed; often it cannot write the zone or its journal" },
    { 3, "the server does not know the name" },
    { 4, "the server does not do dynamic updates" },
    { 5, "the server does not allow it; check the zone's update policy, the key and the "
         "clock" },
    { 6, "a name exists that should not" },
    { 7, "a record exists that should not" },
    { 8, "a record does not exist that should" },
    { 9, "the server is not the primary of the zone, or does not accept the key" },
    { 10, "the name is not in the zone" },
};

/* RFC 8945 sections 5.2.1 to 5.2.4. */
static const struct meaning tsig_errors[] = {
    { 16, "the signature is wrong; check the secret, and its encoding" },
    { 17, "the server does not know the key, or not for this zone; check its name and "
          "algorithm" },
    { 18, "the clocks differ by more than the 5 minutes that are allowed" },
    { 22, "the server wants a longer signature" },
};

static const char *meaning_of(const struct meaning *list, size_t count, unsigned number,
                              const char *otherwise)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].number == number) {
            return list[i].text;
        }
    }
    return otherwise;
}

const char *outcome_rcode_meaning(unsigned rcode)
{
    return meaning_of(rcodes, sizeof rcodes / sizeof *rcodes, rcode,
                      "the server did not do it");
}

const char *outcome_tsig_meaning(unsigned tsig_error)
{
    return meaning_of(tsig_errors, sizeof tsig_errors / sizeof *tsig_errors, tsig_error,
                      "the server does not accept the signature");
}

void outcome_print(const struct outcome *o, FILE *out, FILE *err)
{
    if (o->status == STATUS_DONE) {
        (void)fprintf(out, "%s\n", o->message);
    } else {
        (void)fprintf(err, "dns-update: %s\n", o->message);
    }
}

/* ---- JSON (RFC 8259) ----------------------------------------------------- */

const char *outcome_status_text(enum status status)
{
    switch (status) {
    case STATUS_DONE:
        return "done";
    case STATUS_REFUSED:
        return "refused";
    case STATUS_USAGE:
        return "usage";
    case STATUS_NO_ANSWER:
        return "no-answer";
    case STATUS_SIGNATURE:
        return "signature";
    }
    return "";
}

void outcome_print_json(const struct outcome *o, FILE *out)
{
    (void)fputs("{\"status\":", out);
    json_string(out, outcome_status_text(o->status));
    json_member(out, "name", o->name);
    json_member(out, "zone", o->zone);
    json_member(out, "type", o->type);
    json_member(out, "address", o->address);
    (void)fprintf(out, ",\"ttl\":%" PRIu32, o->ttl);
    json_member(out, "ptr", o->ptr);
    json_member(out, "server", o->server);
    json_member(out, "rcode", o->answered ? ddns_rcode_text(o->rcode) : NULL);
    json_member(out, "tsig-error", ddns_tsig_error_text(o->tsig_error));
    if (o->tsig_error == TSIG_BADTIME) {
        (void)fprintf(out, ",\"clock-skew-seconds\":%" PRId64, o->clock_skew);
    } else {
        json_member(out, "clock-skew-seconds", NULL);
    }
    json_member(out, "message", o->message);
    (void)fputs("}\n", out);
}
