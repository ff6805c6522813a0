# SPDX-License-Identifier: MPL-2.0
"""An A record from kea-dhcp4 and an AAAA record from kea-dhcp6 under one name."""

import base64
import itertools
import types

import pytest
from lab.audit import audit, counts, tamper
from lab.clients import ScriptedClient, host_name
from lab.clients6 import ScriptedClient6, fqdn6
from lab.dns_servers import SERVERS
from lab.dual import DualSite
from lab.process import eventually

MIXED = {"hook": {"dual-stack-mixed-mode": True}}
NO_CHECK = {"ddns-use-conflict-resolution": False}
LIVE = ("A", "AAAA")
DUID = bytes([0, 3, 0, 1, 2, 0xD0])

_numbers = itertools.count(1)


@pytest.fixture
def site(tmp_path, request):
    with DualSite(tmp_path, **getattr(request, "param", {})) as running:
        yield running
        if running.kea4.running:
            running.stop_cleanly()


def on(*settings, **named):
    cases = {**{str(i): s for i, s in enumerate(settings)}, **named}
    return pytest.mark.parametrize(
        "site", list(cases.values()), ids=list(cases), indirect=True
    )


mixed = on(mixed=MIXED)


class Host:
    """A host that wants one name in both families."""

    def __init__(self, site, name, *, one_duid=False, iaids=(1,)):
        self.site = site
        self.name = name
        duid = DUID + next(_numbers).to_bytes(4, "big")
        identifier = b"\xff" + bytes(4) + duid if one_duid else None  # RFC 4361
        self.clients = {
            "A": ScriptedClient(site.link, host_name(name), client_id=identifier),
            "AAAA": ScriptedClient6(site.link6, fqdn6(name), duid=duid, iaids=iaids),
        }

    def lease(self, *types):
        for record in types or LIVE:
            self.clients[record].lease()
            self.has(record)

    def release(self, record):
        self.clients[record].release()
        self.loses(record)

    def addresses(self, record):
        client = self.clients[record]
        return sorted(client.addresses) if record == "AAAA" else [client.address]

    def has(self, *types):
        for record in types:
            eventually(
                f"{self.name} has its {record}",
                lambda record=record: self.lookup(record) == self.addresses(record),
                30,
            )

    def loses(self, record):
        eventually(f"{self.name} loses its {record}", lambda: not self.lookup(record), 30)

    def lookup(self, record):
        return list(self.site.dns.lookup(f"{self.name}.example.org.", record))


def conflicts(kea):
    return len(kea.messages("DNS_UPDATE_CONFLICT"))


WITH_BOTH = on(
    mixed=MIXED,
    mixed_udp={**MIXED, "transport": "udp"},
    mixed_unsigned={**MIXED, "signed": False},
    mixed_no_check={**MIXED, **NO_CHECK},
    **{f"mixed_{server.__name__}": {**MIXED, "server": server} for server in SERVERS[1:]},
)


@WITH_BOTH
def test_the_families_come_and_go_in_any_order(site):
    for first, gone in itertools.product(LIVE, LIVE):
        second = next(record for record in LIVE if record != first)
        kept = next(record for record in LIVE if record != gone)
        host = Host(site, f"{first}-{gone}".lower())
        host.lease(first, second)
        host.has(first, second)
        site.agree(30)
        host.release(gone)
        host.has(kept)
        site.agree(30)
        host.lease(gone)
        host.has(kept, gone)
        site.agree(30)
        host.release(gone)
        host.release(kept)
        eventually("nothing is left", lambda: site.records() == site.static, 30)
    assert not any(map(conflicts, site.servers))


@on(off={}, mixed=MIXED)
def test_one_duid_for_both_families_is_one_dhcid(site):
    for first, second in (("A", "AAAA"), ("AAAA", "A")):
        host = Host(site, f"host-{first}".lower(), one_duid=True)
        host.lease(first, second)
        host.has(first, second)
        assert len(site.dns.lookup(f"{host.name}.example.org.", "DHCID")) == 1
        site.agree(30)
        host.release(first)
        host.has(second)
        site.agree(30)
        host.release(second)
        eventually("nothing is left", lambda: site.records() == site.static, 30)
    assert not any(map(conflicts, site.servers))


@on(no_check=NO_CHECK)
def test_without_mixed_mode_no_check_keeps_both_addresses(site):
    for first, second in (("A", "AAAA"), ("AAAA", "A")):
        host = Host(site, f"host-{first}".lower())
        host.lease(first, second)
        host.has(first, second)
        host.release(first)
        host.has(second)
        host.release(second)
        eventually("nothing is left", lambda: site.records() == site.static, 30)


@on(off={})
def test_without_mixed_mode_the_second_family_is_refused(site):
    host = Host(site, "host")
    host.lease("A")
    host.clients["AAAA"].lease()
    eventually("refused", lambda: conflicts(site.kea6), 30)
    host.has("A")
    assert not host.lookup("AAAA")


@mixed
def test_a_client_may_have_several_addresses_beside_the_other_family(site):
    host = Host(site, "host", iaids=(1, 2, 3))
    host.lease()
    host.has("A", "AAAA")
    site.agree(30)
    host.release("AAAA")
    host.has("A")
    site.agree(30)


