# SPDX-License-Identifier: MPL-2.0
"""DHCPv6 messages byte by byte (RFC 8415, RFC 4704)."""

from __future__ import annotations

import dataclasses
import ipaddress
import struct
from collections.abc import Iterable, Iterator

SOLICIT, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE, DECLINE = range(1, 10)
INFORMATION_REQUEST, RELAY_FORW, RELAY_REPL = 11, 12, 13
ADDR_REG_INFORM, ADDR_REG_REPLY = 36, 37  # RFC 9686

CLIENT_ID, SERVER_ID, IA_NA, IA_ADDR, ORO, ELAPSED, RELAY_MESSAGE = 1, 2, 3, 5, 6, 8, 9
STATUS, RAPID_COMMIT, IA_PD, IA_PREFIX, CLIENT_FQDN = 13, 14, 25, 26, 39

# The flags of option 39 (RFC 4704 section 4.1).
FQDN_S, FQDN_O, FQDN_N = 1, 2, 4

Options = list[tuple[int, bytes]]


@dataclasses.dataclass
class Message:
    type: int
    xid: int
    options: Options = dataclasses.field(default_factory=list)

    def option(self, code: int) -> bytes | None:
        return next((data for found, data in self.options if found == code), None)

    def to_bytes(self) -> bytes:
        return bytes([self.type]) + self.xid.to_bytes(3, "big") + pack(self.options)

    @classmethod
    def from_bytes(cls, data: bytes) -> Message:
        return cls(data[0], int.from_bytes(data[1:4], "big"), list(unpack(data[4:])))

    def addresses(self) -> list[str]:
        """Of all its IA_NA, those that may be used."""
        return [address for _, address in self.assignments() if address]

    def assignments(self) -> Iterator[tuple[int, str]]:
        """Each IA_NA and its address, empty where it has none."""
        for code, data in self.options:
            if code == IA_NA:
                yield int.from_bytes(data[:4], "big"), _address_in(data[12:])


def _address_in(data: bytes) -> str:
    for code, inner in unpack(data):
        if code == IA_ADDR and int.from_bytes(inner[20:24], "big") > 0:
            return str(ipaddress.IPv6Address(inner[:16]))
    return ""


def pack(options: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack("!HH", code, len(data)) + data for code, data in options)


def unpack(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from("!HH", data, at)
        yield code, data[at + 4 : at + 4 + length]
        at += 4 + length


def ia_addr(address: str, lifetime: int = 0) -> tuple[int, bytes]:
    """An address with its preferred and valid lifetime in seconds."""
    lifetimes = struct.pack("!II", lifetime, lifetime)
    return IA_ADDR, ipaddress.IPv6Address(address).packed + lifetimes


def ia_na(iaid: int, *addresses: str) -> tuple[int, bytes]:
    """An identity association and the addresses that are asked for or given back."""
    wishes = [ia_addr(address) for address in addresses if address]
    return IA_NA, struct.pack("!III", iaid, 0, 0) + pack(wishes)


def ia_pd(iaid: int) -> tuple[int, bytes]:
    return IA_PD, struct.pack("!III", iaid, 0, 0)


def fqdn_option(name: bytes, flags: int) -> tuple[int, bytes]:
    """Option 39; `name` is in wire form."""
    return CLIENT_FQDN, bytes([flags]) + name


def relayed(message: bytes, link: str, peer: str) -> bytes:
    """A relay agent's message to the server (RFC 8415 section 19.1)."""
    header = bytes([RELAY_FORW, 0])
    header += ipaddress.IPv6Address(link).packed + ipaddress.IPv6Address(peer).packed
    return header + pack([(RELAY_MESSAGE, message)])


def unrelayed(data: bytes) -> bytes | None:
    """The server's message inside that for the relay agent."""
    if data[:1] != bytes([RELAY_REPL]):
        return None
    return next((inner for code, inner in unpack(data[34:]) if code == RELAY_MESSAGE), None)
