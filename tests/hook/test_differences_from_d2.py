# SPDX-License-Identifier: MPL-2.0
"""What README.md says of the differences from kea-dhcp-ddns, exactly as it says it."""

from __future__ import annotations

import ipaddress

import pytest
from lab.ddns_settings import Row, conflict_mode
from lab.ddns_subnets import subnets
from lab.kea import kea_version
from lab.process import eventually
from lab.twins import FAMILIES, Twins

CHECKED, UNCHECKED = 1, 2  # numbers of subnets
MOVING = [
    row
    for mode in ("no-check-with-dhcid", "check-exists-with-dhcid")
    for row in conflict_mode(mode)
    if row.is_for(kea_version())
]
ROWS = [Row({}), *MOVING]
NAME = "laptop.example.org."


@pytest.fixture(scope="module", params=[4, 6], ids=["v4", "v6"])
def twins(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    with Twins(folder, request.param, subnets(FAMILIES[request.param], ROWS)) as both:
        yield both


def pair(twins, subnet, number, **more):
    """One client of each site that want the name; they have their leases."""
    family = twins.family
    clients = twins.both(
        lambda site: family.client(
            site, subnet, family.identity(number), family.fqdn(NAME), **more
        )
    )
    each(twins, clients, "lease")
    return clients


def each(twins, clients, what):
    twins.both(lambda _, client: getattr(client, what)(), clients)
    twins.settle()


def owners(records):
    """The addresses that the name leads to."""
    return {data for name, kind, data, _ in records if name == NAME and kind[0] == "A"}


def test_a_name_that_becomes_free_goes_to_who_waits_for_it(twins):
    first, second = (pair(twins, CHECKED, number) for number in (101, 102))
    hook, d2 = twins.told()
    assert hook == d2
    assert owners(hook) == {first[0].address}
    each(twins, first, "release")
    hook, d2 = twins.told()
    assert owners(hook) == {second[0].address}
    assert d2 == frozenset()
    each(twins, second, "release")
    assert twins.told() == [frozenset(), frozenset()]


def test_the_end_of_a_lease_spares_who_has_the_name_now(twins):
    first, second = (pair(twins, UNCHECKED, number) for number in (103, 104))
    hook, d2 = twins.told()
    assert hook == d2
    each(twins, first, "release")
    hook, d2 = twins.told()
    assert owners(hook) == {second[0].address}
    assert owners(d2) == set()
    each(twins, second, "release")
    assert twins.told() == [frozenset(), frozenset()]


@pytest.mark.parametrize("subnet", range(UNCHECKED, len(ROWS) + 1), ids=map(str, MOVING))
def test_a_renewal_does_not_take_a_name_back(twins, subnet):
    twins.configure({"ddns-update-on-renew": True})
    first, second = (pair(twins, subnet, number) for number in (108, 109))
    each(twins, first, "renew")
    hook, d2 = twins.told()
    assert owners(hook) == {second[0].address}
    assert owners(d2) == {first[1].address}
    each(twins, second, "release")
    each(twins, first, "release")
    hook, _ = twins.told()  # where any DHCID will do, D2 leaves the PTR of the second
    assert hook == frozenset()
    twins.clean()
    twins.configure({})


@pytest.mark.parametrize("twins", [6], ids=["v6"], indirect=True)
def test_every_address_of_a_client_has_its_records(twins):
    clients = pair(twins, CHECKED, 105, iaids=(1, 2))
    hook, d2 = twins.told()
    assert owners(hook) == set(clients[0].addresses)
    assert len(owners(d2)) == 1
    second = owners(hook) - owners(d2)
    reverse = {ipaddress.ip_address(a).reverse_pointer + "." for a in second}
    more = {record for record in hook if record[0] in reverse or record[2] in second}
    assert hook - d2 == more
    assert not d2 - hook
    each(twins, clients, "release")


def test_a_renewal_touches_no_zone_that_says_it_already(twins):
    """Not for a moment: a zone whose serial stands has not changed."""
    twins.configure({"ddns-update-on-renew": True})
    clients = pair(twins, CHECKED, 106)
    site = twins.sites[0]
    before = [site.dns.serial(zone) for zone in site.dns.zones]
    updates = sent(site)
    clients[0].renew()
    eventually("DNS was told again", lambda: site.settled() and sent(site) > updates, 60)
    assert [site.dns.serial(zone) for zone in site.dns.zones] == before
    each(twins, clients, "release")
    twins.configure({})


def sent(site):
    return site.status()["updates"]["sent"]


if kea_version() >= (2, 3, 2):  # keeps a lease that was released for its client

    def test_a_name_that_is_given_back_is_gone_at_once(twins):
        kept = {"hold-reclaimed-time": 3600, "reclaim-timer-wait-time": 3600}
        twins.configure({"expired-leases-processing": kept})
        clients = pair(twins, CHECKED, 107)
        each(twins, clients, "release")
        hook, d2 = twins.told()
        assert hook == frozenset()
        assert len(owners(d2)) == 1
        twins.clean()
        twins.configure({})

