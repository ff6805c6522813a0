# SPDX-License-Identifier: MPL-2.0
"""What the README says is true."""

import base64
import json
import os
import pathlib
import re
import subprocess

import pytest
from lab import dns_servers
from lab.clients import ScriptedClient, host_name
from lab.clients6 import ScriptedClient6, fqdn6
from lab.kea import Kea, hook_library, sanitizer_environment
from lab.process import eventually
from lab.site import Site, Site6

ROOT = pathlib.Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMMAND = os.environ.get("DNS_UPDATE_COMMAND", ROOT / "build/ddns-core/cli/dns-update")
SECRET = "c2VjcmV0IG9mIHRoZSBleGFtcGxlcywgMzIgb2N0ZXRz"


def parameters():
    """The hook's parameters in the README's configuration."""
    (library,) = configuration()["hooks-libraries"]
    return library["parameters"]


def json_of(section):
    """The one block of JSON below a heading."""
    text = README.partition(f"\n{section}\n")[2].partition("\n#")[0]
    (block,) = re.findall(r"^```json\n(.*?)^```", text, re.M | re.S)
    return json.loads(block)


def configuration():
    """Without its control socket: that of a test is elsewhere."""
    dhcp4 = json_of("## Use it with your Kea")["Dhcp4"]
    assert dhcp4.pop("control-socket")["socket-name"] in README.partition("### Why")[2]
    return dhcp4


def started(tmp_path, hook_parameters):
    """The log of a Kea that runs the README's configuration with these parameters."""
    secret = tmp_path / "dhcp-key.secret"
    secret.write_text(f"{SECRET}\n")
    for key in hook_parameters["tsig-keys"]:
        assert key["secret-file"] == "/etc/kea/dhcp-key.secret"
        key["secret-file"] = str(secret)
    dhcp4 = configuration()
    hook_parameters["ledger"] = str(tmp_path / "ledger.sqlite")
    dhcp4["hooks-libraries"] = [
        {"library": str(hook_library()), "parameters": hook_parameters}
    ]
    with Kea(tmp_path, None, dhcp4, sanitizer_environment(hook_library())) as kea:
        assert kea.stop() == 0
        return kea.log.read_text()


def test_the_configuration_starts_the_plugin(tmp_path):
    log = started(tmp_path, parameters())
    assert "DNS_UPDATE_STARTED" in log
    assert "DNS_UPDATE_IGNORED_PARAMETERS" not in log


def test_a_configuration_of_d2_can_be_pasted(tmp_path):
    daemon = {
        "ip-address": "127.0.0.1",
        "port": 53001,
        "control-socket": {"socket-type": "unix", "socket-name": "/run/kea/ddns.sock"},
        "loggers": [{"name": "kea-dhcp-ddns", "severity": "INFO"}],
        "dns-server-timeout": 500,
    }
    log = started(tmp_path, {**daemon, **parameters()})
    assert "DNS_UPDATE_STARTED" in log
    (line,) = [text for text in log.splitlines() if "DNS_UPDATE_IGNORED_PARAMETERS" in text]
    assert "ip-address, port, control-socket, loggers" in line


def test_the_classless_domain_starts_the_plugin(tmp_path):
    wanted = parameters()
    wanted["reverse-ddns"]["ddns-domains"].append(json_of("### Less than a whole octet"))
    assert "DNS_UPDATE_STARTED" in started(tmp_path, wanted)


def documented():
    """The parameters in the README's table, as "dns-servers[].port"."""
    table = README.partition("### Parameters")[2].partition("\n#")[0]
    cells = re.findall(r"^\| (`[^|]*`) \|", table, re.M)
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


def documented_keywords():
    return {word.replace("[]", "").rpartition(".")[2] for word in documented()}


def places(parameters, owner=""):
    """Every keyword of some parameters, below the last list that it stands in."""
    for keyword, value in parameters.items():
        if keyword in ("comment", "user-context"):
            continue
        if isinstance(value, list):
            yield f"{owner}{keyword}[]"
            for element in value:
                yield from places(element, f"{keyword}[].")
        else:
            yield owner + keyword
            if isinstance(value, dict):
                yield from places(value)


def test_every_keyword_that_the_plugin_reads_is_in_the_table():
    sources = [path.read_text() for path in (ROOT / "ddns-core/settings").glob("*.c")]
    row = r'KEYWORD_(?!IGNORED)[A-Z_]+\("([a-z0-9-]+)"'
    keywords = set(re.findall(row, "\n".join(sources)))
    assert {"tsig-keys", "secret-file", "transport", "ip-address"} <= keywords
    assert documented_keywords() == keywords


def test_the_example_of_all_keys_shows_what_is_in_the_table():
    text = (ROOT / "kea-config-examples/all-keys.json").read_text()
    whole = json.loads(re.sub(r"^\s*//.*", "", text, flags=re.M))
    (library,) = whole["Dhcp4"]["hooks-libraries"]
    shown = set(places(library["parameters"]))
    assert shown == documented() - {"d2-config"}
    assert '// "d2-config":' in text


def test_every_message_is_in_the_table():
    defined = (ROOT / "hook/dns_update_messages.mes").read_text()
    table = (ROOT / "hook/README.md").read_text().partition("## Messages")[2]
    rows = re.findall(r"^\| (`[A-Z].*?) \|", table, re.M)
    assert sorted(re.findall(r"`([A-Z_]+)`", " ".join(rows))) == sorted(
        re.findall(r"^% DNS_UPDATE_([A-Z_]+) ", defined, re.M)
    )


