# SPDX-License-Identifier: MPL-2.0
"""Fail when a source file of the core or the hook is in no meson.build."""

import pathlib
import sys

import sources

# Compiled where the libraries are that they compare with; no test needs those.
COMPARISONS = "tests/bench/codec_*.c"


def main(root: pathlib.Path, build: pathlib.Path) -> int:
    compiled = set(sources.compiled(root, build))
    forgotten = [
        path
        for path in sources.find(root.resolve(), ".c", ".cc")
        if path not in compiled and not path.match(COMPARISONS)
    ]
    for path in forgotten:
        print(f"{path}: not compiled by any target")
    return 1 if forgotten else 0


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:3])))
