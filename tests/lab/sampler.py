# SPDX-License-Identifier: MPL-2.0
"""A client that sees how long after its ACK a name stands in DNS."""

from __future__ import annotations

import itertools
import math
import random
import socket
import subprocess
import time

import dns.message

from . import kea_config, packet
from .dns_server import DnsServer
from .netns import Link, inside
from .packet import Message

ADDRESS = "10.77.0.3"  # beside perfdhcp, which has the clients' first address
SERVER_PORT = 67
ANSWER_SECONDS = 1.0
PATIENCE = 2.0  # after which a name is taken for missing
TIGHT = 0.05  # for so long it asks without a pause
PAUSE = 0.001
ANSWERS = slice(6, 8)  # the number of answers in a DNS message's header


class Sampler:
    """One client after the other, each with a name of its own; a context manager.

    It asks the DNS server in a tight loop from the ACK on.  As a relay agent it
    has an address of its own, so that perfdhcp may run at the same time.
    """

    def __init__(self, link: Link, server: DnsServer) -> None:
        self._link = link
        self._to = (link.server_address, SERVER_PORT)
        self._numbers = itertools.count(1)
        place = [f"{ADDRESS}/16", "dev", "eth0"]
        words = ["ip", "-n", link.client, "address", "replace", *place]
        subprocess.run(words, check=True, timeout=10)
        self._dhcp = inside(link.client, self._dhcp_socket)
        self._dns = inside(server.netns, lambda: self._dns_socket(server))

    def __enter__(self) -> Sampler:
        return self

    def __exit__(self, *_: object) -> None:
        self._dhcp.close()
        self._dns.close()

    def sample(self) -> float | None:
        """Lease an address; seconds until its name is seen, infinite when it is not.

        None: there was no lease.
        """
        number = next(self._numbers)
        name = f"sample-{number}"
        query = dns.message.make_query(f"{name}.{kea_config.FORWARD}", "A").to_wire()
        hwaddr = b"\x02\x05" + number.to_bytes(4, "big")
        acknowledged = self._lease(hwaddr, (packet.HOST_NAME, name.encode()))
        return None if acknowledged is None else self._seen(query, acknowledged)

    def _lease(self, hwaddr: bytes, name: tuple[int, bytes]) -> float | None:
        """DISCOVER and REQUEST; when the ACK came."""
        offer, _ = self._exchange(packet.DISCOVER, hwaddr, name)
        if offer is None or offer.type != packet.OFFER:
            return None
        wish = (packet.REQUESTED, socket.inet_aton(offer.yiaddr))
        whom = (packet.SERVER_ID, offer.option(packet.SERVER_ID) or b"")
        ack, came = self._exchange(packet.REQUEST, hwaddr, name, wish, whom)
        return came if ack is not None and ack.type == packet.ACK else None

    def _exchange(
        self, kind: int, hwaddr: bytes, *options: tuple[int, bytes]
    ) -> tuple[Message | None, float]:
        message = Message(
            kind, hwaddr, random.getrandbits(32), list(options), giaddr=ADDRESS
        )
        self._dhcp.sendto(message.to_bytes(), self._to)
        end = time.monotonic() + ANSWER_SECONDS
        while (left := end - time.monotonic()) > 0:
            self._dhcp.settimeout(left)
            try:
                data = self._dhcp.recv(4096)
            except TimeoutError:
                break
            came = time.monotonic()
            reply = Message.from_bytes(data)
            if reply.xid == message.xid:
                return reply, came
        return None, end

    def _seen(self, query: bytes, since: float) -> float:
        while (now := time.monotonic()) < since + PATIENCE:
            if self._answers(query):
                return time.monotonic() - since
            if now > since + TIGHT:
                time.sleep(PAUSE)
        return math.inf

    def _answers(self, query: bytes) -> bool:
        try:
            self._dns.send(query)
            answer = self._dns.recv(4096)
            while answer[:2] != query[:2]:  # one that came too late for the last name
                answer = self._dns.recv(4096)
        except TimeoutError:
            return False
        return answer[ANSWERS] != b"\0\0"

    def _dhcp_socket(self) -> socket.socket:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind((ADDRESS, SERVER_PORT))
        return udp

    @staticmethod
    def _dns_socket(server: DnsServer) -> socket.socket:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.settimeout(ANSWER_SECONDS)
        udp.connect((server.address, server.port))
        return udp
