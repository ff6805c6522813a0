# SPDX-License-Identifier: MPL-2.0
"""The DNS server dies at any moment: what it had not answered is told again."""

import time

import pytest
from lab.dns_servers import Bind, Knot
from lab.load import Load
from lab.moments import chance

NAMES = {"ddns-replace-client-name": "when-not-present"}
TIMES = 20


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize(
    "site",
    [{**NAMES, "server": Bind}, {**NAMES, "server": Knot}],
    ids=["BIND", "Knot"],
    indirect=True,
)
def test_killed_at_random_moments_under_load(site):
    random = chance()
    with Load(site.link, 150, ["-F", "50"]):
        for _ in range(TIMES):
            time.sleep(random.uniform(0, 2))
            site.dns.kill()
            time.sleep(random.choice([0, 0, 0.5, 2]))
            site.dns.start()
    began = time.monotonic()
    site.agree(120)
    print(f"{len(site.kea.leases())} leases agreed {time.monotonic() - began:.1f} s later")
    assert len(site.kea.leases()) > 1000
