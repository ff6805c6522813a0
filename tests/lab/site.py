# SPDX-License-Identifier: MPL-2.0
"""A whole site: a network, DNS servers, Kea with the hook, and their agreement."""

from __future__ import annotations

import abc
import contextlib
import pathlib
import time
from collections.abc import Sequence
from typing import Any

from . import kea_config
from .compare import differences
from .dns_servers import Bind, DnsServer, Key, Records
from .kea import Kea, hook_library, sanitizer_environment
from .leases import Lease
from .netns import Link


class Agreement(abc.ABC):
    """The zones of one DNS server and the leases that they should speak of."""

    dns: DnsServer
    static: Records = frozenset()

    @abc.abstractmethod
    def leases(self) -> list[Lease]:
        """What the DHCP servers know."""

    def records(self) -> Records:
        return frozenset().union(*(self.dns.zone(zone) for zone in self.dns.zones))

    def differences(self) -> list[str]:
        return differences(self.leases(), self.records(), self.dns.zones, self.static)

    def agree(self, seconds: float = 10) -> None:
        """DNS says what the leases say, at once or after some seconds."""
        began = now = time.monotonic()
        while found := self.differences():
            asked, now = now, time.monotonic()
            if now > began + seconds:
                shown = "\n".join(found[:20])
                raise AssertionError(f"{len(found)} differences, first:\n{shown}")
            time.sleep(max(0.1, now - asked))  # as long as it took: others have work, too
            now = time.monotonic()

    address_type = "A"

    def address_of(self, name: str) -> Sequence[str]:
        """The A or AAAA records of a name in the forward zone."""
        return self.dns.lookup(f"{name}.{kea_config.FORWARD}", self.address_type)


class Site(Agreement):
    """Kea and one DNS server in a namespace, clients in another.

    `hook` adds to the library's parameters, everything else to Kea's own; `prometheus`
    is a file in Kea's folder.  What the zones say before Kea starts is nobody's lease's.
    """

    version = 4
    network = "10.77.0.0/16"
    zone = kea_config.REVERSE
    configuration = staticmethod(kea_config.dhcp4)

    def __init__(
        self,
        folder: pathlib.Path,
        *,
        server: type[DnsServer] = Bind,
        keys: Sequence[Key] | None = None,
        extra: dict[str, Sequence[str]] | None = None,
        hook: dict[str, Any] | None = None,
        env: dict[str, str] | None = None,
        reverse: Sequence[str] = (),
        prometheus: str = "",
        **dhcp: Any,
    ) -> None:
        self.folder = folder
        self.link = Link(self.network)
        self.keys = (Key(),) if keys is None else tuple(keys)
        self._server = server
        self._extra = extra
        self._hook = dict(hook or {})
        self.prometheus = folder / "kea" / prometheus
        if prometheus:
            self._hook["prometheus-file"] = str(self.prometheus)
        self._dhcp = dhcp
        self._env = env or {}
        self._reverse = tuple(reverse) or (self.zone,)
        self._stack = contextlib.ExitStack()
        self.kea: Kea

    def __enter__(self) -> Site:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.link)
            self.start_dns(stack)
            self.static = self.records()
            environment = merged(sanitizer_environment(hook_library()), self._env)
            self.kea = Kea(
                self.folder, self.link.server, self.dhcp(), environment, self.version
            )
            stack.enter_context(self.kea)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def start_dns(self, stack: contextlib.ExitStack) -> None:
        """Start the server with which the leases are compared."""
        self.dns = self._server(
            self.folder,
            forward=(kea_config.FORWARD,),
            reverse=self._reverse,
            keys=self.keys,
            extra=self._extra,
            netns=self.link.server,
        )
        stack.enter_context(self.dns)

    def parameters(self, **more: Any) -> dict[str, Any]:
        """The library's parameters, and more of them."""
        return kea_config.parameters(self.dns, **more)

    def dhcp(self, **settings: Any) -> dict[str, Any]:
        """Kea's configuration, perhaps with other settings than now."""
        ledger = {"ledger": str(self.ledger), **self._hook}
        return self.configuration(
            self.parameters(**ledger), **{**self._dhcp, **settings}
        )

    @property
    def ledger(self) -> pathlib.Path:
        given = self._hook.get("ledger")
        if isinstance(given, str):
            return pathlib.Path(given)
        return self.folder / "kea" / f"dns-update{self.version}.sqlite"

    def leases(self) -> list[Lease]:
        return self.kea.leases()

    def lose_the_records(self) -> None:
        """As after a zone was restored from a backup."""
        self.dns.stop()
        for path in self.dns.folder.glob("*.jnl"):
            path.unlink()
        self.dns.prepare()
        self.dns.start()
        assert self.records() == self.static

    def status(self) -> dict[str, Any]:
        """What dns-update-status says."""
        answer = self.kea.command("dns-update-status")
        assert answer["result"] == 0, answer
        return answer["arguments"]

    def settled(self) -> bool:
        """The ledger and the leases were read, and nothing waits for DNS."""
        now = self.status()
        return (
            now["ledger"]["state"] != "reading"
            and not now["resync"]["running"]
            and now["leases"]["unsettled"] == 0
        )

    def stop_cleanly(self) -> None:
        stop_cleanly(self.kea)


class Site6(Site):
    """The same with kea-dhcp6."""

    version = 6
    network = "2001:db8:77::/64"
    zone = kea_config.REVERSE6
    configuration = staticmethod(kea_config.dhcp6)
    address_type = "AAAA"


def stop_cleanly(kea: Kea) -> None:
    """Kea ends when asked to, with status 0 and nothing to complain of."""
    status = kea.stop()
    assert status == 0, f"exit status {status}\n{kea.tail()}"
    complaints = [
        line
        for line in kea.log.read_text(errors="replace").splitlines()
        if "Sanitizer" in line or "runtime error:" in line
    ]
    assert not complaints, complaints


def merged(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """Two environments; what may hold several words holds those of both."""
    joined = {
        name: glue.join([first[name], second[name]])
        for name, glue in (("LD_PRELOAD", " "), ("ASAN_OPTIONS", ":"))
        if name in first and name in second
    }
    return {**first, **second, **joined}
