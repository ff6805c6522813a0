# SPDX-License-Identifier: MPL-2.0
"""dns-update check-config, and what its probe finds at BIND, Knot and PowerDNS."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest
from lab import kea_config
from lab.dns_server import free_port
from lab.dns_servers import Bind, Key, Knot, PowerDNS
from lab.lying_server import LyingServer, unsigned
from lab.process import wrong_clock

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = os.environ.get("DNS_UPDATE_COMMAND", ROOT / "build/ddns-core/cli/dns-update")
WELL, NOT_WELL, USAGE = range(3)
ALLOWED, OTHER, UNKNOWN = Key("dhcp-key"), Key("other-key"), Key("unknown-key")


class StrictBind(Bind):
    """Only the first key may update."""

    policy = f'allow-update {{ key "{ALLOWED.name}"; }};'

    def _zone(self, zone: str) -> str:
        return (
            f'zone "{zone}" {{ type primary; file "{self.zone_file(zone)}"; {self.policy} }};'
        )


class StrictKnot(Knot):
    limits: tuple[str, ...] = ()

    def _update_acl(self) -> list[str]:
        rule = ["  - id: change", f"    key: {ALLOWED.name}", "    action: update"]
        return [*rule, *self.limits]


class StrictPowerDNS(PowerDNS):
    def _add_zone(self, connection, zone):
        known, self.keys = self.keys, (ALLOWED,)
        super()._add_zone(connection, zone)
        self.keys = known


class BindByType(StrictBind):
    policy = f"update-policy {{ grant {ALLOWED.name} zonesub A AAAA PTR DHCID; }};"


class BindOtherType(StrictBind):
    policy = f"update-policy {{ grant {ALLOWED.name} zonesub TXT; }};"


class BindOtherName(StrictBind):
    policy = f"update-policy {{ grant {ALLOWED.name} name host.example.org. ANY; }};"


class BindNobody(StrictBind):
    policy = "allow-update { none; };"


class KnotOtherType(StrictKnot):
    limits = ("    update-type: TXT",)


STRICT = (StrictBind, StrictKnot, StrictPowerDNS)


def check(path, *options, env=None):
    """Exit status, lines of output, and the error."""
    done = subprocess.run(
        [COMMAND, "check-config", str(path), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **(env or {})},
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def write(folder, parameters):
    path = folder / "parameters.json"
    path.write_text(json.dumps(parameters))
    return path


def parameters_for(server, key, **more):
    """The server's zones, signed with a key that it may not know, or unsigned."""
    keys = [] if key is None else [key]
    tsig_keys = [
        {"name": k.name, "algorithm": k.algorithm, "secret": k.secret} for k in keys
    ]
    places = [{"ip-address": server.address, "port": server.port}]
    name = key and key.name
    return {
        "tsig-keys": tsig_keys,
        "forward-ddns": kea_config.domains(server.forward, places, name),
        "reverse-ddns": kea_config.domains(server.reverse, places, name),
        **more,
    }


def probes(lines):
    """What is said about each zone."""
    found = {}
    for line in lines:
        if line.startswith("probe: "):
            zone, _, words = line.removeprefix("probe: ").partition(" at ")
            found[zone] = words.partition(": ")[2]
    return found


