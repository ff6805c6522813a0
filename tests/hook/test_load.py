# SPDX-License-Identifier: MPL-2.0
"""Many leases: none is missing, none is left over."""

import pytest
from lab.clients import perfdhcp
from lab.kea_config import RECLAIM_AT_ONCE
from lab.load import lease_all
from lab.process import eventually

THREADS = {"enable-multi-threading": True, "thread-pool-size": 2, "packet-queue-size": 256}
NAMES = {"ddns-replace-client-name": "when-not-present"}


def load(site, rate, count, *words):
    seconds = count // rate
    return perfdhcp(site.link, "-r", str(rate), "-R", str(count), "-p", str(seconds), *words)


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize("site", [{**NAMES, "multi-threading": THREADS}], indirect=True)
def test_20000_leases_have_their_records(site):
    lease_all(site.link, site.kea.leases, 500, 20000)
    site.agree(120)


LEASES_THAT_EXPIRE = {
    **NAMES,
    "multi-threading": THREADS,
    "valid-lifetime": 45,
    "expired-leases-processing": RECLAIM_AT_ONCE,
}


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize("site", [LEASES_THAT_EXPIRE], indirect=True)
def test_20000_leases_expire_and_nothing_is_left(site):
    load(site, 500, 20000)
    # Each look is a transfer of the whole zone.
    eventually("all expired", lambda: site.records() == site.static, 180, pause=2)


@pytest.mark.load
@pytest.mark.parametrize("site", [{**NAMES, "multi-threading": THREADS}], indirect=True)
def test_leases_renewed_and_released_under_load(site):
    load(site, 300, 6000, "-f", "60", "-F", "100")
    site.agree(120)
