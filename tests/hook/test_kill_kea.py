# SPDX-License-Identifier: MPL-2.0
"""Kea dies at any moment: what it was about to tell DNS is told after its return."""

import time

import pytest
from lab.clients import ScriptedClient, host_name
from lab.kea_config import RECLAIM_AT_ONCE
from lab.load import Load
from lab.moments import chance

NAMES = {"ddns-replace-client-name": "when-not-present"}
SOME_EXPIRE = {
    **NAMES,
    "min-valid-lifetime": 5,
    "max-valid-lifetime": 3600,
    "expired-leases-processing": RECLAIM_AT_ONCE,
}
RELEASED = ["-F", "40"]
FIVE_SECONDS = ["-o", "51,00000005"]
TIMES = 30


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize("site", [SOME_EXPIRE], indirect=True)
def test_killed_at_random_moments_under_load(site):
    random = chance()
    with Load(site.link, 150, RELEASED, FIVE_SECONDS):
        for _ in range(TIMES):
            time.sleep(random.uniform(0, 2))
            site.kea.kill()
            time.sleep(random.choice([0, 0, 0.5, 3]))
            site.kea.start()
    began = time.monotonic()
    site.agree(120)
    print(f"{len(site.kea.leases())} leases agreed {time.monotonic() - began:.1f} s later")
    assert len(site.kea.leases()) > 1000


@pytest.mark.parametrize("site", [SOME_EXPIRE], indirect=True)
def test_leases_that_expired_while_it_was_down(site):
    for number in range(20):
        client = ScriptedClient(site.link, host_name(f"host{number}"))
        client.options.append((51, (2 if number % 2 else 3600).to_bytes(4, "big")))
        client.lease()
    site.kea.kill()
    time.sleep(6)  # the server makes five seconds of two
    site.kea.start()
    site.agree(60)
    assert not site.address_of("host1")
    assert site.address_of("host2")
