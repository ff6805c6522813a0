# SPDX-License-Identifier: MPL-2.0
"""kea-dhcp6 ends and starts again, reads its configuration again, or only checks it."""

import os
import subprocess

import pytest
from lab import kea_config
from lab.clients6 import ScriptedClient6, fqdn6, perfdhcp6
from lab.load import lease_all
from lab.packet6 import ia_pd
from lab.postgres import Postgres
from lab.process import eventually, unconfined
from lab.site import Site6

NAMES = {"ddns-replace-client-name": "when-not-present"}
THREADS = {"enable-multi-threading": True, "thread-pool-size": 2, "packet-queue-size": 256}


def leased(site, *names, **more):
    clients = [ScriptedClient6(site.link, fqdn6(name), **more) for name in names]
    for client in clients:
        client.lease()
    site.agree(30)
    return clients


def kill(site):
    site.kea.kill()


def stop(site):
    site.stop_cleanly()


BOTH_ENDS = pytest.mark.parametrize("end", [kill, stop], ids=["killed", "stopped"])


@BOTH_ENDS
def test_released_while_dns_was_away_and_then_kea_was(site6, end):
    kept, left = leased(site6, "kept", "left", iaids=(1, 2))
    site6.dns.stop()
    left.release()
    eventually("noticed", lambda: site6.kea.messages("DNS_UPDATE_SERVER_DOWN"), 30)
    end(site6)
    site6.dns.start()
    assert site6.address_of("left")
    site6.kea.start()
    site6.agree(60)
    assert not site6.address_of("left")
    assert site6.address_of("kept") == sorted(kept.addresses)


@BOTH_ENDS
def test_a_restart_changes_nothing_that_is_right(site6, end):
    leased(site6, *(f"host{number}" for number in range(20)), iaids=(1, 2))
    eventually("settled", site6.settled)
    end(site6)
    site6.kea.start()
    eventually("compared", lambda: site6.settled() and site6.status()["leases"]["known"] == 40)
    assert site6.status()["updates"]["sent"] == 0
    site6.agree()


@pytest.mark.parametrize("site6", [{"hook": {"ledger": False}}], indirect=True)
def test_without_a_ledger_the_leases_are_read(site6):
    clients = leased(site6, "one", "two", iaids=(1, 2))
    router = ScriptedClient6(site6.link, fqdn6("router"), ia_pd(1), iaids=())
    router.solicit()
    router.request()
    site6.kea.kill()
    site6.lose_the_records()
    site6.kea.start()
    eventually("told", lambda: site6.address_of("two") == sorted(clients[1].addresses))
    site6.agree()
    assert site6.status()["resync"]["leases-read"] == 4


def test_a_check_of_the_configuration_starts_nothing(site6):
    leased(site6, "laptop")
    site6.stop_cleanly()
    site6.ledger.unlink()
    folder = str(site6.kea.folder)
    done = subprocess.run(
        ["ip", "netns", "exec", site6.link.server]
        + [*unconfined("kea-dhcp6"), "-t", "kea-dhcp6.json"],
        cwd=folder,
        env={**os.environ, "KEA_LOCKFILE_DIR": folder, **site6.kea.env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DNS_UPDATE_STARTED" not in done.stdout
    assert not site6.ledger.exists()


def load(site, rate, count, *words):
    seconds = count // rate
    perfdhcp6(site.link, "-r", str(rate), "-R", str(count), "-p", str(seconds), *words)


LEASES_THAT_EXPIRE = {
    **NAMES,
    "multi-threading": THREADS,
    "valid-lifetime": 30,
    "preferred-lifetime": 20,
    "expired-leases-processing": kea_config.RECLAIM_AT_ONCE,
}


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize("site6", [LEASES_THAT_EXPIRE], indirect=True)
def test_5000_leases_come_and_expire(site6):
    load(site6, 500, 5000)
    assert len(site6.kea.leases()) > 4500
    site6.agree(20)
    eventually("all expired", lambda: site6.records() == site6.static, 120, pause=2)


@pytest.mark.load
@pytest.mark.parametrize("site6", [{**NAMES, "multi-threading": THREADS}], indirect=True)
def test_leases_renewed_and_released_under_load(site6):
    load(site6, 300, 3000, "-f", "60", "-F", "100")
    site6.agree(120)


# As a text, 2001:db8:77:10::1 comes before 2001:db8:77::1.
SUBNETS = [
    kea_config.subnet6(),
    {"id": 2, "subnet": "2001:db8:77:10::/64"},
]
IN_THE_SECOND = {
    "ip-address": "2001:db8:77:10::1",
    "subnet-id": 2,
    "duid": "00:03:00:01:02:aa:00:00:00:01",
    "iaid": 1,
    "hostname": "other.example.org.",
    "fqdn-fwd": True,
    "fqdn-rev": True,
}


@pytest.fixture
def site_on_postgresql(tmp_path):
    with Postgres() as database:
        settings = {**NAMES, "subnet6": SUBNETS, "lease-database": database.lease_database}
        with Site6(tmp_path, **settings) as running:
            yield running, database
            running.stop_cleanly()


@pytest.mark.load
def test_postgresql_sorts_addresses_in_its_own_way_and_all_are_read(site_on_postgresql):
    site, database = site_on_postgresql
    lease_all(site.link, site.kea.leases, 100, 1000, perfdhcp6)
    assert site.kea.command("lease6-add", **IN_THE_SECOND)["result"] == 0
    site.agree(60)
    before = len(site.kea.leases())
    site.kea.kill()
    # Kea 2.2 keeps addresses as text, later ones as inet, which ends with "/128".
    database.execute("DELETE FROM lease6 WHERE split_part(address::text, '/', 1) LIKE '%0'")
    site.kea.start()
    eventually("compared", site.settled, 60)
    site.agree(60)
    left = len(site.kea.leases())
    assert 0 < left < before
    assert site.status()["resync"]["leases-read"] == left
    sent = site.status()["updates"]["sent"]
    assert site.kea.command("dns-update-resync", subnet_id=1)["result"] == 0
    eventually("told again", lambda: site.status()["updates"]["sent"] > sent)
    eventually("settled", site.settled, 60)
    site.agree()
    assert site.status()["resync"]["leases-read"] == left - 1
