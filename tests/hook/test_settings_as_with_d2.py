# SPDX-License-Identifier: MPL-2.0
"""Every ddns-* setting does with the library what Kea's manual says it does with D2.

Two Keas, one with the library and one with kea-dhcp-ddns, hear the same packets from
the same clients.  After each step of the clients' life the zones are compared record by
record: names, types, data and TTLs.
"""

from __future__ import annotations

import pytest
from lab.ddns_clients import SORTS, TAKEN
from lab.ddns_settings import rows_of
from lab.ddns_subnets import identity, subnets, top_level
from lab.kea import kea_version
from lab.twins import FAMILIES, Twins

ROWS = rows_of(kea_version())


@pytest.fixture(scope="module", params=[4, 6], ids=["v4", "v6"])
def twins(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    configuration = subnets(FAMILIES[request.param], ROWS)
    with Twins(folder, request.param, configuration) as both:
        yield both
        assert not both.lost_by_d2()
        both.stop_cleanly()


class Party:
    """All clients of one row, twice: a pair of them for the two sites."""

    def __init__(self, twins, number):
        self._twins = twins
        self._row = ROWS[number - 1]
        self._pairs = [self._pair(number, place) for place in range(len(SORTS))]

    def _pair(self, number, place):
        family, sort = self._twins.family, SORTS[place]
        who = identity(family, number, place)
        more = sort.identifies_itself(family)
        options = sort.options(family)
        return self._twins.both(
            lambda site: family.client(site, number, who, *options, **more)
        )

    def each(self, work, which=lambda sort: True):
        """In the same order at both sites."""
        chosen = [pair for sort, pair in zip(SORTS, self._pairs) if which(sort)]
        self._twins.both(lambda _, side: [work(c) for c in side], list(zip(*chosen)))

    def rename(self):
        for sort, pair in zip(SORTS, self._pairs):
            for client in pair:
                client.options = sort.options(self._twins.family, later=True)

    def leave(self):
        """So that the next row finds nobody, however this one ended."""
        self.each(lambda client: client.release() if client.has_a_lease else None)
        self._twins.settle()

    def compare(self, step):
        self._twins.settle()
        hook, d2 = self._twins.told()
        if self._row.d2_takes_back and step.startswith("first ones renewed"):
            hook, d2 = ({r for r in told if r[0] != TAKEN} for told in (hook, d2))
        assert not d2 - hook, f"D2 alone, {step}: {sorted(d2 - hook)}"
        more = hook - d2
        if self._row.d2_races and step == "renamed":
            more = {record for record in more if not record[0].endswith(".arpa.")}
        expected = escaped(hook) if self._row.escapes else set()
        assert more == expected, f"the library alone, {step}"


def escaped(records):
    """Those of names with a backslash, in both directions."""
    pointers = {name for name, _, data, _ in records if "\\" in data}
    return {r for r in records if "\\" in r[0] or r[0] in pointers}


def lose(site):
    """As if by an administrator's mistake; but what two clients want stays."""
    for name in {record.name for record in site.records() - site.static}:
        if name != TAKEN and not name.startswith("marker-"):
            site.dns.forget(name)


@pytest.mark.parametrize("number", range(1, len(ROWS) + 1), ids=[str(row) for row in ROWS])
def test_dns_says_what_it_says_with_d2(twins, number):
    twins.configure(top_level(ROWS[number - 1]))
    party = Party(twins, number)
    try:
        live(twins, party)
    finally:
        party.leave()
        twins.clean()


def live(twins, party):
    in_two_waves(party, lambda client: client.lease(), "leased")
    in_two_waves(party, lambda client: client.renew(), "renewed")
    twins.both(lose)
    in_two_waves(party, lambda client: client.renew(), "renewed when records were lost")
    party.rename()
    party.each(lambda client: client.renew())
    party.compare("renamed")
    party.each(lambda client: client.release())
    party.compare("released")


def in_two_waves(party, work, step):
    """Who has a name must have it before another client asks for it: D2 works on both
    at once, and in a renewal removes the name before it adds it again."""
    party.each(work, lambda sort: not sort.second)
    party.compare(f"first ones {step}")
    party.each(work, lambda sort: sort.second)
    party.compare(step)
