# SPDX-License-Identifier: MPL-2.0
"""Fail when cppcheck objects; a suppression stands in the code, with its reason."""

import pathlib
import subprocess
import sys


def main(root: pathlib.Path) -> int:
    argv = [
        "cppcheck",
        "--error-exitcode=1",
        "--enable=warning,performance,portability",
        "--inline-suppr",
        "--std=c17",
        "--library=posix",
        "--quiet",
        "-j2",
        f"--library={pathlib.Path(__file__).with_name('cppcheck.cfg')}",
        f"-I{root / 'ddns-core'}",
        f"-I{root / 'ddns-core/include'}",
        str(root / "ddns-core"),
    ]
    return subprocess.run(argv, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
