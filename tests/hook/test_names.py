# SPDX-License-Identifier: MPL-2.0
"""Names that clients should not send: DHCP goes on, nobody else's record changes."""

import pytest
from lab.audit import tamper
from lab.clients import ScriptedClient, fqdn, host_name
from lab.dns_servers import Bind
from lab.kea_config import REVERSE
from lab.packet import DISCOVER, FQDN_E, FQDN_S, wire_name
from lab.process import eventually

LONG = "a" * 63 + "."

HOST_NAMES = [
    b"",
    b".",
    b"..",
    b"a..b",
    b".a",
    b"a.",
    b"a" * 64,
    b"a" * 300,
    b"a.b." * 75,
    (LONG * 5).encode(),
    bytes(range(128, 256)),
    b"caf\xc3\xa9",
    b"with space",
    b"*",
    b"*.example.org.",
    b'qu"ote',
    b"back\\slash",
    b"new\nline",
    b"nul\0byte",
    b"semi;colon",
    b"example.org",
    b"example.org.",
    b"host.example.com.",
    b"org.",
    b"under_score",
    b"-dash-",
]

WIRE_NAMES = [
    b"\x00",
    b"\x01",
    b"\x3f" + b"a" * 10,
    b"\x40" + b"a" * 64,
    b"\xc0\x00",
    b"\xc0\x0c",
    b"\xff" * 50,
    wire_name(LONG * 3 + "a" * 61 + "."),
    wire_name(LONG * 5),
    wire_name("a\xff\x00b.example.org."),
    wire_name("a b.example.org."),
    wire_name("*.example.org."),
    wire_name("example.org."),
    wire_name("host.example.com."),
]

# Without it Kea removes the characters that are no part of a host name.
RAW = {"hostname-char-set": ""}
BOTH = pytest.mark.parametrize("site", [{}, RAW], ids=["sanitized", "raw"], indirect=True)


def _try(client):
    """Ask for a lease; Kea may drop a message that it cannot read."""
    offer = client.exchange(DISCOVER)
    if offer is not None:
        client._request(offer.yiaddr)


def _still_works(site):
    client = ScriptedClient(site.link, host_name("good"))
    client.lease()
    eventually("a good name is registered", lambda: site.address_of("good"))
    assert site.static <= site.records()
    site.agree()


@BOTH
def test_strange_host_names(site, monkeypatch):
    monkeypatch.setattr("lab.clients.ANSWER_SECONDS", 0.3)
    for name in HOST_NAMES:
        _try(ScriptedClient(site.link, host_name(name)))
    _still_works(site)


@BOTH
def test_strange_option_81(site, monkeypatch):
    monkeypatch.setattr("lab.clients.ANSWER_SECONDS", 0.3)
    for name in WIRE_NAMES:
        _try(ScriptedClient(site.link, fqdn(name, FQDN_S | FQDN_E)))
    for name in HOST_NAMES:
        _try(ScriptedClient(site.link, fqdn(name, FQDN_S)))
    _still_works(site)


@pytest.mark.parametrize("name", ["ns", "www"])
def test_a_static_name_is_left_alone(site, name):
    client = ScriptedClient(site.link, host_name(name))
    client.lease()
    eventually("a conflict is logged", lambda: site.kea.messages("DNS_UPDATE_CONFLICT"))
    client.renew()
    client.release()
    _still_works(site)


def test_the_zone_itself_is_no_host(site):
    client = ScriptedClient(site.link, fqdn("example.org."))
    client.lease()
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_NAME_UNUSABLE"))
    client.release()
    _still_works(site)


def test_a_name_outside_every_zone_makes_no_records(site):
    client = ScriptedClient(site.link, fqdn("host.example.com."))
    address = client.lease().yiaddr
    _still_works(site)
    reverse = f"{'.'.join(reversed(address.split('.')))}.in-addr.arpa."
    assert not [record for record in site.records() if record.name == reverse]


def test_a_ptr_record_made_by_hand_is_replaced(site):
    client = ScriptedClient(site.link)
    address = client.lease().yiaddr
    owner = ".".join(reversed(address.split(".")[2:]))
    tamper(site, REVERSE, lambda update: update.add(owner, 300, "PTR", "printer.example.net."))
    client.options.append(host_name("laptop"))
    client.renew()
    site.agree()


class StrictBind(Bind):
    check_names = "fail"


@pytest.mark.parametrize("site", [{"server": StrictBind}], indirect=True)
def test_a_name_that_the_server_refuses_holds_up_nobody(site):
    refused = ScriptedClient(site.link, host_name("-refused-"))
    refused.lease()
    for number in range(20):
        ScriptedClient(site.link, host_name(f"good{number}")).lease()
    eventually(
        "the others are registered",
        lambda: all(site.address_of(f"good{number}") for number in range(20)),
    )
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_LEASE_REFUSED"))
    refused.release()
    site.agree()


def test_letters_of_either_case_are_one_name(site):
    client = ScriptedClient(site.link, host_name("LapTop"))
    client.lease()
    site.agree()
    client.options = [host_name("laptop")]
    client.renew()
    site.agree()
    client.release()
    eventually("the records are gone", lambda: site.records() == site.static)
