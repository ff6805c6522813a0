# SPDX-License-Identifier: MPL-2.0
"""Reloading again and again under load: nothing is lost, and no memory either."""

import pathlib

import pytest
from lab import load
from lab.kea import hook_library, sanitizer_environment
from lab.load import Load

NAMES = {"ddns-replace-client-name": "when-not-present"}
RELOADS = 50
LEASES = 1000
SAME_CLIENTS = ["-b", "mac=02:02:00:00:00:00"]


def resident(site):
    """VmRSS of the server in kB."""
    status = pathlib.Path(f"/proc/{site.kea.process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@pytest.mark.parametrize("site", [NAMES], indirect=True)
def test_50_reloads_under_load(site):
    load.lease(site.link, 500, LEASES, *SAME_CLIENTS)
    site.agree(60)
    assert site.kea.command("config-reload")["result"] == 0
    first = resident(site)
    with Load(site.link, 200, ["-f", "50", *SAME_CLIENTS]):
        for _ in range(RELOADS):
            assert site.kea.command("config-reload")["result"] == 0
    site.agree(120)
    last = resident(site)
    print(f"VmRSS {first} kB after the first reload, {last} kB after {RELOADS} more")
    if not sanitizer_environment(hook_library()):  # which keeps what was freed
        assert last < 1.1 * first
