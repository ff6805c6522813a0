# SPDX-License-Identifier: MPL-2.0
"""dns-update-audit finds what DNS says and the leases do not, and mends it."""

import random
import time

import pytest
from lab import kea_config
from lab.audit import OK, audit, counts, result, tamper
from lab.clients import ScriptedClient, fqdn, host_name
from lab.load import lease_all
from lab.packet import FQDN_N
from lab.process import eventually

ERROR, EMPTY = 1, 3
FORWARD, REVERSE = kea_config.FORWARD, kea_config.REVERSE
STATIC = 100
NAMES = {"ddns-replace-client-name": "when-not-present"}
FOREIGN_DHCID = "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA="  # RFC 4701 section 3.6


def settled(site):
    def unsettled():
        return site.kea.command("dns-update-status")["arguments"]["leases"]["unsettled"]

    eventually("settled", lambda: unsettled() == 0, 60, 0.1)


def leased(site, *options):
    client = ScriptedClient(site.link, *options)
    client.lease()
    return client


def reverse_of(address):
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa."


def test_nothing_is_found_where_nothing_is_wrong(site):
    assert result(site)["result"] == EMPTY
    leased(site, host_name("laptop"))
    leased(site, host_name("www"))  # somebody else's name
    settled(site)
    answer = audit(site)
    assert answer["text"] == "DNS says what the leases say"
    assert counts(answer) == (0, 0, 0)
    assert answer["arguments"]["leases"] == 1
    assert answer["arguments"]["leases-in-conflict"] == 1
    assert answer["arguments"]["leftovers-searched"] is True


def test_each_kind_is_named_and_only_repair_changes_anything(site):
    missing, wrong = leased(site, host_name("missing")), leased(site, host_name("wrong"))
    settled(site)
    tamper(site, FORWARD, lambda update: update.delete("missing"))
    tamper(site, FORWARD, lambda update: update.replace("wrong", 300, "A", "10.77.200.9"))

    def plant(update):
        update.add("gone", 300, "A", "10.77.200.1")
        update.add("gone", 300, "DHCID", FOREIGN_DHCID)

    tamper(site, FORWARD, plant)
    before = site.records()
    answer = audit(site)
    found = {f["name"]: f for f in answer["arguments"]["findings"]}
    assert counts(answer) == (1, 1, 1)
    assert found["missing.example.org."]["kind"] == "missing"
    assert found["missing.example.org."]["ip-address"] == missing.address
    assert found["wrong.example.org."]["kind"] == "wrong"
    assert found["wrong.example.org."]["found"] == "10.77.200.9"
    assert found["wrong.example.org."]["ip-address"] == wrong.address
    assert found["gone.example.org."]["kind"] == "leftover"
    assert site.records() == before
    audit(site, repair=True)
    site.agree()
    assert counts(audit(site)) == (0, 0, 0)


def test_records_that_are_not_ours_are_never_found(site):
    def plant(update):
        update.add("printer", 300, "A", "10.77.200.1")  # no DHCID: an operator's
        update.add("abroad", 300, "A", "192.0.2.9")  # no subnet of this server
        update.add("abroad", 300, "DHCID", FOREIGN_DHCID)

    tamper(site, FORWARD, plant)
    tamper(site, REVERSE, lambda u: u.add(reverse_of("10.77.200.1"), 300, "PTR", "printer"))
    site.static = site.records()
    assert counts(audit(site, repair=True)) == (0, 0, 0)
    assert site.records() == site.static


@pytest.mark.parametrize("flags", [0, FQDN_N], ids=["its-own-A", "its-own-records"])
def test_records_that_a_client_made_itself_are_never_left_over(site, flags):
    client = leased(site, fqdn("Laptop.example.org.", flags))
    settled(site)
    assert not site.address_of("laptop")

    def make(update):
        update.add("LapTop", 300, "A", client.address)
        update.add("LapTop", 300, "DHCID", FOREIGN_DHCID)

    tamper(site, FORWARD, make)
    made = site.records()
    assert counts(audit(site, repair=True)) == (0, 0, 0)
    settled(site)
    assert site.records() == made
    client.release()
    site.kea.wait_until_gone(client.address)
    assert counts(audit(site, repair=True)) == (0, 0, 1)
    eventually("nobody's by now", lambda: site.records() == site.static)


def test_a_name_that_was_taken_by_hand_is_shown_and_left(site):
    leased(site, host_name("laptop"))
    settled(site)

    def take(update):
        update.delete("laptop")
        update.add("laptop", 300, "A", "192.0.2.9")
        update.add("laptop", 300, "DHCID", FOREIGN_DHCID)

    tamper(site, FORWARD, take)
    taken = site.records()
    (finding,) = audit(site, repair=True)["arguments"]["findings"]
    assert finding["kind"] == "wrong" and finding["conflict"] is True
    settled(site)
    assert site.records() == taken


