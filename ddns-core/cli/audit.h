/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_AUDIT_H
#define DDNS_CLI_AUDIT_H

#include "cli/arguments.h"

/**
 * Compare a ledger with what DNS says, and print the differences.  Changes nothing.
 *
 * @param arguments  its secret is gone before the network is used
 * @return the exit status: 0 when DNS agrees, 1 when it does not, or an enum status
 */
int audit(struct arguments *arguments);

#endif
