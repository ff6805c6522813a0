/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/dhcid.h"
