# SPDX-License-Identifier: MPL-2.0
"""The leases are in PostgreSQL, and change there while Kea is down."""

import pytest
from lab import load
from lab.postgres import Postgres
from lab.process import eventually
from lab.site import Site

NAMES = {"ddns-replace-client-name": "when-not-present"}


@pytest.fixture
def database():
    with Postgres() as running:
        yield running


@pytest.fixture
def site(tmp_path, database):
    with Site(tmp_path, **NAMES, **{"lease-database": database.lease_database}) as running:
        yield running
        running.stop_cleanly()


def test_leases_are_removed_from_the_database_while_kea_is_down(site, database):
    load.lease_all(site.link, site.kea.leases, 100, 1000)
    site.agree(60)
    before = len(site.kea.leases())
    site.kea.kill()
    database.execute("DELETE FROM lease4 WHERE address % 20 = 0")
    left = int(database.execute("SELECT count(*) FROM lease4"))
    assert 0 < left < before
    assert len(site.records()) > 4 * left + len(site.static)
    site.kea.start()
    eventually("compared", site.settled, 60)
    site.agree(60)
    assert len(site.records()) == 4 * left + len(site.static)
    assert site.status()["resync"]["leases-read"] == left
