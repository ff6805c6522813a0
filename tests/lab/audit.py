# SPDX-License-Identifier: MPL-2.0
"""Zones changed behind the hook's back, and what dns-update-audit says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dns.query
import dns.tsigkeyring
import dns.update

from .netns import inside
from .process import eventually
from .site import Site

OK = 0


def audit(site: Site, **options: Any) -> dict[str, Any]:
    """The result of one audit."""
    answer = site.kea.command("dns-update-audit", **options)
    assert answer["result"] == OK, answer
    eventually("done", lambda: result(site)["arguments"]["state"] != "running", 60, 0.1)
    return result(site)


def result(site: Site) -> dict[str, Any]:
    return site.kea.command("dns-update-audit-get")


def counts(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Records that are missing, wrong, left over."""
    said = answer["arguments"]
    return said["missing"], said["wrong"], said["leftover"]


def tamper(site: Site, zone: str, change: Callable[[dns.update.UpdateMessage], None]) -> None:
    """Change a zone by hand."""
    key = site.keys[0]
    ring = dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)})

    def send() -> None:
        update = dns.update.UpdateMessage(zone, keyring=ring)
        change(update)
        answer = dns.query.tcp(update, site.dns.address, port=site.dns.port, timeout=10)
        assert answer.rcode() == 0

    inside(site.link.server, send)
