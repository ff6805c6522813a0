# SPDX-License-Identifier: MPL-2.0
"""What DNS was told is known after a restart, and to whoever reads the ledger."""

import contextlib
import sqlite3
import stat

import pytest
from lab.clients import ScriptedClient, host_name
from lab.process import eventually


def leased(site, *names):
    clients = [ScriptedClient(site.link, host_name(name)) for name in names]
    for client in clients:
        client.lease()
    site.agree(30)
    return clients


def confirmed(site):
    """The rows of the ledger's file that DNS has confirmed."""
    path = f"file:{site.ledger}?mode=ro"
    with contextlib.closing(sqlite3.connect(path, uri=True)) as ledger:
        words = "SELECT count(*) FROM told WHERE state = 'confirmed'"
        ((count,),) = ledger.execute(words)
        return count


def kill(site):
    site.kea.kill()


def stop(site):
    site.stop_cleanly()


BOTH_ENDS = pytest.mark.parametrize("end", [kill, stop], ids=["killed", "stopped"])


@BOTH_ENDS
def test_released_while_dns_was_away_and_then_kea_was(site, end):
    kept, left = leased(site, "kept", "left")
    site.dns.stop()
    address = left.address
    left.release()
    site.kea.wait_until_gone(address)
    eventually("noticed", lambda: site.kea.messages("DNS_UPDATE_SERVER_DOWN"), 30)
    end(site)
    site.dns.start()
    assert site.address_of("left")
    site.kea.start()
    site.agree(60)
    assert not site.address_of("left")
    assert site.address_of("kept") == [kept.address]


@pytest.mark.parametrize(
    "site", [{"expired-leases-processing": {"reclaim-timer-wait-time": 3600}}], indirect=True
)
def test_released_before_the_leases_are_read(site):
    """Kea 2.6 keeps the lease, as one that expires in this second."""
    client = ScriptedClient(site.link, host_name("laptop"))
    for _ in range(5):
        client.lease()
        site.agree(30)
        kill(site)
        site.kea.start()
        client.release()
        eventually("gone", lambda: site.records() == site.static)


@BOTH_ENDS
def test_renamed_while_dns_was_away_and_then_kea_was(site, end):
    (client,) = leased(site, "before")
    site.dns.stop()
    client.options = [host_name("after")]
    client.renew()
    eventually("noticed", lambda: site.kea.messages("DNS_UPDATE_SERVER_DOWN"), 30)
    end(site)
    site.dns.start()
    site.kea.start()
    site.agree(60)
    assert not site.address_of("before")
    assert site.address_of("after") == [client.address]


@BOTH_ENDS
def test_gone_from_the_lease_database_while_kea_was_away(site, end):
    kept, left = leased(site, "kept", "left")
    end(site)
    lines = site.kea.lease_file.read_text().splitlines(keepends=True)
    gone = [line for line in lines if not line.startswith(f"{left.address},")]
    site.kea.lease_file.write_text("".join(gone))
    site.kea.start()
    site.agree(60)
    assert not site.address_of("left")
    assert site.address_of("kept") == [kept.address]


@BOTH_ENDS
def test_a_restart_changes_nothing_that_is_right(site, end):
    leased(site, *(f"host{number}" for number in range(50)))
    eventually("all confirmed", lambda: confirmed(site) == 50)
    end(site)
    before = site.dns.log.read_text().count("updating zone")
    assert before > 0
    site.kea.start()
    eventually("compared", lambda: site.settled() and site.status()["leases"]["known"] == 50, 30)
    assert site.status()["updates"]["sent"] == 0
    assert site.dns.log.read_text().count("updating zone") == before
    site.agree()


def test_the_ledger_is_private(site):
    leased(site, "laptop")
    for path in site.ledger.parent.glob(f"{site.ledger.name}*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_person_can_read_the_ledger_while_it_is_in_use(site):
    (client,) = leased(site, "laptop")
    with contextlib.closing(sqlite3.connect(f"file:{site.ledger}?mode=ro", uri=True)) as ledger:
        query = "SELECT address, fqdn, ptr, state, answer FROM leases"
        eventually(
            "confirmed",
            lambda: ledger.execute(query).fetchall()
            == [(client.address, "laptop.example.org.", "laptop.example.org.", "confirmed", "NOERROR")],
        )
