/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TESTS_SUPPORT_DHCID_H
#define DDNS_TESTS_SUPPORT_DHCID_H

#include "proto/dhcid.h"

#include <stdlib.h>

/** The DHCID of a client for a name; waits for memory that a test withholds. */
static inline struct ddns_dhcid dhcid_of(const ddns_identity *identity,
                                         const struct ddns_name *fqdn)
{
    struct ddns_dhcid_maker *maker;
    struct ddns_dhcid dhcid;
    ddns_error error;

    do {
        error = ddns_dhcid_maker_new(&maker);
    } while (error == DDNS_E_NOMEM);
    if (error != DDNS_OK ||
        ddns_dhcid_compute(maker, identity, fqdn, &dhcid) != DDNS_OK) {
        abort();
    }
    ddns_dhcid_maker_free(maker);
    return dhcid;
}

#endif
