# SPDX-License-Identifier: MPL-2.0
"""PTR records of less than a whole octet, in a zone that was delegated (RFC 2317)."""

import functools
import subprocess

import pytest
from lab import zones
from lab.audit import audit, counts, tamper
from lab.bind import Bind
from lab.clients import ScriptedClient, host_name
from lab.netns import inside
from lab.process import eventually
from lab.site import Site

PARENT = "77.10.in-addr.arpa."
CHILD = "128/26.1.77.10.in-addr.arpa."
NETWORK = "10.77.1.128/26"
SUBNET = {
    "id": 1,
    "subnet": "10.77.0.0/16",
    "pools": [{"pool": "10.77.1.130 - 10.77.1.180"}],
}
OUTSIDE = {**SUBNET, "pools": [{"pool": "10.77.1.1 - 10.77.1.20"}]}
FOREIGN_DHCID = "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA="  # RFC 4701 section 3.6
PARENT_ADDRESS, RESOLVER_ADDRESS = "127.0.0.2", "127.0.0.3"


class Resolver(Bind):
    """Asks the parent's server, and whom that delegates to."""

    def _options(self) -> str:
        options = super()._options().replace("recursion no;", "recursion yes;")
        stub = f"type static-stub; server-addresses {{ {PARENT_ADDRESS}; }};"
        return f'{options}\nzone "{PARENT}" {{ {stub} }};'


def delegation(pattern):
    """What the parent's operator writes (RFC 2317 section 4)."""
    server = f"ns.{CHILD}"
    names = ((n, pattern.replace("$", str(n))) for n in range(128, 192))
    aliases = [f"{n}.1.{PARENT} 300 IN CNAME {owner}.{CHILD}" for n, owner in names]
    return [
        f"ns.{PARENT} 300 IN A {PARENT_ADDRESS}",
        f"{CHILD} 300 IN NS {server}",
        f"{server} 300 IN A 127.0.0.1",
        *aliases,
    ]


class ClasslessSite(Site):
    """It has the child, beside the parent's server and a resolver."""

    def __init__(self, folder, pattern=None, **settings):
        server = functools.partial(Bind, port=53)
        super().__init__(folder, server=server, reverse=(CHILD,), **settings)
        self.pattern = pattern

    def start_dns(self, stack):
        super().start_dns(stack)
        for address in (PARENT_ADDRESS, RESOLVER_ADDRESS):
            words = ["address", "add", f"{address}/8", "dev", "lo"]
            subprocess.run(["ip", "-n", self.link.server, *words], check=True, timeout=10)
        others = {"netns": self.link.server, "port": 53, "forward": ()}
        lines = {PARENT: delegation(self.pattern or "$")}
        for server in (
            Bind(
                self.folder, **others, address=PARENT_ADDRESS, reverse=(PARENT,), extra=lines
            ),
            Resolver(self.folder, **others, address=RESOLVER_ADDRESS, reverse=()),
        ):
            stack.enter_context(server)

    def parameters(self, **more):
        parameters = super().parameters(**more)
        (domain,) = parameters["reverse-ddns"]["ddns-domains"]
        domain["network"] = NETWORK
        if self.pattern:
            domain["owner-pattern"] = self.pattern
        return parameters

    def pointers(self, address):
        """What a client of the resolver is told: the alias, and the names it leads to."""
        name = ".".join(reversed(address.split("."))) + ".in-addr.arpa."
        return inside(
            self.link.server, lambda: zones.lookup(RESOLVER_ADDRESS, 53, name, "PTR")
        )


@pytest.fixture(params=[None, "host-$.dhcp"], ids=["plain", "pattern"])
def classless(tmp_path, request):
    with ClasslessSite(tmp_path, request.param, subnet4=[SUBNET]) as running:
        yield running
        running.stop_cleanly()


def leased(site, name):
    client = ScriptedClient(site.link, host_name(name))
    return client, client.lease().yiaddr


def owner(site, address):
    pattern = site.pattern or "$"
    return f"{pattern.replace('$', address.rsplit('.', 1)[1])}.{CHILD}"


def told(site, owner):
    eventually("DNS is told", lambda: site.dns.lookup(owner, "PTR"), 30)
    eventually("settled", site.settled, 30)


def test_it_resolves_through_the_delegation_and_vanishes_on_release(classless):
    client, address = leased(classless, "laptop")
    name = owner(classless, address)
    told(classless, name)
    assert classless.pointers(address) == sorted([name, "laptop.example.org."])
    assert classless.dns.lookup(name, "DHCID")
    client.release()
    eventually("gone", lambda: classless.records() == classless.static, 30)


def test_an_audit_finds_what_is_missing_and_what_is_left_over(classless):
    _, address = leased(classless, "laptop")
    name = owner(classless, address)
    told(classless, name)
    assert counts(audit(classless)) == (0, 0, 0)
    classless.dns.forget(name)
    assert counts(audit(classless, repair=True)) == (1, 0, 0)
    told(classless, name)
    left = owner(classless, "10.77.1.140")

    def plant(update):
        update.add(left, 300, "PTR", "gone.example.org.")
        update.add(left, 300, "DHCID", FOREIGN_DHCID)

    tamper(classless, CHILD, plant)
    assert counts(audit(classless, repair=True)) == (0, 0, 1)
    eventually("removed", lambda: not classless.dns.lookup(left, "PTR"), 30)
    assert classless.dns.lookup(name, "PTR")


def test_it_is_removed_also_after_a_restart(classless):
    client, address = leased(classless, "laptop")
    told(classless, owner(classless, address))
    classless.kea.kill()
    classless.kea.start()
    client.release()
    eventually("gone", lambda: classless.records() == classless.static, 30)


def test_an_address_outside_every_reverse_zone_makes_no_records(tmp_path):
    with ClasslessSite(tmp_path, subnet4=[OUTSIDE]) as site:
        _, address = leased(site, "laptop")
        answer = site.kea.command("dns-update-lease-get", ip_address=address)
        assert "no configured zone encloses" in answer["text"], answer
        assert site.records() == site.static
        site.stop_cleanly()