def test_the_secret_is_cut_out_of_the_key(tmp_path):
    make, cut = re.findall(r"^       (tsig-keygen .*|sed .*?) (?:>|\| sudo)", README, re.M)
    key = subprocess.run(make.split(), check=True, capture_output=True, text=True).stdout
    (tmp_path / "dhcp-key.conf").write_text(key)
    secret = subprocess.run(
        cut, shell=True, check=True, capture_output=True, text=True, cwd=tmp_path
    ).stdout
    assert f'secret "{secret.strip()}";' in key
    assert len(base64.b64decode(secret, validate=False)) == 32


class Careful(dns_servers.Bind):
    """The key may do in a zone what the README lets it do there."""

    def _zone(self, zone):
        names, addresses = re.findall(r"^       (update-policy \{ .* \};)", README, re.M)
        policy = addresses if zone.endswith("arpa.") else names
        return (
            f'zone "{zone}" {{ type primary; file "{self.zone_file(zone)}";'
            f" {policy.replace('dhcp-key', self.keys[0].name)} }};"
        )


@pytest.mark.parametrize("kind", [Site, Site6], ids=["DHCPv4", "DHCPv6"])
def test_the_update_policy_lets_names_come_change_and_go(kind, tmp_path):
    client_of, name_of = {
        Site: (ScriptedClient, host_name), Site6: (ScriptedClient6, fqdn6)
    }[kind]
    with kind(tmp_path, server=Careful) as site:
        clients = [client_of(site.link, name_of(name)) for name in ("one", "two", "one", "www")]
        for client in clients:
            client.lease()
        site.agree()
        assert len(site.records() - site.static) >= 6
        clients[1].options[:] = [name_of("three")]
        clients[1].renew()
        site.agree()
        for client in clients:
            client.release()
        eventually("gone", lambda: site.records() == site.static)
        site.stop_cleanly()


def test_the_command_says_what_the_readme_shows(tmp_path):
    (command,) = re.findall(r"^    (dns-update dns-server=.*)$", README, re.M)
    (output,) = re.findall(r"^    (mydomain\.example\.org\. .*)$", README, re.M)
    key = subprocess.run(
        ["tsig-keygen", "ddns"], check=True, capture_output=True, text=True
    ).stdout
    (tmp_path / "ddns.key").write_text(key)
    secret = re.search(r'secret "(.*)"', key)[1]
    with dns_servers.Bind(
        tmp_path, keys=[dns_servers.Key("ddns", "hmac-sha256", secret)]
    ) as bind:
        words = command.replace("192.0.2.53", bind.address).split()
        done = subprocess.run(
            [COMMAND, *words[1:], f"port={bind.port}"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, output, "")


def test_meson_installs_where_the_readme_says(tmp_path):
    build = hook_library().parents[1]
    subprocess.run(
        ["meson", "install", "-C", str(build), "--no-rebuild", "--destdir", str(tmp_path)],
        check=True,
        capture_output=True,
    )
    installed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert configuration()["hooks-libraries"][0]["library"][1:] in installed
    for name in ("bin/dns-update", "share/man/man1/dns-update.1", "include/ddns/ddns.h"):
        assert f"usr/local/{name}" in installed
    for name in ("libddns-core.a", "ddns-core.pc"):
        assert any(re.fullmatch(rf"usr/local/lib/.*{name}", path) for path in installed)


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_every_command_is_documented_in_keas_form():
    table = README.partition("### Commands")[2].partition("\n#")[0]
    commands = re.findall(r"^\| `(dns-update-[a-z-]+)` \|", table, re.M)
    registered = re.findall(
        r'registerCommandCallout\("([a-z-]+)"', (ROOT / "hook/callouts.cc").read_text()
    )
    assert sorted(commands) == sorted(registered)
    described = {path.stem: json.loads(path.read_text()) for path in ROOT.glob("hook/api/*")}
    assert sorted(described) == sorted(commands)
    for name, api in described.items():
        assert api["name"] == name
        assert json.loads("".join(api["cmd-syntax"]))["command"] == name
        assert json.loads("".join(api["resp-syntax"]))["result"] == 0


def test_the_question_why_a_host_is_not_in_dns_is_answered(tmp_path):
    (command,) = re.findall(r"^    echo '(.*dns-update-lease-get.*)' \|$", README, re.M)
    asked = json.loads(command)
    secret = tmp_path / "dhcp-key.secret"
    secret.write_text(f"{SECRET}\n")
    hook_parameters = parameters()
    hook_parameters["tsig-keys"][0]["secret-file"] = str(secret)
    hook_parameters["ledger"] = str(tmp_path / "ledger.sqlite")
    dhcp4 = configuration()
    dhcp4["hooks-libraries"] = [
        {"library": str(hook_library()), "parameters": hook_parameters}
    ]
    with Kea(tmp_path, None, dhcp4, sanitizer_environment(hook_library())) as kea:
        answer = kea.command(asked["command"], **asked["arguments"])
    assert answer == {
        "result": 3,
        "text": "neither a lease nor a DNS record of one is known",
        "arguments": {"leases": []},
    }


@pytest.mark.parametrize("version", [4, 6])
def test_the_change_of_the_apparmor_profile_lets_kea_write_its_files(tmp_path, version):
    text = (ROOT / "hook/README.md").read_text()
    profile = tmp_path / "profile"
    before = pathlib.Path(f"/etc/apparmor.d/usr.sbin.kea-dhcp{version}").read_text()
    profile.write_text(before)
    for script in re.findall(r"^    sudo sed -i '(.*)' \\$", text, re.M):
        subprocess.run(["sed", "-i", script, str(profile)], check=True)
    added = set(profile.read_text().splitlines()) - set(before.splitlines())
    assert added == {
        f"  owner /var/lib/kea/dns-update{version}.sqlite* rwk,",
        "  owner /var/lib/dns-update/*.prom* rw,",
    }
