# SPDX-License-Identifier: MPL-2.0
"""What is counted, in Kea's own statistics and in the file for Prometheus."""

import pathlib
import re
import stat
import time

import pytest
from lab import kea_config, prometheus
from lab.clients import ScriptedClient, host_name
from lab.clients6 import ScriptedClient6, fqdn6
from lab.dns_servers import Key
from lab.load import Load, lease_all
from lab.process import eventually

ROOT = pathlib.Path(__file__).parents[2]
NAMES = {"ddns-replace-client-name": "when-not-present"}
ENDS = ("success", "rejected", "timeout", "error")
WRONG_KEY = {"hook": {"tsig-keys": [
    {"name": "lab-key", "algorithm": "hmac-sha256", "secret": Key().secret}
]}}
FILE = {"prometheus": "dns-update.prom"}
SECONDS = 60
IDLE_SECONDS = 5


def statistics(site):
    """The newest value of each, by name."""
    answer = site.kea.command("statistic-get-all")
    assert answer["result"] == 0
    return {name: samples[0][0] for name, samples in answer["arguments"].items()}


def shows(site, **wanted):
    """Wait until the statistics called update-... have these values."""
    names = {f"update-{name.replace('_', '-')}": value for name, value in wanted.items()}
    eventually(
        str(names), lambda: names.items() <= statistics(site).items(), SECONDS, pause=0.3
    )


def at_least(site, name, value=1):
    eventually(
        f"{name} is {value} or more",
        lambda: statistics(site).get(name, 0) >= value,
        SECONDS,
        pause=0.3,
    )


def add_up(counted, scope=""):
    """Every update that was sent has come to an end, or is in flight."""
    ends = sum(counted[f"{scope}update-{end}"] for end in ENDS)
    return counted[f"{scope}update-sent"] == ends + counted[f"{scope}update-in-flight"]


def leased(site, name):
    client = ScriptedClient(site.link, host_name(name))
    client.lease()
    return client


def server_of(site):
    return f"{site.dns.address}#{site.dns.port}"


def test_a_lease_is_two_updates_that_succeed(site):
    leased(site, "laptop")
    site.agree(SECONDS)
    shows(site, sent=2, success=2, signed=2, unsigned=0, rejected=0, timeout=0, error=0)
    shows(site, in_flight=0, changes=2, record_added=2, conflict=0, backlog=0, leases=1)
    counted = statistics(site)
    assert counted["update-rcode-noerror"] == 2
    assert counted["key[lab-key.].update-success"] == 2
    assert counted[f"server[{server_of(site)}].update-sent"] == 2
    assert counted[f"server[{server_of(site)}].update-server-up"] == 1
    assert counted[f"forward-zone[{kea_config.FORWARD}].update-sent"] == 1
    assert counted[f"reverse-zone[{kea_config.REVERSE}].update-sent"] == 1
    assert add_up(counted)


@pytest.mark.parametrize("site6", [FILE], indirect=True)
def test_kea_dhcp6_counts_too(site6):
    client = ScriptedClient6(site6.link, fqdn6("laptop"))
    client.lease()
    site6.agree(SECONDS)
    shows(site6, sent=2, success=2, record_added=2)
    path = site6.prometheus
    eventually(
        "the file",
        lambda: path.exists()
        and prometheus.parse(path.read_text())["dns_update_sent_total"].value(
            daemon="kea-dhcp6"
        ),
        SECONDS,
    )


@pytest.mark.parametrize("site", [{"keys": ()}], indirect=True)
def test_unsigned_updates_are_counted_as_such(site):
    leased(site, "laptop")
    shows(site, unsigned=2, signed=0, success=2, in_flight=0)
    assert not [name for name in statistics(site) if name.startswith("key[")]


@pytest.mark.parametrize("site", [{"extra": {kea_config.FORWARD: ["www 300 IN A 192.0.2.1"]}}],
                         indirect=True)
