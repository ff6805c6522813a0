# SPDX-License-Identifier: MPL-2.0
"""DNS is away while hundreds of leases a second come and go: nothing is lost."""

import contextlib
import shutil
import threading
import time

import pytest
from lab import load
from lab.disk import fill, small_disk
from lab.dns_servers import Bind, Knot
from lab.netns import silence
from lab.process import eventually

NAMES = {"ddns-replace-client-name": "when-not-present"}


@contextlib.contextmanager
def stopped(site):
    site.dns.stop()
    yield
    site.dns.start()


@contextlib.contextmanager
def killed(site):
    site.dns.kill()
    yield
    site.dns.start()


@contextlib.contextmanager
def packets_lost(site):
    with silence(site.link.server):
        yield


@contextlib.contextmanager
def deaf(site):
    site.dns.pause()
    yield
    site.dns.resume()


@contextlib.contextmanager
def answering_servfail(site):
    """It cannot write to the zones' journals, as their disk is full."""
    folder = site.dns.folder
    journals = [f"{zone}zone.jnl" for zone in site.dns.zones]
    words = [f'file "{site.dns.folder}/{zone}zone";' for zone in site.dns.zones]
    config = folder / "named.conf"
    text = config.read_text()
    full = text
    for word, journal in zip(words, journals):
        assert word in text
        full = full.replace(word, f'{word} journal "full/{journal}";')
    site.dns.stop()
    with small_disk(folder / "full", 16) as disk:
        for journal in journals:
            shutil.move(folder / journal, disk / journal)
        fill(disk)
        config.write_text(full)
        site.dns.start()
        yield
        site.dns.stop()
        for journal in journals:
            shutil.move(disk / journal, folder / journal)
    config.write_text(text)
    site.dns.start()


@contextlib.contextmanager
def answering_refused(site):
    """The key is gone from the server's policy."""
    config = site.dns.folder / "named.conf"
    text = config.read_text()
    words = 'allow-update { key "lab-key"; }'
    assert words in text
    site.dns.stop()
    config.write_text(text.replace(words, "allow-update { none; }"))
    site.dns.start()
    yield
    site.dns.stop()
    config.write_text(text)
    site.dns.start()


def through_an_outage(site, outage, seconds, rate):
    """Lease and release from a little before the outage until its end."""
    count = rate * (seconds + 5)
    words = ["-F", str(rate // 4), *load.unused_macs()]
    traffic = threading.Thread(target=load.lease, args=(site.link, rate, count, *words))
    traffic.start()
    eventually("records before the outage", lambda: len(site.records()) > 500, 60, pause=0.5)
    with outage(site):
        began = time.monotonic()
        traffic.join()
        away = time.monotonic() - began
    back = time.monotonic()
    before = site.status()["leases"]["unsettled"]
    eventually("settled", site.settled, 300, pause=0.2)
    took = time.monotonic() - back
    print(f"{away:.0f} s away, {before} leases to tell then, all told {took:.1f} s later")
    site.agree(120)


@pytest.mark.load
@pytest.mark.once
@pytest.mark.parametrize("site", [NAMES], indirect=True)
def test_a_minute_without_dns_and_500_leases_a_second(site):
    through_an_outage(site, stopped, 60, 500)
    assert len(site.kea.leases()) > 15000


SERVERS = pytest.mark.parametrize(
    "site",
    [
        pytest.param({**NAMES, "server": Bind}, id="BIND"),
        pytest.param({**NAMES, "server": Knot}, id="Knot", marks=pytest.mark.once),
    ],
    indirect=True,
)


@SERVERS
@pytest.mark.parametrize("outage", [killed, deaf, packets_lost], ids=lambda o: o.__name__)
def test_a_server_is_away_and_comes_back(site, outage):
    through_an_outage(site, outage, 15, 300)
    assert site.kea.messages("DNS_UPDATE_SERVER_DOWN")
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_SERVER_UP"), 30)


@pytest.mark.parametrize("site", [NAMES], indirect=True)
@pytest.mark.parametrize(
    ("outage", "answer"),
    [
        pytest.param(answering_servfail, "SERVFAIL", id="SERVFAIL"),
        pytest.param(answering_refused, "REFUSED", id="REFUSED", marks=pytest.mark.once),
    ],
)
def test_a_server_answers_and_takes_nothing(site, outage, answer):
    through_an_outage(site, outage, 15, 300)
    said = site.kea.messages("DNS_UPDATE_SERVER_DOWN") + site.kea.messages("DNS_UPDATE_ZONE_DOWN")
    assert any(answer in line for line in said), said
