/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_HEAP_H
#define SUPPORT_HEAP_H

#include <stdbool.h>

/**
 * Makes one allocation of the code under test fail.  It sees what is linked into
 * the test with -Wl,--wrap, so not what libraries allocate for themselves.
 */

/** Let @p number more allocations succeed and the next one fail, once. */
void heap_fail_after(unsigned number);

/** Let every allocation succeed again; true when one has failed meanwhile. */
bool heap_stop_failing(void);

#endif
