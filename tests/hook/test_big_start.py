# SPDX-License-Identifier: MPL-2.0
"""A start with many leases: clients are served before all of them were compared."""

import itertools
import socket
import time

import pytest
from lab import kea_config, lease_file, packet
from lab.netns import inside
from lab.packet import Message
from lab.process import eventually
from lab.site import Site

LEASES = 100_000
NETWORKS = {1: "10.77.0.0/16", 2: "10.78.0.0/16"}
REVERSE = (kea_config.REVERSE, "78.10.in-addr.arpa.")
SUBNETS = [
    {
        "id": number,
        "subnet": network,
        "pools": [{"pool": network.replace("0.0/16", "250.0 - ") + network.replace("0.0/16", "250.255")}],
    }
    for number, network in NETWORKS.items()
]


@pytest.fixture
def site(tmp_path):
    with Site(tmp_path, reverse=REVERSE, subnet4=SUBNETS) as running:
        running.stop_cleanly()
        lease_file.write(running.kea.lease_file, NETWORKS, LEASES // len(NETWORKS))
        yield running
        running.stop_cleanly()


def seconds_until_an_offer(site):
    """From the start of the program; a client asks every 20 ms."""
    numbers = itertools.count(1)

    def ask():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind((site.link.client_address, 67))
            udp.settimeout(0.02)
            while time.monotonic() < began + 120:
                number = next(numbers)
                hwaddr = b"\x06\x00" + number.to_bytes(4, "big")
                message = Message(
                    packet.DISCOVER, hwaddr, number, giaddr=site.link.client_address
                )
                udp.sendto(message.to_bytes(), (site.link.server_address, 67))
                try:
                    assert Message.from_bytes(udp.recv(4096)).type == packet.OFFER
                except TimeoutError:
                    continue
                return time.monotonic() - began
        raise AssertionError("no offer")

    began = time.monotonic()
    site.kea.launch()
    return inside(site.link.client, ask)


@pytest.mark.load
@pytest.mark.once
def test_dhcp_does_not_wait_for_the_leases_to_be_compared(site):
    with_library = seconds_until_an_offer(site)
    progress = site.status()["resync"]
    assert progress["running"]
    assert progress["leases-read"] < LEASES
    began = time.monotonic()
    eventually("compared", site.settled, 300, pause=0.2)
    compared = time.monotonic() - began
    assert site.status()["resync"]["leases-read"] == LEASES
    site.agree(60)

    site.stop_cleanly()
    again = seconds_until_an_offer(site)  # the ledger has 100 000 rows now
    eventually("compared again", site.settled, 300, pause=0.2)
    assert site.status()["updates"]["sent"] == 0

    site.stop_cleanly()
    configuration = site.dhcp()
    site.kea.configure(kea_config.dhcp4(None, subnet4=SUBNETS))
    without = seconds_until_an_offer(site)
    site.kea.stop()
    site.kea.configure(configuration)
    site.kea.start()
    print(
        f"first offer after {with_library:.2f} s, {again:.2f} s with a full ledger,"
        f" {without:.2f} s without the library; all told {compared:.1f} s later"
    )
