// SPDX-License-Identifier: MPL-2.0
/// A hook library that stands before the one which is measured: starts the clock.
#include "callout_clock.h"
#include "callout_points.h"

extern "C" {

int version()
{
    return KEA_HOOKS_VERSION;
}

int multi_threading_compatible()
{
    return 1;
}

#define STARTS_THE_CLOCK(point)                                                          \
    int point(isc::hooks::CalloutHandle &)                                               \
    {                                                                                    \
        callout_began = callout_now();                                                   \
        return 0;                                                                        \
    }
CALLOUT_POINTS(STARTS_THE_CLOCK)

} // extern "C"
