# SPDX-License-Identifier: MPL-2.0
"""10 000 leases while the configuration is read again and again: none is missing."""

from concurrent import futures

import pytest
from lab.clients import perfdhcp
from lab.clients6 import perfdhcp6
from lab.kea_config import ONE_THREAD
from lab.load import lease_all
from lab.site import Site, Site6

NAMES = {"ddns-replace-client-name": "when-not-present"}
THREADS = {
    "multi-threading": {
        "enable-multi-threading": True,
        "thread-pool-size": 2,
        "packet-queue-size": 256,
    }
}
RATE, LEASES = 500, 10_000
RELOADS, SECONDS_BETWEEN = 10, 1


@pytest.mark.load
@pytest.mark.parametrize(
    "threads",
    [
        pytest.param(ONE_THREAD, id="single-threaded", marks=pytest.mark.once),
        pytest.param(THREADS, id="multi-threaded"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "clients"), [(Site, perfdhcp), (Site6, perfdhcp6)], ids=["DHCPv4", "DHCPv6"]
)
def test_reloads_under_load_lose_nothing(tmp_path, kind, clients, threads):
    with kind(tmp_path, **NAMES, **threads) as site, futures.ThreadPoolExecutor(1) as pool:
        load = pool.submit(lease_all, site.link, site.kea.leases, RATE, LEASES, clients)
        for _ in range(RELOADS):
            futures.wait([load], SECONDS_BETWEEN)
            assert site.kea.command("config-reload")["result"] == 0
        load.result()
        site.agree(120)
        site.stop_cleanly()
