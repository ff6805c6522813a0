# SPDX-License-Identifier: MPL-2.0
"""Two DHCPv6 servers that know of the same leases: DNS says each of them once."""

import pytest
from lab.clients6 import ScriptedClient6, fqdn6
from lab.ha import Pair6
from lab.process import eventually
from lab.site import stop_cleanly


@pytest.fixture
def pair6(tmp_path):
    with Pair6(tmp_path) as running:
        yield running
        for kea in running.keas:
            if kea.running:
                stop_cleanly(kea)


def leased(pair, name, **more):
    client = ScriptedClient6(pair.lan, fqdn6(name), **more)
    client.lease()
    return client


def both_told(pair, what, address):
    eventually(
        f"both servers have {what} {address}",
        lambda: pair.told(what, address) == [2, 2],
        20,
    )


def test_both_servers_tell_and_take_back_every_address(pair6):
    client = leased(pair6, "laptop", iaids=(1, 2))
    for address in client.addresses:
        both_told(pair6, "ADDED", address)
    pair6.agree()
    assert pair6.address_of("laptop") == sorted(client.addresses)
    client.release()
    eventually("the records are gone", lambda: pair6.records() == pair6.static)
    pair6.agree()


def test_the_standby_goes_on_alone(pair6):
    early = leased(pair6, "early")
    both_told(pair6, "ADDED", early.address)
    pair6.keas[0].kill()
    pair6.wait_for("", "partner-down")
    late = leased(pair6, "late")
    early.options = [fqdn6("renamed")]
    early.rebind()
    pair6.agree()
    assert pair6.address_of("renamed") == [early.address]
    pair6.keas[0].start()
    pair6.wait_for("hot-standby", "hot-standby")
    pair6.agree(20)
    assert pair6.address_of("late") == [late.address]
    assert pair6.address_of("early") == []
