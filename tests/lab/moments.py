# SPDX-License-Identifier: MPL-2.0
"""Random choices that can be made again."""

from __future__ import annotations

import os
import random

SEED = "DNS_UPDATE_TEST_SEED"


def chance() -> random.Random:
    """A generator whose seed is $DNS_UPDATE_TEST_SEED, or new and printed."""
    seed = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))
    print(f"again with the same choices: {SEED}={seed}")
    return random.Random(seed)
