# SPDX-License-Identifier: MPL-2.0
"""DHCPv6 clients: one that says exactly what a test wants, and real ones."""

from __future__ import annotations

import itertools
import pathlib
import random
import socket
import subprocess
import time

from . import packet6
from .clients import SCRIPT
from .netns import Lan, Link, inside
from .packet import wire_name
from .packet6 import Message
from .process import LabError, Process, unconfined

CLIENT_PORT, SERVER_PORT = 546, 547
ALL_SERVERS = "ff02::1:2"  # and relay agents, on this link
ANSWER_SECONDS = 10.0

_numbers = itertools.count(1)


class ScriptedClient6:
    """A client behind a relay agent, so plain UDP sockets are all it needs.

    It asks for an address for each of its `iaids`.  The options of each message are
    `options` (option 39, an IA_PD, ...) and can be changed at any time; `packet6` has the
    pieces.

    No message is sent twice: a server that drops one often answers the next.  A message
    that was dropped is found out by waiting for its answer in vain.  With
    `in_order` another message is sent behind each: when a server that takes one after
    the other, as kea_config.ONE_THREAD makes it, has answered that, no other answer
    will come.

    `link_address` is an address of the client's own link, where it is not the agent's.
    """

    def __init__(
        self,
        link: Lan,
        *options: tuple[int, bytes],
        duid: bytes | None = None,
        iaids: tuple[int, ...] = (1,),
        in_order: bool = False,
        link_address: str | None = None,
    ) -> None:
        self.options = list(options)
        self.duid = duid or bytes([0, 3, 0, 1, 2, 0]) + next(_numbers).to_bytes(4, "big")
        self.assigned = {iaid: "" for iaid in iaids}
        self.reply: Message | None = None
        self._server_id = b""
        self._link = link
        self._in_order = in_order
        self._link_address = link_address or link.client_address

    @property
    def addresses(self) -> list[str]:
        return [address for address in self.assigned.values() if address]

    @property
    def address(self) -> str:
        """Of a client with one."""
        (address,) = self.addresses
        return address

    @property
    def has_a_lease(self) -> bool:
        return bool(self.addresses)

    def lease(self) -> Message:
        """SOLICIT and REQUEST; the REPLY."""
        self.solicit()
        return self.request()

    def lease_anew(self) -> Message:
        """As after a start without any memory of its addresses."""
        self._forget()
        return self.lease()

    def solicit(self) -> Message:
        offer = self.exchange(packet6.SOLICIT)
        if offer is None or offer.type != packet6.ADVERTISE:
            raise LabError(f"no offer for {self.duid.hex(':')}")
        self._note(offer)
        return offer

    def request(self) -> Message:
        """A REQUEST for the addresses that it has, or was offered."""
        return self._replied(self.exchange(packet6.REQUEST, self._server()))

    def lease_rapidly(self) -> Message:
        """SOLICIT with the option that asks for a REPLY at once."""
        return self._replied(self.exchange(packet6.SOLICIT, (packet6.RAPID_COMMIT, b"")))

    def renew(self) -> Message:
        return self._replied(self.exchange(packet6.RENEW, self._server()))

    def rebind(self) -> Message:
        return self._replied(self.exchange(packet6.REBIND))

    def release(self) -> None:
        self.exchange(packet6.RELEASE, self._server())
        self._forget()

    def decline(self) -> None:
        self.exchange(packet6.DECLINE, self._server())
        self._forget()

    def exchange(self, kind: int, *more: tuple[int, bytes]) -> Message | None:
        """Send one message; its reply, or None when none came."""
        identity = (packet6.CLIENT_ID, self.duid)
        wishes = [packet6.ia_na(iaid, address) for iaid, address in self.assigned.items()]
        options = [identity, (packet6.ELAPSED, b"\0\0"), *more, *wishes, *self.options]
        message = Message(kind, random.getrandbits(24), options)
        self.reply = inside(self._link.client, lambda: self._send(message))
        return self.reply

    def _server(self) -> tuple[int, bytes]:
        return packet6.SERVER_ID, self._server_id

    def _forget(self) -> None:
        self.assigned = {iaid: "" for iaid in self.assigned}

    def _note(self, reply: Message) -> None:
        self._server_id = reply.option(packet6.SERVER_ID) or b""
        self.assigned.update(reply.assignments())

    def _replied(self, reply: Message | None) -> Message:
        if reply is None or reply.type != packet6.REPLY:
            said = "nothing" if reply is None else f"message type {reply.type}"
            raise LabError(f"{said} instead of a REPLY for {self.duid.hex(':')}")
        self._note(reply)
        return reply

    def _send(self, message: Message) -> Message | None:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            udp.bind((self._link.client_address, SERVER_PORT))
            self._to_servers(udp, message)
            if self._in_order:
                last = Message(packet6.INFORMATION_REQUEST, message.xid ^ 1)
                self._to_servers(udp, last)
            reply = self._receive(udp, {message.xid, message.xid ^ 1})
        return reply if reply is not None and reply.xid == message.xid else None

    def _to_servers(self, udp: socket.socket, message: Message) -> None:
        link = self._link
        wrapped = packet6.relayed(message.to_bytes(), self._link_address, "fe80::77")
        for server in link.server_addresses:
            udp.sendto(wrapped, (server, SERVER_PORT))

    @staticmethod
    def _receive(udp: socket.socket, xids: set[int]) -> Message | None:
        end = time.monotonic() + ANSWER_SECONDS
        while (left := end - time.monotonic()) > 0:
            udp.settimeout(left)
            try:
                inner = packet6.unrelayed(udp.recv(4096))
            except TimeoutError:
                return None
            if inner is not None and (reply := Message.from_bytes(inner)).xid in xids:
                return reply
        return None


