# SPDX-License-Identifier: MPL-2.0
"""Kea's configuration for the rows of `ddns_settings`: a subnet for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import kea_config
from .ddns_clients import SORTS
from .ddns_settings import EXPIRED, GLOBAL, NETWORK, POOL, SUBNET, Row

# The subnet of the marker says everything itself, whatever the level above says.
MARKER_SUBNET = 255
MARKER_SETTINGS = {
    "ddns-send-updates": True,
    "ddns-override-no-update": False,
    "ddns-override-client-update": False,
    "ddns-replace-client-name": "never",
    "ddns-qualifying-suffix": kea_config.FORWARD,
    "ddns-update-on-renew": False,
    "hostname-char-set": "[^A-Za-z0-9.-]",
    "user-context": {"ddns-tuning": {"hostname-expr": ""}},
    "valid-lifetime": 3600,
}


def identity(family: Any, number: int, place: int) -> bytes:
    """Of the client at a place of SORTS, in the subnet with this number."""
    return family.identity(number << 8 | place)


def subnets(family: Any, rows: Sequence[Row]) -> dict[str, Any]:
    """Row 0 in subnet 1, and so on; and the marker's subnet."""
    key = f"subnet{family.version}"
    alone = [_subnet(family, MARKER_SUBNET, MARKER_SETTINGS, {}, ())]
    networks = []
    for number, row in enumerate(rows, 1):
        said = {row.level: row.settings, _above(row.level): row.above}
        # Those that expire have what is said at the top level, which changes.
        lifetime = {} if row.end == EXPIRED else {"valid-lifetime": row.lifetime}
        subnet = _subnet(
            family,
            number,
            {**lifetime, **said.get(SUBNET, {})},
            said.get(POOL, {}),
            _reserved(family, number),
        )
        if row.level in (NETWORK, SUBNET):
            network = {"name": f"network-{number}", **said[NETWORK]}
            networks.append({**network, key: [subnet]})
        else:
            alone.append(subnet)
    return {key: alone, "shared-networks": networks}


def top_level(row: Row) -> Mapping[str, Any]:
    """What the row wants to be said outside of all subnets."""
    said = {row.level: row.settings, _above(row.level): row.above}
    return said.get(GLOBAL, {})


def _above(level: str) -> str:
    return {POOL: SUBNET, SUBNET: NETWORK, NETWORK: GLOBAL, GLOBAL: ""}[level]


def _subnet(
    family: Any,
    number: int,
    settings: Mapping[str, Any],
    of_pool: Mapping[str, Any],
    reserved: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    network = family.network(number)
    return {
        "id": number,
        "subnet": str(network),
        "pools": [{"pool": f"{network[16]} - {network[240]}", **of_pool}],
        "reservations": list(reserved),
        **settings,
    }


def _reserved(family: Any, number: int) -> list[dict[str, str]]:
    return [
        {
            family.identifier: identity(family, number, place).hex(":"),
            "hostname": f"{sort.label}-host",
        }
        for place, sort in enumerate(SORTS)
        if sort.reserved
    ]