@pytest.fixture(scope="module", params=STRICT, ids=lambda kind: kind.__name__)
def server(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dns")
    with request.param(folder, keys=[ALLOWED, OTHER]) as running:
        yield running


def everything(server):
    return [(server.serial(zone), server.zone(zone)) for zone in server.zones]


def test_a_server_that_takes_updates_is_named_and_nothing_is_changed(server, tmp_path):
    before = everything(server)
    path = write(tmp_path, parameters_for(server, ALLOWED))
    status, lines, error = check(path, "--probe")
    assert (status, error) == (WELL, "")
    assert probes(lines) == {zone: "takes updates" for zone in server.zones}
    assert everything(server) == before


def test_a_wrong_secret_is_found(server, tmp_path):
    path = write(tmp_path, parameters_for(server, Key(ALLOWED.name)))
    status, lines, error = check(path, "--probe")
    # PowerDNS says no more.
    word = "REFUSED" if isinstance(server, PowerDNS) else "BADSIG"
    assert status == NOT_WELL
    assert error == "dns-update: 2 of 2 servers take no updates\n"
    assert all(text.startswith(f"{word}: ") for text in probes(lines).values()), lines
    assert len(probes(lines)) == 2


def test_a_key_that_the_server_does_not_know_is_found(server, tmp_path):
    path = write(tmp_path, parameters_for(server, UNKNOWN))
    status, lines, _ = check(path, "--probe")
    word = "REFUSED" if isinstance(server, PowerDNS) else "BADKEY"
    assert status == NOT_WELL
    assert all(text.startswith(f"{word}: ") for text in probes(lines).values()), lines


def test_a_known_key_that_may_not_update_is_found(server, tmp_path):
    path = write(tmp_path, parameters_for(server, OTHER))
    status, lines, _ = check(path, "--probe")
    # Knot calls a key that is not for this BADKEY.
    word = "BADKEY" if isinstance(server, Knot) else "REFUSED"
    assert status == NOT_WELL
    assert all(text.startswith(f"{word}: ") for text in probes(lines).values()), lines


def test_missing_signatures_are_found(server, tmp_path):
    path = write(tmp_path, parameters_for(server, None))
    status, lines, _ = check(path, "--probe")
    word = "NOTAUTH" if isinstance(server, Knot) else "REFUSED"
    assert status == NOT_WELL
    assert all(text.startswith(f"{word}: ") for text in probes(lines).values()), lines


def test_a_zone_that_the_server_does_not_have_is_found(server, tmp_path):
    parameters = parameters_for(server, ALLOWED)
    for name in ("example.com.", "dhcp.example.org."):
        parameters["forward-ddns"]["ddns-domains"][0]["name"] = name
        status, lines, _ = check(write(tmp_path, parameters), "--probe")
        assert status == NOT_WELL
        assert probes(lines)[name].startswith("NOTAUTH: the server is not the primary")


def test_a_wrong_clock_is_found(server, tmp_path):
    path = write(tmp_path, parameters_for(server, ALLOWED))
    status, lines, _ = check(path, "--probe", env=wrong_clock(4000))
    assert status == NOT_WELL
    for text in probes(lines).values():
        if isinstance(server, PowerDNS):
            assert text.startswith("REFUSED: ")
            assert "the clock" in text
        else:
            assert text.startswith("BADTIME: ")
            assert "seconds ahead of the server's" in text


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (BindByType, "takes updates"),
        (BindOtherType, "REFUSED: "),
        (BindOtherName, "REFUSED: "),
        (BindNobody, "REFUSED: "),
        (KnotOtherType, "BADKEY: "),
    ],
)
def test_the_update_policy_is_seen(kind, word, tmp_path):
    with kind(tmp_path, keys=[ALLOWED]) as strict:
        path = write(tmp_path, parameters_for(strict, ALLOWED))
        _, lines, _ = check(path, "--probe")
    assert len(probes(lines)) == 2
    assert all(text.startswith(word) for text in probes(lines).values()), lines


def test_a_dead_server_is_found_and_waited_for_once(server, tmp_path):
    parameters = parameters_for(server, ALLOWED, **{"dns-server-timeout": 1000})
    server.pause()
    try:
        status, lines, error = check(write(tmp_path, parameters), "--probe")
    finally:
        server.resume()
    assert status == NOT_WELL
    assert error == "dns-update: 2 of 2 servers take no updates\n"
    assert set(probes(lines).values()) == {"no answer in time"}


def test_a_port_where_nobody_listens_is_found(tmp_path):
    with StrictBind(tmp_path, keys=[ALLOWED]) as bind:
        parameters = parameters_for(bind, ALLOWED)
    status, lines, _ = check(write(tmp_path, parameters), "--probe")
    assert status == NOT_WELL
    assert set(probes(lines).values()) == {"connection refused"}


def test_udp_is_probed_over_udp(server, tmp_path):
    parameters = parameters_for(server, ALLOWED)
    for tree in ("forward-ddns", "reverse-ddns"):
        parameters[tree]["ddns-domains"][0]["dns-servers"][0]["transport"] = "udp"
    status, lines, _ = check(write(tmp_path, parameters), "--probe")
    assert status == WELL
    assert f"forward zone: example.org. at {server.address}#{server.port} over udp," in lines[0]


def test_an_answer_without_a_signature_is_not_believed(tmp_path):
    with (
        StrictBind(tmp_path, keys=[ALLOWED]) as bind,
        LyingServer(unsigned, "127.0.0.1", free_port("127.0.0.1"), bind.port, None) as liar,
    ):
        parameters = parameters_for(bind, ALLOWED)
        for tree in ("forward-ddns", "reverse-ddns"):
            parameters[tree]["ddns-domains"][0]["dns-servers"][0]["port"] = liar._place[1]
        status, lines, _ = check(write(tmp_path, parameters), "--probe")
    assert status == NOT_WELL
    assert set(probes(lines).values()) == {"its answer is not signed with the key"}


def test_a_zone_for_all_names_is_not_probed(server, tmp_path):
    parameters = parameters_for(server, ALLOWED)
    parameters["forward-ddns"]["ddns-domains"][0]["name"] = "*"
    status, lines, _ = check(write(tmp_path, parameters), "--probe")
    assert status == WELL
    assert list(probes(lines)) == list(server.reverse)


