/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_AUDIT_READING_H
#define DDNS_AUDIT_READING_H

#include "proto/tsig.h"

/** How far the reading of a zone from a server has come. */
enum ddns_reading_state {
    DDNS_READING_ON,       /**< more is to come */
    DDNS_READING_DONE,     /**< all was read and may be believed */
    DDNS_READING_REFUSED,  /**< the server says no; rcode */
    DDNS_READING_UNSIGNED, /**< not signed as it must be; tsig */
    DDNS_READING_BROKEN,   /**< malformed or incomplete; error and what */
    DDNS_READING_FAILED,   /**< never answered, or our own failure; error */
};

struct ddns_reading {
    enum ddns_reading_state state;
    ddns_error error;
    const char *what; /**< static text about what is broken, or NULL */
    unsigned rcode;
    struct ddns_tsig_result tsig;
};

/** The error that @p reading ended with; DDNS_OK for ON and DONE. */
ddns_error ddns_reading_error(const struct ddns_reading *reading);

/** Say in words why reading has ended, such as "REFUSED", into @p text. */
void ddns_reading_text(const struct ddns_reading *reading, char *text, size_t size);

/** End @p reading as broken. */
void ddns_reading_break(struct ddns_reading *reading, const char *what);

/**
 * Take how an answer's signature was judged, with the @p rcode it has.  True when
 * the answer may be read: it is GOOD, or PENDING in a stream, and says NOERROR or
 * NXDOMAIN.
 */
bool ddns_reading_accept(struct ddns_reading *reading, ddns_error error,
                         const struct ddns_tsig_result *tsig, unsigned rcode);

#endif
