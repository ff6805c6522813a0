# SPDX-License-Identifier: MPL-2.0
"""Every setting of Kea's that is about DNS: where it stands, and from which Kea on.

A row is one configuration of one subnet.  All clients of `ddns_clients` live through
all of their life in it, once with the hook and once with D2.  A new setting, value or
level is one more row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

GLOBAL, NETWORK, SUBNET, POOL = "global", "shared-network", "subnet", "pool"

POOLS_HAVE_THEM = (2, 7, 6)

RELEASED, DECLINED, EXPIRED = "released", "declined", "expired"


@dataclasses.dataclass(frozen=True)
class Row:
    """Settings at a level, and those that a higher level has against them."""

    settings: Mapping[str, Any]
    level: str = SUBNET
    above: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    since: tuple[int, ...] = (2, 2, 0)
    until: tuple[int, ...] = (99,)
    lifetime: int = 3600  # of a lease, seconds
    end: str = RELEASED  # how the leases end
    escapes: bool = False  # in names; such a request is none that D2 can read
    d2_races: bool = False  # with itself, when a name is replaced by another
    names_move: bool = False  # to another client that asks for them

    @property
    def d2_takes_back(self) -> bool:
        """A renewal takes a name from the client that has taken it meanwhile."""
        return self.names_move and self.settings.get("ddns-update-on-renew", False)

    def is_for(self, version: tuple[int, ...]) -> bool:
        since = max(self.since, POOLS_HAVE_THEM) if self.level == POOL else self.since
        return since <= version < self.until

    def __str__(self) -> str:
        words = [f"{key.removeprefix('ddns-')}={self.settings[key]}" for key in self.settings]
        lifetime = [] if self.lifetime == 3600 else [f"lifetime={self.lifetime}"]
        against = ["against-the-level-above"] if self.above else []
        end = [] if self.end == RELEASED else [self.end]
        return f"{self.level}:{','.join([*words, *lifetime, *against, *end]) or 'defaults'}"


def at_each_level(
    settings: Mapping[str, Any], against: Mapping[str, Any] | None = None, **more: Any
) -> list[Row]:
    """A row for each level; `against` is what the level above says otherwise."""
    rows = [Row(settings, level, **more) for level in (GLOBAL, NETWORK, SUBNET, POOL)]
    if against is not None:
        rows += [
            Row(settings, level, above=against, **more) for level in (NETWORK, SUBNET, POOL)
        ]
    return rows


RENEWS = {"ddns-update-on-renew": True}
MODES_HAVE_NAMES = (2, 5, 0)


def conflict_mode(mode: str, **more: Any) -> list[Row]:
    """ddns-conflict-resolution-mode, or what older Keas have in its place."""
    races = mode.startswith("no-check")
    settings = {"ddns-conflict-resolution-mode": mode, **more}
    allowed = {"d2_races": races, "names_move": mode != "check-with-dhcid"}
    rows = [Row(settings, since=MODES_HAVE_NAMES, **allowed)]
    older = {"check-with-dhcid": True, "no-check-with-dhcid": False}
    if mode in older:
        settings = {"ddns-use-conflict-resolution": older[mode], **more}
        rows.append(Row(settings, until=MODES_HAVE_NAMES, **allowed))
    return rows


MODES = (
    "check-with-dhcid",
    "check-exists-with-dhcid",
    "no-check-with-dhcid",
    "no-check-without-dhcid",
)
TTL_PERCENT, TTL = (2, 3, 6), (2, 7, 6)

ROWS: list[Row] = [
    Row({}),
    Row({}, lifetime=86_400),
    Row({}, lifetime=604_800),
    *at_each_level({"ddns-send-updates": False}, {"ddns-send-updates": True}),
    *at_each_level({"ddns-send-updates": True}, {"ddns-send-updates": False}),
    *at_each_level({"ddns-override-no-update": True}),
    *at_each_level({"ddns-override-client-update": True}),
    Row({"ddns-override-no-update": True, "ddns-override-client-update": True}),
    *at_each_level(
        {"ddns-replace-client-name": "always"}, {"ddns-replace-client-name": "never"}
    ),
    Row({"ddns-replace-client-name": "never"}),
    Row({"ddns-replace-client-name": "when-present"}),
    Row({"ddns-replace-client-name": "when-not-present"}),
    *at_each_level(
        {"ddns-replace-client-name": "when-not-present", "ddns-generated-prefix": "guest"},
        {"ddns-generated-prefix": "host"},
    ),
    *at_each_level(
        {"ddns-qualifying-suffix": "office.example.org."},
        {"ddns-qualifying-suffix": "home.example.org."},
    ),
    Row({"ddns-qualifying-suffix": ""}),
    *at_each_level(RENEWS, {"ddns-update-on-renew": False}),
    *at_each_level({"hostname-char-set": "[^A-Za-z0-9.-]", "hostname-char-replacement": "x"}),
    Row({"hostname-char-set": ""}, escapes=True),
    Row({"hostname-char-set": "[a-e]", "hostname-char-replacement": ""}, escapes=True),
    *(row for mode in MODES for row in conflict_mode(mode)),
    *(row for mode in MODES for row in conflict_mode(mode, **RENEWS)),
    *(
        dataclasses.replace(row, end=end)
        for end in (DECLINED, EXPIRED)
        for row in (
            Row({}),
            Row(RENEWS),
            Row({"ddns-send-updates": False}),
            *(row for mode in MODES for row in conflict_mode(mode)),
        )
    ),
    *at_each_level(
        {"ddns-use-conflict-resolution": False},
        {"ddns-use-conflict-resolution": True},
        until=MODES_HAVE_NAMES,
        d2_races=True,
    ),
    *at_each_level(
        {"ddns-conflict-resolution-mode": "no-check-without-dhcid"},
        {"ddns-conflict-resolution-mode": "check-with-dhcid"},
        since=MODES_HAVE_NAMES,
        d2_races=True,
    ),
    *at_each_level({"ddns-ttl-percent": 0.5}, {"ddns-ttl-percent": 0.1}, since=TTL_PERCENT),
    Row({"ddns-ttl-percent": 0.01}, since=TTL_PERCENT),
    *at_each_level({"ddns-ttl": 1234}, {"ddns-ttl": 4321}, since=TTL),
    Row({"ddns-ttl": 0}, NETWORK, above={"ddns-ttl": 4321}, since=TTL),
    *at_each_level({"ddns-ttl-min": 1300}, {"ddns-ttl-min": 1900}, since=TTL),
    *at_each_level({"ddns-ttl-max": 700}, {"ddns-ttl-max": 900}, since=TTL),
    Row({"ddns-ttl-min": 30, "ddns-ttl-percent": 0.01}, since=TTL),
]


def rows_of(version: tuple[int, ...]) -> list[Row]:
    """Each once, those together that share what stands at the top level."""
    rows = {str(row): row for row in ROWS if row.is_for(version)}
    return sorted(rows.values(), key=lambda row: row.level == GLOBAL)
