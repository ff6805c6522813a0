# SPDX-License-Identifier: MPL-2.0
"""Fail when a Python file does not compile, without leaving anything behind."""

import pathlib
import sys

import sources


def main(root: pathlib.Path) -> int:
    bad = 0
    for path in sources.find(root, ".py"):
        try:
            compile(path.read_text(), str(path), "exec", dont_inherit=True)
        except SyntaxError as error:
            print(f"{path}: {error}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
