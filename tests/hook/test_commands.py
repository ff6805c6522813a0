# SPDX-License-Identifier: MPL-2.0
"""The commands on Kea's control socket."""

import pytest
from lab import kea_config
from lab.clients import ScriptedClient, fqdn, host_name
from lab.process import eventually

OK, ERROR, EMPTY = 0, 1, 3
EVERYTHING = "DNS says what the leases say"


def status(site):
    answer = site.kea.command("dns-update-status")
    assert answer["result"] == OK, answer
    return answer["arguments"]


def settled(site):
    eventually("settled", lambda: status(site)["leases"]["unsettled"] == 0)


def leased(site, *options, **more):
    client = ScriptedClient(site.link, *options, **more)
    client.lease()
    return client


def lease_get(site, **arguments):
    """The only lease in the answer, and the answer."""
    answer = site.kea.command("dns-update-lease-get", **arguments)
    assert answer["result"] == OK, answer
    (lease,) = answer["arguments"]["leases"]
    return lease, answer["text"]


def test_status_says_that_all_is_well(site):
    leased(site, host_name("laptop"))
    eventually("settled", site.settled)
    answer = site.kea.command("dns-update-status")
    assert answer["text"] == EVERYTHING
    now = answer["arguments"]
    assert {(z["name"], z["direction"]) for z in now["zones"]} == {
        (kea_config.FORWARD, "forward"),
        (kea_config.REVERSE, "reverse"),
    }
    for zone in now["zones"]:
        (server,) = zone["servers"]
        assert server["state"] == "ready"
        assert server["server"] == f"{site.dns.address}#{site.dns.port}"
        assert "last-error" not in server
        assert zone["waiting-leases"] == zone["refused-leases"] == 0
    assert now["ledger"]["state"] == "up"
    assert now["leases"] == {"known": 1, "unsettled": 0}
    assert now["updates"]["records-added"] == 2


def test_status_names_the_server_that_is_away_and_since_when(site):
    site.dns.kill()
    leased(site, host_name("laptop"))
    eventually(
        "noticed",
        lambda: any(
            server["state"] == "resting"
            for zone in status(site)["zones"]
            for server in zone["servers"]
        ),
    )
    now = status(site)
    (server,) = now["zones"][0]["servers"]
    assert server["last-error"] == "connection refused"
    assert server["since"][:2] == "20"
    assert server["retry-in-ms"] <= 5000
    assert now["leases"]["unsettled"] == 1
    eventually("the leases are read", lambda: not status(site)["resync"]["running"])
    assert site.kea.command("dns-update-status")["text"] == "1 leases wait for DNS"


@pytest.mark.parametrize("site", [{"hook": {"ledger": False}}], indirect=True)
def test_status_without_a_ledger(site):
    assert status(site)["ledger"]["state"] == "off"
    leased(site, host_name("laptop"))
    site.agree()
    assert not site.ledger.exists()


def test_lease_get_of_a_lease_that_is_in_dns(site):
    client = leased(site, host_name("laptop"))
    settled(site)
    lease, text = lease_get(site, ip_address=client.address)
    assert text == f"{client.address}: DNS says what the lease asks for"
    assert lease["state"] == "settled"
    assert lease["wanted"] == {
        "forward": True,
        "reverse": True,
        "hostname": "laptop.example.org.",
        "ttl": 1200,
        "ddns-conflict-resolution-mode": "check-with-dhcid",
    }
    assert lease["told"]["hostname"] == lease["told"]["ptr"] == "laptop.example.org."
    assert lease["told"]["hostname-confirmed"] and lease["told"]["ptr-confirmed"]
    assert lease["last-answer"]["text"] == "NOERROR"
    assert lease_get(site, hostname="LAPTOP.example.org")[0] == lease
    assert "retry-in-ms" not in lease


def test_lease_get_of_a_name_that_is_somebody_elses(site):
    client = leased(site, host_name("www"))
    eventually("known", lambda: site.kea.messages("DNS_UPDATE_CONFLICT"))
    eventually("settled", site.settled)
    lease, text = lease_get(site, hostname="www.example.org.")
    assert lease["ip-address"] == client.address
    assert lease["state"] == "conflict"
    assert "another client or was made by hand" in text
    assert lease["last-answer"]["text"] == "NXRRSET"
    assert lease["told"] == {}


