# SPDX-License-Identifier: MPL-2.0
"""Network namespaces."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

CLONE_NEWNET = 0x40000000


def inside(name: str | None, work: Callable[[], Result]) -> Result:
    """Call work() in a thread whose sockets open in the namespace called name."""
    if name is None:
        return work()
    results: list[Result] = []
    errors: list[BaseException] = []

    def enter_and_work() -> None:
        try:
            handle = os.open(f"/run/netns/{name}", os.O_RDONLY)
            try:
                if ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), f"cannot enter namespace {name}")
            finally:
                os.close(handle)
            results.append(work())
        except BaseException as error:  # handed to the caller below
            errors.append(error)

    thread = threading.Thread(target=enter_and_work)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
