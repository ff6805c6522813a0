# SPDX-License-Identifier: MPL-2.0
"""Option 39 in all its flags (RFC 4704): who updates what, and what is answered."""

import itertools

import pytest
from lab import kea_config, packet6
from lab.clients6 import ScriptedClient6, fqdn6
from lab.kea import Kea
from lab.packet6 import FQDN_N, FQDN_O, FQDN_S
from lab.process import LabError

# Flags asked for, flags answered, forward, reverse: RFC 4704 section 5 as Kea does it.
FLAGS = [
    (FQDN_S, FQDN_S, True, True),
    (0, 0, False, True),
    (FQDN_N, FQDN_N, False, False),
    (FQDN_S | FQDN_O, FQDN_S, True, True),
    (FQDN_O, 0, False, True),
    (FQDN_N | FQDN_O, FQDN_N, False, False),
]
WAYS = ("lease", "lease_rapidly")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("asked", "answered", "forward", "reverse"), FLAGS)
def test_flags_choose_the_directions(site6, way, asked, answered, forward, reverse):
    client = ScriptedClient6(site6.link, fqdn6("laptop.example.org.", asked))
    reply = getattr(client, way)()
    assert reply.option(packet6.CLIENT_FQDN)[0] == answered
    site6.agree()
    types = {(r.name.endswith(".arpa."), r.type) for r in site6.records() - site6.static}
    assert ((False, "AAAA") in types) == forward
    assert ((True, "PTR") in types) == reverse


@pytest.mark.parametrize("site6", [kea_config.ONE_THREAD], indirect=True)
def test_s_and_n_together_are_malformed_and_harm_nothing(site6):
    wrong = fqdn6("x.example.org.", FQDN_S | FQDN_N)
    client = ScriptedClient6(site6.link, wrong, in_order=True)
    assert client.exchange(packet6.SOLICIT) is None
    ScriptedClient6(site6.link, fqdn6("laptop.example.org.")).lease()
    site6.agree()
    assert site6.address_of("laptop")
    assert site6.address_of("x") == []


def test_a_partial_name_gets_the_suffix(site6):
    client = ScriptedClient6(site6.link, fqdn6("laptop"))
    client.lease()
    site6.agree()
    assert site6.address_of("laptop") == [client.address]


def generated(client):
    return f"myhost-{client.address.replace(':', '-')}"


def test_an_empty_name_is_made_up(site6):
    client = ScriptedClient6(site6.link, fqdn6(b""))
    client.lease()
    site6.agree()
    assert site6.address_of(generated(client)) == [client.address]


OVERRIDES = {"ddns-override-no-update": True, "ddns-override-client-update": True}


@pytest.mark.parametrize("site6", [OVERRIDES], indirect=True)
@pytest.mark.parametrize("asked", [FQDN_N, 0])
def test_the_server_may_override_the_client(site6, asked):
    client = ScriptedClient6(site6.link, fqdn6("laptop.example.org.", asked))
    client.lease()
    site6.agree()
    assert site6.address_of("laptop") == [client.address]


@pytest.mark.parametrize("site6", [{"ddns-replace-client-name": "always"}], indirect=True)
def test_the_server_may_replace_every_name(site6):
    client = ScriptedClient6(site6.link, fqdn6("laptop.example.org."))
    client.lease()
    site6.agree()
    assert site6.address_of("laptop") == []
    assert site6.address_of(generated(client)) == [client.address]


# ---- the client hears what it would hear from Kea alone --------------------

NAMES = {"partial": "laptop", "full": "laptop.example.org.", "empty": b"", "odd": "a b"}
LIFE = ("solicit", "request", "request", "renew", "rebind", "release")
LIVES = {
    "slow": LIFE,
    "rapid": ("lease_rapidly", "request", "lease_rapidly", "renew", "decline"),
    "again": ("lease", "release", "lease_rapidly", "lease"),
}
MODES = [
    {},
    OVERRIDES,
    {"ddns-update-on-renew": True},
    {"ddns-qualifying-suffix": ""},
    *({"ddns-replace-client-name": mode} for mode in ("always", "when-present")),
    {"ddns-replace-client-name": "when-not-present"},
]


def clients(link):
    """What each client sends: its options, and the messages of its life."""
    options = [[fqdn6(name, flags)] for name in NAMES.values() for flags, *_ in FLAGS]
    both = itertools.product([*options, []], LIVES.values())
    for number, (sent, life) in enumerate(both):
        duid = bytes([0, 3, 0, 1, 2, 0xBB, 0, 0]) + number.to_bytes(2, "big")
        yield ScriptedClient6(link, *sent, duid=duid, in_order=True), life


def said(reply):
    return reply and (reply.type, reply.option(packet6.CLIENT_FQDN))


def heard(link):
    """Every reply to every client: its type, its option 39, its addresses."""
    for client, life in clients(link):
        for number, step in enumerate(life):
            if number == 3:
                client.options = [(c, d.replace(b"laptop", b"tablet")) for c, d in client.options]
            try:
                getattr(client, step)()
            except LabError:  # Kea drops some, and must drop no others
                pass
            yield step, said(client.reply), client.addresses


@pytest.mark.parametrize(
    "site6",
    [{**kea_config.ONE_THREAD, **mode} for mode in MODES],
    ids=map(str, MODES),
    indirect=True,
)
def test_replies_are_those_of_kea_alone(site6, tmp_path, request):
    with_it = list(heard(site6.link))
    site6.agree(30)
    site6.stop_cleanly()
    alone = Kea(
        tmp_path / "alone",
        site6.link.server,
        kea_config.dhcp6(None, **request.node.callspec.params["site6"]),
        version=6,
    )
    with alone:
        without = list(heard(site6.link))
    assert with_it == without
    assert not site6.kea.messages("DNS_UPDATE_CALLOUT_FAILED")
