# SPDX-License-Identifier: MPL-2.0
"""The programs that the benchmarks run, built as users build."""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def _quietly(*argv: object) -> None:
    done = subprocess.run(
        list(map(str, argv)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        sys.exit(done.stdout)


def up_to_date(folder: pathlib.Path, *names: str) -> list[pathlib.Path]:
    """So many programs and libraries of a build folder."""
    targets = [f"tests/bench/{name}" for name in names]
    _quietly("ninja", "-C", folder, *targets)
    return [(folder / target).resolve() for target in targets]


@contextlib.contextmanager
def built(*names: str) -> Iterator[list[pathlib.Path]]:
    """So many programs, up to date, in the folder DNS_UPDATE_BUILD or in one for now."""
    with contextlib.ExitStack() as stack:
        folder = os.environ.get("DNS_UPDATE_BUILD")
        if folder is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
            _quietly("meson", "setup", folder, SOURCE)
        yield up_to_date(pathlib.Path(folder), *names)
