/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TXN_PLAN_MIXED_H
#define DDNS_TXN_PLAN_MIXED_H

#include "txn/plan.h"

/**
 * The plan of a mixed mode for a change of names; NULL for other modes, and for the
 * reverse tree, where mixed modes do as the others: an address has one family.
 */
const struct ddns_plan *ddns_plan_mixed(ddns_conflict_mode mode, enum ddns_change change);

/** That of DDNS_MIXED_CHECK_WITH_DHCID which adds an address beside others. */
const struct ddns_plan *ddns_plan_mixed_beside(void);

#endif
