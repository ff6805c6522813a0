// SPDX-License-Identifier: MPL-2.0
#include "callout_points.h"

__thread uint64_t callout_began;
