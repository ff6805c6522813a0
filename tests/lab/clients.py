# SPDX-License-Identifier: MPL-2.0
"""DHCPv4 clients: one that says exactly what a test wants, and real ones."""

from __future__ import annotations

import itertools
import pathlib
import random
import socket
import subprocess
import time
from collections.abc import Sequence

from . import packet
from .netns import Lan, Link, inside
from .packet import Message
from .process import LabError, Process, unconfined

SERVER_PORT = 67
ANSWER_SECONDS = 2.0
SCRIPT = pathlib.Path(__file__).with_name("client-script")

_numbers = itertools.count(1)


class ScriptedClient:
    """A client behind a relay agent, so plain UDP sockets are all it needs.

    The relay agent sends each message to all servers.  A client accepts the first
    offer, and its server is then the one that it asks and gives its lease back to.

    The options of each message are `options` (a host name, option 81, ...) and
    can be changed at any time; `packet` has the pieces.
    """

    def __init__(
        self,
        link: Lan,
        *options: tuple[int, bytes],
        client_id: bytes | None = None,
        hwaddr: bytes | None = None,
    ) -> None:
        self.options = list(options)
        self.client_id = client_id
        self.hwaddr = hwaddr or b"\x02\x00\x00" + next(_numbers).to_bytes(3, "big")
        self.address = "0.0.0.0"
        self.server = link.server_addresses[0]
        self.reply: Message | None = None
        self._link = link

    @property
    def has_a_lease(self) -> bool:
        return self.address != "0.0.0.0"

    def lease(self) -> Message:
        """DISCOVER and REQUEST; the ACK."""
        offer = self.exchange(packet.DISCOVER)
        if offer is None or offer.type != packet.OFFER:
            raise LabError(f"no offer for {self.hwaddr.hex(':')}")
        return self._acknowledged(self._request(offer.yiaddr))

    def renew(self) -> Message:
        """A REQUEST that names the address in ciaddr; the ACK."""
        return self._acknowledged(
            self.exchange(packet.REQUEST, ciaddr=self.address, relayed=True)
        )

    def move(self, address: str) -> Message:
        """DISCOVER and REQUEST another address than the one it has."""
        wish = (packet.REQUESTED, socket.inet_aton(address))
        offer = self.exchange(packet.DISCOVER, wish)
        if offer is None:
            raise LabError(f"no offer for {self.hwaddr.hex(':')}")
        return self._acknowledged(self._request(offer.yiaddr))

    def release(self) -> None:
        self.exchange(packet.RELEASE, ciaddr=self.address, relayed=False)
        self.address = "0.0.0.0"

    def decline(self) -> None:
        wish = (packet.REQUESTED, socket.inet_aton(self.address))
        self.exchange(packet.DECLINE, wish)
        self.address = "0.0.0.0"

    def exchange(
        self,
        kind: int,
        *more: tuple[int, bytes],
        ciaddr: str = "0.0.0.0",
        relayed: bool = True,
    ) -> Message | None:
        """Send one message; its reply, or None when none came."""
        message = Message(
            kind,
            self.hwaddr,
            random.getrandbits(32),
            [*self._identity(), *self.options, *more],
            ciaddr=ciaddr,
            giaddr=self._link.client_address if relayed else "0.0.0.0",
        )
        answered = kind in (packet.DISCOVER, packet.REQUEST)
        self.reply = inside(self._link.client, lambda: self._send(message, answered))
        return self.reply

    def _request(self, address: str) -> Message | None:
        return self.exchange(
            packet.REQUEST,
            (packet.REQUESTED, socket.inet_aton(address)),
            (packet.SERVER_ID, socket.inet_aton(self.server)),
        )

    def _acknowledged(self, reply: Message | None) -> Message:
        if reply is None or reply.type != packet.ACK:
            said = "nothing" if reply is None else f"message type {reply.type}"
            raise LabError(f"{said} instead of an ACK for {self.hwaddr.hex(':')}")
        self.address = reply.yiaddr
        return reply

    def _identity(self) -> list[tuple[int, bytes]]:
        return [(packet.CLIENT_ID, self.client_id)] if self.client_id else []

    def _send(self, message: Message, answered: bool) -> Message | None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # What is not answered needs no port, which perfdhcp may have.
            udp.bind((self._link.client_address, SERVER_PORT if answered else 0))
            for _ in range(3 if answered else 1):
                for server in self._link.server_addresses:
                    udp.sendto(message.to_bytes(), (server, SERVER_PORT))
                reply = self._receive(udp, message.xid, ANSWER_SECONDS) if answered else None
                if reply is not None:
                    self._note_server(reply)
                    return reply
        return None

    def _note_server(self, reply: Message) -> None:
        identifier = reply.option(packet.SERVER_ID)
        if identifier is not None:
            self.server = socket.inet_ntoa(identifier)

    @staticmethod
    def _receive(udp: socket.socket, xid: int, seconds: float) -> Message | None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            udp.settimeout(left)
            try:
                reply = Message.from_bytes(udp.recv(4096))
            except TimeoutError:
                return None
            if reply.xid == xid:
                return reply
        return None


