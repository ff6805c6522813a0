// SPDX-License-Identifier: MPL-2.0
/// A hook library that does nothing at the same points: what Kea's own calls cost.
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

#define DOES_NOTHING(point)                                                              \
    int point(isc::hooks::CalloutHandle &)                                               \
    {                                                                                    \
        return 0;                                                                        \
    }
CALLOUT_POINTS(DOES_NOTHING)

} // extern "C"
