# SPDX-License-Identifier: MPL-2.0
"""DHCP traffic that goes on while a test does something else."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence, Sized

from .clients import perfdhcp
from .netns import Link
from .process import LabError

ROUND_SECONDS = 2
ROUNDS = 4

_rounds = itertools.count(1)


def unused_macs() -> list[str]:
    """perfdhcp's words for clients that no other call has named: 65 536 of them."""
    number = next(_rounds)
    return ["-b", f"mac=02:01:{number >> 8:02x}:{number & 255:02x}:00:00"]


def lease(link: Link, rate: int, count: int, *words: str) -> str:
    """Lease `count` addresses, so many a second; what perfdhcp printed."""
    seconds = max(1, count // rate)
    counts = ["-r", str(rate), "-R", str(count), "-p", str(seconds)]
    return perfdhcp(link, *counts, *words)


def lease_all(
    link: Link,
    leases: Callable[[], Sized],
    rate: int,
    count: int,
    clients: Callable[..., str] = perfdhcp,
) -> None:
    """Lease `count` addresses, at first so many a second.  A slow machine drops packets:
    what is missing in `leases()` is asked for again, by the same clients at half the
    rate."""
    counts = ["-R", str(count), "-n", str(count)]
    counts += ["-W", "1000000"]  # microseconds that the last answers may take
    for again in range(ROUNDS):
        clients(link, "-r", str(rate >> again), *counts)
        if len(leases()) >= count:
            return
    raise LabError(f"{len(leases())} leases instead of {count} after {ROUNDS} rounds")


class Load:
    """Clients all the time, from entering the context until it is left.

    They come in rounds of two seconds; each round is perfdhcp with the next of
    the `kinds`, more words for it, and new clients where these name none.
    Nothing is wrong when the server answers none of them for a while: clients
    of the real world do not stop either when a server dies.
    """

    def __init__(self, link: Link, rate: int, *kinds: Sequence[str]) -> None:
        self._link = link
        self._rate = rate
        self._kinds = itertools.cycle(kinds or [()])
        self._over = threading.Event()
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()
        if self._errors and not any(problem):
            raise self._errors[0]

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                words = next(self._kinds)
                clients = [] if "-b" in words else unused_macs()
                lease(self._link, self._rate, self._rate * ROUND_SECONDS, *clients, *words)
        except BaseException as error:  # handed to the one who leaves the context
            self._errors.append(error)
