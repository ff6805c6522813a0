# SPDX-License-Identifier: MPL-2.0
"""The leases are in PostgreSQL, and change there while Kea is down."""

import pytest
from lab import load
from lab.kea_config import RECLAIM_AT_ONCE
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
    leases = {
        "lease-database": database.lease_database,
        "expired-leases-processing": RECLAIM_AT_ONCE,
    }
    with Site(tmp_path, **NAMES, **leases) as running:
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


@pytest.mark.load
def test_leases_that_are_renewed_while_kea_believes_them_expired(site, database):
    """As by another thread of Kea's: it takes them one by one from a list that it has read."""

    def count(condition):
        return int(database.execute(f"SELECT count(*) FROM lease4 WHERE {condition}"))

    load.lease_all(site.link, site.kea.leases, 200, 2000)
    site.agree(60)
    now = "date_trunc('second', now())"
    database.execute(  # it begins with the one that expired first
        f"UPDATE lease4 SET expire = {now} - interval '1 day'"
        " + (address % 65536) * interval '1 second'"
    )
    eventually("it began", lambda: count("state = 2") > 0, 60, 0.01)
    database.execute(
        f"UPDATE lease4 SET expire = {now} + interval '1 hour' WHERE state = 0"
        # None of those that it may be at in this moment.
        " AND address > (SELECT max(address) + 500 FROM lease4 WHERE state = 2)"
    )
    eventually("the rest", lambda: count("state = 0 AND expire < now()") == 0, 60)
    left = count("state = 0")
    assert 0 < left < 2000
    eventually("settled", site.settled, 60)
    site.agree(60)
    assert len(site.records()) == 4 * left + len(site.static)
