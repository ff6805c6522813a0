# SPDX-License-Identifier: MPL-2.0
"""PostgreSQL as Kea's lease database."""

from __future__ import annotations

import pathlib
import shutil
import signal
import subprocess
import tempfile
from typing import Any

from .process import LabError, Process, eventually

PROGRAMS = pathlib.Path("/usr/lib/postgresql")
SCHEMA = pathlib.Path("/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql")
USER = "postgres"  # it does not run as root


class Postgres:
    """A server with one empty lease database, on a unix socket alone."""

    def __init__(self) -> None:
        # Not below pytest's folder, which only root may enter.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lab-postgres-"))
        self._process: Process | None = None

    def __enter__(self) -> Postgres:
        try:
            shutil.chown(self.folder, USER, USER)
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.signal(signal.SIGINT)  # SIGTERM waits for its clients
            self._process.stop()
        shutil.rmtree(self.folder)

    @property
    def lease_database(self) -> dict[str, Any]:
        """For Kea's configuration."""
        place = {"host": str(self.folder), "user": USER, "password": ""}
        return {"type": "postgresql", "name": "kea", **place}

    def execute(self, sql: str, database: str = "kea") -> str:
        return self._psql(database, "-c", sql)

    def _start(self) -> None:
        data = self.folder / "data"
        options = ["--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8"]
        self._run(_program("initdb"), *options, "--locale=C", "-D", str(data))
        argv = [*_as_user(), _program("postgres"), "-D", str(data), "-k", str(self.folder)]
        settings = ["-c", "listen_addresses=", "-c", "fsync=off"]
        self._process = Process([*argv, *settings], self.folder / "postgres.log")
        try:
            eventually("PostgreSQL answers", self._answers, 60, pause=0.2)
        except LabError as error:
            raise LabError(f"{error}\n{self._process.tail()}") from error
        self.execute("CREATE DATABASE kea", "postgres")
        self._psql("kea", "-f", str(SCHEMA))

    def _answers(self) -> bool:
        try:
            return bool(self.execute("SELECT 1", "postgres"))
        except LabError:
            return False

    def _psql(self, database: str, *words: str) -> str:
        quiet = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        place = ["-h", str(self.folder), "-U", USER, "-d", database]
        return self._run("psql", *quiet, *place, *words)

    def _run(self, *argv: str) -> str:
        done = subprocess.run(
            [*_as_user(), *argv],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise LabError(f"{argv[0]}: {done.stdout}{done.stderr}")
        return done.stdout


def _as_user() -> list[str]:
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]


def _program(name: str) -> str:
    for path in PROGRAMS.glob(f"*/bin/{name}"):
        return str(path)
    raise LabError(f"{name} is not installed")
