# SPDX-License-Identifier: MPL-2.0
"""Two sites that differ in one thing: who tells DNS, the hook library or D2.

Each is in namespaces of its own, with the same addresses, and hears the same packets
in the same order.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import ipaddress
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import kea_config, packet
from .clients import ScriptedClient, fqdn
from .clients6 import ScriptedClient6, fqdn6
from .ddns_clients import STATIC
from .d2_site import D2Site, D2Site6
from .ddns_subnets import MARKER_SUBNET
from .kea import kea_version
from .leases import ACTIVE
from .process import eventually
from .site import Site, Site6

PATIENCE = 60
Told = frozenset[tuple[str, str, str, int]]  # name, type, data, TTL

class Family4:
    """How the addresses, the options and the servers of one family look."""

    version = 4
    sites = (Site, D2Site)
    identifier = "hw-address"
    short_leases = {"valid-lifetime": 2}

    @staticmethod
    def network(number: int) -> ipaddress.IPv4Network:
        return ipaddress.ip_network(f"10.77.{number}.0/24")

    @staticmethod
    def identity(number: int) -> bytes:
        return b"\x02\x77" + number.to_bytes(4, "big")

    fqdn = staticmethod(fqdn)

    @classmethod
    def client(
        cls, site: Site, subnet: int, identity: bytes, *options: tuple[int, bytes], **more: Any
    ) -> ScriptedClient:
        """A client in a subnet that its relay agent does not stand in (RFC 3011)."""
        selection = (packet.SUBNET_SELECTION, cls.network(subnet)[0].packed)
        return SubnetClient(site.link, selection, *options, hwaddr=identity, **more)


class SubnetClient(ScriptedClient):
    """One that says in each message which subnet it is in, whatever else it says."""

    def __init__(self, link: Any, selection: tuple[int, bytes], *options: Any, **more: Any):
        super().__init__(link, *options, **more)
        self._selection = selection

    def _identity(self) -> list[tuple[int, bytes]]:
        return [*super()._identity(), self._selection]


class Family6:
    version = 6
    sites = (Site6, D2Site6)
    identifier = "duid"
    short_leases = {"valid-lifetime": 2, "preferred-lifetime": 1}

    @staticmethod
    def network(number: int) -> ipaddress.IPv6Network:
        return ipaddress.ip_network(f"2001:db8:77:{number:x}::/64")

    @staticmethod
    def identity(number: int) -> bytes:
        return bytes([0, 3, 0, 1, 2, 0x77]) + number.to_bytes(4, "big")

    fqdn = staticmethod(fqdn6)

    @classmethod
    def client(
        cls, site: Site, subnet: int, identity: bytes, *options: tuple[int, bytes], **more: Any
    ) -> ScriptedClient6:
        """A client on a link of its own, behind its relay agent."""
        there = str(cls.network(subnet)[1])
        return ScriptedClient6(
            site.link, *options, duid=identity, link_address=there, in_order=True, **more
        )


FAMILIES = {4: Family4, 6: Family6}


class Twins:
    """The hook's site and D2's, in this order."""

    def __init__(self, folder: pathlib.Path, version: int, subnets: Mapping[str, Any]) -> None:
        self.family = FAMILIES[version]
        self._globals: dict[str, Any] = {}
        self._stack = contextlib.ExitStack()
        self._pool = concurrent.futures.ThreadPoolExecutor(2)
        self._marks = 0
        settings = {**ONE_AFTER_THE_OTHER, **subnets}
        self.sites: Sequence[Site] = [
            kind(folder / name, extra={kea_config.FORWARD: STATIC}, **settings)
            for kind, name in zip(self.family.sites, ("hook", "d2"))
        ]

    def __enter__(self) -> Twins:
        with contextlib.ExitStack() as stack:
            for site in self.sites:
                stack.enter_context(site)
            stack.enter_context(self._pool)
            self._stack = stack.pop_all()
        self._markers = [self._marker(site) for site in self.sites]
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def both(self, work: Callable[..., Any], *lists: Sequence[Any]) -> list[Any]:
        """Do the same with both sites at once; what came out."""
        return list(self._pool.map(work, self.sites, *lists))

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Have these settings at the top level, and no others."""
        if settings != self._globals:
            self.both(lambda site: reload(site, settings))
            self._globals = dict(settings)

    def settle(self) -> None:
        """Wait until all that the Keas asked for so far is done.

        Both of them work one packet after the other.  So what the clients before
        wanted has left Kea when the marker's new name has; and D2, too, takes its
        requests in order.
        """
        self._marks += 1
        self.both(self._settle, self._markers)

    def wait_until_expired(self) -> None:
        """Until both Keas have reclaimed every lease but those of the markers."""
        self.both(
            lambda site, marker: eventually(
                "no other lease is left",
                lambda: all(
                    lease.address == marker.address or lease.state not in ACTIVE
                    for lease in site.leases()
                ),
                PATIENCE,
                pause=0.25,  # each look reads every lease of all parties
            ),
            self._markers,
        )

    def told(self) -> list[Told]:
        """What both say beyond the records that were there at first and the marker's."""
        return self.both(told, self._markers)

    def lost_by_d2(self) -> list[str]:
        """Requests that D2 could not bring to an end."""
        return self.sites[1].d2.losses()

    def stop_cleanly(self) -> None:
        for site in self.sites:
            site.stop_cleanly()

    def clean(self) -> None:
        """Make the zones as they were at first, if anybody left something behind."""
        self.both(clean, self._markers)

    def _marker(self, site: Site) -> Any:
        client = self.family.client(site, MARKER_SUBNET, self.family.identity(0))
        client.options = [self.family.fqdn("marker-0.example.org.")]
        client.lease()
        return client

    def _settle(self, site: Site, marker: Any) -> None:
        name = f"marker-{self._marks}"
        marker.options = [self.family.fqdn(f"{name}.example.org.")]

        def arrived() -> object:
            # D2 goes on after a request that it has no zone for when something happens,
            # such as to be asked.
            site.settled()
            return site.address_of(name)

        marker.renew()
        eventually(f"{name} is in DNS", arrived, PATIENCE)
        eventually("all requests are done", site.settled, PATIENCE)


# Packets are worked on in one order, and each renewal is one: Kea 3.0 leaves out those
# that come soon, and older ones cannot be told not to.  A lease that was released is not
# kept for its client: Kea would have it removed from DNS only when it is reclaimed.
ONE_AFTER_THE_OTHER = {
    "multi-threading": {"enable-multi-threading": False},
    "expired-leases-processing": {"hold-reclaimed-time": 0, "reclaim-timer-wait-time": 1},
    **({"cache-threshold": 0.0} if kea_version() >= (3, 0, 0) else {}),
}


def told(site: Site, marker: Any) -> Told:
    reverse = ipaddress.ip_address(marker.address).reverse_pointer + "."
    return frozenset(
        (record.name, record.type, record.data, record.ttl)
        for record in site.records() - site.static
        if not record.name.startswith("marker-") and record.name != reverse
    )


def reload(site: Site, settings: Mapping[str, Any]) -> None:
    site.kea.configure(site.dhcp(**settings))
    answer = site.kea.command("config-reload")
    assert answer["result"] == 0, answer


def clean(site: Site, marker: Any) -> None:
    if told(site, marker) or not site.static <= site.records():
        site.lose_the_records()
