/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/zones.h"
