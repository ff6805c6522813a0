# SPDX-License-Identifier: MPL-2.0
"""A small disk, and how it becomes full."""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
from collections.abc import Iterator

BLOCK = 4096


@contextlib.contextmanager
def small_disk(folder: pathlib.Path, megabytes: int = 1) -> Iterator[pathlib.Path]:
    """The folder is made, and is a file system of its own inside the context."""
    folder.mkdir()
    kind = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"]
    subprocess.run(["mount", *kind, str(folder)], check=True, timeout=10)
    try:
        yield folder
    finally:
        # Lazily: who still has a file of it open need not end first.
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=10)


def fill(folder: pathlib.Path) -> pathlib.Path:
    """Use all the room that is left; the file to delete for having it again.

    It may be called again, when there is some room once more.
    """
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(BLOCK))
    return filler
