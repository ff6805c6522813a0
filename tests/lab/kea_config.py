# SPDX-License-Identifier: MPL-2.0
"""Configurations of kea-dhcp4 and of the hook for the laboratory's network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .dns_server import DnsServer
from .kea import HIGH_AVAILABILITY, LEASE_COMMANDS, hook_library, kea_library

FORWARD = "example.org."
REVERSE = "77.10.in-addr.arpa."
ZONES = (FORWARD, REVERSE)


def domains(zones: Sequence[str], servers: Sequence[dict], key: str | None) -> dict:
    """A forward-ddns or reverse-ddns object: each zone on all of these servers."""
    shared = {"key-name": key} if key else {}
    return {
        "ddns-domains": [
            {"name": zone, "dns-servers": list(servers), **shared} for zone in zones
        ]
    }


def parameters(*servers: DnsServer, **more: Any) -> dict[str, Any]:
    """The hook's parameters for DNS servers that hold the same zones and keys."""
    places = [{"ip-address": s.address, "port": s.port} for s in servers]
    keys = servers[0].keys
    name = keys[0].name if keys else None
    return {
        "tsig-keys": [
            {"name": k.name, "algorithm": k.algorithm, "secret": k.secret} for k in keys
        ],
        "forward-ddns": domains(servers[0].forward, places, name),
        "reverse-ddns": domains(servers[0].reverse, places, name),
        **more,
    }


def dhcp4(
    hook: dict[str, Any] | None,
    *,
    high_availability: dict[str, Any] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """The Dhcp4 object: one subnet of 64 000 addresses; settings win over defaults."""
    libraries: list[dict[str, Any]] = [{"library": str(kea_library(LEASE_COMMANDS))}]
    if high_availability is not None:
        libraries.append(
            {
                "library": str(kea_library(HIGH_AVAILABILITY)),
                "parameters": {"high-availability": [high_availability]},
            }
        )
    if hook is not None:
        libraries.append({"library": str(hook_library()), "parameters": hook})
    return {
        "interfaces-config": {"interfaces": ["eth0"]},
        "valid-lifetime": 3600,
        "dhcp-ddns": {"enable-updates": True},
        "ddns-qualifying-suffix": FORWARD,
        "subnet4": [
            {
                "id": 1,
                "subnet": "10.77.0.0/16",
                "pools": [{"pool": "10.77.1.0 - 10.77.250.255"}],
            }
        ],
        "hooks-libraries": libraries,
        **settings,
    }
