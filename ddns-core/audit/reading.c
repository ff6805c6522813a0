/* SPDX-License-Identifier: MPL-2.0 */
#include "audit/reading.h"

#include <stdio.h>

ddns_error ddns_reading_error(const struct ddns_reading *reading)
{
    switch (reading->state) {
    case DDNS_READING_ON:
    case DDNS_READING_DONE:
        return DDNS_OK;
    case DDNS_READING_REFUSED:
        return DDNS_E_UNREADABLE;
    case DDNS_READING_UNSIGNED:
        return DDNS_E_SIGNATURE;
    case DDNS_READING_BROKEN:
    case DDNS_READING_FAILED:
        return reading->error;
    }
    return DDNS_E_BUG;
}

/* RFC 8945 section 5.2: what the server found, or else what we did. */
static void signature_text(const struct ddns_tsig_result *tsig, char *text, size_t size)
{
    static const char *const verdicts[] = {
        [DDNS_TSIG_GOOD] = "the server does not accept the signature",
        [DDNS_TSIG_MISSING] = "the answer is not signed",
        [DDNS_TSIG_UNSIGNED] = "the answer is not signed",
        [DDNS_TSIG_WRONG_KEY] = "the answer is signed with another key",
        [DDNS_TSIG_WRONG_MAC] = "the answer's signature is wrong",
        [DDNS_TSIG_SHORT_MAC] = "the answer's signature is too short",
        [DDNS_TSIG_WRONG_TIME] = "the answer was signed at another time",
        [DDNS_TSIG_PENDING] = "the last message is not signed",
    };
    bool clock = tsig->error == DDNS_BADTIME || tsig->verdict == DDNS_TSIG_WRONG_TIME;
    const char *words =
        tsig->error != 0 ? ddns_tsig_error_text(tsig->error) : verdicts[tsig->verdict];
    long long skew = tsig->clock_skew;

    if (clock && skew != 0) {
        (void)snprintf(text, size, "%s (this clock is %lld seconds %s the server's)",
                       words, skew < 0 ? -skew : skew, skew < 0 ? "ahead of" : "behind");
    } else {
        (void)snprintf(text, size, "%s", words);
    }
}

void ddns_reading_text(const struct ddns_reading *reading, char *text, size_t size)
{
    switch (reading->state) {
    case DDNS_READING_REFUSED:
        (void)snprintf(text, size, "%s", ddns_rcode_text(reading->rcode));
        return;
    case DDNS_READING_UNSIGNED:
        signature_text(&reading->tsig, text, size);
        return;
    case DDNS_READING_ON:
    case DDNS_READING_DONE:
    case DDNS_READING_BROKEN:
    case DDNS_READING_FAILED:
        (void)snprintf(text, size, "%s",
                       reading->what != NULL ? reading->what
                                             : ddns_strerror(reading->error));
        return;
    }
}

void ddns_reading_break(struct ddns_reading *reading, const char *what)
{
    reading->state = DDNS_READING_BROKEN;
    reading->error = DDNS_E_FORMAT;
    reading->what = what;
}

/* A refusal may be unsigned: nothing is believed but that nothing will come. */
static bool is_hint(const struct ddns_tsig_result *tsig, unsigned rcode)
{
    return rcode != DDNS_NOERROR && rcode != DDNS_NXDOMAIN && tsig->error == 0 &&
           (tsig->verdict == DDNS_TSIG_MISSING || tsig->verdict == DDNS_TSIG_UNSIGNED);
}

bool ddns_reading_accept(struct ddns_reading *reading, ddns_error error,
                         const struct ddns_tsig_result *tsig, unsigned rcode)
{
    bool good = tsig->error == 0 &&
                (tsig->verdict == DDNS_TSIG_GOOD || tsig->verdict == DDNS_TSIG_PENDING);

    if (error == DDNS_E_FORMAT) {
        ddns_reading_break(reading, "the answer is malformed");
    } else if (error != DDNS_OK) {
        reading->state = DDNS_READING_FAILED;
        reading->error = error;
    } else if (!good && !is_hint(tsig, rcode)) {
        reading->state = DDNS_READING_UNSIGNED;
        reading->tsig = *tsig;
    } else if (rcode != DDNS_NOERROR && rcode != DDNS_NXDOMAIN) {
        reading->state = DDNS_READING_REFUSED;
        reading->rcode = rcode;
    }
    return reading->state == DDNS_READING_ON;
}
