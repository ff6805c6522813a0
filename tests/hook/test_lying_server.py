# SPDX-License-Identifier: MPL-2.0
"""Lies before the truth change nothing: the records arrive all the same."""

import pytest
from lab.clients import ScriptedClient, host_name
from lab.dns_server import free_port
from lab.lying_server import LIES, LyingServer
from lab.netns import inside
from lab.process import eventually


def behind(site, port, transport):
    """Reload with the proxy's port and this transport."""
    dhcp4 = site.dhcp()
    parameters = dhcp4["hooks-libraries"][1]["parameters"]
    for direction in ("forward-ddns", "reverse-ddns"):
        for domain in parameters[direction]["ddns-domains"]:
            for server in domain["dns-servers"]:
                server.update(port=port, transport=transport)
    site.kea.configure(dhcp4)
    assert site.kea.command("config-reload")["result"] == 0


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_records_arrive_all_the_same(site, lie, transport):
    port = inside(site.link.server, lambda: free_port(site.dns.address))
    with LyingServer(lie, site.dns.address, port, site.dns.port, site.link.server) as liar:
        behind(site, port, transport)
        taken = ScriptedClient(site.link, host_name("ns"))
        clients = [ScriptedClient(site.link, host_name(f"host{n}")) for n in range(3)]
        for client in (taken, *clients):
            client.lease()
        site.agree(30)
        assert all(site.address_of(f"host{n}") for n in range(3))
        for client in (taken, *clients):
            client.release()
        eventually("gone again", lambda: site.records() == site.static, 30)
        assert next(liar.told) > 0
        site.stop_cleanly()
