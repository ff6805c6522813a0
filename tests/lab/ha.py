# SPDX-License-Identifier: MPL-2.0
"""Two Keas that are high-availability partners, each with the hook, and one BIND."""

from __future__ import annotations

import collections
import contextlib
import pathlib
from typing import Any

from . import kea_config
from .dns_servers import Bind, Key
from .kea import HIGH_AVAILABILITY, SERVER_ID, Kea, hook_library, sanitizer_environment
from .leases import Lease, active
from .netns import Lan
from .process import eventually
from .site import Agreement

HOT_STANDBY, LOAD_BALANCING = "hot-standby", "load-balancing"
PORT = 8000
QUEUE = 64
THREADS = {
    "enable-multi-threading": True,
    "thread-pool-size": 2,
    "packet-queue-size": QUEUE,
}
# Short, so that a partner is missed within seconds.
TIMES = {
    "heartbeat-delay": 300,
    "max-response-delay": 2000,
    "max-ack-delay": 1000,
    "max-unacked-clients": 0,
}
RECORD_LINES = [
    {
        "name": "kea-dhcp4",
        "output_options": [{"output": "stdout"}],
        "severity": "INFO",
    },
    {
        "name": "kea-dhcp4.dns-update-hooks",
        "output_options": [{"output": "stdout"}],
        "severity": "DEBUG",
        "debuglevel": 40,
    },
]
POOLS = ("10.77.1.0 - 10.77.99.255", "10.77.101.0 - 10.77.199.255")


class Pair(Agreement):
    """The DNS server stands among the clients, so that it outlives either Kea."""

    version = 4
    network = "10.77.0.0/16"
    zone = kea_config.REVERSE

    def __init__(self, folder: pathlib.Path, mode: str = HOT_STANDBY, **dhcp4: Any) -> None:
        self.folder = folder
        self.mode = mode
        self.lan = Lan(self.network, servers=2)
        self.names = ("server1", "server2")
        self.keas: list[Kea] = []
        self.times = dict(TIMES)
        self._dhcp4 = dhcp4
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Pair:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.lan)
            self.dns = Bind(
                self.folder,
                forward=(kea_config.FORWARD,),
                reverse=(self.zone,),
                keys=(Key(),),
                address=self.lan.client_address,
                netns=self.lan.client,
            )
            stack.enter_context(self.dns)
            self.static = self.records()
            environment = sanitizer_environment(hook_library())
            for number, name in enumerate(self.names):
                kea = Kea(
                    self.folder / name,
                    self.lan.servers[number],
                    self.dhcp(number),
                    environment,
                    self.version,
                )
                self.keas.append(stack.enter_context(kea))
            self.wait_for(self.mode, self.mode)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def dhcp(self, number: int) -> dict[str, Any]:
        return self.dhcp4(number)

    def dhcp4(self, number: int) -> dict[str, Any]:
        """The configuration of one of the two."""
        return kea_config.dhcp4(
            self._parameters(number),
            libraries=self._high_availability(number),
            **{
                "multi-threading": THREADS,
                "subnet4": [self._subnet()],
                "loggers": RECORD_LINES,
                **self._dhcp4,
            },
        )

    def state(self, number: int) -> str:
        """What the server says of itself; empty where it does not answer."""
        try:
            answer = self.keas[number].command("ha-heartbeat")
        except OSError:
            return ""
        return answer.get("arguments", {}).get("state", "")

    def wait_for(self, *states: str, seconds: float = 40) -> None:
        """Until both servers are in these states; an empty one is not asked for."""
        for number, wanted in enumerate(states):
            if wanted:
                eventually(
                    f"{self.names[number]} is in the state {wanted}",
                    lambda: self.state(number) == wanted,
                    seconds,
                    pause=0.1,
                )

    def leases(self) -> list[Lease]:
        """The leases of the servers that run; of two for one address the newer."""
        newest: dict[str, Lease] = {}
        for lease in sorted(self._all_leases(), key=lambda lease: lease.expires):
            newest[lease.address] = lease
        return list(newest.values())

    def agree(self, seconds: float = 10, apart: int = 0) -> None:
        """DNS says what the leases say, and no more than so many are known to one only."""
        super().agree(seconds)
        # Kea 2.6 keeps a released lease for its client's return, but does not tell its partner.
        known = collections.Counter(active(self._all_leases()))
        running = sum(kea.running for kea in self.keas)
        alone = [lease.address for lease, times in known.items() if times != running]
        assert len(alone) <= apart, f"only one server knows {alone}"

    def _all_leases(self) -> list[Lease]:
        return [lease for kea in self.keas if kea.running for lease in kea.leases()]

    def told(self, what: str, address: str) -> list[int]:
        """How many lines of each server say that records of an address were ADDED or
        REMOVED; a lease has two records."""
        line = f"DNS_UPDATE_{what} {address}: "
        return [len(kea.messages(line)) for kea in self.keas]

    def changes(self) -> list[int]:
        """How often each zone was changed since it began."""
        return [self.dns.serial(zone) - 1 for zone in self.dns.zones]

    def _parameters(self, number: int) -> dict[str, Any]:
        """The library's own; each server has its ledger."""
        ledger = self.folder / self.names[number] / "kea/dns-update.sqlite"
        return kea_config.parameters(self.dns, ledger=str(ledger))

    def _high_availability(self, number: int) -> kea_config.Libraries:
        second = "standby" if self.mode == HOT_STANDBY else "secondary"
        relation = {
            "this-server-name": self.names[number],
            "mode": self.mode,
            **self.times,
            "multi-threading": {
                "enable-multi-threading": True,
                "http-dedicated-listener": True,
                "http-listener-threads": 2,
                "http-client-threads": 2,
            },
            "peers": [
                {"name": name, "url": self._url(address), "role": role}
                for name, address, role in zip(
                    self.names, self.lan.server_addresses, ("primary", second)
                )
            ],
        }
        return {HIGH_AVAILABILITY: {"high-availability": [relation]}}

    @staticmethod
    def _url(address: str) -> str:
        return f"http://{f'[{address}]' if ':' in address else address}:{PORT}/"

    def _subnet(self) -> dict[str, Any]:
        """In load balancing each server gives from a pool of its own."""
        pools = [
            {"pool": pool, "client-class": f"HA_{name}"}
            if self.mode == LOAD_BALANCING
            else {"pool": pool}
            for pool, name in zip(POOLS, self.names)
        ]
        return {"id": 1, "subnet": "10.77.0.0/16", "pools": pools}


class Pair6(Pair):
    """The same with kea-dhcp6, in hot standby."""

    version = 6
    network = "2001:db8:77::/64"
    zone = kea_config.REVERSE6
    address_type = "AAAA"

    def dhcp(self, number: int) -> dict[str, Any]:
        """The configuration of one of the two; a client tells them apart by their DUID."""
        listen = f"eth0/{self.lan.server_addresses[number]}"
        identity = {**SERVER_ID["server-id"], "identifier": f"{number + 1:02}"}
        loggers = [{**line, "name": line["name"].replace("4", "6")} for line in RECORD_LINES]
        return kea_config.dhcp6(
            self._parameters(number),
            libraries=self._high_availability(number),
            **{
                "interfaces-config": {"interfaces": ["eth0", listen]},
                "multi-threading": THREADS,
                "loggers": loggers,
                "server-id": identity,
                **self._dhcp4,
            },
        )
