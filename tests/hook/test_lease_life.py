# SPDX-License-Identifier: MPL-2.0
"""From the first lease to its end: records follow each change of a lease."""

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
QUICK_EXPIRY = {
    "reclaim-timer-wait-time": 1,
    "flush-reclaimed-timer-wait-time": 1,
    "hold-reclaimed-time": 1,
}


@BOTH_MODES
def test_a_lease_has_its_records(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    assert site.address_of("laptop") == [client.address]
    reverse = ".".join(reversed(client.address.split("."))) + ".in-addr.arpa."
    assert site.dns.lookup(reverse, "PTR") == ["laptop.example.org."]


def test_the_dhcid_stands_for_the_client_identifier(site):
    for number, client_id in enumerate(
        [None, b"\x01\x02\x03\x04\x05\x06\x07", b"\xff\x00\x00\x00\x01\x00\x03\x00\x01abcdef"]
    ):
        client = ScriptedClient(
            site.link, host_name(f"id{number}"), client_id=client_id
        )
        client.lease()
    site.agree()


def test_the_ttl_is_a_third_of_the_lease(site):
    ScriptedClient(site.link, host_name("laptop")).lease()
    site.agree()
    ttls = {r.ttl for r in site.records() - site.static}
    assert ttls == {1200}


def test_a_new_name_on_renewal_replaces_the_old(site):
    client = ScriptedClient(site.link, host_name("before"))
    client.lease()
    site.agree()
    client.options = [host_name("after")]
    client.renew()
    site.agree()
    assert site.address_of("before") == []
    assert site.address_of("after") == [client.address]


def test_a_renewal_without_a_name_removes_it(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    client.options = []
    client.renew()
    site.agree()
    assert site.records() == site.static


def test_a_client_that_moves_takes_its_name_along(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    left = client.address
    site.kea.configure(site.dhcp(**{"subnet4": _subnet("10.77.9.1 - 10.77.9.9")}))
    assert site.kea.command("config-reload")["result"] == 0
    client.move("10.77.9.5")
    assert client.address != left
    site.agree()
    assert site.address_of("laptop") == [client.address]


def _subnet(pool, **more):
    return [{"id": 1, "subnet": "10.77.0.0/16", "pools": [{"pool": pool}], **more}]


@BOTH_MODES
def test_a_release_removes_the_records(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    assert site.address_of("laptop")
    client.release()
    eventually("the records are gone", lambda: site.records() == site.static)
    site.agree()


def test_a_declined_address_loses_its_records(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    client.decline()
    eventually("the records are gone", lambda: site.records() == site.static)
    site.agree()


@pytest.mark.parametrize(
    "site",
    [{"valid-lifetime": 3, "expired-leases-processing": QUICK_EXPIRY}],
    indirect=True,
)
def test_an_expired_lease_loses_its_records(site):
    ScriptedClient(site.link, host_name("laptop")).lease()
    eventually("the records are there", lambda: site.address_of("laptop"))
    eventually("the records are gone", lambda: site.records() == site.static, 20)


def test_released_and_leased_again(site):
    client = ScriptedClient(site.link, host_name("laptop"))
    for _ in range(5):
        client.lease()
        client.release()
    client.lease()
    site.agree()
    assert site.address_of("laptop") == [client.address]


@pytest.mark.parametrize(
    "site",
    [
        {
            "subnet4": _subnet(
                "10.77.1.0 - 10.77.1.255",
                reservations=[
                    {"hw-address": "02:aa:00:00:00:01", "hostname": "printer"},
                    {
                        "hw-address": "02:aa:00:00:00:02",
                        "hostname": "scanner.example.org.",
                        "ip-address": "10.77.2.2",
                    },
                ],
            )
        }
    ],
    indirect=True,
)
def test_a_reserved_name_wins_over_the_clients(site):
    printer = ScriptedClient(
        site.link, host_name("mine"), hwaddr=bytes.fromhex("02aa00000001")
    )
    scanner = ScriptedClient(
        site.link, host_name("mine"), hwaddr=bytes.fromhex("02aa00000002")
    )
    printer.lease()
    scanner.lease()
    site.agree()
    assert site.address_of("printer") == [printer.address]
    assert site.address_of("scanner") == ["10.77.2.2"]
    assert site.address_of("mine") == []


@pytest.mark.parametrize(
    "site", [{"ddns-replace-client-name": "when-not-present"}], indirect=True
)
def test_a_name_is_made_for_a_client_without_one(site):
    client = ScriptedClient(site.link)
    client.lease()
    site.agree()
    name = f"myhost-{client.address.replace('.', '-')}"
    assert site.address_of(name) == [client.address]


def test_the_second_client_with_a_name_meets_a_conflict(site):
    first = ScriptedClient(site.link, host_name("laptop"))
    second = ScriptedClient(site.link, host_name("laptop"))
    first.lease()
    site.agree()
    second.lease()
    eventually("a conflict is logged", lambda: site.kea.messages("DNS_UPDATE_CONFLICT"))
    assert site.address_of("laptop") == [first.address]
    site.agree()


def test_updates_switched_off_make_no_records(site):
    site.kea.configure(site.dhcp(**{"dhcp-ddns": {"enable-updates": False}}))
    assert site.kea.command("config-reload")["result"] == 0
    ScriptedClient(site.link, host_name("laptop")).lease()
    assert len(site.kea.messages("DNS_UPDATE_DISABLED")) == 1
    assert site.records() == site.static
