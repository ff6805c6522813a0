# SPDX-License-Identifier: MPL-2.0
"""One child process with a log file, ended by its own pid."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

PROFILES = pathlib.Path("/sys/kernel/security/apparmor/profiles")


class LabError(Exception):
    """The laboratory itself does not work; the text says what to look at."""


def eventually(
    what: str, check: Callable[[], object], seconds: float = 10, pause: float | None = None
) -> None:
    """Wait until check() is true; what() did not happen is a LabError.

    Without a pause in seconds it looks less often the longer it takes: each look keeps
    servers busy that others wait for.
    """
    began = time.monotonic()
    while not check():
        waited = time.monotonic() - began
        if waited > seconds:
            raise LabError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02 + waited / 20 if pause is None else pause)


def installed(program: str) -> str | None:
    """Where the program is, if it is anywhere."""
    return shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")


def unconfined(program: str) -> list[str]:
    """The command's first words: Debian's AppArmor profiles forbid /tmp to daemons."""
    path = installed(program)
    if path is None:
        raise LabError(f"{program} is not installed")
    confined = PROFILES.exists() and f"{path.rsplit('/', 1)[1]} " in PROFILES.read_text()
    return ["aa-exec", "-p", "unconfined", "--", path] if confined else [path]


def wrong_clock(seconds: int) -> dict[str, str]:
    """Environment of a process whose wall clock shall be wrong by so many seconds.

    The faketime command would stand between us and the process we must end.
    named does not start with it: jemalloc asks for the time too early.
    """
    libraries = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        raise LabError("libfaketime is not installed")
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME": f"{seconds:+d}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # A program with AddressSanitizer wants its runtime to come first.
        "ASAN_OPTIONS": "verify_asan_link_order=0",
    }


class Tally:
    """How many lines of a growing log have one of some words; each is read once."""

    def __init__(self, log: pathlib.Path, words: Sequence[str]) -> None:
        self._log = log
        self._words = [word.encode() for word in words]
        self._read = 0  # octets
        self._count = 0

    def count(self) -> int:
        with self._log.open("rb") as log:
            log.seek(self._read)
            for line in log:
                if not line.endswith(b"\n"):
                    break  # it is still being written
                self._read += len(line)
                self._count += any(word in line for word in self._words)
        return self._count


class Process:
    """A child that writes to a log; a context manager that always ends it."""

    def __init__(
        self,
        argv: Sequence[str],
        log: pathlib.Path,
        netns: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        inside = ["ip", "netns", "exec", netns] if netns else []
        with log.open("ab") as out:
            self._child = subprocess.Popen(
                [*inside, *argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=log.parent,
            )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._child.pid

    def running(self) -> bool:
        return self._child.poll() is None

    def cpu_seconds(self) -> float:
        """Processor time of all its threads until now."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def signal(self, number: int) -> None:
        if self.running():
            self._child.send_signal(number)

    def wait(self, seconds: float) -> int:
        return self._child.wait(seconds)

    def stop(self, seconds: float = 15) -> int:
        """Ask it to end, insist after so many seconds; its exit status."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        self.signal(signal.SIGKILL)
        return self._child.wait(5)
