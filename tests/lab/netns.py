# SPDX-License-Identifier: MPL-2.0
"""Network namespaces: a server and a client side joined by a cable."""

from __future__ import annotations

import atexit
import ctypes
import ipaddress
import itertools
import os
import subprocess
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

CLONE_NEWNET = 0x40000000

_numbers = itertools.count()


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


class Link:
    """Two namespaces joined by a veth pair, `eth0` in each; gone afterwards."""

    def __init__(self, network: str = "10.77.0.0/16") -> None:
        net = ipaddress.ip_network(network)
        self.server_address = str(net[1])
        self.client_address = str(net[2])
        stem = f"lab{os.getpid()}-{next(_numbers)}"
        self.server = f"{stem}s"
        self.client = f"{stem}c"
        self._length = net.prefixlen

    def __enter__(self) -> Link:
        atexit.register(self._delete)
        try:
            for name in (self.server, self.client):
                _ip("netns", "add", name)
                _ip("-n", name, "link", "set", "lo", "up")
            _ip(
                *("link", "add", "eth0", "netns", self.server, "type", "veth"),
                *("peer", "name", "eth0", "netns", self.client),
            )
            self._address(self.server, self.server_address)
            self._address(self.client, self.client_address)
        except BaseException:
            self._delete()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._delete()
        atexit.unregister(self._delete)

    def _address(self, name: str, address: str) -> None:
        _ip("-n", name, "address", "add", f"{address}/{self._length}", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")

    def _delete(self) -> None:
        for name in (self.server, self.client):
            if os.path.exists(f"/run/netns/{name}"):
                _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=10)
