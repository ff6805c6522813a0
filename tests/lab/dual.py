# SPDX-License-Identifier: MPL-2.0
"""kea-dhcp4 and kea-dhcp6, each with the hook and a ledger, and one DNS server."""

from __future__ import annotations

import contextlib
import pathlib
from typing import Any

from . import kea_config
from .dns_servers import Bind, DnsServer, Key
from .kea import Kea, hook_library, sanitizer_environment
from .leases import Lease
from .netns import Link
from .site import Agreement, stop_cleanly


class SecondNetwork(Link):
    """Addresses of another network on a cable that is there already."""

    def __init__(self, link: Link, network: str) -> None:
        super().__init__(network)
        self.servers = link.servers
        self.server = link.server
        self.client = link.client

    def __enter__(self) -> SecondNetwork:
        self._address(self.server, self.server_address)
        self._address(self.client, self.client_address)
        return self

    def __exit__(self, *_: object) -> None:
        """They go with the cable."""


class DualSite(Agreement):
    """`hook` adds to both libraries' parameters, everything else to both of Kea's."""

    def __init__(
        self,
        folder: pathlib.Path,
        *,
        server: type[DnsServer] = Bind,
        hook: dict[str, Any] | None = None,
        transport: str | None = None,
        signed: bool = True,
        **dhcp: Any,
    ) -> None:
        self.link = Link()
        self.link6 = SecondNetwork(self.link, "2001:db8:77::/64")
        self._folder = folder
        self._server = server
        self._keys = (Key(),) if signed else ()
        self._hook = hook or {}
        self._transport = transport
        self._dhcp = dhcp
        self._stack = contextlib.ExitStack()
        self.kea4: Kea
        self.kea6: Kea

    def __enter__(self) -> DualSite:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.link)
            stack.enter_context(self.link6)
            self.dns = stack.enter_context(self._dns())
            self.static = self.records()
            self.kea4 = stack.enter_context(self._kea(4))
            self.kea6 = stack.enter_context(self._kea(6))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    @property
    def servers(self) -> tuple[Kea, Kea]:
        return self.kea4, self.kea6

    def configure(self, **hook: Any) -> None:
        """Let both servers read other parameters of the library."""
        self._hook = {**self._hook, **hook}
        for kea in self.servers:
            kea.configure(self._configuration(kea.version))
            assert kea.command("config-reload")["result"] == 0

    def kill(self) -> None:
        for kea in self.servers:
            kea.kill()

    def start(self) -> None:
        for kea in self.servers:
            kea.start()

    def stop_cleanly(self) -> None:
        for kea in self.servers:
            stop_cleanly(kea)

    def leases(self) -> list[Lease]:
        return [*self.kea4.leases(), *self.kea6.leases()]

    def settled(self) -> bool:
        """Both have read what they have to, and wait for nothing."""
        return all(map(_is_settled, self.servers))

    def _dns(self) -> DnsServer:
        return self._server(
            self._folder,
            forward=(kea_config.FORWARD,),
            reverse=(kea_config.REVERSE, kea_config.REVERSE6),
            keys=self._keys,
            netns=self.link.server,
        )

    def _kea(self, version: int) -> Kea:
        folder = self._folder / f"v{version}"
        environment = sanitizer_environment(hook_library())
        configuration = self._configuration(version)
        return Kea(folder, self.link.server, configuration, environment, version)

    def _configuration(self, version: int) -> dict[str, Any]:
        make = kea_config.dhcp4 if version == 4 else kea_config.dhcp6
        ledger = self._folder / f"v{version}" / "kea" / f"dns-update{version}.sqlite"
        hook = kea_config.parameters(self.dns, ledger=str(ledger), **self._hook)
        for tree in ("forward-ddns", "reverse-ddns"):
            for domain in hook[tree]["ddns-domains"]:
                for server in domain["dns-servers"]:
                    server.update({"transport": self._transport} if self._transport else {})
        return make(hook, **self._dhcp)


def _is_settled(kea: Kea) -> bool:
    status = kea.command("dns-update-status")["arguments"]
    return (
        status["ledger"]["state"] != "reading"
        and not status["resync"]["running"]
        and status["leases"]["unsettled"] == 0
    )
