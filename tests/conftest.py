# SPDX-License-Identifier: MPL-2.0
"""Makes `lab` importable, shows the servers' logs when a test fails, and has tests that
keep the machine busy wait for each other."""

from __future__ import annotations

import contextlib
import fcntl
import pathlib
import signal
import sys

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that have tests under load among the others: of rounds that run at
    once, few then wait for the same turn."""
    paths = list(dict.fromkeys(item.path for item in items))
    loaded = {item.path for item in items if _under_load(item)}
    places: dict[pathlib.Path, float] = {}
    for kind in (loaded, set(paths) - loaded):
        files = [path for path in paths if path in kind]
        places |= {path: (n + 0.5) / len(files) for n, path in enumerate(files)}
    items.sort(key=lambda item: places[item.path])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """The tests may run several times at once, with several Keas: under load, two of them
    would take for a fault of the software that the machine has no more to give."""
    with contextlib.ExitStack() as stack:
        if _under_load(item):
            turn = stack.enter_context(open(__file__, encoding="ascii"))
            fcntl.flock(turn, fcntl.LOCK_EX)
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
