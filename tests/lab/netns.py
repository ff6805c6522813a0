# SPDX-License-Identifier: MPL-2.0
"""Network namespaces: servers and a client side joined by a cable or a switch."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import ipaddress
import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import IO, TypeVar

from .process import eventually

Result = TypeVar("Result")

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

_numbers = itertools.count()


def inside(name: str | None, work: Callable[[], Result]) -> Result:
    """Call work() while this thread is in the namespace called name: its sockets open there."""
    if name is None:
        return work()
    with _opened("/proc/thread-self/ns/net") as here, _opened(f"/run/netns/{name}") as there:
        try:
            _enter(there)
            return work()
        finally:
            _enter(here)


def _opened(path: str) -> IO[bytes]:
    return open(path, "rb", buffering=0)


def _enter(namespace: IO[bytes]) -> None:
    if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), f"cannot enter namespace {namespace.name}")


@contextlib.contextmanager
def silence(name: str) -> Iterator[None]:
    """Every packet on the loopback interface of the namespace is lost.

    A queue without any room: it needs no module of the kernel, as netem would.
    """
    words = ["ip", "netns", "exec", name, "tc", "qdisc"]
    device = ["dev", "lo", "root"]
    subprocess.run([*words, "add", *device, "pfifo", "limit", "0"], check=True, timeout=10)
    try:
        yield
    finally:
        subprocess.run([*words, "delete", *device], check=True, timeout=10)


class Lan:
    """Servers and clients on one switch, `eth0` in each namespace; gone afterwards."""

    def __init__(self, network: str = "10.77.0.0/16", servers: int = 1) -> None:
        net = ipaddress.ip_network(network)
        self.client_address = str(net[2])
        self.server_addresses = [str(net[1]), *(str(net[3 + i]) for i in range(servers - 1))]
        stem = f"lab{os.getpid()}-{next(_numbers)}"
        self.servers = [f"{stem}s{i}" for i in range(servers)]
        self.client = f"{stem}c"
        self._length = net.prefixlen
        self._version = net.version
        self._options = ("nodad",) if net.version == 6 else ()

    def __enter__(self) -> Lan:
        atexit.register(self._delete)
        try:
            for name in (*self.servers, self.client):
                _ip("netns", "add", name)
                _ip("-n", name, "link", "set", "lo", "up")
            self._connect()
            for name, address in zip(self.servers, self.server_addresses):
                self._address(name, address)
            self._address(self.client, self.client_address)
            for name in (*self.servers, self.client):
                eventually(f"{name} is connected", lambda: self._connected(name))
        except BaseException:
            self._delete()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._delete()
        atexit.unregister(self._delete)

    def cut_off(self, number: int) -> None:
        """Pull one server's cable out."""
        _ip("-n", self.client, "link", "set", f"port{number}", "down")

    def join(self, number: int) -> None:
        _ip("-n", self.client, "link", "set", f"port{number}", "up")

    @contextlib.contextmanager
    def unreachable(self, number: int, other: int) -> Iterator[None]:
        """One server cannot send to the other, which hears everybody else."""
        words = ("-n", self.servers[number], "route")
        route = ("blackhole", self.server_addresses[other])
        _ip(*words, "add", *route)
        try:
            yield
        finally:
            _ip(*words, "delete", *route)

    def _connect(self) -> None:
        """The switch is the clients' own interface."""
        _ip("-n", self.client, "link", "add", "eth0", "type", "bridge")
        for number, server in enumerate(self.servers):
            port = f"port{number}"
            _ip(
                *("link", "add", "eth0", "netns", server, "type", "veth"),
                *("peer", "name", port, "netns", self.client),
            )
            _ip("-n", self.client, "link", "set", port, "master", "eth0", "up")

    def _address(self, name: str, address: str) -> None:
        eth0 = ("dev", "eth0")
        _ip("-n", name, "address", "add", f"{address}/{self._length}", *eth0, *self._options)
        if self._options:
            # No router, no prefix: the interface's own address waits for duplicates.
            host = address.rsplit(":", 1)[1]
            _ip("-n", name, "link", "set", *eth0, "addrgenmode", "none")
            _ip("-n", name, "address", "add", f"fe80::{host}/64", *eth0, "nodad")
        _ip("-n", name, "link", "set", "eth0", "up")

    def _connected(self, name: str) -> bool:
        """It may send, and to all: the kernel takes up to a second, less if it is asked."""
        multicast = ("table", "local", "type", "multicast", "dev", "eth0")
        return "state UP" in _ip("-n", name, "link", "show", "eth0") and (
            self._version == 4 or _ip("-n", name, "-6", "route", "show", *multicast) != ""
        )

    def _delete(self) -> None:
        for name in (*self.servers, self.client):
            if os.path.exists(f"/run/netns/{name}"):
                _ip("netns", "delete", name)


class Link(Lan):
    """One server and its clients, joined by a cable."""

    def __init__(self, network: str = "10.77.0.0/16") -> None:
        super().__init__(network)
        self.server = self.servers[0]
        self.server_address = self.server_addresses[0]

    def __enter__(self) -> Link:
        super().__enter__()
        return self

    def _connect(self) -> None:
        _ip(
            *("link", "add", "eth0", "netns", self.server, "type", "veth"),
            *("peer", "name", "eth0", "netns", self.client),
        )


def _ip(*words: str) -> str:
    """What it prints."""
    return subprocess.run(
        ["ip", *words], check=True, timeout=10, stdout=subprocess.PIPE, text=True
    ).stdout
