# SPDX-License-Identifier: MPL-2.0
"""Addresses that clients chose themselves and registered (RFC 9686): with Kea 3.0."""

import pytest
from lab import packet6
from lab.clients6 import RegisteringClient6, ScriptedClient6, fqdn6
from lab.process import eventually

ADDRESS = "2001:db8:77::a:1"
OTHER_ADDRESS = "2001:db8:77::a:2"
THREADS = {"enable-multi-threading": True, "thread-pool-size": 2, "packet-queue-size": 64}
QUICK_EXPIRY = {
    "expired-leases-processing": {
        "reclaim-timer-wait-time": 1,
        "flush-reclaimed-timer-wait-time": 1,
        "hold-reclaimed-time": 1,
    }
}


def registered(site, address=ADDRESS, name="laptop"):
    client = RegisteringClient6(site.link, address, fqdn6(name))
    client.register()
    site.agree(30)
    return client


def pointers(site):
    return {record.data for record in site.records() if record.type == "PTR"}


@pytest.mark.parametrize("site6", [{"multi-threading": THREADS}, {}], indirect=True)
def test_a_registered_address_has_its_records(site6):
    client = RegisteringClient6(site6.link, ADDRESS, fqdn6("laptop"))
    reply = client.register()
    assert reply.option(packet6.CLIENT_FQDN)[0] == packet6.FQDN_S
    site6.agree(30)
    assert site6.address_of("laptop") == [ADDRESS]
    assert pointers(site6) == {"laptop.example.org."}


def test_registered_again_with_another_name(site6):
    client = registered(site6)
    client.options = [fqdn6("tablet")]
    client.register()
    site6.agree(30)
    assert site6.address_of("laptop") == []
    assert site6.address_of("tablet") == [ADDRESS]
    assert pointers(site6) == {"tablet.example.org."}


def test_registered_again_without_a_name(site6):
    client = registered(site6)
    client.options = []
    client.register()
    eventually("the records are gone", lambda: site6.records() == site6.static, 30)
    site6.agree()


@pytest.mark.parametrize("lifetime", [3, 0], ids=["expired", "given up"])
@pytest.mark.parametrize("site6", [QUICK_EXPIRY], indirect=True)
def test_a_registration_that_ends_takes_its_records_along(site6, lifetime):
    client = registered(site6)
    client.register(lifetime)
    eventually("the records are gone", lambda: site6.records() == site6.static, 60)
    site6.agree()


def test_two_addresses_of_one_client_share_its_name(site6):
    one = registered(site6)
    other = RegisteringClient6(site6.link, OTHER_ADDRESS, fqdn6("laptop"))
    other.duid = one.duid
    other.register()
    site6.agree(30)
    assert site6.address_of("laptop") == [ADDRESS, OTHER_ADDRESS]


def test_the_name_of_another_client_stays_with_it(site6):
    owner = ScriptedClient6(site6.link, fqdn6("laptop"))
    owner.lease()
    site6.agree(30)
    RegisteringClient6(site6.link, ADDRESS, fqdn6("laptop")).register()
    eventually("a conflict is logged", lambda: site6.kea.messages("DNS_UPDATE_CONFLICT"), 30)
    site6.agree(30)
    assert site6.address_of("laptop") == [owner.address]


def test_lost_records_of_registered_addresses_come_back(site6):
    registered(site6)
    site6.kea.kill()
    site6.lose_the_records()
    site6.ledger.unlink()
    site6.kea.start()
    eventually("told again", lambda: site6.address_of("laptop") == [ADDRESS], 60)
    site6.agree(30)
