/* SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"