def host_name(name: str | bytes) -> tuple[int, bytes]:
    """Option 12."""
    return packet.HOST_NAME, name if isinstance(name, bytes) else name.encode()


def fqdn(name: str | bytes, flags: int = packet.FQDN_S | packet.FQDN_E) -> tuple[int, bytes]:
    """Option 81; text is put into the form that flag E asks for."""
    if isinstance(name, str):
        in_wire_form = flags & packet.FQDN_E
        complete = name.endswith(".")
        name = packet.wire_name(name, complete) if in_wire_form else name.encode()
    return packet.CLIENT_FQDN, packet.fqdn_option(name, flags)


def udhcpc(link: Link, folder: pathlib.Path, *words: str) -> Process:
    """BusyBox' client in the foreground; SIGUSR1 renews, SIGUSR2 releases."""
    _unaddressed(link)
    argv = [*unconfined("udhcpc"), "-f", "-i", "eth0", "-s", str(SCRIPT), "-t", "5", *words]
    return Process(argv, folder / "udhcpc.log", link.client)


def dhclient(link: Link, folder: pathlib.Path, config: str = "") -> Process:
    """ISC's client in the foreground."""
    _unaddressed(link)
    (folder / "dhclient.conf").write_text(config)
    return Process(_dhclient(folder, "-d"), folder / "dhclient.log", link.client)


def dhclient_release(link: Link, folder: pathlib.Path) -> None:
    """Let the running dhclient of this folder give its lease back and end."""
    with Process(_dhclient(folder, "-r"), folder / "release.log", link.client) as client:
        client.wait(20)


def perfdhcp(link: Lan, *words: str, seconds: float = 600) -> str:
    """Kea's load generator as a relay agent; what it printed."""
    argv = ["ip", "netns", "exec", link.client, *unconfined("perfdhcp"), "-4"]
    if len(link.server_addresses) == 1:
        argv += ["-l", link.client_address, *words, link.server_addresses[0]]
    else:
        argv += ["-l", "eth0", "-B", *words, "all"]
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=seconds, check=False
    )
    if done.returncode not in (0, 3):  # 3: some exchanges were not completed
        raise LabError(f"perfdhcp ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def _dhclient(folder: pathlib.Path, mode: str) -> Sequence[str]:
    return [
        *unconfined("dhclient"),
        *(mode, "-4", "-v"),
        *("-cf", str(folder / "dhclient.conf")),
        *("-lf", str(folder / "dhclient.leases")),
        *("-pf", str(folder / "dhclient.pid")),
        *("-sf", str(SCRIPT)),
        "eth0",
    ]


def _unaddressed(link: Link) -> None:
    """A real client starts without an address and configures its own."""
    argv = ["ip", "-n", link.client, "address", "flush", "dev", "eth0", "scope", "global"]
    subprocess.run(argv, check=True, timeout=10)
