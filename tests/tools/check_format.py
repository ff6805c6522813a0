# SPDX-License-Identifier: MPL-2.0
"""Fail when clang-format would change a file."""

import pathlib
import subprocess
import sys

import sources


def main(root: pathlib.Path) -> int:
    files = sources.find(root, ".c", ".h", ".cc")
    argv = ["clang-format", "--dry-run", "-Werror", *map(str, files)]
    return subprocess.run(argv, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
