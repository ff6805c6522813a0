/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_CHECK_CONFIG_H
#define DDNS_CLI_CHECK_CONFIG_H

#include "cli/arguments.h"

/**
 * Say what the plugin would do with the settings in a file and, if asked to, whether the
 * DNS servers would take its updates.  Changes nothing.
 *
 * @return the exit status: 0 when all is well, 1 when something is not
 */
int check_config(const struct arguments *arguments);

#endif
