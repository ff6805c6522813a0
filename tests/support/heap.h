/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_HEAP_H
#define SUPPORT_HEAP_H

#include <stdbool.h>

/**
 * Makes allocations of the code under test fail.  It sees what is linked into
 * the test with -Wl,--wrap, so not what libraries allocate for themselves.
 */

/** Let @p number more allocations succeed and the next one fail, once. */
void heap_fail_after(unsigned number);

/** Let every allocation succeed again; true when one has failed meanwhile. */
bool heap_stop_failing(void);

/** Let one allocation in @p one_in fail, in an order that repeats; 0: none. */
void heap_fail_often(unsigned one_in);

#endif