def test_the_outcome_can_be_json(server, tmp_path):
    path = write(tmp_path, parameters_for(server, OTHER, ledger="/srv/ledger", port=1))
    status, lines, error = check(path, "--probe", "--json")
    *objects, summary = [json.loads(line) for line in lines]
    assert (status, error) == (NOT_WELL, "")
    assert [list(item)[0] for item in objects] == ["zone", "zone", "key", "probe", "probe"]
    assert objects[0] == {
        "zone": "example.org.",
        "direction": "forward",
        "network": None,
        "server": server.address,
        "port": server.port,
        "transport": "tcp",
        "key": OTHER.name,
        "algorithm": "hmac-sha256",
    }
    assert not objects[3]["takes-updates"]
    assert summary == {
        "status": "bad",
        "configuration-of": "parameters",
        "d2-config": None,
        "ledger": "/srv/ledger",
        "prometheus-file": None,
        "dual-stack-mixed-mode": False,
        "without-meaning": "port",
        "message": "2 of 2 servers take no updates",
    }
    assert OTHER.secret not in "".join(lines)


# ---- files -------------------------------------------------------------------

PLACE = [{"ip-address": "192.0.2.53"}]
PARAMETERS = {
    "tsig-keys": [{"name": "k", "algorithm": "hmac-sha256", "secret": "c2VjcmV0c2VjcmV0"}],
    "forward-ddns": kea_config.domains(["example.org."], PLACE, "k"),
}
SAID = [
    "forward zone: example.org. at 192.0.2.53#53 over tcp, key k hmac-sha256",
    "key: k hmac-sha256, secret in the configuration",
]
COUNTED = "1 forward zones, 0 reverse zones, 1 keys"


def dhcp(version, parameters, **dhcp_ddns):
    libraries = [
        {"library": "/usr/lib/libdhcp_lease_cmds.so"},
        {"library": "/usr/lib/libdhcp_dns_update.so", "parameters": parameters},
    ]
    return {f"Dhcp{version}": {"dhcp-ddns": dhcp_ddns, "hooks-libraries": libraries}}


def test_a_configuration_of_kea_dhcp_ddns_is_read(tmp_path):
    text = json.dumps({"DhcpDdns": {**PARAMETERS, "port": 53001}})
    path = tmp_path / "kea-dhcp-ddns.conf"
    path.write_text(f"# D2\n{text[:-2]}, }}, // no more\n}}\n")
    ledger = "ledger: dns-update4.sqlite in Kea's data directory"
    assert check(path) == (
        WELL, [*SAID, ledger, "without meaning here: port", COUNTED], ""
    )


@pytest.mark.parametrize("version", [4, 6])
def test_a_configuration_of_a_dhcp_server_is_read_and_d2_config_followed(version, tmp_path):
    d2 = tmp_path / "kea-dhcp-ddns.conf"
    d2.write_text(json.dumps({"DhcpDdns": PARAMETERS}))
    parameters = {"d2-config": str(d2)}
    path = write(tmp_path, dhcp(version, parameters, **{"enable-updates": True}))
    ledger = f"ledger: dns-update{version}.sqlite in Kea's data directory"
    assert check(path) == (WELL, [*SAID, ledger, f"from kea-dhcp-ddns: {d2}", COUNTED], "")


def test_a_dhcp_server_that_makes_no_updates_is_named(tmp_path):
    status, _, error = check(write(tmp_path, dhcp(4, PARAMETERS)))
    assert (status, error) == (
        NOT_WELL, "dns-update: dhcp-ddns.enable-updates is not true: no records are made\n"
    )


def test_a_dhcp_server_without_the_plugin_is_named(tmp_path):
    path = write(tmp_path, {"Dhcp4": {"hooks-libraries": []}})
    assert check(path) == (
        NOT_WELL,
        [],
        f"dns-update: {path}: hooks-libraries: libdhcp_dns_update.so is not among them\n",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n"DhcpDdns"\n{} }', "{path}:3: ':' expected"),
        ('{ "DhcpDdns": { "x": 1 } }', "{path}: x: unknown keyword"),
        ("", '"{path}" is empty'),
        ('{ "tsig-keys": [ { "name": "k" } ] }', "{path}: tsig-keys[0].algorithm: is missing"),
        ("[]", "{path}: parameters: must be a map"),
    ],
)
def test_a_mistake_is_named(text, said, tmp_path):
    path = tmp_path / "wrong.conf"
    path.write_text(text)
    status, lines, error = check(path)
    assert (status, lines, error) == (
        NOT_WELL, [], f"dns-update: {said.format(path=path)}\n"
    )
    status, lines, error = check(path, "--json")
    assert (status, error) == (NOT_WELL, "")
    assert json.loads(lines[-1])["message"] == said.format(path=path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "none"
    said = f'dns-update: cannot read "{path}": No such file or directory\n'
    assert check(path) == (NOT_WELL, [], said)


def test_a_second_file_is_wrong_usage(tmp_path):
    status, _, error = check(tmp_path / "a", "b=c")
    assert status == USAGE
    assert "no such parameter" in error
