# SPDX-License-Identifier: MPL-2.0
"""`kea-dhcp4 -T`: the library says what is wrong, and starts nothing."""

import os
import subprocess

import pytest
from lab.process import unconfined


def check(site):
    site.stop_cleanly()
    folder = str(site.kea.folder)
    site.ledger.unlink()
    places = ("PIDFILE_DIR", "LOCKFILE_DIR", "DHCP_DATA_DIR", "CONTROL_SOCKET_DIR")
    environment = {f"KEA_{place}": folder for place in places}
    return subprocess.run(
        ["ip", "netns", "exec", site.link.server]
        + [*unconfined(site.kea.program), "-T", f"{site.kea.program}.json"],
        cwd=folder,
        env={**os.environ, **environment, **site.kea.env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(params=["site", "site6"])
def either(request):
    return request.getfixturevalue(request.param)


def test_nothing_starts(either):
    done = check(either)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DNS_UPDATE_CHECK_ONLY" in done.stdout
    assert "DNS_UPDATE_STARTED" not in done.stdout
    assert not either.ledger.exists()


def test_a_mistake_is_named(either):
    path = either.kea.folder / f"{either.kea.program}.json"
    path.write_text(path.read_text().replace('"forward-ddns"', '"foward-ddns"'))
    done = check(either)
    assert done.returncode != 0
    assert "foward-ddns" in done.stdout
