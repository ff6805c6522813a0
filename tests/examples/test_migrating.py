# SPDX-License-Identifier: MPL-2.0
"""The page on moving from kea-dhcp-ddns and back: each of its commands is run."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shlex
import subprocess

from lab import kea_config
from lab.clients import ScriptedClient, host_name
from lab.d2 import D2
from lab.dns_servers import Bind, Key
from lab.kea import Kea, hook_library, sanitizer_environment
from lab.netns import Link
from lab.process import eventually, unconfined

ROOT = pathlib.Path(__file__).parents[2]
PAGE = (ROOT / "kea-config-examples/migrating-from-kea-dhcp-ddns.md").read_text()
COMMAND = os.environ.get("DNS_UPDATE_COMMAND", ROOT / "build/ddns-core/cli/dns-update")
SECTIONS = dict(
    part.split("\n", 1) for part in re.split(r"^## ", PAGE, flags=re.M)[1:]
)


def commands(section):
    """The commands of a section of the page, in order, one string each."""
    return re.findall(r"^    (.+)$", re.sub(r"```.*?```", "", SECTIONS[section], flags=re.S), re.M)


class Move:
    """One machine: its network, BIND, kea-dhcp-ddns, Kea, and what the page does to them."""

    def __init__(self, folder, link, dns):
        self.folder, self.link, self.dns = folder, link, dns
        self.d2 = D2(folder, dns)
        self.d2_file = self.d2.folder / "kea-dhcp-ddns.json"
        self.ran = []
        self.kea = Kea(
            folder, link.server, self.configuration(), sanitizer_environment(hook_library())
        )

    def configuration(self, *libraries):
        dhcp = kea_config.dhcp4(None, **{"dhcp-ddns": self.d2.client_settings()})
        dhcp["hooks-libraries"] += libraries
        return dhcp

    def plugin(self):
        """The page's entry of hooks-libraries, but for places of this machine."""
        (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.S)
        entry = json.loads(text)
        assert entry["library"].endswith("/kea/hooks/libdhcp_dns_update.so")
        assert entry["parameters"] == {"d2-config": "/etc/kea/kea-dhcp-ddns.conf"}
        entry["library"] = str(hook_library())
        entry["parameters"]["d2-config"] = str(self.d2_file)
        return entry

    def run(self, line):
        """Run a command of the page; what it writes."""
        self.ran.append(line)
        if line.startswith("sudo systemctl "):
            return self._service(line.split()[2:])
        if match := re.fullmatch(
            r"echo '(\{.*\})' \| sudo socat - UNIX-CONNECT:/run/kea/kea4-ctrl-socket", line
        ):
            return self.kea.command(json.loads(match[1])["command"])
        return self._program(line)

    def _service(self, words):
        *verb, unit = words
        if unit == "kea-dhcp4-server":
            assert verb == ["restart"]
            assert self.kea.stop() == 0
            self.kea.start()
        elif verb == ["enable", "--now"]:
            self.d2.__enter__()
        else:
            assert words == ["disable", "--now", "kea-dhcp-ddns-server"]
            self.d2.__exit__()
        return None

    def _program(self, line):
        kea_file = str(self.kea.folder / "kea-dhcp4.json")
        line = line.replace("/etc/kea/kea-dhcp-ddns.conf", str(self.d2_file))
        line = line.replace("/etc/kea/kea-dhcp4.conf", kea_file)
        sudo, user, owner, program, *words = shlex.split(line)
        assert (sudo, user, owner) == ("sudo", "-u", "_kea")
        argv = [str(COMMAND)] if program == "dns-update" else unconfined(program)
        done = subprocess.run(
            ["ip", "netns", "exec", self.link.server, *argv, *words],
            env={**os.environ, **self.kea.env, "KEA_PIDFILE_DIR": str(self.folder),
                 "KEA_LOCKFILE_DIR": str(self.folder)},
            cwd=self.kea.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def records(self):
        return frozenset().union(*(self.dns.zone(zone) for zone in self.dns.zones))

    def lease(self, name):
        """A client with a lease whose name is in DNS."""
        client = ScriptedClient(self.link, host_name(name))
        client.lease()
        owner = f"{name}.{kea_config.FORWARD}"
        eventually(f"{name} is in DNS", lambda: self.dns.lookup(owner, "A"), 60)
        eventually(
            f"{name} has all records",
            lambda: any(r.type == "PTR" and r.data == owner for r in self.records()),
            60,
        )
        return client

    def settled(self):
        now = self.kea.command("dns-update-status")["arguments"]
        return (
            now["ledger"]["state"] != "reading"
            and not now["resync"]["running"]
            and now["leases"]["unsettled"] == 0
        )


def look_before(move):
    (check,) = commands("Look before")
    said = move.run(check)
    assert said.count(": takes updates") == len(move.dns.zones)
    assert "takes updates" in SECTIONS["Look before"]


def go(move):
    """Follow the section "Move"."""
    test, check, disable, restart, status, audit, audit_get = commands("Move")
    move.kea.configure(move.configuration(move.plugin()))
    move.run(test)
    assert move.run(check).count(": takes updates") == len(move.dns.zones)
    move.run(disable)
    move.run(restart)
    assert not move.kea.messages("DNS_UPDATE_LOAD_FAILED")
    eventually("the leases are in DNS", move.settled, 60)
    assert move.run(status)["result"] == 0
    assert move.run(audit)["result"] == 0
    eventually("the audit is done", lambda: move.kea.messages("DNS_UPDATE_AUDIT_DONE"), 60)
    found = move.run(audit_get)["arguments"]
    return found


def test_the_page_leads_there_and_back(tmp_path):
    with Link() as link, Bind(
        tmp_path,
        forward=(kea_config.FORWARD,),
        reverse=(kea_config.REVERSE,),
        keys=(Key(),),
        netns=link.server,
    ) as dns:
        move = Move(tmp_path, link, dns)
        move.d2.__enter__()
        try:
            with move.kea:
                first = move.lease("before")
                look_before(move)
                before = move.records()
                file = move.d2_file.read_bytes()
                found = go(move)
                assert (found["missing"], found["wrong"], found["leftover"]) == (0, 0, 0)
                assert move.records() == before
                second = move.lease("after")
                first.release()
                eventually("released", lambda: not dns.lookup("before.example.org.", "A"), 60)

                enable, restart = commands("Back")
                move.kea.configure(move.configuration())
                move.run(enable)
                move.run(restart)
                assert move.d2_file.read_bytes() == file
                move.lease("back")
                second.release()
                eventually("removed", lambda: not dns.lookup("after.example.org.", "A"), 60)
        finally:
            if move.d2._process is not None:
                move.d2.__exit__()
    assert move.ran == [line for name in SECTIONS for line in commands(name)]


def test_the_services_are_debians():
    units = set(re.findall(r"systemctl \S+ (?:--now )?(\S+)", PAGE))
    assert units == {"kea-dhcp4-server", "kea-dhcp-ddns-server"}
    for unit in units:
        assert pathlib.Path(f"/lib/systemd/system/{unit}.service").exists()


def test_debians_profiles_let_kea_read_the_file():
    for version in (4, 6):
        profile = pathlib.Path(f"/etc/apparmor.d/usr.sbin.kea-dhcp{version}").read_text()
        assert "\n  /etc/kea/** r,\n" in profile


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE):
        assert (ROOT / "kea-config-examples" / target).exists(), target