@mixed
def test_both_servers_are_killed_in_between(site):
    host = Host(site, "host")
    other = Host(site, "other")
    host.lease("A")
    other.lease("AAAA")
    site.kill()
    site.start()
    host.lease("AAAA")
    other.lease("A")
    host.has("A", "AAAA")
    other.has("A", "AAAA")
    site.agree(30)
    site.dns.stop()
    address = host.clients["A"].address
    host.clients["A"].release()
    site.kea4.wait_until_gone(address)
    other.clients["AAAA"].release()
    for kea in site.servers:
        eventually("noticed", lambda kea=kea: kea.messages("DNS_UPDATE_SERVER_DOWN"), 30)
    site.kill()
    site.dns.start()
    host.has("AAAA")
    site.start()
    host.loses("A")
    other.loses("AAAA")
    host.has("AAAA")
    other.has("A")
    site.agree(60)


@mixed
def test_each_family_is_renamed_by_itself(site):
    host = Host(site, "before")
    host.lease()
    host.name = "after"
    host.clients["A"].options = [host_name("after")]
    host.clients["A"].lease()
    host.has("A")
    site.agree(30)
    assert site.dns.lookup("before.example.org.", "AAAA") == host.addresses("AAAA")
    host.clients["AAAA"].options = [fqdn6("after")]
    host.clients["AAAA"].renew()
    host.has("A", "AAAA")
    site.agree(30)


@mixed
def test_a_third_client_is_refused(site):
    host = Host(site, "host")
    third = Host(site, "host")
    host.lease()
    for record, kea in zip(LIVE, site.servers):
        third.clients[record].lease()
        eventually("refused", lambda kea=kea: conflicts(kea), 30)
    host.has("A", "AAAA")
    site.agree(30)
    for record in LIVE:
        host.clients[record].release()
        third.has(record)  # it is its family's turn
        site.agree(30)


@mixed
@pytest.mark.parametrize("name", ["ns", "www"])
def test_a_static_name_is_left_alone(site, name):
    host = Host(site, name)
    for record, kea in zip(LIVE, site.servers):
        host.clients[record].lease()
        eventually("refused", lambda kea=kea: conflicts(kea), 30)
    for client in host.clients.values():
        client.release()
    eventually("settled", site.settled, 30)
    assert site.records() == site.static


@on(off={})
def test_mixed_mode_can_be_chosen_later(site):
    hosts = [Host(site, f"host{number}") for number in range(3)]
    for host in hosts:
        host.lease("A")
    site.configure(**MIXED["hook"])
    for host in hosts:
        host.lease("AAAA")
        host.has("A", "AAAA")
    site.agree(30)
    for host in hosts:
        host.release("A")
        host.has("AAAA")
    site.agree(30)


def half(site, kea):
    """One family of the site, as audits and changes by hand see it."""
    return types.SimpleNamespace(kea=kea, keys=site.dns.keys, dns=site.dns, link=site.link)


def both_audits(site, **options):
    return [counts(audit(half(site, kea), **options)) for kea in site.servers]


NOTHING = (0, 0, 0)


@mixed
def test_an_audit_leaves_the_other_family_alone(site):
    host = Host(site, "host")
    host.lease()
    eventually("settled", site.settled, 30)
    assert both_audits(site, repair=True) == [NOTHING, NOTHING]
    v4, v6 = (half(site, kea) for kea in site.servers)
    own = site.dns.lookup("host.example.org.", "DHCID")

    def take_the_a(update):
        update.delete("host", "A")
        update.delete("host", "DHCID", next(text for text in own if text.startswith("AAAB")))

    tamper(v4, "example.org.", take_the_a)
    assert both_audits(site) == [(1, 0, 0), NOTHING]
    assert counts(audit(v4, repair=True)) == (1, 0, 0)
    host.has("A", "AAAA")
    site.agree(30)
    assert both_audits(site) == [NOTHING, NOTHING]


@mixed
def test_what_is_left_over_is_removed_for_each_family(site):
    dhcids = {4: bytes([0, 1, 1]) + bytes(32), 6: bytes([0, 2, 1]) + bytes(32)}

    def leave(update):
        update.add("old", 600, "A", "10.77.1.200")
        update.add("old", 600, "AAAA", "2001:db8:77::1:c8")
        for dhcid in dhcids.values():
            update.add("old", 600, "DHCID", base64.b64encode(dhcid).decode())

    v4, v6 = (half(site, kea) for kea in site.servers)
    tamper(v4, "example.org.", leave)
    assert both_audits(site) == [(0, 0, 1), (0, 0, 1)]
    audit(v4, repair=True)
    eventually("the A has gone", lambda: not site.dns.lookup("old.example.org.", "A"), 30)
    eventually("settled", site.settled, 30)
    assert site.dns.lookup("old.example.org.", "AAAA") == ["2001:db8:77::1:c8"]
    assert len(site.dns.lookup("old.example.org.", "DHCID")) == 1
    audit(v6, repair=True)
    eventually("nothing is left", lambda: site.records() == site.static, 30)


@mixed
def test_many_at_once(site):
    """While the DNS server was away they gather, and then share messages."""
    hosts = [Host(site, f"host{number}") for number in range(40)]
    site.dns.stop()
    for host in hosts:
        for client in host.clients.values():
            client.lease()
    site.dns.start()
    site.agree(60)
    for host in hosts:
        host.has("A", "AAAA")
    site.dns.stop()
    for host in hosts:
        host.clients["A"].release()
    site.dns.start()
    site.agree(60)
    for host in hosts:
        host.has("AAAA")
    assert not any(map(conflicts, site.servers))
