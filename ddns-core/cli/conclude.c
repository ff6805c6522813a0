/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/conclude.h"

static void say_record(struct outcome *o, size_t which)
{
    bool forward = which == VERDICT_FORWARD;
    const char *owner = forward ? o->name : o->ptr;
    const char *type = forward ? o->type : "PTR";
    const char *data = forward ? o->address : o->name;

    if (o->ttl == 0) {
        outcome_add(o, "%s no longer has %s %s", owner, type, data);
    } else {
        outcome_add(o, "%s %u IN %s %s", owner, o->ttl, type, data);
    }
}

static enum status status_of(const struct verdict *v)
{
    if (v->done) {
        return STATUS_DONE;
    }
    if (v->tsig_error != 0) {
        return STATUS_SIGNATURE;
    }
    return v->error == DDNS_OK ? STATUS_REFUSED : STATUS_NO_ANSWER;
}

static void say_failure(struct outcome *o, size_t which, const struct verdict *v)
{
    const char *record = which == VERDICT_FORWARD ? o->type : "PTR";

    o->status = status_of(v);
    o->answered = v->error == DDNS_OK;
    o->rcode = v->rcode;
    o->tsig_error = v->tsig_error;
    o->clock_skew = v->clock_skew;
    outcome_add(o, "%s: %s not %s: ", o->server, record, o->ttl == 0 ? "removed" : "set");
    if (o->status == STATUS_SIGNATURE) {
        outcome_add(o, "%s: %s", ddns_tsig_error_text(v->tsig_error),
                    outcome_tsig_meaning(v->tsig_error));
        if (v->tsig_error == TSIG_BADTIME) {
            outcome_add_clock(o, v->clock_skew);
        }
    } else if (o->status == STATUS_REFUSED) {
        outcome_add(o, "%s: %s", ddns_rcode_text(v->rcode),
                    outcome_rcode_meaning(v->rcode));
    } else {
        outcome_add(o, "%s", ddns_strerror(v->error));
    }
}

void conclude(struct outcome *o, unsigned directions,
              const struct verdict verdicts[VERDICTS])
{
    static const unsigned direction_of[VERDICTS] = { DDNS_FORWARD, DDNS_REVERSE };

    o->status = STATUS_DONE;
    o->answered = true;
    for (size_t i = 0; i < VERDICTS && o->status == STATUS_DONE; i++) {
        if ((directions & direction_of[i]) != 0 && !verdicts[i].done) {
            say_failure(o, i, &verdicts[i]);
        }
    }
    for (size_t i = 0; i < VERDICTS; i++) {
        if ((directions & direction_of[i]) != 0 && verdicts[i].done) {
            outcome_add(o, "%s", o->message[0] == '\0' ? "" : "; ");
            say_record(o, i);
        }
    }
}
