# SPDX-License-Identifier: MPL-2.0
"""In DHCPv6, from the first lease to its end: records follow each change of a lease."""

import ipaddress

import pytest
from lab import kea_config
from lab.clients6 import ScriptedClient6, fqdn6
from lab.packet6 import ia_pd
from lab.process import eventually

THREADS = {"enable-multi-threading": True, "thread-pool-size": 2, "packet-queue-size": 64}
BOTH_MODES = pytest.mark.parametrize(
    "site6",
    [kea_config.ONE_THREAD, {"multi-threading": THREADS}],
    ids=["single-threaded", "multi-threaded"],
    indirect=True,
)
QUICK_EXPIRY = {
    "reclaim-timer-wait-time": 1,
    "flush-reclaimed-timer-wait-time": 1,
    "hold-reclaimed-time": 1,
}
SHORT = {"valid-lifetime": 3, "preferred-lifetime": 2}


def leased(site, name="laptop", **more):
    client = ScriptedClient6(site.link, fqdn6(name), **more)
    client.lease()
    return client


def gone(site):
    eventually("the records are gone", lambda: site.records() == site.static)
    site.agree()


@BOTH_MODES
def test_a_lease_has_its_records(site6):
    client = leased(site6)
    site6.agree()
    assert site6.address_of("laptop") == [client.address]
    reverse = ipaddress.ip_address(client.address).reverse_pointer + "."
    assert site6.dns.lookup(reverse, "PTR") == ["laptop.example.org."]
    assert {r.type for r in site6.records() - site6.static} == {"AAAA", "PTR", "DHCID"}


def test_the_ttl_is_a_third_of_the_lease(site6):
    leased(site6)
    site6.agree()
    assert {r.ttl for r in site6.records() - site6.static} == {1200}


@BOTH_MODES
def test_a_lease_committed_rapidly_has_its_records(site6):
    client = ScriptedClient6(site6.link, fqdn6("laptop"))
    client.lease_rapidly()
    site6.agree()
    assert site6.address_of("laptop") == [client.address]


CHANGES = pytest.mark.parametrize("how", ["request", "renew", "rebind"])


@CHANGES
@BOTH_MODES
def test_a_new_name_replaces_the_old(site6, how):
    client = leased(site6, "before")
    site6.agree()
    client.options = [fqdn6("after")]
    getattr(client, how)()
    site6.agree()
    assert site6.address_of("before") == []
    assert site6.address_of("after") == [client.address]


@CHANGES
def test_without_a_name_it_is_removed(site6, how):
    client = leased(site6)
    site6.agree()
    client.options = []
    getattr(client, how)()
    gone(site6)


@CHANGES
def test_what_changes_nothing_tells_nothing(site6, how):
    client = leased(site6)
    site6.agree()
    eventually("settled", site6.settled)
    sent = site6.status()["updates"]["sent"]
    getattr(client, how)()
    eventually("settled", site6.settled)
    assert site6.status()["updates"]["sent"] == sent
    site6.agree()


def moved(_):
    return kea_config.subnet6("2001:db8:77::2:0 - 2001:db8:77::2:ff")


def reserved_for_another(address):
    reservation = {"duid": "00:03:00:01:02:ff:ff:ff:ff:ff", "ip-addresses": [address]}
    return {**kea_config.subnet6(), "reservations": [reservation]}


# Kea deletes such a lease without telling a hook library.
@pytest.mark.parametrize("subnet", [moved, reserved_for_another])
@pytest.mark.parametrize(
    "how", ["renew", "rebind", "request", "lease", "lease_rapidly", "lease_anew"]
)
def test_a_client_that_may_not_keep_its_address_takes_its_name_along(site6, subnet, how):
    client = leased(site6)
    site6.agree()
    left = client.address
    site6.kea.configure(site6.dhcp(subnet6=[subnet(left)]))
    assert site6.kea.command("config-reload")["result"] == 0
    eventually("compared", site6.settled)
    getattr(client, how)()
    assert client.addresses and left not in client.addresses
    site6.agree()
    assert site6.address_of("laptop") == client.addresses


@BOTH_MODES
def test_a_client_with_several_addresses_has_its_name_for_each(site6):
    client = leased(site6, iaids=(1, 2, 3))
    assert len(client.addresses) == 3
    site6.agree()
    assert site6.address_of("laptop") == sorted(client.addresses)
    others = [client.assigned.pop(iaid) for iaid in (1, 3)]
    client.release()
    eventually("two are left", lambda: site6.address_of("laptop") == sorted(others))
    site6.agree()


