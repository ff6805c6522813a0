# SPDX-License-Identifier: MPL-2.0
"""The hook against BIND, Knot and PowerDNS."""

import pytest
from lab.clients import ScriptedClient, host_name
from lab.dns_servers import ALGORITHMS, SERVERS, Key
from lab.process import eventually, wrong_clock

EACH_SERVER = pytest.mark.parametrize("server", SERVERS)
TRANSPORTS = pytest.mark.parametrize("transport", ["tcp", "udp"])


def use(site, transport):
    """Reload with this transport for every DNS server."""
    dhcp4 = site.dhcp()
    parameters = dhcp4["hooks-libraries"][1]["parameters"]
    for direction in ("forward-ddns", "reverse-ddns"):
        for domain in parameters[direction]["ddns-domains"]:
            for server in domain["dns-servers"]:
                server["transport"] = transport
    site.kea.configure(dhcp4)
    assert site.kea.command("config-reload")["result"] == 0


@EACH_SERVER
@TRANSPORTS
def test_add_rename_and_release(sites, server, transport):
    site = sites(server=server)
    use(site, transport)
    client = ScriptedClient(site.link, host_name("before"))
    client.lease()
    site.agree()
    assert site.address_of("before") == [client.address]
    client.options = [host_name("after")]
    client.renew()
    site.agree()
    assert site.address_of("after") == [client.address]
    client.release()
    eventually("the records are gone", lambda: site.records() == site.static)
    site.agree()


@EACH_SERVER
def test_a_static_name_is_a_conflict(sites, server):
    site = sites(server=server)
    for name in ("ns", "www"):
        ScriptedClient(site.link, host_name(name)).lease()
    eventually(
        "two conflicts", lambda: len(site.kea.messages("DNS_UPDATE_CONFLICT")) >= 2
    )
    site.agree()


@EACH_SERVER
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_algorithm(sites, server, algorithm):
    site = sites(server=server, keys=[Key(algorithm=algorithm)])
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    assert site.address_of("laptop") == [client.address]


@EACH_SERVER
def test_a_wrong_secret_changes_nothing_and_is_reported(sites, server):
    site = sites(server=server)
    dhcp4 = site.dhcp()
    wrong = Key().secret
    dhcp4["hooks-libraries"][1]["parameters"]["tsig-keys"][0]["secret"] = wrong
    site.kea.configure(dhcp4)
    assert site.kea.command("config-reload")["result"] == 0
    ScriptedClient(site.link, host_name("laptop")).lease()
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_ZONE_DOWN"), 30)
    assert site.records() == site.static
    assert wrong not in site.kea.log.read_text()
    site.kea.configure(site.dhcp())
    assert site.kea.command("config-reload")["result"] == 0
    site.agree(30)
    assert site.address_of("laptop")


@EACH_SERVER
def test_a_wrong_clock_changes_nothing_and_is_reported(sites, server):
    site = sites(server=server, env=wrong_clock(-1000))
    ScriptedClient(site.link, host_name("laptop")).lease()
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_ZONE_DOWN"), 30)
    assert site.records() == site.static


@EACH_SERVER
def test_a_batch_with_static_names_in_it(sites, server):
    site = sites(server=server)
    site.dns.pause()
    names = ["ns", *(f"host{number}" for number in range(30)), "www"]
    for name in names:
        ScriptedClient(site.link, host_name(name)).lease()
    site.dns.resume()
    site.agree(60)
    assert all(site.address_of(f"host{number}") for number in range(30))