class RegisteringClient6:
    """A client that chose its address itself and says so (RFC 9686).

    It is on the server's own link: the server looks at where the message comes from.
    """

    def __init__(self, link: Link, address: str, *options: tuple[int, bytes]) -> None:
        self.address = address
        self.options = list(options)
        self.duid = bytes([0, 3, 0, 1, 2, 0]) + next(_numbers).to_bytes(4, "big")
        self._link = link
        words = ["address", "add", f"{address}/64", "dev", "eth0", "nodad"]
        subprocess.run(["ip", "-n", link.client, *words], check=True, timeout=10)

    def register(self, lifetime: int = 3600) -> Message:
        """The server's answer."""
        options = [(packet6.CLIENT_ID, self.duid), packet6.ia_addr(self.address, lifetime)]
        message = Message(
            packet6.ADDR_REG_INFORM, random.getrandbits(24), [*options, *self.options]
        )
        reply = inside(self._link.client, lambda: self._send(message))
        if reply.type != packet6.ADDR_REG_REPLY or reply.xid != message.xid:
            raise LabError(f"message type {reply.type} for {self.address}")
        return reply

    def _send(self, message: Message) -> Message:
        interface = socket.if_nametoindex("eth0")
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
            udp.settimeout(30)
            udp.bind((self.address, CLIENT_PORT))
            udp.sendto(message.to_bytes(), (ALL_SERVERS, SERVER_PORT, 0, interface))
            return Message.from_bytes(udp.recv(4096))


def fqdn6(name: str | bytes, flags: int = packet6.FQDN_S) -> tuple[int, bytes]:
    """Option 39; text that does not end with a dot is a partial name."""
    if isinstance(name, str):
        name = wire_name(name, name.endswith("."))
    return packet6.fqdn_option(name, flags)


def dhclient6(link: Link, folder: pathlib.Path, config: str = "") -> Process:
    """ISC's client in the foreground, on the server's own link."""
    (folder / "dhclient6.conf").write_text(config)
    return Process(_dhclient(folder, "-d"), folder / "dhclient6.log", link.client)


def dhclient6_release(link: Link, folder: pathlib.Path) -> None:
    """Let the running dhclient of this folder give its lease back and end."""
    with Process(_dhclient(folder, "-r"), folder / "release6.log", link.client) as client:
        client.wait(20)


def perfdhcp6(link: Lan, *words: str, seconds: float = 600) -> str:
    """Kea's load generator on the server's own link; what it printed."""
    argv = ["ip", "netns", "exec", link.client, *unconfined("perfdhcp"), "-6"]
    argv += ["-l", "eth0", *words, "all"]
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=seconds, check=False
    )
    if done.returncode not in (0, 3):  # 3: some exchanges were not completed
        raise LabError(f"perfdhcp ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def _dhclient(folder: pathlib.Path, mode: str) -> list[str]:
    return [
        *unconfined("dhclient"),
        *(mode, "-6", "-v"),
        *("-cf", str(folder / "dhclient6.conf")),
        *("-lf", str(folder / "dhclient6.leases")),
        *("-pf", str(folder / "dhclient6.pid")),
        *("-sf", str(SCRIPT)),
        "eth0",
    ]