@pytest.mark.parametrize(
    "site6", [{"ddns-use-conflict-resolution": False}], indirect=True
)
def test_without_dhcids_that_tell_clients_apart_a_name_has_one_address(site6):
    client = leased(site6, iaids=(1, 2))
    eventually("settled", site6.settled)
    (address,) = site6.address_of("laptop")
    assert address in client.addresses
    for address in client.addresses:
        reverse = ipaddress.ip_address(address).reverse_pointer + "."
        assert site6.dns.lookup(reverse, "PTR") == ["laptop.example.org."]


@BOTH_MODES
def test_a_release_removes_the_records(site6):
    client = leased(site6)
    site6.agree()
    assert site6.address_of("laptop")
    client.release()
    gone(site6)


def test_a_declined_address_loses_its_records(site6):
    client = leased(site6)
    site6.agree()
    client.decline()
    gone(site6)


@pytest.mark.parametrize(
    "site6", [{**SHORT, "expired-leases-processing": QUICK_EXPIRY}], indirect=True
)
def test_an_expired_lease_loses_its_records(site6):
    leased(site6)
    eventually("the records are there", lambda: site6.address_of("laptop"))
    eventually("the records are gone", lambda: site6.records() == site6.static, 20)


def test_released_and_leased_again(site6):
    client = leased(site6)
    for _ in range(5):
        client.release()
        client.lease()
    site6.agree()
    assert site6.address_of("laptop") == [client.address]


PRINTER = {"duid": "00:03:00:01:02:aa:00:00:00:01", "hostname": "printer"}
SCANNER = {
    "duid": "00:03:00:01:02:aa:00:00:00:02",
    "hostname": "scanner.example.org.",
    "ip-addresses": ["2001:db8:77::2:2"],
}


@pytest.mark.parametrize(
    "site6",
    [{"subnet6": [kea_config.subnet6(reservations=[PRINTER, SCANNER])]}],
    indirect=True,
)
def test_a_reserved_name_wins_over_the_clients(site6):
    clients = [
        leased(site6, "mine", duid=bytes.fromhex(host["duid"].replace(":", "")))
        for host in (PRINTER, SCANNER)
    ]
    site6.agree()
    assert site6.address_of("printer") == [clients[0].address]
    assert site6.address_of("scanner") == SCANNER["ip-addresses"]
    assert site6.address_of("mine") == []


RESERVED = {"subnet6": [kea_config.subnet6(reservations=[PRINTER])]}
MADE_UP = {"ddns-replace-client-name": "when-not-present"}


@pytest.mark.parametrize(
    ("site6", "records"),
    [(RESERVED, False), ({**RESERVED, **MADE_UP}, True)],
    ids=["alone", "made up"],
    indirect=["site6"],
)
def test_a_reserved_name_needs_directions(site6, records):
    duid = bytes.fromhex(PRINTER["duid"].replace(":", ""))
    client = ScriptedClient6(site6.link, duid=duid)
    client.lease()
    site6.agree()
    assert site6.address_of("printer") == client.addresses * records


@pytest.mark.parametrize("site6", [MADE_UP], indirect=True)
def test_a_name_is_made_for_a_client_without_one(site6):
    client = ScriptedClient6(site6.link)
    client.lease()
    site6.agree()
    name = f"myhost-{client.address.replace(':', '-')}"
    assert site6.address_of(name) == [client.address]


def test_the_second_client_with_a_name_meets_a_conflict(site6):
    first = leased(site6)
    site6.agree()
    second = leased(site6)
    eventually("a conflict is logged", lambda: site6.kea.messages("DNS_UPDATE_CONFLICT"))
    assert site6.address_of("laptop") == [first.address]
    site6.agree()
    first.release()
    eventually("it is free", lambda: site6.address_of("laptop") == [second.address])
    site6.agree()


def test_a_prefix_makes_no_records(site6):
    client = ScriptedClient6(site6.link, fqdn6("router"), ia_pd(1), iaids=())
    client.solicit()
    client.request()
    both = ScriptedClient6(site6.link, fqdn6("laptop"), ia_pd(1))
    both.lease()
    answer = site6.kea.command("lease6-get-all")
    kinds = sorted(lease["type"] for lease in answer["arguments"]["leases"])
    assert kinds == ["IA_NA", "IA_PD", "IA_PD"]
    site6.agree()
    assert site6.address_of("router") == []
    assert site6.address_of("laptop") == [both.address]
    assert site6.status()["leases"]["known"] == 1
    both.release()
    gone(site6)


def test_updates_switched_off_make_no_records(site6):
    site6.kea.configure(site6.dhcp(**{"dhcp-ddns": {"enable-updates": False}}))
    assert site6.kea.command("config-reload")["result"] == 0
    leased(site6)
    assert len(site6.kea.messages("DNS_UPDATE_DISABLED")) == 1
    assert site6.records() == site6.static
