/* SPDX-License-Identifier: MPL-2.0 */
#include "base/broken.h"

#include <stdlib.h>

bool ddns_broken(bool condition)
{
#ifndef NDEBUG
    if (condition) {
        abort();
    }
#endif
    return condition;
}
