# SPDX-License-Identifier: MPL-2.0
"""Makes `lab` importable and shows the servers' logs when a test fails."""

from __future__ import annotations

import pathlib
import signal
import sys

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

TAIL_LINES = 40


def pytest_configure() -> None:
    """End by SIGTERM as by Ctrl-C: every process and namespace goes with its test."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    outcome = yield
    report = outcome.get_result()
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and folder is not None:
        for log in sorted(folder.rglob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            report.sections.append((f"end of {log.name} ({log.parent.name})", "\n".join(lines)))