def test_a_name_that_was_freed_by_hand_is_had_by_a_resync(site):
    client = leased(site, host_name("www"))
    eventually("known", lambda: site.kea.messages("DNS_UPDATE_CONFLICT"))
    eventually("settled", site.settled)
    site.dns.forget("www.example.org.")
    answer = site.kea.command("dns-update-resync", hostname="www.example.org")
    assert answer["result"] == OK
    eventually("it has the name", lambda: site.address_of("www") == [client.address])


def test_lease_get_while_the_server_is_away(site):
    site.dns.kill()
    client = leased(site, host_name("laptop"))
    eventually("noticed", lambda: site.kea.messages("DNS_UPDATE_SERVER_DOWN"))
    lease, _ = lease_get(site, ip_address=client.address)
    assert lease["state"] == "queued"
    assert lease["zone"] == kea_config.FORWARD
    assert 0 <= lease["retry-in-ms"] <= 5000


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ([], "no host name"),
        ([fqdn("laptop.example.org.", 0x08)], "make no records"),
        ([host_name("laptop.example.com")], "no configured zone encloses the name"),
    ],
    ids=["no-name", "client-said-no", "foreign-name"],
)
def test_lease_get_says_why_there_are_no_records(site, options, why):
    client = leased(site, *options)
    lease, text = lease_get(site, ip_address=client.address)
    assert lease["state"] == "none"
    assert why in text


def test_lease_get_of_nothing(site):
    for arguments in ({"ip_address": "10.77.9.9"}, {"hostname": "nobody.example.org"}):
        answer = site.kea.command("dns-update-lease-get", **arguments)
        assert answer["result"] == EMPTY
        assert answer["arguments"]["leases"] == []


@pytest.mark.parametrize(
    ("command", "arguments", "complaint"),
    [
        ("dns-update-lease-get", {}, "must be given"),
        ("dns-update-lease-get", {"ip_address": "10.77.1.1", "hostname": "a"}, "must be given"),
        ("dns-update-lease-get", {"ip_address": 5}, "must be a string"),
        ("dns-update-lease-get", {"ip_address": "nowhere"}, "not an IPv4 address"),
        ("dns-update-lease-get", {"ip_address": "2001:db8::1"}, "not an IPv4 address"),
        ("dns-update-lease-get", {"hostname": ""}, "must not be empty"),
        ("dns-update-lease-get", {"hostname": "."}, "the root is no host name"),
        ("dns-update-resync", {"hostname": "."}, "the root is no host name"),
        ("dns-update-lease-get", {"hostname": "a..b"}, "invalid domain name"),
        ("dns-update-lease-get", {"address": "10.77.1.1"}, "unknown argument"),
        ("dns-update-status", {"verbose": True}, "unknown argument"),
        ("dns-update-resync", {}, "must be given"),
        ("dns-update-resync", {"all": False}, "must be given"),
        ("dns-update-resync", {"all": "yes"}, "must be true or false"),
        ("dns-update-resync", {"subnet_id": 0}, "out of range"),
        ("dns-update-resync", {"all": True, "subnet_id": 1}, "must be given"),
    ],
)
def test_wrong_arguments_are_named(site, command, arguments, complaint):
    answer = site.kea.command(command, **arguments)
    assert answer["result"] == ERROR
    assert complaint in answer["text"]


@pytest.mark.parametrize(
    "which",
    [
        {"all": True},
        {"subnet_id": 1},
        {"ip_address": "10.77.1.0"},
        {"hostname": "laptop.example.org"},
    ],
    ids=["all", "subnet", "address", "name"],
)
def test_resync_tells_dns_again(site, which):
    client = leased(site, host_name("laptop"))
    assert client.address == "10.77.1.0"
    site.agree()
    site.lose_the_records()
    client.renew()  # changes nothing, so it is no reason to tell DNS again
    settled(site)
    assert site.records() == site.static
    assert site.kea.command("dns-update-resync", **which)["result"] == OK
    eventually("told again", lambda: site.address_of("laptop"))
    site.agree()


def test_resync_of_nothing(site):
    for which in ({"subnet_id": 77}, {"hostname": "nobody.example.org"}):
        assert site.kea.command("dns-update-resync", **which)["result"] == EMPTY


@pytest.mark.parametrize(
    "site", [{"dhcp-ddns": {"enable-updates": False}}], indirect=True
)
def test_commands_say_that_updates_are_off(site):
    for command in ("status", "lease-get", "resync"):
        answer = site.kea.command(f"dns-update-{command}")
        assert answer["result"] == ERROR
        assert "updates are off" in answer["text"]
