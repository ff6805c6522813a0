/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_AUDIT_COMPARE_H
#define DDNS_AUDIT_COMPARE_H

#include "audit/prefixes.h"
#include "audit/records.h"
#include "txn/zones.h"

/** One record that a claim wants, an A or AAAA or a PTR.  Ranges are borrowed. */
struct ddns_expected {
    struct ddns_bytes owner; /**< wire form in lower case */
    struct ddns_bytes rdata; /**< the address, or the target in lower case */
    struct ddns_bytes dhcid; /**< to be beside it; nothing for none */
    ddns_address address;
    ddns_direction direction;
    size_t claim; /**< index, for the finding */
    size_t zone;  /**< index, for who asks that zone */
};

/** Put them in the order of owner, direction and RDATA. */
void ddns_expected_sort(struct ddns_expected *expected, size_t count);

/** What is compared, and who is told. */
struct ddns_comparison {
    const struct ddns_expected *expected; /**< sorted */
    size_t count;
    const struct ddns_records *records; /**< sorted */
    const struct ddns_prefixes *ours;   /**< where records may be left over */
    bool mixed; /**< a name may have a DHCID of each family, ddns_dhcid_may_neighbour() */
    const struct ddns_zones *zones; /**< that have the names of addresses */
    ddns_finding_fn *on_finding;
    void *user;
};

/**
 * Tell every difference, in the order of the owners.  At most one finding for each
 * that is expected, and one for each address or target that is left over.
 */
void ddns_compare(const struct ddns_comparison *c);

#endif
