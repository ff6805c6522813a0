# SPDX-License-Identifier: MPL-2.0
"""A site with two DNS servers, of which the first can die or vanish."""

from __future__ import annotations

import contextlib
import json
import subprocess
from typing import Any

from . import kea_config
from .dns_servers import Bind, Records
from .site import Site

ADDRESS = "10.77.0.3"
NOBODY = "02:00:00:00:00:01"


class PairSite(Site):
    """Kea is told of two servers that hold a copy of the zones each.

    The first one stands on the clients' side of the cable, at an address of its
    own; `dns`, with which the leases are compared, is the second.
    """

    first: Bind

    def start_dns(self, stack: contextlib.ExitStack) -> None:
        self._ip(self.link.client, "address", "add", f"{ADDRESS}/16", "dev", "eth0")
        super().start_dns(stack)
        self.first = Bind(
            self.folder,
            forward=(kea_config.FORWARD,),
            reverse=(kea_config.REVERSE,),
            keys=self.keys,
            address=ADDRESS,
            netns=self.link.client,
        )
        stack.enter_context(self.first)

    def parameters(self, **more: Any) -> dict[str, Any]:
        return kea_config.parameters(self.first, self.dns, **more)

    def first_records(self) -> Records:
        """What the first server's zones say."""
        return self.first.zone(kea_config.FORWARD) | self.first.zone(kea_config.REVERSE)

    def first_vanishes(self) -> None:
        """What is sent to it arrives at nobody, and nothing says so."""
        place = [ADDRESS, "dev", "eth0", "lladdr", NOBODY, "nud", "permanent"]
        self._ip(self.link.server, "neigh", "replace", *place)

    def first_is_back(self) -> None:
        address = json.loads(self._ip(self.link.client, "-json", "link", "show", "eth0"))
        place = [ADDRESS, "dev", "eth0", "lladdr", address[0]["address"], "nud", "permanent"]
        self._ip(self.link.server, "neigh", "replace", *place)

    def server_states(self) -> dict[str, set[str]]:
        """The states of each server in all of its zones."""
        states: dict[str, set[str]] = {}
        for zone in self.status()["zones"]:
            for server in zone["servers"]:
                states.setdefault(server["server"], set()).add(server["state"])
        return states

    def state_of_first(self) -> set[str]:
        return self.server_states()[f"{self.first.address}#{self.first.port}"]

    def state_of_second(self) -> set[str]:
        return self.server_states()[f"{self.dns.address}#{self.dns.port}"]

    @staticmethod
    def _ip(namespace: str, *words: str) -> str:
        done = subprocess.run(
            ["ip", "-n", namespace, *words], check=True, timeout=10, capture_output=True
        )
        return done.stdout.decode()
