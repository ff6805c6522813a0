# SPDX-License-Identifier: MPL-2.0
"""Two servers that know of the same leases: DNS says each of them once."""

import signal
import struct
import threading
import time

import pytest
from lab.clients import ScriptedClient, host_name, perfdhcp
from lab.ha import HOT_STANDBY, LOAD_BALANCING, QUEUE, TIMES, Pair
from lab.kea import kea_version
from lab.packet import LEASE_TIME
from lab.process import eventually
from lab.site import stop_cleanly

NAMES = {"ddns-replace-client-name": "when-not-present"}
QUICK_EXPIRY = {
    "reclaim-timer-wait-time": 1,
    "flush-reclaimed-timer-wait-time": 1,
    "hold-reclaimed-time": 1,
}
# Since 3.0 Kea reclaims no lease before it has heard of its partner.
RECLAIMS_WHILE_OFF = kea_version() < (3, 0)
RECLAIMED_ARE_KEPT = {"reclaim-timer-wait-time": 1, "hold-reclaimed-time": 3600}


@pytest.fixture
def pair(tmp_path, request):
    """Partners and BIND; `indirect` parameters are Pair's settings."""
    with Pair(tmp_path, **getattr(request, "param", {})) as running:
        yield running
        for kea in running.keas:
            if kea.running:
                stop_cleanly(kea)


def modes(**settings):
    return pytest.mark.parametrize(
        "pair",
        [{"mode": mode, **settings} for mode in (HOT_STANDBY, LOAD_BALANCING)],
        ids=[HOT_STANDBY, LOAD_BALANCING],
        indirect=True,
    )


def client_of(pair, number, name):
    """A client with a lease, whose server is the one with this number."""
    while True:
        client = ScriptedClient(pair.lan, host_name(name))
        client.lease()
        if client.server == pair.lan.server_addresses[number]:
            return client
        client.release()


def both_told(pair, what, address, times=1):
    wanted = [2 * times, 2 * times]
    eventually(
        f"both servers have {what} {address}",
        lambda: pair.told(what, address) == wanted,
        20,
    )


@modes()
def test_a_lease_changes_each_zone_once(pair):
    for number in range(4):
        client = ScriptedClient(pair.lan, host_name(f"host{number}"))
        client.lease()
        both_told(pair, "ADDED", client.address)
        assert pair.changes() == [number + 1, number + 1]
    pair.agree()


@modes()
def test_a_released_lease_is_removed_once(pair):
    client = ScriptedClient(pair.lan, host_name("laptop"))
    client.lease()
    both_told(pair, "ADDED", client.address)
    before = pair.changes()
    address = client.address
    client.release()
    both_told(pair, "REMOVED", address)
    assert pair.records() == pair.static
    # The name loses its address and then its DHCID (RFC 4703 section 5.5).
    assert pair.changes() == [before[0] + 2, before[1] + 1]


@pytest.mark.parametrize("pair", [{"mode": LOAD_BALANCING}], indirect=True)
def test_a_name_goes_to_and_fro_between_clients_of_both(pair):
    first = client_of(pair, 0, "laptop")
    first.release()
    second = client_of(pair, 1, "laptop")
    for _ in range(5):
        second.release()
        first.lease()
        first.release()
        second.lease()
    eventually("the name is the last one's", lambda: pair.address_of("laptop") == [second.address])
    pair.agree()


@modes(**{"valid-lifetime": 4, "expired-leases-processing": QUICK_EXPIRY})
def test_an_expired_lease_is_removed_by_both(pair):
    client = ScriptedClient(pair.lan, host_name("laptop"))
    client.lease()
    both_told(pair, "ADDED", client.address)
    both_told(pair, "REMOVED", client.address)
    assert pair.records() == pair.static


@pytest.mark.load
@modes(**NAMES)
def test_a_server_dies_under_load_and_returns(pair):
    load = threading.Thread(
        target=perfdhcp, args=(pair.lan, "-r", "100", "-R", "1200", "-p", "12")
    )
    load.start()
    eventually("there is load", lambda: len(pair.keas[0].leases()) > 100, 20)
    pair.keas[0].kill()
    pair.wait_for("", "partner-down")
    pair.keas[0].start()
    pair.wait_for(pair.mode, pair.mode)
    load.join()
    assert len(pair.keas[1].leases()) > 500
    # Kea takes what is in its queue also after its partner has read its leases.
    pair.agree(30, apart=QUEUE)


def test_a_server_that_was_cut_off_learns_what_it_missed(pair):
    client = ScriptedClient(pair.lan, host_name("before"))
    client.lease()
    both_told(pair, "ADDED", client.address)
    attempt = 0
    while not _is_cut_off_and_asks(pair, client, attempt):
        attempt += 1
        assert attempt < 20, "it never asks its partner"
    pair.agree()
    # Only the one that was cut off knows by now which name has to go.
    pair.keas[1].kill()
    pair.wait_for("partner-down")
    client.options = [host_name("at-last")]
    client.renew()
    pair.agree()
    assert pair.address_of("after") == []


