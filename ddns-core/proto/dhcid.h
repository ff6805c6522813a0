/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_DHCID_H
#define DDNS_PROTO_DHCID_H

#include "wire/name.h"

enum { DDNS_DHCID_LEN = 35 }; /* type, digest type, SHA-256 (RFC 4701 section 3.1) */

/** RDATA of a DHCID record by value. */
struct ddns_dhcid {
    uint8_t rdata[DDNS_DHCID_LEN];
};

/**
 * The DHCIDs at one name, as a set: in mixed mode at most one of each address family,
 * and the one that an address is about to replace.
 */
enum { DDNS_DHCIDS_MAX = 3 };

struct ddns_dhcids {
    size_t count;
    struct ddns_dhcid each[DDNS_DHCIDS_MAX];
};

/**
 * Is @p dhcid of an identifier type that only the family of @p address writes?  Types 0
 * and 1 are DHCPv4's, 2 is DHCPv6's, and that of a DHCPv4 client known by its DUID.
 */
bool ddns_dhcid_is_of_family(const ddns_address *address, struct ddns_bytes dhcid);

/**
 * In mixed mode, may @p other stand at a name beside @p ours, the DHCID of the client
 * that has @p address?  Only the other family's may, and which family writes a DHCID
 * shows in its identifier type (RFC 4701 section 3.3): 0 and 1 are DHCPv4's, 2 is
 * DHCPv6's.  A DHCPv4 client that is known by its DUID (RFC 4361) has the DHCID that it
 * has in DHCPv6, and no other beside it.  Both are RDATA.
 */
bool ddns_dhcid_may_neighbour(const ddns_address *address, struct ddns_bytes ours,
                              struct ddns_bytes other);

/** Can a DHCID be made of it?  Not of DDNS_ID_NONE, nor of empty or over-long data. */
bool ddns_identity_is_valid(const ddns_identity *identity);

/** What makes DHCIDs.  Any number of threads may use one at a time. */
struct ddns_dhcid_maker;

/**
 * Look SHA-256 up in libcrypto, which takes longer than to compute a DHCID.
 *
 * @retval DDNS_E_NOMEM, DDNS_E_CRYPTO
 */
DDNS_NODISCARD ddns_error ddns_dhcid_maker_new(struct ddns_dhcid_maker **out_maker);

/** @p maker may be NULL. */
void ddns_dhcid_maker_free(struct ddns_dhcid_maker *maker);

/**
 * Compute the DHCID of a client for a name (RFC 4701 section 3), the same octets
 * as Kea's D2: the name in lower-case wire form, and a client identifier that
 * holds a DUID (RFC 4361) counted as that DUID.
 *
 * @retval DDNS_E_INVALID  as ddns_identity_is_valid() says
 * @retval DDNS_E_CRYPTO   the digest failed
 */
DDNS_NODISCARD ddns_error ddns_dhcid_compute(const struct ddns_dhcid_maker *maker,
                                             const ddns_identity *identity,
                                             const struct ddns_name *fqdn,
                                             struct ddns_dhcid *out_dhcid);

#endif