def test_a_lease_gets_the_name_that_a_leftover_kept_from_it(site):
    def plant(update):
        update.add("laptop", 300, "A", "10.77.200.1")
        update.add("laptop", 300, "DHCID", FOREIGN_DHCID)

    tamper(site, FORWARD, plant)
    client = leased(site, host_name("laptop"))
    eventually("conflict", lambda: site.kea.messages("DNS_UPDATE_CONFLICT"))
    assert counts(audit(site, repair=True)) == (0, 0, 1)
    eventually("its own", lambda: site.address_of("laptop") == [client.address])
    site.agree()


def test_many_leftovers_are_removed_only_by_force(site):
    leased(site, host_name("laptop"))
    settled(site)

    def plant(update):
        for number in range(20):
            update.add(f"gone{number}", 300, "A", f"10.77.200.{number}")
            update.add(f"gone{number}", 300, "DHCID", FOREIGN_DHCID)

    tamper(site, FORWARD, plant)
    answer = audit(site, repair=True)
    assert "more than 10 % of the leases" in answer["text"]
    settled(site)
    assert len(site.dns.zone(FORWARD)) > 40
    assert counts(audit(site, repair=True, force=True)) == (0, 0, 20)
    site.agree()


def test_a_zone_that_cannot_be_read_is_an_error_and_no_finding(site):
    leased(site, host_name("laptop"))
    settled(site)
    site.dns.kill()
    answer = audit(site, repair=True)
    assert answer["result"] == ERROR
    assert answer["arguments"]["state"] == "failed"
    assert "findings" not in answer["arguments"]
    assert site.kea.messages("DNS_UPDATE_AUDIT_FAILED")


@pytest.mark.parametrize("site", [{"hook": {"dns-server-timeout": 60000}}], indirect=True)
def test_the_server_does_not_wait_for_an_audit_that_waits_for_dns(site):
    leased(site, host_name("laptop"))
    settled(site)
    site.dns.pause()
    assert site.kea.command("dns-update-audit")["result"] == OK
    time.sleep(2)  # by now it waits for a zone
    assert result(site)["arguments"]["state"] == "running"
    assert site.kea.stop(20) == 0
    (line,) = site.kea.messages("DNS_UPDATE_AUDIT_FAILED")
    assert "client is stopping" in line


def test_wrong_arguments_are_named(site):
    assert "unknown argument" in site.kea.command("dns-update-audit", fix=True)["text"]
    assert "true or false" in site.kea.command("dns-update-audit", repair="yes")["text"]


def static_lines():
    return [f"static{n}.{FORWARD} 300 IN A 10.77.251.{n}" for n in range(STATIC)]


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize(
    "site", [{**NAMES, "extra": {FORWARD: static_lines()}}], indirect=True
)
def test_300_faults_among_10000_leases_are_found_and_mended(site):
    lease_all(site.link, site.kea.leases, 1000, 10000)
    leases = site.kea.leases()
    settled(site)
    site.agree(60)
    chosen = random.Random(4701).sample(leases, 200)

    def remove(update):
        for lease in chosen[:50]:
            update.delete(lease.name)

    def change(update):
        for number, lease in enumerate(chosen[50:100]):
            update.replace(lease.name, 300, "A", f"10.77.252.{number}")

    def remove_reverse(update):
        for lease in chosen[100:150]:
            update.delete(lease.reverse_name)

    def change_reverse(update):
        for lease in chosen[150:200]:
            update.replace(lease.reverse_name, 300, "PTR", f"other.{FORWARD}")

    def plant(update):
        for number in range(50):
            update.add(f"gone{number}", 300, "A", f"10.77.253.{number}")
            update.add(f"gone{number}", 300, "DHCID", FOREIGN_DHCID)

    def plant_reverse(update):
        for number in range(50):
            name = reverse_of(f"10.77.253.{number + 100}")
            update.add(name, 300, "PTR", f"gone{number}.{FORWARD}")
            update.add(name, 300, "DHCID", FOREIGN_DHCID)

    for zone, fault in (
        (FORWARD, remove),
        (FORWARD, change),
        (FORWARD, plant),
        (REVERSE, remove_reverse),
        (REVERSE, change_reverse),
        (REVERSE, plant_reverse),
    ):
        tamper(site, zone, fault)
    assert counts(audit(site)) == (100, 100, 100)
    assert len(site.differences()) > 0
    assert counts(audit(site, repair=True)) == (100, 100, 100)
    settled(site)
    site.agree(30)
    assert counts(audit(site)) == (0, 0, 0)
