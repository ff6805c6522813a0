# SPDX-License-Identifier: MPL-2.0
"""Option 81 in all its flags (RFC 4702): who updates what, and what is answered."""

import pytest
from lab import packet
from lab.clients import ScriptedClient, fqdn
from lab.packet import FQDN_E, FQDN_N, FQDN_O, FQDN_S

# Flags asked for, flags answered, forward, reverse: RFC 4702 section 4 as Kea does it.
FLAGS = [
    (FQDN_S, FQDN_S, True, True),
    (0, 0, False, True),
    (FQDN_N, FQDN_N, False, False),
    (FQDN_S | FQDN_O, FQDN_S, True, True),
    (FQDN_O, 0, False, True),
    (FQDN_N | FQDN_O, FQDN_N, False, False),
]


@pytest.mark.parametrize("encoding", [FQDN_E, 0], ids=["wire", "ascii"])
@pytest.mark.parametrize(("asked", "answered", "forward", "reverse"), FLAGS)
def test_flags_choose_the_directions(site, encoding, asked, answered, forward, reverse):
    client = ScriptedClient(site.link, fqdn("laptop.example.org.", asked | encoding))
    reply = client.lease()
    option = reply.option(packet.CLIENT_FQDN)
    assert option[0] & (FQDN_S | FQDN_N | FQDN_O) == answered
    site.agree()
    types = {(r.name.endswith(".arpa."), r.type) for r in site.records() - site.static}
    assert ((False, "A") in types) == forward
    assert ((True, "PTR") in types) == reverse


def test_s_and_n_together_are_malformed_and_harm_nothing(site):
    ScriptedClient(site.link, fqdn("x.example.org.", FQDN_S | FQDN_N)).exchange(
        packet.DISCOVER
    )
    ScriptedClient(site.link, fqdn("laptop.example.org.")).lease()
    site.agree()
    assert site.address_of("laptop")
    assert site.address_of("x") == []


def test_a_partial_name_gets_the_suffix(site):
    client = ScriptedClient(site.link, fqdn("laptop"))
    client.lease()
    site.agree()
    assert site.address_of("laptop") == [client.address]


def test_an_empty_name_is_made_up(site):
    client = ScriptedClient(site.link, fqdn(b"", FQDN_S | FQDN_E))
    client.lease()
    site.agree()
    assert site.address_of(f"myhost-{client.address.replace('.', '-')}")


OVERRIDES = {"ddns-override-no-update": True, "ddns-override-client-update": True}


@pytest.mark.parametrize("site", [OVERRIDES], indirect=True)
@pytest.mark.parametrize("asked", [FQDN_N, 0])
def test_the_server_may_override_the_client(site, asked):
    client = ScriptedClient(site.link, fqdn("laptop.example.org.", asked | FQDN_E))
    client.lease()
    site.agree()
    assert site.address_of("laptop") == [client.address]


@pytest.mark.parametrize(
    "site", [{"ddns-replace-client-name": "always"}], indirect=True
)
def test_the_server_may_replace_every_name(site):
    client = ScriptedClient(site.link, fqdn("laptop.example.org."))
    client.lease()
    site.agree()
    assert site.address_of("laptop") == []
    assert site.address_of(f"myhost-{client.address.replace('.', '-')}")
