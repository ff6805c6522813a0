/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_ASSOCIATE_H
#define DDNS_CLI_ASSOCIATE_H

#include "cli/arguments.h"
#include "cli/outcome.h"

/**
 * Do what @p arguments ask for, wait for the server's answer and say in
 * @p out_outcome how it went.  The secret among the arguments is overwritten as
 * soon as it is no longer needed.
 */
void associate(struct arguments *arguments, struct outcome *out_outcome);

#endif
