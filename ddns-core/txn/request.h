/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_REQUEST_H
#define DDNS_TXN_REQUEST_H

#include "base/bytes.h"
#include "proto/dhcid.h"
#include "proto/update.h"
#include "txn/network.h"
#include "txn/plan.h"

/** One lease's part of an update: what a step's bits are about. */
struct ddns_subject {
    const struct ddns_step *step;
    const struct ddns_network *network; /**< that names the address, or NULL */
    const struct ddns_dhcids *found; /**< DHCIDs that an answer has shown; NULL: none */
    struct ddns_bytes dhcid;         /**< empty where the mode uses none */
    uint32_t ttl;
    ddns_address address;
    struct ddns_name fqdn;
};

/**
 * Build one UPDATE for @p zone that does the steps of all @p count subjects:
 * every prerequisite first, then every change, in the order of the subjects.
 *
 * @retval DDNS_E_SPACE  it does not fit; try fewer
 */
DDNS_NODISCARD ddns_error ddns_request_build(struct ddns_update *u, uint8_t *buf,
                                             size_t cap, uint16_t id,
                                             const struct ddns_name *zone,
                                             const struct ddns_subject *subjects,
                                             size_t count);

#endif
