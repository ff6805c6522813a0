# SPDX-License-Identifier: MPL-2.0
"""Which files the checks are about."""

from __future__ import annotations

import json
import pathlib

FOLDERS = ("ddns-core", "hook", "tests")


def find(root: pathlib.Path, *suffixes: str) -> list[pathlib.Path]:
    return sorted(
        path
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.suffix in suffixes
    )


def compiled(root: pathlib.Path, build: pathlib.Path) -> list[pathlib.Path]:
    """The sources of this tree that the build compiles."""
    entries = json.loads((build / "compile_commands.json").read_text())
    paths = {(pathlib.Path(e["directory"]) / e["file"]).resolve() for e in entries}
    return sorted(path for path in paths if path.is_relative_to(root.resolve()))
