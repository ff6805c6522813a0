/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_CONCLUDE_H
#define DDNS_CLI_CONCLUDE_H

#include "cli/outcome.h"
#include "cli/wait.h"

/**
 * Say in @p o, which describes what was wanted, how it went.  The first
 * direction that failed comes first and decides the status; what was done is
 * said all the same.
 */
void conclude(struct outcome *o, unsigned directions,
              const struct verdict verdicts[VERDICTS]);

#endif
