# SPDX-License-Identifier: MPL-2.0
"""TSIG keys (RFC 8945)."""

from __future__ import annotations

import base64
import dataclasses
import os

ALGORITHMS = (
    "hmac-md5",
    "hmac-sha1",
    "hmac-sha224",
    "hmac-sha256",
    "hmac-sha384",
    "hmac-sha512",
)


@dataclasses.dataclass(frozen=True)
class Key:
    name: str = "lab-key"
    algorithm: str = "hmac-sha256"
    secret: str = dataclasses.field(
        default_factory=lambda: base64.b64encode(os.urandom(32)).decode()
    )
