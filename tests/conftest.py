# SPDX-License-Identifier: MPL-2.0
"""Makes `lab` importable, shows the servers' logs when a test fails, and has tests that
keep the machine busy wait for each other."""

from __future__ import annotations

import contextlib
import fcntl
import pathlib
import signal
import sys
from collections.abc import Iterator, Sequence

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

TAIL_LINES = 40
OUR_OWN_LOOKS = ("COMMAND_RECEIVED", " AXFR ")  # a test that waits looks again and again


def pytest_configure(config: pytest.Config) -> None:
    """End by SIGTERM as by Ctrl-C: every process and namespace goes with its test."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for marker in (
        "load: one of these runs at a time, whoever runs it",
        "once: takes the whole machine for long; with one Kea, and not under a sanitizer",
    ):
        config.addinivalue_line("markers", marker)


def _under_load(item: pytest.Item) -> bool:
    return item.get_closest_marker("load") is not None


@contextlib.contextmanager
def _turn(how: int) -> Iterator[None]:
    """While no other test under load runs; BlockingIOError when one does, with LOCK_NB."""
    with open(__file__, encoding="ascii") as file:
        fcntl.flock(file, how)
        yield


def _free() -> bool:
    with contextlib.suppress(BlockingIOError), _turn(fcntl.LOCK_EX | fcntl.LOCK_NB):
        return True
    return False


def _in_turn(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """File by file; the tests of a file that are under load come for themselves, as soon
    as no other round has such a test, so that rounds seldom wait for each other."""
    groups: dict[tuple[pathlib.Path, bool], list[pytest.Item]] = {}
    for item in items:
        groups.setdefault((item.path, _under_load(item)), []).append(item)
    while groups:
        free = _free()
        key = next((key for key in groups if key[1] == free), next(iter(groups)))
        yield from groups.pop(key)


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """As pytest's own, but in the order of _in_turn()."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    order = _in_turn(session.items)
    item = next(order, None)
    while item is not None:
        following = next(order, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """The tests may run several times at once, with several Keas: under load, two of them
    would take for a fault of the software that the machine has no more to give."""
    with _turn(fcntl.LOCK_EX) if _under_load(item) else contextlib.nullcontext():
        yield


def _tail(log: pathlib.Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    told = [line for line in lines if not any(word in line for word in OUR_OWN_LOOKS)]
    return "\n".join(told[-TAIL_LINES:])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    outcome = yield
    report = outcome.get_result()
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and folder is not None:
        for log in sorted(folder.rglob("*.log")):
            report.sections.append((f"end of {log.name} ({log.parent.name})", _tail(log)))
