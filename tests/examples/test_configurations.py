# SPDX-License-Identifier: MPL-2.0
"""Every example configuration is one that Kea and the library accept."""

import os
import pathlib
import subprocess

import pytest
from lab.kea import hook_library, sanitizer_environment
from lab.netns import Link
from lab.process import Process, eventually, unconfined

EXAMPLES = pathlib.Path(__file__).parents[2] / "kea-config-examples"
SECRET = "c2VjcmV0IG9mIHRoZSBleGFtcGxlcywgMzIgb2N0ZXRz"


def prepared(example, folder):
    """The example as it is, but for places that only this machine knows."""
    for name in ("dhcp-key", "office-key", "lab-key"):
        (folder / f"{name}.secret").write_text(f"{SECRET}\n")
    text = example.read_text()
    assert '"libdhcp_dns_update.so"' in text
    text = text.replace('"libdhcp_dns_update.so"', f'"{hook_library()}"')
    text = text.replace("/etc/kea/", f"{folder}/")
    text = text.replace('"tsig-keys"', f'"ledger": "{folder}/ledger.sqlite", "tsig-keys"')
    text = text.replace('"type": "memfile"', f'"type": "memfile", "name": "{folder}/leases"')
    path = folder / example.name
    path.write_text(text)
    return path


def environment(folder):
    places = {"KEA_PIDFILE_DIR": str(folder), "KEA_LOCKFILE_DIR": str(folder)}
    return {**places, **sanitizer_environment(hook_library())}


EACH = pytest.mark.parametrize(
    "example", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.name
)


@EACH
def test_kea_takes_the_configuration(example, tmp_path):
    argv = [*unconfined("kea-dhcp4"), "-t", str(prepared(example, tmp_path))]
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
    argv = [*unconfined("kea-dhcp4"), "-d", "-c", str(prepared(example, tmp_path))]
    log = tmp_path / "kea.log"
    with Link("192.0.2.0/24") as link:
        with Process(argv, log, link.server, environment(tmp_path)) as kea:
            eventually("started", lambda: "DHCP4_STARTED" in log.read_text(), 20)
            assert "DNS_UPDATE_STARTED" in log.read_text()
            assert kea.stop() == 0
