# SPDX-License-Identifier: MPL-2.0
"""Kea's own kea-dhcp-ddns, called D2: what the hook library stands in for."""

from __future__ import annotations

import json
import pathlib

from . import kea_config
from .control import ask
from .dns_server import DnsServer, free_port
from .netns import inside
from .process import LabError, Process, Tally, eventually, unconfined

ADDRESS = "127.0.0.1"
READY = "DCTL_CONFIG_COMPLETE"
SOCKET = "d2.sock"

# One of these ends each request that it was sent.
OUTCOMES = tuple(
    f" DHCP_DDNS_{word} "
    for word in (
        "ADD_SUCCEEDED",
        "ADD_FAILED",
        "REMOVE_SUCCEEDED",
        "REMOVE_FAILED",
        "NO_FWD_MATCH_ERROR",
        "NO_REV_MATCH_ERROR",
    )
)


class D2:
    """kea-dhcp-ddns beside a DNS server, with a key that may update its zones.

    With `patient` it waits for slow DNS servers, and tells which requests are done.
    """

    def __init__(
        self, folder: pathlib.Path, dns: DnsServer, *, patient: bool = False
    ) -> None:
        self.folder = folder / "d2"
        self.folder.mkdir(0o750, parents=True)
        self.netns = dns.netns
        self.port = inside(self.netns, lambda: free_port(ADDRESS))
        self._process: Process | None = None
        configuration = {
            "ip-address": ADDRESS,
            "port": self.port,
            "control-socket": {"socket-type": "unix", "socket-name": SOCKET},
            **({"dns-server-timeout": 10_000} if patient else {}),
            "loggers": [
                _logger("kea-dhcp-ddns", "INFO"),
                # It writes several lines for each lease where it is not told otherwise.
                _logger("kea-dhcp-ddns.d2-to-dns", "INFO" if patient else "WARN"),
                _logger("kea-dhcp-ddns.dhcp-to-d2", "WARN"),
                _logger("kea-dhcp-ddns.commands", "WARN"),
            ],
            **kea_config.parameters(dns),
        }
        self.configuration.write_text(json.dumps({"DhcpDdns": configuration}, indent=2))

    def __enter__(self) -> D2:
        environment = {
            "KEA_PIDFILE_DIR": str(self.folder),
            "KEA_LOCKFILE_DIR": str(self.folder),
            "KEA_CONTROL_SOCKET_DIR": str(self.folder),
        }
        argv = [*unconfined("kea-dhcp-ddns"), "-c", "kea-dhcp-ddns.json"]
        self._process = Process(argv, self.log, self.netns, environment)
        self._done = Tally(self.log, OUTCOMES)
        try:
            eventually("kea-dhcp-ddns is configured", self._ready)
        except LabError as error:
            self._process.stop()
            raise LabError(f"{error}\n{self._process.tail()}") from error
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop()
        self._process = None

    @property
    def log(self) -> pathlib.Path:
        return self.folder / "d2.log"

    @property
    def configuration(self) -> pathlib.Path:
        return self.folder / "kea-dhcp-ddns.json"

    @property
    def process(self) -> Process:
        if self._process is None:
            raise LabError("kea-dhcp-ddns is not running")
        return self._process

    def client_settings(self) -> dict[str, object]:
        """What kea-dhcp4 has to know of it: a dhcp-ddns object."""
        return {"enable-updates": True, "server-ip": ADDRESS, "server-port": self.port}

    def idle(self) -> bool:
        """Every request that reached it is done; it must be patient."""
        answer = ask(self.folder, SOCKET, "statistic-get", {"name": "ncr-received"})
        received = answer["arguments"]["ncr-received"][0][0]
        return self._done.count() >= received

    def losses(self) -> list[str]:
        """What its log says of requests that were not decided by an answer of DNS."""
        words = ("QUEUE_FULL", "_IO_ERROR", "_TIMEOUT", "_RESP_CORRUPT", "RECV_ERROR")
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if any(word in line for word in words)]

    def _ready(self) -> bool:
        if not self.process.running():
            raise LabError("kea-dhcp-ddns ended at once")
        return READY in self.log.read_text(errors="replace")


def _logger(name: str, severity: str) -> dict[str, object]:
    output = [{"output": "stdout", "flush": True}]
    return {"name": name, "severity": severity, "output_options": output}
