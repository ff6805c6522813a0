# SPDX-License-Identifier: MPL-2.0
"""The commands on the control socket of kea-dhcp6."""

import pytest
from lab import kea_config
from lab.clients6 import ScriptedClient6, fqdn6
from lab.packet6 import ia_pd
from lab.process import eventually

OK, ERROR, EMPTY = 0, 1, 3


def leased(site, name="laptop", *options, **more):
    client = ScriptedClient6(site.link, fqdn6(name), *options, **more)
    client.lease()
    site.agree()
    eventually("settled", site.settled)
    return client


def lease_get(site, **arguments):
    answer = site.kea.command("dns-update-lease-get", **arguments)
    assert answer["result"] == OK, answer
    return answer["arguments"]["leases"], answer["text"]


def test_status_names_zones_of_ipv6(site6):
    leased(site6, "laptop", ia_pd(1), iaids=(1, 2))
    now = site6.status()
    assert {(z["name"], z["direction"]) for z in now["zones"]} == {
        (kea_config.FORWARD, "forward"),
        (kea_config.REVERSE6, "reverse"),
    }
    assert now["leases"] == {"known": 2, "unsettled": 0}
    assert now["updates"]["records-added"] == 4
    assert site6.ledger.name == "dns-update6.sqlite"


def test_lease_get_by_address_and_by_name(site6):
    client = leased(site6, iaids=(1, 2))
    for address in client.addresses:
        (lease,), text = lease_get(site6, ip_address=address)
        assert text == f"{address}: DNS says what the lease asks for"
        assert lease["told"]["hostname"] == lease["told"]["ptr"] == "laptop.example.org."
    both, text = lease_get(site6, hostname="LAPTOP.example.org")
    assert sorted(lease["ip-address"] for lease in both) == sorted(client.addresses)
    assert text == "2 leases"


def test_lease_get_of_a_prefix_finds_nothing(site6):
    leased(site6, "laptop", ia_pd(1))
    leases = site6.kea.command("lease6-get-all")["arguments"]["leases"]
    (prefix,) = [lease["ip-address"] for lease in leases if lease["type"] == "IA_PD"]
    answer = site6.kea.command("dns-update-lease-get", ip_address=prefix)
    assert answer["result"] == EMPTY
    found, _ = lease_get(site6, hostname="laptop.example.org")
    assert prefix not in {lease["ip-address"] for lease in found}


def test_lease_get_says_why_there_are_no_records(site6):
    client = ScriptedClient6(site6.link)
    client.lease()
    _, text = lease_get(site6, ip_address=client.address)
    assert "no host name" in text


@pytest.mark.parametrize("command", ["lease-get", "resync"])
def test_an_address_of_ipv4_is_refused(site6, command):
    answer = site6.kea.command(f"dns-update-{command}", ip_address="10.77.1.1")
    assert answer["result"] == ERROR
    assert "not an IPv6 address" in answer["text"]


@pytest.mark.parametrize("which", ["all", "subnet_id", "ip_address", "hostname"])
def test_resync_tells_dns_again(site6, which):
    client = leased(site6, "laptop", ia_pd(1))
    value = {
        "all": True,
        "subnet_id": 1,
        "ip_address": client.address,
        "hostname": "laptop.example.org",
    }[which]
    site6.lose_the_records()
    assert site6.kea.command("dns-update-resync", **{which: value})["result"] == OK
    eventually("told again", lambda: site6.address_of("laptop") == [client.address])
    site6.agree()


TWO_SUBNETS = [
    kea_config.subnet6(),
    {
        "id": 2,
        "subnet": "2001:db8:77:1::/64",
        "pools": [{"pool": "2001:db8:77:1::/80"}],
    },
]


@pytest.mark.parametrize("site6", [{"subnet6": TWO_SUBNETS}], indirect=True)
def test_resync_of_another_subnet_leaves_the_first_alone(site6):
    client = leased(site6)
    sent = site6.status()["updates"]["sent"]
    assert site6.kea.command("dns-update-resync", subnet_id=2)["result"] == OK
    eventually("settled", site6.settled)
    assert site6.status()["updates"]["sent"] == sent
    assert site6.address_of("laptop") == [client.address]
    site6.agree()


def audited(site, **arguments):
    assert site.kea.command("dns-update-audit", **arguments)["result"] == OK
    eventually("done", lambda: result(site)["state"] == "done", 30)
    return result(site)


def result(site):
    return site.kea.command("dns-update-audit-get")["arguments"]


def test_an_audit_mends_what_somebody_removed(site6):
    leased(site6, iaids=(1, 2))
    before = site6.records()
    assert audited(site6)["findings"] == []
    site6.dns.forget("laptop.example.org.")
    found = audited(site6, repair=True)
    assert (found["missing"], found["mended"]) == (2, 2)
    eventually("mended", lambda: site6.records() == before)
