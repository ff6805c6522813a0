# SPDX-License-Identifier: MPL-2.0
"""A DNS server shows the same zones in two views; the key says which is told."""

import dns.message
import dns.query
import dns.tsigkeyring
import pytest
from lab import kea_config, zones
from lab.bind import Bind
from lab.clients import ScriptedClient, host_name
from lab.netns import inside
from lab.process import eventually
from lab.site import Site


class BindWithViews(Bind):
    """Who has a key sees the view "inside", everybody else the view "outside"."""

    def prepare(self) -> None:
        super().prepare()
        configuration = self.folder / "named.conf"
        head, mark, _ = configuration.read_text().partition("zone ")
        assert mark
        keys = " ".join(f'key "{key.name}";' for key in self.keys)
        views = self._view("inside", keys) + self._view("outside", "any;")
        configuration.write_text(head + views)

    def _view(self, name: str, clients: str) -> str:
        held = "\n".join(self._zone(zone) for zone in self.zones)
        held = held.replace(f'"{self.folder}/', f'"{self.folder}/{name}-')
        for zone in self.zones:
            path = self.zone_file(zone)
            path.with_name(f"{name}-{path.name}").write_text(path.read_text())
        return f'view "{name}" {{ match-clients {{ {clients} }};\n{held}\n}};\n'

    def lookup_inside(self, name: str, rdtype: str) -> list[str]:
        key = self.keys[0]
        query = dns.message.make_query(name, rdtype)
        query.use_tsig(dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)}))

        def ask():
            answer = dns.query.tcp(query, self.address, port=self.port, timeout=10)
            return sorted(record.data for record in zones.records_of(answer.answer))

        return inside(self.netns, ask)


@pytest.fixture
def site(tmp_path):
    with Site(tmp_path, server=BindWithViews) as running:
        yield running
        running.stop_cleanly()


def test_a_lease_is_in_the_view_of_the_key_alone(site):
    laptop = f"laptop.{kea_config.FORWARD}"
    client = ScriptedClient(site.link, host_name("laptop"))
    address = client.lease().yiaddr
    eventually("inside", lambda: site.dns.lookup_inside(laptop, "A") == [address], 30)
    eventually("settled", site.settled, 30)
    reverse = ".".join(reversed(address.split("."))) + ".in-addr.arpa."
    assert site.dns.lookup_inside(reverse, "PTR") == [laptop]
    assert site.records() == site.static
    client.release()
    eventually("gone", lambda: not site.dns.lookup_inside(laptop, "A"), 30)
