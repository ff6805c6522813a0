/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_AUDIT_PREFIXES_H
#define DDNS_AUDIT_PREFIXES_H

#include "ddns/ddns.h"

/** Addresses from @p first to @p last, of one family. */
struct ddns_span {
    ddns_address first, last;
};

/** A set of addresses: ranges in order that do not overlap. */
struct ddns_prefixes {
    struct ddns_span *ranges;
    size_t count;
};

/**
 * Make the set of all addresses of @p list, whose bits past the length count not.
 *
 * @param out_prefixes  freed with ddns_prefixes_free()
 * @retval DDNS_E_INVALID  an address that is none, or a length beyond its bits
 * @retval DDNS_E_NOMEM
 */
DDNS_NODISCARD ddns_error ddns_prefixes_of(const ddns_prefix *list, size_t count,
                                           struct ddns_prefixes *out_prefixes);
bool ddns_prefixes_hold(const struct ddns_prefixes *prefixes,
                        const ddns_address *address);
void ddns_prefixes_free(struct ddns_prefixes *prefixes);

/** An order: IPv4 before IPv6, then by number. */
int ddns_address_compare(const ddns_address *a, const ddns_address *b);

#endif