def _is_cut_off_and_asks(pair, client, attempt):
    """The first server misses a renewal, and asks the second for its leases.

    Of two that were alone one asks the other: Kea leaves it to their heartbeats, which
    come at another moment in each attempt.
    """
    cut_off = pair.keas[0]
    asked, read = len(cut_off.messages("HA_SYNC_SUCCESSFUL ")), len(_read(cut_off))
    pair.lan.cut_off(0)
    pair.wait_for("partner-down", "partner-down")
    client.options = [host_name("after")]
    client.renew()
    time.sleep(attempt * TIMES["heartbeat-delay"] / 5000)
    pair.lan.join(0)
    pair.wait_for(pair.mode, pair.mode)
    if len(cut_off.messages("HA_SYNC_SUCCESSFUL ")) == asked:
        return False
    eventually("the leases are read", lambda: len(_read(cut_off)) > read)
    return True


@pytest.mark.parametrize(
    "pair",
    [{"min-valid-lifetime": 1, "expired-leases-processing": RECLAIMED_ARE_KEPT}],
    indirect=True,
)
def test_a_lease_that_the_partner_renewed_does_not_expire(pair):
    brief, long = (struct.pack("!I", seconds) for seconds in (4, 3600))
    client = ScriptedClient(pair.lan, host_name("laptop"), (LEASE_TIME, brief))
    client.lease()
    both_told(pair, "ADDED", client.address)
    known = pair.keas[0].leases()[0]
    pair.keas[0].kill()
    pair.wait_for("", "partner-down")
    client.options = [host_name("laptop"), (LEASE_TIME, long)]
    client.renew()
    eventually("the lease of before expires", lambda: time.time() > known.expires + 1)
    pair.agree()
    before = pair.changes()
    # The partner does not answer at first, and is not given up.
    pair.keas[1].process.signal(signal.SIGSTOP)
    pair.times["max-response-delay"] = 60000
    pair.keas[0].configure(pair.dhcp4(0))
    read = len(_read(pair.keas[0]))
    pair.keas[0].start()
    if RECLAIMS_WHILE_OFF:
        eventually("it is reclaimed", lambda: pair.keas[0].leases()[0].state != known.state)
    pair.keas[1].process.signal(signal.SIGCONT)
    pair.wait_for(pair.mode, pair.mode)
    eventually("the leases are read", lambda: 1 in _read(pair.keas[0])[read:])
    pair.agree()
    assert pair.changes() == before


def _read(kea):
    """How many leases each reading of the lease database has found."""
    lines = kea.messages("DNS_UPDATE_LEASES_READ ")
    return [int(line.split("LEASES_READ ")[1].split()[0]) for line in lines]


@modes(**NAMES)
def test_a_server_ends_cleanly_while_its_partner_works(pair):
    load = threading.Thread(
        target=perfdhcp, args=(pair.lan, "-r", "300", "-R", "900", "-p", "3")
    )
    load.start()
    eventually("there is load", lambda: len(pair.keas[1].leases()) > 100, 20)
    stop_cleanly(pair.keas[1])
    load.join()


def test_what_changed_while_a_server_was_away_stays_changed(pair):
    moved = ScriptedClient(pair.lan, host_name("before"))
    ended = ScriptedClient(pair.lan, host_name("ended"))
    for client in (moved, ended):
        client.lease()
        both_told(pair, "ADDED", client.address)
    pair.keas[0].kill()
    pair.wait_for("", "partner-down")
    address = ended.address
    ended.release()
    moved.options = [host_name("after")]
    moved.renew()
    heir = ScriptedClient(pair.lan, host_name("heir"))
    heir.move(address)
    assert heir.address == address
    pair.agree()
    before = pair.changes()
    read = len(_read(pair.keas[0]))
    pair.keas[0].start()
    pair.wait_for(pair.mode, pair.mode)
    eventually("the leases are read", lambda: 2 in _read(pair.keas[0])[read:])
    pair.agree()
    assert pair.changes() == before


@pytest.mark.parametrize("pair", [NAMES], indirect=True)
def test_the_partner_gave_the_address_to_another_and_never_heard_of_the_first(pair):
    first = ScriptedClient(pair.lan)
    with pair.lan.unreachable(0, 1):
        first.lease()
        eventually("it is in DNS", lambda: pair.told("ADDED", first.address) == [2, 0])
        pair.keas[0].kill()
        pair.wait_for("", "partner-down")
    heir = ScriptedClient(pair.lan)
    heir.move(first.address)
    assert heir.address == first.address
    # Their names are the same: they say the address.
    eventually("a conflict", lambda: pair.keas[1].messages("DNS_UPDATE_CONFLICT "))
    pair.keas[0].start()
    pair.wait_for(pair.mode, pair.mode)
    pair.agree()
