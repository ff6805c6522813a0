# SPDX-License-Identifier: MPL-2.0
"""Fail when clang-tidy objects to a compiled file."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

import sources

# clang 14 takes the first for an error, and cannot read gcc's precompiled header: so each
# file has to include what it uses.
GCC_ALONE = (" -fno-gnu-unique", " -fpch-preprocess -include kea.h")


def database(build: pathlib.Path, folder: pathlib.Path) -> None:
    """The build's compile commands as clang understands them."""
    commands = (build / "compile_commands.json").read_text()
    for words in GCC_ALONE:
        commands = commands.replace(words, "")
    (folder / "compile_commands.json").write_text(commands)


def tidy(folder: pathlib.Path, path: pathlib.Path) -> tuple[int, str]:
    argv = ["clang-tidy", "--quiet", "-p", str(folder), str(path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def main(root: pathlib.Path, build: pathlib.Path) -> int:
    files = sources.compiled(root, build)
    bad = 0
    with (
        tempfile.TemporaryDirectory() as name,
        concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        folder = pathlib.Path(name)
        database(build, folder)
        for status, output in pool.map(lambda path: tidy(folder, path), files):
            if status != 0:
                print(output, flush=True)
                bad += 1
    print(f"{len(files)} files, {bad} with complaints")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:3])))
