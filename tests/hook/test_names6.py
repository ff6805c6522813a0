# SPDX-License-Identifier: MPL-2.0
"""Names that DHCPv6 clients should not send: nobody else's record changes."""

import pytest
from lab.clients6 import ScriptedClient6, fqdn6
from lab.kea_config import ONE_THREAD
from lab.packet import wire_name
from lab.process import LabError, eventually

LONG = "a" * 63 + "."
WIRE_NAMES = [
    b"",
    b"\x00",
    b"\x01",
    b"\x3f" + b"a" * 10,
    b"\x40" + b"a" * 64,
    b"\xc0\x00",
    b"\xff" * 50,
    wire_name(LONG * 3 + "a" * 61 + "."),
    wire_name(LONG * 5),
    wire_name("a\xff\x00b.example.org."),
    wire_name("a b.example.org."),
    wire_name("*.example.org."),
    wire_name("example.org."),
    wire_name("host.example.com."),
    wire_name("*", False),
    wire_name("under_score", False),
]
# Without it Kea removes the characters that are no part of a host name.
RAW = {"hostname-char-set": "", **ONE_THREAD}


def still_works(site):
    ScriptedClient6(site.link, fqdn6("good")).lease()
    eventually("a good name is registered", lambda: site.address_of("good"))
    assert site.static <= site.records()
    site.agree()


@pytest.mark.parametrize("site6", [ONE_THREAD, RAW], ids=["sanitized", "raw"], indirect=True)
@pytest.mark.parametrize("way", ["lease", "lease_rapidly"])
def test_strange_names(site6, way):
    for name in WIRE_NAMES:
        client = ScriptedClient6(site6.link, fqdn6(name), in_order=True)
        try:
            getattr(client, way)()
        except LabError:  # Kea drops a message that it cannot read
            pass
    still_works(site6)
    assert not site6.kea.messages("DNS_UPDATE_CALLOUT_FAILED")


@pytest.mark.parametrize("name", ["ns", "www"])
def test_a_static_name_is_left_alone(site6, name):
    client = ScriptedClient6(site6.link, fqdn6(name), iaids=(1, 2))
    client.lease()
    eventually("a conflict is logged", lambda: site6.kea.messages("DNS_UPDATE_CONFLICT"))
    client.renew()
    client.release()
    still_works(site6)
