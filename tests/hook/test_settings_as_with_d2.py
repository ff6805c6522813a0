# SPDX-License-Identifier: MPL-2.0
"""Every ddns-* setting does with the library what Kea's manual says it does with D2.

Two Keas, one with the library and one with kea-dhcp-ddns, hear the same packets from
the same clients.  After each step of the clients' life the zones are compared record by
record: names, types, data and TTLs.
"""

from __future__ import annotations

import pytest
from lab.ddns_party import Party
from lab.ddns_settings import rows_of
from lab.ddns_subnets import subnets
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


@pytest.mark.parametrize("number", range(1, len(ROWS) + 1), ids=[str(row) for row in ROWS])
def test_dns_says_what_it_says_with_d2(twins, number):
    Party(twins, number, ROWS[number - 1]).live()
