# SPDX-License-Identifier: MPL-2.0
"""The control socket of any of Kea's servers."""

from __future__ import annotations

import json
import os
import pathlib
import socket
from collections.abc import Mapping
from typing import Any


def ask(
    folder: pathlib.Path, name: str, command: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Send a command to the socket called name in folder; its answer, whatever it says."""
    message: dict[str, Any] = {"command": command}
    if arguments:
        message["arguments"] = dict(arguments)
    handle = os.open(folder, os.O_RDONLY)  # socket paths may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(f"/proc/self/fd/{handle}/{name}")
            connection.sendall(json.dumps(message).encode())
            chunks = iter(lambda: connection.recv(1 << 20), b"")
            # Names hold whatever octets the clients sent.
            return json.loads(b"".join(chunks).decode("latin-1"), strict=False)
    finally:
        os.close(handle)
