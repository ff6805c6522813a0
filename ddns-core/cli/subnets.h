/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_SUBNETS_H
#define DDNS_CLI_SUBNETS_H

#include "ddns/ddns.h"

/**
 * Read prefixes such as "192.0.2.0/24,2001:db8::/32"; an address alone is a prefix of
 * its own.
 *
 * @param out_list  freed with free()
 * @retval DDNS_E_INVALID  one of them is none
 * @retval DDNS_E_NOMEM
 */
DDNS_NODISCARD ddns_error subnets_parse(const char *text, ddns_prefix **out_list,
                                        size_t *out_count);

#endif
