# SPDX-License-Identifier: MPL-2.0
"""A real kea-dhcp4 or kea-dhcp6 in a namespace, with a hook library or without."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
from collections.abc import Mapping
from typing import Any

from . import leases
from .control import ask
from .process import LabError, Process, eventually, unconfined

SOCKET = "kea.sock"
LEASE_COMMANDS = "libdhcp_lease_cmds.so"
HIGH_AVAILABILITY = "libdhcp_ha.so"
DDNS_TUNING = "libdhcp_ddns_tuning.so"  # since 3.0
# Before Kea 3.0 the servers can do without.
OF_DATABASES = {"postgresql": "libdhcp_pgsql.so"}
SERVER_ID = {
    "server-id": {
        "type": "EN",
        "enterprise-id": 32473,  # for documentation (RFC 5612)
        "identifier": "01",
        "persist": False,
    }
}


def hook_library() -> pathlib.Path:
    """The library under test: $DNS_UPDATE_HOOK, or the one of the folder build."""
    default = pathlib.Path(__file__).parents[2] / "build/hook/libdhcp_dns_update.so"
    path = pathlib.Path(os.environ.get("DNS_UPDATE_HOOK", default))
    if not path.exists():
        raise LabError(f"{path} is not built; DNS_UPDATE_HOOK may name another")
    return path


def kea_library(name: str) -> pathlib.Path:
    """A hook library that comes with Kea."""
    for path in pathlib.Path("/usr/lib").glob(f"*/kea/hooks/{name}"):
        return path
    raise LabError(f"{name} is not installed")


def database_libraries(kind: str) -> list[pathlib.Path]:
    """What this Kea has to load for leases in a database of this type."""
    if kind not in OF_DATABASES or kea_version() < (3, 0):
        return []
    return [kea_library(OF_DATABASES[kind])]


def kea_version() -> tuple[int, ...]:
    """Of the Kea that is installed, as (2, 2, 0)."""
    done = subprocess.run(
        [*unconfined("kea-dhcp4"), "-v"], capture_output=True, text=True, check=True, timeout=30
    )
    return tuple(map(int, re.findall(r"\d+", done.stdout)[:3]))


def sanitizer_environment(library: pathlib.Path) -> dict[str, str]:
    """What Kea needs to load a library built with AddressSanitizer.

    Its runtime must come first.  Kea itself keeps memory until it exits, which
    is none of our business here: leaks are looked for by the unit tests.
    """
    if b"__asan_init" not in library.read_bytes():
        return {}
    runtimes = sorted(pathlib.Path("/usr/lib/gcc").glob("*/*/libasan.so"))
    if not runtimes:
        raise LabError("gcc's libasan.so is not installed")
    first = library.parents[1] / "tests/lab/sanitizer_first.so"
    return {
        "LD_PRELOAD": f"{runtimes[-1].resolve()} {first}",
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=0:exitcode=99"
        # Kea and its own libraries are built without the sanitizer, and share
        # containers with ours: half of the checks would be about them.
        ":detect_container_overflow=0:detect_odr_violation=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }


class Kea:
    """Kea with everything it writes in one folder.

    `dhcp` is the Dhcp4 or Dhcp6 object of its configuration; what the laboratory needs
    (sockets, lease file, logging) is added to it.
    """

    def __init__(
        self,
        folder: pathlib.Path,
        netns: str | None,
        dhcp: Mapping[str, Any],
        env: Mapping[str, str] | None = None,
        version: int = 4,
    ) -> None:
        self.program = f"kea-dhcp{version}"
        self.version = version
        self.folder = folder / "kea"
        self.folder.mkdir(0o750, parents=True)  # Kea 3.0 wants no more for its socket
        self.netns = netns
        self.env = dict(env or {})
        self._process: Process | None = None
        self.configure(dhcp)

    def __enter__(self) -> Kea:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    @property
    def log(self) -> pathlib.Path:
        return self.folder / "kea.log"

    @property
    def lease_file(self) -> pathlib.Path:
        return self.folder / "leases.csv"

    def configure(self, dhcp: Mapping[str, Any]) -> None:
        """Write the configuration; a running server reads it with config-reload."""
        whole = {
            "control-socket": {"socket-type": "unix", "socket-name": SOCKET},
            "lease-database": {
                "type": "memfile",
                "name": str(self.lease_file),
                "lfc-interval": 0,
            },
            "loggers": [
                {
                    "name": self.program,
                    "output_options": [{"output": "stdout"}],
                    "severity": "INFO",
                }
            ],
            **(SERVER_ID if self.version == 6 else {}),
            **dhcp,
        }
        path = self.folder / f"{self.program}.json"
        path.write_text(json.dumps({f"Dhcp{self.version}": whole}))

    def start(self) -> None:
        self.launch()
        try:
            eventually(f"{self.program} answers commands", self._answers, 30)
        except LabError as error:
            raise LabError(f"{error}\n{self.tail()}") from error

    def launch(self) -> None:
        """Start without waiting for anything."""
        environment = {
            "KEA_PIDFILE_DIR": str(self.folder),
            "KEA_LOCKFILE_DIR": str(self.folder),
            # Kea 3.0 writes nowhere else.
            "KEA_DHCP_DATA_DIR": str(self.folder),
            "KEA_CONTROL_SOCKET_DIR": str(self.folder),
            **self.env,
        }
        argv = [*unconfined(self.program), "-c", f"{self.program}.json"]
        self._process = Process(argv, self.log, self.netns, environment)

    def stop(self, seconds: float = 30) -> int:
        """End it by SIGTERM; its exit status."""
        status = self.process.stop(seconds)
        self._process = None
        return status

    def kill(self) -> None:
        self.process.kill()
        self._process = None

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def process(self) -> Process:
        if self._process is None:
            raise LabError(f"{self.program} is not running")
        return self._process

    def tail(self, lines: int = 40) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def messages(self, identifier: str) -> list[str]:
        """The log's lines with this message identifier."""
        text = self.log.read_text(errors="replace")
        return [line for line in text.splitlines() if identifier in line]

    def command(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Send a command over the control socket; its answer, whatever it says."""
        words = {key.replace("_", "-"): value for key, value in arguments.items()}
        return ask(self.folder, SOCKET, name, words)

    def leases(self) -> list[leases.Lease]:
        """All leases, from the server itself or, when it has ended, from its file."""
        if self._process is None:
            return leases.read_csv(self.lease_file)
        answer = self.command(f"lease{self.version}-get-all")
        return leases.from_command(answer.get("arguments", {"leases": []}))

    def wait_until_gone(self, *addresses: str, seconds: float = 10) -> None:
        """Until it knows no active lease of these: a DHCPRELEASE has no answer."""

        def gone() -> bool:
            return all(
                lease.address not in addresses for lease in leases.active(self.leases())
            )

        eventually(f"no lease of {', '.join(addresses)}", gone, seconds)

    def _answers(self) -> bool:
        if not self.process.running():
            raise LabError(f"{self.program} ended at once")
        try:
            return self.command("config-get")["result"] == 0
        except (OSError, ValueError):
            return False
