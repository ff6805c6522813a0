# SPDX-License-Identifier: MPL-2.0
"""Configurations of Kea and of the hook for the laboratory's network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .dns_server import DnsServer
from .kea import LEASE_COMMANDS, database_libraries, hook_library, kea_library

FORWARD = "example.org."
REVERSE = "77.10.in-addr.arpa."
REVERSE6 = "7.7.0.0.8.b.d.0.1.0.0.2.ip6.arpa."
ZONES = (FORWARD, REVERSE)
# Since 2.4 a Kea that is not told otherwise has several.
# All leases whose time is over, every second; what they were is kept.
RECLAIM_AT_ONCE = {
    "reclaim-timer-wait-time": 1,
    "max-reclaim-leases": 0,
    "max-reclaim-time": 0,
    "flush-reclaimed-timer-wait-time": 3600,
    "hold-reclaimed-time": 3600,
}
ONE_THREAD = {"multi-threading": {"enable-multi-threading": False}}

# The parameters of libraries that come with Kea, by file name.
Libraries = Mapping[str, Mapping[str, Any]]
NONE: Libraries = {}


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
    libraries: Libraries = NONE,
    **settings: Any,
) -> dict[str, Any]:
    """The Dhcp4 object: one subnet of 64 000 addresses.

    `libraries` are listed before the hook; settings win over defaults.
    """
    return {
        **_shared(hook, libraries, settings),
        "interfaces-config": {"interfaces": ["eth0"]},
        "subnet4": [
            {
                "id": 1,
                "subnet": "10.77.0.0/16",
                "pools": [{"pool": "10.77.1.0 - 10.77.250.255"}],
            }
        ],
        **settings,
    }


def dhcp6(
    hook: dict[str, Any] | None,
    *,
    libraries: Libraries = NONE,
    **settings: Any,
) -> dict[str, Any]:
    """The Dhcp6 object: one subnet, for relayed clients and for those on its link."""
    return {
        **_shared(hook, libraries, settings),
        "interfaces-config": {"interfaces": ["eth0", "eth0/2001:db8:77::1"]},
        "preferred-lifetime": 1800,
        "subnet6": [subnet6()],
        **settings,
    }


def subnet6(pool: str = "2001:db8:77::1:0 - 2001:db8:77::1:ffff", **more: Any) -> dict:
    return {
        "id": 1,
        "subnet": "2001:db8:77::/64",
        "interface": "eth0",
        "rapid-commit": True,
        "pools": [{"pool": pool}],
        "pd-pools": [
            {"prefix": "2001:db8:77:8000::", "prefix-len": 49, "delegated-len": 64}
        ],
        **more,
    }


def _shared(
    hook: dict[str, Any] | None,
    more: Libraries,
    settings: dict[str, Any],
) -> dict[str, Any]:
    database = settings.get("lease-database", {}).get("type", "memfile")
    own = [*database_libraries(database), kea_library(LEASE_COMMANDS)]
    libraries: list[dict[str, Any]] = [{"library": str(path)} for path in own]
    libraries += [
        {"library": str(kea_library(name)), "parameters": more[name]} for name in more
    ]
    if hook is not None:
        libraries.append({"library": str(hook_library()), "parameters": hook})
    return {
        "valid-lifetime": 3600,
        "dhcp-ddns": {"enable-updates": True},
        "ddns-qualifying-suffix": FORWARD,
        "hooks-libraries": libraries,
    }
