/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_BASE_BROKEN_H
#define DDNS_BASE_BROKEN_H

#include <stdbool.h>

/**
 * Soft assertion against our own mistakes, never against input.
 *
 * Returns @p condition, so that the caller can still get out with DDNS_E_BUG: the
 * process is someone's DHCP server.  Where NDEBUG is unset a broken invariant
 * aborts, to be found by a test instead of by an operator.
 */
bool ddns_broken(bool condition);

#endif
