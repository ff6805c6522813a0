# SPDX-License-Identifier: MPL-2.0
"""What the benchmarks with perfdhcp share: three kinds of sites, and their load."""

from __future__ import annotations

import concurrent.futures
import contextlib
import math
import pathlib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any

from lab import kea_config, perfdhcp_report
from lab.clients import perfdhcp
from lab.d2 import D2
from lab.dns_servers import Bind, Knot, PowerDNS
from lab.perfdhcp_report import Report
from lab.process import Process
from lab.site import Site

REVERSE = "10.in-addr.arpa."
QUIET = 3.0  # a zone that did not change for so long has come to rest
PAUSE = 0.05
LAST_ACKS = 500_000  # microseconds that perfdhcp waits for its last answers

SETTINGS: dict[str, Any] = {
    "multi-threading": {
        "enable-multi-threading": True,
        "thread-pool-size": 2,
        "packet-queue-size": 256,
    },
    "ddns-replace-client-name": "when-not-present",
    "subnet4": [
        {
            "id": 1,
            "subnet": "10.76.0.0/14",
            "pools": [{"pool": "10.78.0.0 - 10.79.255.255"}],
        }
    ],
    "loggers": [
        {
            "name": "kea-dhcp4",
            "output_options": [{"output": "stdout"}],
            "severity": "WARN",  # nothing is written for each lease
        }
    ],
}


class QuietBind(Bind):
    """Writes nothing for each record, which would cost it most of its time."""

    silent = (*Bind.silent, "update", "update-security")


SERVERS = {"bind": QuietBind, "knot": Knot, "powerdns": PowerDNS}


class Plugin(Site):
    """Kea with the library under test, its ledger on."""

    def __init__(self, folder, **more: Any) -> None:
        super().__init__(folder, reverse=(REVERSE,), **{**SETTINGS, **more})

    def processes(self) -> dict[str, Process]:
        return {"kea": self.kea.process, "dns": self.dns.process}


class NoDdns(Plugin):
    """Kea alone."""

    def dhcp(self, **settings: Any) -> dict[str, Any]:
        return kea_config.dhcp4(None, **{**self._dhcp, **self.ddns(), **settings})

    def ddns(self) -> dict[str, Any]:
        return {"dhcp-ddns": {"enable-updates": False}}


class KeaD2(NoDdns):
    """Kea with its own kea-dhcp-ddns."""

    d2: D2

    def start_dns(self, stack: contextlib.ExitStack) -> None:
        super().start_dns(stack)
        self.d2 = stack.enter_context(D2(self.folder, self.dns))

    def ddns(self) -> dict[str, Any]:
        return {"dhcp-ddns": self.d2.client_settings()}

    def processes(self) -> dict[str, Process]:
        return {**super().processes(), "d2": self.d2.process}


KINDS: dict[str, type[Plugin]] = {"none": NoDdns, "d2": KeaD2, "plugin": Plugin}


@contextlib.contextmanager
def site(kind: type[Plugin], server: str, **more: Any) -> Iterator[Plugin]:
    """A running site in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with kind(pathlib.Path(folder), server=SERVERS[server], **more) as running:
            yield running


def start_load(site: Site, rate: int, seconds: float, *words: str) -> concurrent.futures.Future:
    """Offer new clients, so many a second; the future is perfdhcp's Report."""
    counts = ["-r", str(rate), "-R", "1000000", "-p", f"{seconds:g}", "-W", str(LAST_ACKS)]
    pool = concurrent.futures.ThreadPoolExecutor(1)
    run = pool.submit(
        lambda: Report(perfdhcp(site.link, *counts, *perfdhcp_report.WORDS, *words))
    )
    pool.shutdown(wait=False)
    return run


def kea_count(site: Site, name: str) -> int:
    """One of Kea's statistics, its newest value."""
    return site.kea.command("statistic-get-all")["arguments"][name][0][0]


def rest(site: Site) -> float:
    """Wait until no zone changes any more; when the last change was."""
    serials = [site.dns.serial(zone) for zone in site.dns.zones]
    changed = time.monotonic()
    while time.monotonic() < changed + QUIET:
        time.sleep(PAUSE)
        now = [site.dns.serial(zone) for zone in site.dns.zones]
        if now != serials:
            serials, changed = now, time.monotonic()
    return changed


def count(site: Site, zone: str, rdtype: str) -> int:
    """Records of a type in a zone beyond those it began with, by zone transfer."""
    words = ["ip", "netns", "exec", site.link.server, "dig", f"@{site.dns.address}"]
    words += ["-p", str(site.dns.port), "+tcp", "+onesoa", "+noall", "+answer"]
    done = subprocess.run(
        [*words, zone, "AXFR"], check=True, timeout=120, capture_output=True, text=True
    )
    kinds = (line.split(maxsplit=4)[3] for line in done.stdout.splitlines() if line)
    here = [r for r in site.static if r.type == rdtype and f".{r.name}".endswith(f".{zone}")]
    return sum(kind == rdtype for kind in kinds) - len(here)


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """The value that so many per cent do not exceed; not a number when there is none."""
    if not sorted_values:
        return math.nan
    at = math.ceil(len(sorted_values) * percent / 100) - 1
    return sorted_values[max(at, 0)]
