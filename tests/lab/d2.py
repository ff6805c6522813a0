# SPDX-License-Identifier: MPL-2.0
"""Kea's own kea-dhcp-ddns, called D2: what the hook library stands in for."""

from __future__ import annotations

import json
import pathlib

from . import kea_config
from .dns_server import DnsServer, free_port
from .netns import inside
from .process import LabError, Process, eventually, unconfined

ADDRESS = "127.0.0.1"
READY = "DCTL_CONFIG_COMPLETE"


class D2:
    """kea-dhcp-ddns beside a DNS server, with a key that may update its zones."""

    def __init__(self, folder: pathlib.Path, dns: DnsServer) -> None:
        self.folder = folder / "d2"
        self.folder.mkdir(parents=True)
        self.netns = dns.netns
        self.port = inside(self.netns, lambda: free_port(ADDRESS))
        self._process: Process | None = None
        configuration = {
            "ip-address": ADDRESS,
            "port": self.port,
            "loggers": [
                {
                    "name": "kea-dhcp-ddns",
                    "output_options": [{"output": "stdout"}],
                    "severity": "INFO",
                },
                # It writes several lines for each lease where it is not told otherwise.
                {"name": "kea-dhcp-ddns.d2-to-dns", "severity": "WARN"},
                {"name": "kea-dhcp-ddns.dhcp-to-d2", "severity": "WARN"},
            ],
            **kea_config.parameters(dns),
        }
        path = self.folder / "kea-dhcp-ddns.json"
        path.write_text(json.dumps({"DhcpDdns": configuration}, indent=2))

    def __enter__(self) -> D2:
        environment = {
            "KEA_PIDFILE_DIR": str(self.folder),
            "KEA_LOCKFILE_DIR": str(self.folder),
        }
        argv = [*unconfined("kea-dhcp-ddns"), "-c", "kea-dhcp-ddns.json"]
        self._process = Process(argv, self.folder / "d2.log", self.netns, environment)
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
    def process(self) -> Process:
        if self._process is None:
            raise LabError("kea-dhcp-ddns is not running")
        return self._process

    def client_settings(self) -> dict[str, object]:
        """What kea-dhcp4 has to know of it: a dhcp-ddns object."""
        return {"enable-updates": True, "server-ip": ADDRESS, "server-port": self.port}

    def _ready(self) -> bool:
        if not self.process.running():
            raise LabError("kea-dhcp-ddns ended at once")
        return READY in self.process.log.read_text(errors="replace")
