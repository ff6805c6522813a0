# SPDX-License-Identifier: MPL-2.0
"""Kea's ddns_tuning library, listed before ours: names it makes, and clients it leaves out."""

from __future__ import annotations

import pytest
from lab.ddns_clients import SORTS
from lab.ddns_party import Party, pair_of
from lab.ddns_settings import Row
from lab.ddns_subnets import subnets
from lab.kea import DDNS_TUNING
from lab.twins import FAMILIES, Twins

LAST_OCTET = {4: "substring(pkt4.mac, 5, 1)", 6: "substring(option[1].hex, 9, 1)"}
SKIPPED = [place for place, sort in enumerate(SORTS) if sort.label in ("host", "full", "odd")]


def named(family, name):
    """An expression: the name, and what tells the client from the others."""
    return f"'{name}-' + hexstring({LAST_OCTET[family]}, '')"


def of_subnet(expression):
    return Row({"user-context": {"ddns-tuning": {"hostname-expr": expression}}})


def rows(family):
    return [
        Row({}),
        Row({"ddns-update-on-renew": True}),
        of_subnet(named(family, "office")),
        of_subnet(f"{named(family, 'full')} + '.example.org.'"),
        of_subnet(""),
    ]


@pytest.fixture(scope="module", params=[4, 6], ids=["v4", "v6"])
def twins(request, tmp_path_factory):
    version = request.param
    skipped = " or ".join(f"{LAST_OCTET[version]} == 0x{place:02x}" for place in SKIPPED)
    configuration = {
        **subnets(FAMILIES[version], rows(version)),
        "libraries": {DDNS_TUNING: {"hostname-expr": named(version, "tuned")}},
        "client-classes": [{"name": "SKIP_DDNS", "test": skipped}],
    }
    with Twins(tmp_path_factory.mktemp("twins"), version, configuration) as both:
        yield both
        assert not both.lost_by_d2()
        both.stop_cleanly()


# Kea puts its name back into the reply when the library has made another; see below.
RESERVED = next(sort for sort in SORTS if sort.label == "reserved-full")


@pytest.mark.parametrize("number", range(1, len(rows(4)) + 1))
def test_dns_says_what_it_says_with_d2(twins, number):
    version = twins.family.version
    without = [RESERVED.label] if version == 6 else []
    Party(twins, number, rows(version)[number - 1], without).live()


@pytest.mark.parametrize("twins", [6], ids=["v6"], indirect=True)
def test_a_reserved_name_does_not_stay_behind(twins):
    """D2 is told to add the name in the reply, and to remove that of the lease."""
    pair = pair_of(twins, 1, RESERVED)
    twins.both(lambda _, client: client.lease(), pair)
    twins.settle()
    hook, d2 = twins.told()
    assert names(hook) == {f"tuned-{SORTS.index(RESERVED):02x}.example.org."}
    assert names(d2) == {"reserved-full-host.example.org."}
    twins.both(lambda _, client: client.release(), pair)
    twins.settle()
    hook, d2 = twins.told()
    assert names(hook) == set()
    assert names(d2) == {"reserved-full-host.example.org."}
    twins.clean()


def names(records):
    return {name for name, kind, _, _ in records if kind == "AAAA"}
