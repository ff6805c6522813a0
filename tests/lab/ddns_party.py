# SPDX-License-Identifier: MPL-2.0
"""The life of all clients of one row of settings, with the library and with D2.

After each of its steps the two zones must say the same: names, types, data and TTLs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from typing import Any

from .ddns_clients import SORTS, TAKEN, Sort
from .ddns_settings import DECLINED, EXPIRED, Row
from .ddns_subnets import identity, top_level
from .site import Site
from .twins import Told, Twins


class Party:
    """Every sort of client, twice: a pair of them for the two sites."""

    def __init__(
        self, twins: Twins, number: int, row: Row, without: Collection[str] = ()
    ) -> None:
        self._twins = twins
        self._row = row
        self._sorts = [sort for sort in SORTS if sort.label not in without]
        self._pairs = [pair_of(twins, number, sort) for sort in self._sorts]

    def live(self) -> None:
        """All of their life; the subnet is empty then, and the zones as at first."""
        self._twins.configure(top_level(self._row))
        try:
            self._steps()
        finally:
            self._leave()
            self._twins.clean()

    def _steps(self) -> None:
        self._in_two_waves(lambda client: client.lease(), "leased")
        self._in_two_waves(lambda client: client.renew(), "renewed")
        self._twins.both(lose)
        self._in_two_waves(lambda client: client.renew(), "renewed when records were lost")
        self._rename()
        self._each(lambda client: client.renew())
        self._compare("renamed")
        self._end()
        self._compare(self._row.end)

    def _in_two_waves(self, work: Callable[[Any], Any], step: str) -> None:
        """Who has a name must have it before another client asks for it: D2 works on both
        at once, and in a renewal removes the name before it adds it again."""
        self._each(work, lambda sort: not sort.second)
        self._compare(f"first ones {step}")
        self._each(work, lambda sort: sort.second)
        self._compare(step)

    def _each(
        self, work: Callable[[Any], Any], which: Callable[[Sort], bool] = lambda sort: True
    ) -> None:
        """In the same order at both sites."""
        chosen = [pair for sort, pair in zip(self._sorts, self._pairs) if which(sort)]
        self._twins.both(lambda _, side: [work(c) for c in side], list(zip(*chosen)))

    def _rename(self) -> None:
        for sort, pair in zip(self._sorts, self._pairs):
            for client in pair:
                client.options = sort.options(self._twins.family, later=True)

    def _end(self) -> None:
        if self._row.end == EXPIRED:
            short = self._twins.family.short_leases
            self._twins.configure({**top_level(self._row), **short})
            self._each(lambda client: client.renew())
            self._twins.wait_until_expired()
        elif self._row.end == DECLINED:
            self._each(lambda client: client.decline())
        else:
            self._each(lambda client: client.release())

    def _leave(self) -> None:
        """So that the next row finds nobody, however this one ended."""
        self._each(lambda client: client.release() if client.has_a_lease else None)
        self._twins.settle()

    def _compare(self, step: str) -> None:
        self._twins.settle()
        hook, d2 = self._twins.told()
        if self._row.d2_takes_back and step.startswith("first ones renewed"):
            hook, d2 = (frozenset(r for r in told if r[0] != TAKEN) for told in (hook, d2))
        assert not d2 - hook, f"D2 alone, {step}: {sorted(d2 - hook)}"
        more: Set[Any] = hook - d2
        if self._row.d2_races and step == "renamed":
            more = {record for record in more if not record[0].endswith(".arpa.")}
        expected = escaped(hook) if self._row.escapes else set()
        assert more == expected, f"the library alone, {step}"


def pair_of(twins: Twins, number: int, sort: Sort) -> list[Any]:
    """The client of this sort in the subnet with this number, at both sites."""
    family = twins.family
    who = identity(family, number, SORTS.index(sort))
    more = sort.identifies_itself(family)
    options = sort.options(family)
    return twins.both(lambda site: family.client(site, number, who, *options, **more))


def escaped(records: Told) -> Set[Any]:
    """Those of names with a backslash, in both directions."""
    pointers = {name for name, _, data, _ in records if "\\" in data}
    return {r for r in records if "\\" in r[0] or r[0] in pointers}


def lose(site: Site) -> None:
    """As if by an administrator's mistake; but what two clients want stays."""
    for name in {record.name for record in site.records() - site.static}:
        if name != TAKEN and not name.startswith("marker-"):
            site.dns.forget(name)
