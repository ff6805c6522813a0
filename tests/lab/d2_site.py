# SPDX-License-Identifier: MPL-2.0
"""A site without the hook: Kea's own kea-dhcp-ddns tells DNS."""

from __future__ import annotations

import contextlib
from typing import Any

from .d2 import D2
from .site import Site, Site6


class D2Site(Site):
    """As Site, and D2 in place of the library."""

    d2: D2

    def start_dns(self, stack: contextlib.ExitStack) -> None:
        super().start_dns(stack)
        self.d2 = stack.enter_context(D2(self.folder, self.dns, patient=True))

    def dhcp(self, **settings: Any) -> dict[str, Any]:
        requests = {"dhcp-ddns": self.d2.client_settings()}
        return self.configuration(None, **{**self._dhcp, **settings, **requests})

    def settled(self) -> bool:
        """Every request that reached D2 is done."""
        return self.d2.idle()


class D2Site6(D2Site, Site6):
    """The same with kea-dhcp6."""