def test_a_name_that_is_taken_is_a_conflict_and_no_success(site):
    # A lease that is read meanwhile is tried twice.
    eventually("all leases were read", site.settled, SECONDS)
    leased(site, "www")
    shows(site, conflict=1, success=0)
    counted = statistics(site)
    assert counted["update-rejected"] == counted["update-sent"] > 0
    assert counted["update-rcode-yxdomain"] > 0
    assert counted[f"forward-zone[{kea_config.FORWARD}].update-conflict"] == 1
    assert add_up(counted)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_server_that_does_not_answer_is_a_timeout(site, transport):
    dhcp4 = site.dhcp()
    for direction in ("forward-ddns", "reverse-ddns"):
        for domain in dhcp4["hooks-libraries"][-1]["parameters"][direction]["ddns-domains"]:
            for server in domain["dns-servers"]:
                server["transport"] = transport
    site.kea.configure(dhcp4)
    assert site.kea.command("config-reload")["result"] == 0
    site.dns.pause()
    try:
        leased(site, "laptop")
        at_least(site, "update-timeout")
        counted = statistics(site)
        assert counted["update-success"] == 0
        assert counted[f"server[{server_of(site)}].update-server-up"] == 0
        assert counted["update-backlog"] == 1
    finally:
        site.dns.resume()
    site.agree(SECONDS)
    at_least(site, "update-success", 2)


def test_a_server_that_is_gone_takes_no_connection(site):
    site.dns.kill()
    leased(site, "laptop")
    at_least(site, f"server[{server_of(site)}].update-connect-error")
    assert statistics(site)["update-sent"] == 0
    site.dns.start()
    site.agree(SECONDS)
    at_least(site, f"server[{server_of(site)}].update-connect-success")


@pytest.mark.parametrize("site", [WRONG_KEY], indirect=True)
def test_a_wrong_key_is_a_verdict(site):
    leased(site, "laptop")
    at_least(site, "update-tsig-badsig")
    counted = statistics(site)
    assert counted["key[lab-key.].update-tsig-badsig"] > 0
    assert counted["update-rcode-notauth"] > 0
    assert counted["update-success"] == 0


def test_counting_goes_on_after_a_reset_and_a_removal(site):
    leased(site, "first")
    shows(site, success=2)
    assert site.kea.command("statistic-reset-all")["result"] == 0
    shows(site, success=0, leases=1)
    leased(site, "second")
    shows(site, success=2, leases=2)
    assert site.kea.command("statistic-remove", name="update-success")["result"] == 0
    leased(site, "third")
    shows(site, success=2, leases=3)


def test_one_value_of_each_is_kept(site):
    leased(site, "first")
    shows(site, success=2)
    leased(site, "second")
    shows(site, success=4)
    found = site.kea.command("statistic-get-all")["arguments"]
    assert {len(found[name]) for name in found if "update-" in name} == {1}


def test_they_begin_again_with_a_reload_and_go_with_the_library(site):
    leased(site, "laptop")
    shows(site, success=2)
    assert site.kea.command("config-reload")["result"] == 0
    shows(site, success=0, leases=1)
    dhcp4 = site.dhcp()
    del dhcp4["hooks-libraries"][-1]
    site.kea.configure(dhcp4)
    assert site.kea.command("config-reload")["result"] == 0
    assert not [name for name in statistics(site) if "update-" in name]
    site.kea.configure(site.dhcp())
    assert site.kea.command("config-reload")["result"] == 0


