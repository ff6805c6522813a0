/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_SIGNING_KEY_H
#define DDNS_CLI_SIGNING_KEY_H

#include "cli/arguments.h"
#include "cli/key_file.h"
#include "cli/outcome.h"

/**
 * Give @p config the key that the arguments or their file hold.
 *
 * @param out_key  its name is needed for the zones; wipe it with key_wipe()
 *                 whatever is returned
 * @param o        on failure, the status and which parameter is wrong
 */
DDNS_NODISCARD bool signing_key_add(const struct arguments *a, ddns_config *config,
                                    struct key *out_key, struct outcome *o);

#endif
