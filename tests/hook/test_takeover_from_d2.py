# SPDX-License-Identifier: MPL-2.0
"""A site of D2's is taken over by the library, with its leases and zones, and given back."""

from __future__ import annotations

import json

import pytest
from lab import kea_config
from lab.clients import ScriptedClient, host_name
from lab.clients6 import ScriptedClient6, fqdn6
from lab.d2_site import D2Site, D2Site6
from lab.process import eventually

LEASES = 1000
AT_ONCE = 50  # D2 is asked for no more before it has done them
PATIENCE = 120
# A released lease ends at once: of those that it keeps Kea reclaims a hundred in ten seconds.
SETTINGS = {"expired-leases-processing": {"hold-reclaimed-time": 0}}


class Family4:
    site = D2Site
    configuration = staticmethod(kea_config.dhcp4)

    @staticmethod
    def client(link, number):
        return ScriptedClient(link, *Family4.name(f"host-{number}"))

    @staticmethod
    def name(name):
        return [host_name(name)]


class Family6:
    site = D2Site6
    configuration = staticmethod(kea_config.dhcp6)

    @staticmethod
    def client(link, number):
        return ScriptedClient6(link, *Family6.name(f"host-{number}"))

    @staticmethod
    def name(name):
        return [fqdn6(name)]


def paced(site, clients, work):
    for at in range(0, len(clients), AT_ONCE):
        for client in clients[at : at + AT_ONCE]:
            work(client)
        eventually("D2 is idle", site.d2.idle, PATIENCE)


def release(site, clients):
    """Nobody answers a DHCPRELEASE: a server that is behind loses those it has no room for."""
    for at in range(0, len(clients), AT_ONCE):
        addresses = [client.address for client in clients[at : at + AT_ONCE]]
        for client in clients[at : at + AT_ONCE]:
            client.release()
        site.kea.wait_until_gone(*addresses, seconds=PATIENCE)
        eventually("D2 is idle", site.d2.idle, PATIENCE)


def told(site):
    """With TTLs, which two records may differ in and be equal."""
    return {(r.name, r.type, r.data, r.ttl) for r in site.records()}


def serials(site):
    """Of the zones that do not change at all.

    D2 writes the names in ip6.arpa with capital letters.  The library does not (RFC 3596
    section 2.5), and the DNS server keeps the form that it was told last.
    """
    return [site.dns.serial(z) for z in site.dns.zones if not z.endswith(".ip6.arpa.")]


def restart(site, dhcp):
    """With another configuration, the same leases and the same zones."""
    site.stop_cleanly()
    site.kea.configure(dhcp)
    site.kea.start()


def with_the_library(site, family):
    """The parameters are the DhcpDdns object of D2's own file."""
    parameters = json.loads(site.d2.configuration.read_text())["DhcpDdns"]
    return family.configuration({**parameters, "ledger": str(site.ledger)}, **SETTINGS)


def library_settled(site):
    """As Site says, while the library has D2's place."""
    now = site.status()
    reads = now["ledger"]["state"] == "reading" or now["resync"]["running"]
    return not reads and now["leases"]["unsettled"] == 0


def rename(clients, family, work):
    for number, client in enumerate(clients):
        client.options = family.name(f"renamed-{number}")
        work(client)


@pytest.mark.parametrize("family", [Family4, Family6], ids=["v4", "v6"])
def test_there_and_back(tmp_path, family):
    with family.site(tmp_path, **SETTINGS) as site:
        clients = [family.client(site.link, number) for number in range(LEASES)]
        paced(site, clients, lambda client: client.lease())
        site.agree(PATIENCE)
        before, serials_before = told(site), serials(site)

        restart(site, with_the_library(site, family))
        eventually(
            "every lease was read and DNS asked",
            lambda: library_settled(site) and site.status()["leases"]["known"] == LEASES,
            PATIENCE,
        )
        assert told(site) == before
        assert serials(site) == serials_before

        quarter = LEASES // 4
        for client in clients[:quarter]:
            client.renew()
        rename(clients[quarter : 2 * quarter], family, lambda client: client.renew())
        release(site, clients[2 * quarter : 3 * quarter])
        site.agree(PATIENCE)
        eventually("nothing waits", lambda: library_settled(site), PATIENCE)

        at_the_end = told(site)
        restart(site, site.dhcp())
        assert told(site) == at_the_end
        paced(site, clients[:quarter], lambda client: client.renew())
        site.agree(PATIENCE)
        release(site, clients[: 2 * quarter] + clients[3 * quarter :])
        eventually("all records are gone", lambda: site.records() == site.static, PATIENCE)
        assert not site.d2.losses()
