/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_BINDING_H
#define DDNS_CLIENT_BINDING_H

#include "engine/engine.h"

/**
 * Check @p binding against @p zones and make of it what the engine takes, all but the
 * DHCID: a digest takes longer than the rest.  Runs on the caller's thread, so that a
 * mistake is told where it was made.  After an error @p out_wish holds nothing of use.
 *
 * @retval  the errors of ddns_client_set()
 */
DDNS_NODISCARD ddns_error ddns_wish_of(const struct ddns_zones *zones,
                                       const ddns_binding *binding,
                                       struct ddns_wish *out_wish);

/**
 * The wish of ddns_client_clear().  A name or direction that could not have been
 * registered leaves the address alone, which is enough where it is known.
 *
 * @retval DDNS_E_INVALID  the address is none
 */
DDNS_NODISCARD ddns_error ddns_clearing_of(const struct ddns_zones *zones,
                                           const ddns_binding *binding,
                                           struct ddns_wish *out_wish);

#endif