@pytest.mark.load
@pytest.mark.parametrize("site", [{**FILE, **NAMES}], indirect=True)
def test_a_thousand_leases_are_counted_and_the_file_is_always_whole(site):
    path = site.prometheus
    eventually("the first file", path.exists, SECONDS)
    seen = {}
    with Load(site.link, 200):
        def grown():
            found = prometheus.parse(path.read_text())
            seen["added"] = found["dns_update_record_added_total"].value()
            return seen["added"] >= 2000
        eventually("1000 leases in the file", grown, 120, pause=0.001)
    lease_all(site.link, site.kea.leases, 200, 1000)
    site.agree(120)
    eventually("settled", site.settled, SECONDS)
    records = 2 * len(site.kea.leases())
    shows(site, record_added=records, in_flight=0)
    counted = statistics(site)
    assert add_up(counted)
    for scope in {name.partition("].")[0] for name in counted if "].update-sent" in name}:
        assert add_up(counted, f"{scope}].")

    def the_same():
        found = prometheus.parse(path.read_text())
        return (
            found["dns_update_record_added_total"].value() == records
            and found["dns_update_latency_seconds"].value("_count") == records
            and found["dns_update_batch_size"].value("_sum") == counted["update-changes"]
            and found["dns_update_sent_total"].value() == counted["update-sent"]
            and found["dns_update_answers_total"].value(rcode="NOERROR")
            == counted["update-success"]
        )
    eventually("the file says the same", the_same, SECONDS)


@pytest.mark.parametrize("site", [FILE], indirect=True)
def test_the_file_is_for_everybody_and_goes_with_the_server(site):
    path = site.prometheus
    eventually("the file", path.exists, SECONDS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    found = prometheus.parse(path.read_text())
    assert found["dns_update_server_up"].value(daemon="kea-dhcp4") == 1
    site.stop_cleanly()
    assert not list(path.parent.glob("dns-update.prom*"))


@pytest.mark.parametrize("site", [{"prometheus": "metrics/dns.prom"}], indirect=True)
def test_a_file_that_cannot_be_written_is_one_message(site):
    def down():
        return site.kea.messages("DNS_UPDATE_PROMETHEUS_DOWN")

    eventually("it is said", down, SECONDS)
    assert "metrics/dns.prom: No such file or directory" in down()[0]
    leased(site, "laptop")
    site.agree(SECONDS)
    site.prometheus.parent.mkdir()
    eventually("it is written", site.prometheus.exists, SECONDS)
    eventually(
        "that is said", lambda: site.kea.messages("DNS_UPDATE_PROMETHEUS_UP"), SECONDS
    )
    assert len(down()) == 1


def documented(file, title):
    """The names in the first column of the table below a title of a file."""
    text = (ROOT / file).read_text()
    table = text.partition(f"\n### {title}\n")[2].partition("\n#")[0]
    cells = re.findall(r"^\| (`[^|]*`) \|", table, re.M)
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


def pattern(name):
    """Without what depends on the site, and on what went wrong there."""
    name = re.sub(r"^(forward-zone|reverse-zone|server|key)\[.*\]\.", "", name)
    return re.sub(r"^(update-rcode-|update-tsig-).*", r"\1…", name)


@pytest.mark.parametrize("site", [{**FILE, **WRONG_KEY}], indirect=True)
def test_the_readmes_list_all_and_no_other(site):
    leased(site, "laptop")
    at_least(site, "update-tsig-badsig")
    found = {pattern(name) for name in statistics(site) if "update-" in name}
    assert found == documented("README.md", "Statistics")
    eventually("the file", site.prometheus.exists, SECONDS)
    names = set(prometheus.parse(site.prometheus.read_text()))
    assert names == documented("hook/README.md", "Prometheus")


def test_a_lease_that_is_told_again_waits_since_then(site):
    """And not since the client last had something to do."""
    client = leased(site, "laptop")
    shows(site, record_added=2)
    time.sleep(IDLE_SECONDS)
    before = statistics(site)["update-latency-ms"]
    answer = site.kea.command("lease4-resend-ddns", ip_address=client.address)
    assert answer["result"] == 0
    shows(site, record_added=4)
    later = statistics(site)["update-latency-ms"]
    assert later - before < IDLE_SECONDS * 1000
