# SPDX-License-Identifier: MPL-2.0
"""Leases changed by commands: no client is involved, and DNS follows all the same."""

import pytest
from lab import kea_config
from lab.clients import ScriptedClient, host_name
from lab.process import eventually

THREADS = {"enable-multi-threading": True, "thread-pool-size": 2, "packet-queue-size": 64}
BOTH_MODES = pytest.mark.parametrize(
    "site",
    [kea_config.ONE_THREAD, {"multi-threading": THREADS}],
    ids=["single-threaded", "multi-threaded"],
    indirect=True,
)
ADDRESS = "10.77.9.9"
HWADDR = "02:aa:00:00:00:01"
DECLINED = 1


def command(site, name, **arguments):
    answer = site.kea.command(name, **arguments)
    assert answer["result"] == 0, answer
    return answer


def add(site, name="laptop", address=ADDRESS, **more):
    lease = {"hw-address": HWADDR, "hostname": f"{name}.example.org.", "subnet-id": 1}
    lease |= {"fqdn-fwd": True, "fqdn-rev": True, **more}
    command(site, "lease4-add", ip_address=address, **lease)


def update(site, name, address=ADDRESS, **more):
    lease = {"hw-address": HWADDR, "hostname": name, "subnet-id": 1}
    lease |= {"fqdn-fwd": True, "fqdn-rev": True, **more}
    command(site, "lease4-update", ip_address=address, **lease)


def gone(site):
    eventually("the records are gone", lambda: site.records() == site.static)


def registered(site, name, address=ADDRESS):
    eventually(f"{name} is registered", lambda: site.address_of(name) == [address])
    site.agree()


@BOTH_MODES
def test_a_lease_that_is_added_has_its_records(site):
    add(site)
    registered(site, "laptop")


@BOTH_MODES
def test_another_name_replaces_the_old(site):
    add(site, "before")
    registered(site, "before")
    update(site, "after.example.org.")
    registered(site, "after")
    assert site.address_of("before") == []


@BOTH_MODES
def test_a_name_that_is_taken_away_is_removed(site):
    add(site)
    registered(site, "laptop")
    update(site, "", **{"fqdn-fwd": False, "fqdn-rev": False})
    gone(site)


def test_a_lease_that_is_declined_by_command_loses_its_records(site):
    add(site)
    registered(site, "laptop")
    update(site, "laptop.example.org.", state=DECLINED)
    gone(site)


def test_a_lease_that_is_ended_by_command_loses_its_records(site):
    add(site)
    registered(site, "laptop")
    update(site, "laptop.example.org.", expire=1_000_000_000)
    gone(site)


@BOTH_MODES
def test_a_deleted_lease_loses_its_records(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    registered(site, "laptop", client.address)
    command(site, "lease4-del", ip_address=client.address)
    gone(site)


def test_a_lease_deleted_by_its_client_loses_its_records(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    add(site, "other")
    registered(site, "laptop", client.address)
    mac = client.hwaddr.hex(":")
    command(
        site, "lease4-del", subnet_id=1, identifier_type="hw-address", identifier=mac
    )
    eventually("the records are gone", lambda: site.address_of("laptop") == [])
    registered(site, "other")


@BOTH_MODES
@pytest.mark.parametrize("arguments", [{"subnet_id": 1}, {}], ids=["one subnet", "all"])
def test_wiped_leases_lose_their_records(site, arguments):
    for number in range(20):
        add(site, f"host{number}", f"10.77.{number}.9")
    site.agree()
    command(site, "lease4-wipe", **arguments)
    gone(site)


def test_a_command_that_fails_changes_nothing(site):
    add(site)
    registered(site, "laptop")
    for name, arguments in [
        ("lease4-add", {"ip-address": ADDRESS, "hw-address": HWADDR, "hostname": "x"}),
        ("lease4-update", {"ip-address": ADDRESS, "subnet-id": 77}),
        ("lease4-update", {"ip-address": "10.77.9.10", "hw-address": HWADDR}),
        ("lease4-del", {"ip-address": "10.77.9.10"}),
        ("lease4-del", {"ip-address": 7}),
        ("lease4-del", {"subnet-id": 1}),
        ("lease4-wipe", {"subnet-id": 77}),
        ("lease4-wipe", {"subnet-id": "all"}),
        ("lease4-add", {}),
        ("no-such-command", {}),
    ]:
        assert site.kea.command(name, **arguments)["result"] != 0, name
    registered(site, "laptop")
    assert not site.kea.messages("DNS_UPDATE_CALLOUT_FAILED")


def test_a_name_of_another_client_is_not_taken(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    registered(site, "laptop", client.address)
    add(site, "laptop")
    eventually("a conflict is logged", lambda: site.kea.messages("DNS_UPDATE_CONFLICT"))
    registered(site, "laptop", client.address)


@BOTH_MODES
def test_what_somebody_removed_is_sent_again(site):
    add(site)
    registered(site, "laptop")
    before = site.records()
    site.dns.forget("laptop.example.org.")
    assert site.address_of("laptop") == []
    answer = command(site, "lease4-resend-ddns", ip_address=ADDRESS)
    assert "laptop.example.org." in answer["text"]
    eventually("the records are back", lambda: site.records() == before)


def test_what_cannot_be_sent_again_is_said(site):
    def resend(address):
        answer = site.kea.command("lease4-resend-ddns", ip_address=address)
        return answer["result"], answer["text"]

    assert resend(ADDRESS) == (3, f"No lease found for: {ADDRESS}")
    add(site, **{"fqdn-fwd": False, "fqdn-rev": False})
    assert resend(ADDRESS) == (1, f"Lease for: {ADDRESS}, has nothing to update")
    update(site, "host.example.com.", **{"fqdn-rev": False})
    result, text = resend(ADDRESS)
    assert result == 1
    assert "no configured zone encloses the name" in text
    assert resend("no address")[0] == 1
