# SPDX-License-Identifier: MPL-2.0
"""Every example configuration is one that Kea and the library accept."""

import json
import os
import pathlib
import re
import subprocess

import pytest
from lab.kea import SERVER_ID, hook_library, sanitizer_environment
from lab.netns import Link
from lab.process import Process, eventually, unconfined

EXAMPLES = pathlib.Path(__file__).parents[2] / "kea-config-examples"
INSTALLED = "/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_dns_update.so"
SECRET = "c2VjcmV0IG9mIHRoZSBleGFtcGxlcywgMzIgb2N0ZXRz"


NETWORKS = {"kea-dhcp4": "192.0.2.0/24", "kea-dhcp6": "2001:db8:1::/64"}


def server_of(example):
    return "kea-dhcp6" if '"Dhcp6"' in example.read_text() else "kea-dhcp4"


def prepared(example, folder):
    """The example as it is, but for places that only this machine knows."""
    for name in ("dhcp-key", "office-key", "lab-key"):
        (folder / f"{name}.secret").write_text(f"{SECRET}\n")
    text = example.read_text()
    assert f'"{INSTALLED}"' in text
    text = text.replace(INSTALLED, str(hook_library()))
    for place in ("/etc/kea/", "/run/kea/", "/var/lib/dns-update/"):
        text = text.replace(place, f"{folder}/")
    if '"ledger"' not in text:
        text = text.replace('"forward-ddns"', '"ledger": "ledger.sqlite", "forward-ddns"')
    text = re.sub(r'"([a-z0-9-]+\.(sqlite|prom))",', rf'"{folder}/\1",', text)
    text = text.replace('"type": "memfile"', f'"type": "memfile", "name": "{folder}/leases"')
    text = text.replace('"Dhcp6": {', f'"Dhcp6": {{ {json.dumps(SERVER_ID)[1:-1]},')
    folder.chmod(0o750)  # Kea 3.0 wants no more for its socket
    path = folder / example.name
    path.write_text(text)
    return path


def environment(folder):
    places = ("PIDFILE_DIR", "LOCKFILE_DIR", "DHCP_DATA_DIR", "CONTROL_SOCKET_DIR")
    return {
        **{f"KEA_{place}": str(folder) for place in places},
        **sanitizer_environment(hook_library()),
    }


EACH = pytest.mark.parametrize(
    "example", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.name
)


@EACH
def test_kea_takes_the_configuration(example, tmp_path):
    argv = [*unconfined(server_of(example)), "-t", str(prepared(example, tmp_path))]
    done = subprocess.run(
        argv,
        env={**os.environ, **environment(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@EACH
def test_the_library_takes_its_parameters(example, tmp_path):
    server = server_of(example)
    argv = [*unconfined(server), "-d", "-c", str(prepared(example, tmp_path))]
    log = tmp_path / "kea.log"
    started = f"{server[4:].upper()}_STARTED"
    with Link(NETWORKS[server]) as link:
        with Process(argv, log, link.server, environment(tmp_path)) as kea:
            eventually("started", lambda: started in log.read_text(), 20)
            assert "DNS_UPDATE_STARTED" in log.read_text()
            assert kea.stop() == 0
