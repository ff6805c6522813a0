# SPDX-License-Identifier: MPL-2.0
"""Of two DNS servers the first one dies: the second takes over, until it is back."""

import pytest
from lab import load
from lab.clients import ScriptedClient, host_name
from lab.pair import PairSite
from lab.process import eventually

NAMES = {"ddns-replace-client-name": "when-not-present"}


@pytest.fixture
def site(tmp_path):
    with PairSite(tmp_path, **NAMES) as running:
        yield running
        running.stop_cleanly()


def dies(site):
    site.first.kill()


def vanishes(site):
    site.first_vanishes()


def is_back(site):
    site.first_is_back()
    if site.first._process is None:
        site.first.start()


EACH_END = pytest.mark.parametrize("end", [dies, vanishes], ids=["dead", "blackholed"])


def said_once(site, message):
    lines = site.kea.messages(message)
    return len(lines) == 1 and f"{site.first.address}#{site.first.port}" in lines[0]


@EACH_END
def test_the_first_is_away_from_the_start(site, end):
    site.stop_cleanly()
    end(site)
    site.kea.start()
    load.lease(site.link, 200, 2000)
    site.agree(60)
    assert said_once(site, "DNS_UPDATE_SERVER_DOWN")
    assert site.state_of_first() == {"resting"}
    assert site.state_of_second() == {"ready"}


@EACH_END
def test_the_first_dies_in_the_middle(site, end):
    with load.Load(site.link, 200, ["-F", "50"]):
        eventually("used", lambda: len(site.first_records()) > 400, 60, pause=0.2)
        assert site.records() == site.static
        end(site)
        eventually("taken over", lambda: len(site.records()) > 2000, 60, pause=0.2)
    assert said_once(site, "DNS_UPDATE_SERVER_DOWN")
    assert site.kea.command("dns-update-resync", all=True)["result"] == 0
    site.agree(120)  # the second has all of them now
    assert said_once(site, "DNS_UPDATE_SERVER_DOWN")


@EACH_END
def test_the_first_is_used_again_when_it_is_back(site, end):
    end(site)
    early = ScriptedClient(site.link, host_name("early"))
    early.lease()
    site.agree(60)
    is_back(site)
    eventually("back", lambda: site.state_of_first() == {"ready"} or wake(site), 60, pause=1)
    assert said_once(site, "DNS_UPDATE_SERVER_UP")
    late = ScriptedClient(site.link, host_name("late"))
    late.lease()
    eventually("the first has it", lambda: site.first.lookup("late.example.org.", "A"), 60)
    assert not site.address_of("late")


def wake(site):
    """A server that rests is tried again when there is something to tell."""
    ScriptedClient(site.link).lease()
    return False


def test_it_is_said_once_and_not_for_every_lease(site):
    site.first_vanishes()
    load.lease(site.link, 100, 1500)
    site.agree(60)
    assert said_once(site, "DNS_UPDATE_SERVER_DOWN")
    is_back(site)
    load.lease(site.link, 100, 500, *load.unused_macs())
    eventually("back", lambda: said_once(site, "DNS_UPDATE_SERVER_UP"), 60)
    assert not site.kea.messages("DNS_UPDATE_ZONE_DOWN")
    assert not site.kea.messages("DNS_UPDATE_LEASE_REFUSED")
