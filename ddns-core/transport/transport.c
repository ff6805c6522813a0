/* SPDX-License-Identifier: MPL-2.0 */
#include "transport/transport.h"
