/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_OUTCOME_H
#define DDNS_CLI_OUTCOME_H

#include <stdio.h>

#include "ddns/ddns.h"

/** How it went; the value is the exit status. */
enum status {
    STATUS_DONE = 0,
    STATUS_REFUSED = 1,   /**< the server answered, and said no */
    STATUS_USAGE = 2,     /**< nothing was sent */
    STATUS_NO_ANSWER = 3, /**< what DNS says is not known */
    STATUS_SIGNATURE = 4, /**< key or clock */
};

enum { MESSAGE_MAX = 4 * DDNS_NAME_TEXT_MAX }; /* two records fit, whatever the names */

/** Everything there is to say at the end.  Empty texts are unknown. */
struct outcome {
    enum status status;
    char name[DDNS_NAME_TEXT_MAX]; /**< absolute */
    char zone[DDNS_NAME_TEXT_MAX]; /**< absolute */
    const char *type;              /**< "A" or "AAAA", or NULL */
    char address[DDNS_ADDRESS_TEXT_MAX];
    uint32_t ttl;                 /**< 0: removal */
    char ptr[DDNS_NAME_TEXT_MAX]; /**< owner of the PTR, where one was asked for */
    char server[DDNS_ADDRESS_TEXT_MAX + sizeof "#65535"];
    bool answered; /**< rcode is the server's */
    unsigned rcode;
    unsigned tsig_error;
    int64_t clock_skew; /**< with BADTIME: server's clock minus ours, seconds */
    char message[MESSAGE_MAX];
};

/** The BADTIME of RFC 8945, which comes with the server's clock. */
enum { TSIG_BADTIME = 18 };

/** Set the message; too long ones are cut. */
__attribute__((format(printf, 2, 3))) void outcome_say(struct outcome *o,
                                                       const char *format, ...);

/** Append to the message. */
__attribute__((format(printf, 2, 3))) void outcome_add(struct outcome *o,
                                                       const char *format, ...);

/** Append whose clock is ahead, in words, so that nobody turns the wrong one. */
void outcome_add_clock(struct outcome *o, int64_t skew);

/** "done", "refused", ... */
const char *outcome_status_text(enum status status);

/** The status of a failure before anything was sent. */
enum status outcome_status_of(ddns_error error);

/** Set the status and the message "what: why"; false, for the caller to return. */
bool outcome_fail(struct outcome *o, enum status status, const char *what,
                  const char *why);

/** What an RCODE answered to an update usually means; never NULL. */
const char *outcome_rcode_meaning(unsigned rcode);

/** What a TSIG error usually means; never NULL. */
const char *outcome_tsig_meaning(unsigned tsig_error);

/** One line for a person: success to @p out, the rest to @p err. */
void outcome_print(const struct outcome *o, FILE *out, FILE *err);

/** One JSON object and a newline, always with the same members. */
void outcome_print_json(const struct outcome *o, FILE *out);

#endif
