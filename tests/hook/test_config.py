# SPDX-License-Identifier: MPL-2.0
"""A wrong configuration is refused with one message that names the place."""

import copy

import pytest
from lab import kea_config
from lab.clients import ScriptedClient, host_name
from lab.kea import Kea, hook_library, sanitizer_environment
from lab.netns import Link
from lab.process import eventually

GOOD = {
    "tsig-keys": [{"name": "key", "algorithm": "hmac-sha256", "secret": "c2VjcmV0c2VjcmV0"}],
    "forward-ddns": kea_config.domains(["example.org."], [{"ip-address": "127.0.0.1"}], "key"),
    "reverse-ddns": kea_config.domains(
        ["77.10.in-addr.arpa."], [{"ip-address": "127.0.0.1"}], "key"
    ),
}
REMOVE = object()
KEY = ("tsig-keys", 0)
ZONE = ("forward-ddns", "ddns-domains", 0)
SERVER = (*ZONE, "dns-servers", 0)

# Where, what to put there, the place that the message must name.
MISTAKES = [
    ((), "nonsense", 1, "nonsense"),
    ((), "tsig-keys", {}, "tsig-keys"),
    ((), "forward-ddns", [], "forward-ddns"),
    ((), "dns-server-timeout", "soon", "dns-server-timeout"),
    ((), "dns-server-timeout", -1, "dns-server-timeout"),
    (KEY, "nonsense", 1, "tsig-keys[0].nonsense"),
    (KEY, "name", REMOVE, "tsig-keys[0].name"),
    (KEY, "name", 5, "tsig-keys[0].name"),
    (KEY, "name", "a..b", "tsig-keys[0].name"),
    (KEY, "algorithm", REMOVE, "tsig-keys[0].algorithm"),
    (KEY, "algorithm", "hmac-sha3", "tsig-keys[0].algorithm"),
    (KEY, "digest-bits", 7, "tsig-keys[0].digest-bits"),
    (KEY, "secret", REMOVE, "tsig-keys[0].secret"),
    (KEY, "secret", "", "tsig-keys[0].secret"),
    (KEY, "secret", "*no base64*", "tsig-keys[0].secret"),
    (ZONE, "nonsense", 1, "forward-ddns.ddns-domains[0].nonsense"),
    (ZONE, "name", REMOVE, "forward-ddns.ddns-domains[0].name"),
    (ZONE, "name", 7, "forward-ddns.ddns-domains[0].name"),
    (ZONE, "name", "a" * 64, "forward-ddns.ddns-domains[0].name"),
    (ZONE, "key-name", "other", "forward-ddns.ddns-domains[0]"),
    (ZONE, "dns-servers", [], "forward-ddns.ddns-domains[0].dns-servers"),
    (ZONE, "dns-servers", REMOVE, "forward-ddns.ddns-domains[0].dns-servers"),
    (SERVER, "nonsense", 1, "forward-ddns.ddns-domains[0].dns-servers[0].nonsense"),
    (SERVER, "ip-address", REMOVE, "dns-servers[0].ip-address"),
    (SERVER, "ip-address", "ns.example.org", "dns-servers[0].ip-address"),
    (SERVER, "ip-address", "192.0.2.256", "dns-servers[0].ip-address"),
    (SERVER, "port", 70000, "dns-servers[0].port"),
    (SERVER, "port", 0, "dns-servers[0].port"),
    (SERVER, "port", "53", "dns-servers[0].port"),
    (SERVER, "transport", "carrier-pigeon", "dns-servers[0].transport"),
    (SERVER, "key-name", "other", "dns-servers[0]"),
]


def mistaken(place, keyword, value):
    """The good parameters with one mistake."""
    parameters = copy.deepcopy(GOOD)
    at = parameters
    for step in place:
        at = at[step]
    if value is REMOVE:
        del at[keyword]
    else:
        at[keyword] = value
    return parameters


def complaints_about(parameters, folder):
    """What Kea logs when it starts with these parameters."""
    with Link() as link:
        kea = Kea(
            folder,
            link.server,
            kea_config.dhcp4(parameters),
            sanitizer_environment(hook_library()),
        )
        kea.launch()
        try:
            eventually("ended", lambda: kea.messages("DHCP4_INIT_FAIL"), 20)
        finally:
            kea.kill()
    return kea.messages("DNS_UPDATE_LOAD_FAILED")


@pytest.mark.parametrize(
    ("place", "keyword", "value", "named"),
    MISTAKES,
    ids=[f"{m[1]}-{'missing' if m[2] is REMOVE else m[2]}"[:40] for m in MISTAKES],
)
def test_a_mistake_is_named(tmp_path, place, keyword, value, named):
    found = complaints_about(mistaken(place, keyword, value), tmp_path)
    assert len(found) == 1
    assert named in found[0]
    assert "c2VjcmV0c2VjcmV0" not in found[0]


def test_a_zone_given_twice_is_named(tmp_path):
    parameters = copy.deepcopy(GOOD)
    parameters["forward-ddns"]["ddns-domains"] *= 2
    found = complaints_about(parameters, tmp_path)
    assert len(found) == 1
    assert "forward-ddns.ddns-domains[1]" in found[0]


def test_an_unreadable_secret_file_is_named(tmp_path):
    parameters = copy.deepcopy(GOOD)
    key = parameters["tsig-keys"][0]
    del key["secret"]
    key["secret-file"] = str(tmp_path / "missing")
    found = complaints_about(parameters, tmp_path)
    assert len(found) == 1
    assert "tsig-keys[0].secret-file" in found[0]


def test_a_mistake_on_reload_leaves_dhcp_running(site):
    wrong = site.dhcp()
    wrong["hooks-libraries"][1]["parameters"]["nonsense"] = 1
    site.kea.configure(wrong)
    site.kea.command("config-reload")
    assert len(site.kea.messages("DNS_UPDATE_RELOAD_FAILED")) == 1
    _lease(site, "during")
    site.kea.configure(site.dhcp())
    assert site.kea.command("config-reload")["result"] == 0
    _lease(site, "after")
    site.agree()
    assert site.address_of("during")


def _lease(site, name):
    ScriptedClient(site.link, host_name(name)).lease()
