# SPDX-License-Identifier: MPL-2.0
"""DHCPv4 messages byte by byte (RFC 2131, RFC 2132, RFC 4702)."""

from __future__ import annotations

import dataclasses
import ipaddress
import struct

BOOTREQUEST, BOOTREPLY = 1, 2
MAGIC = b"\x63\x82\x53\x63"
HEADER = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s")

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE = 1, 2, 3, 4, 5, 6, 7

HOST_NAME, REQUESTED, LEASE_TIME, TYPE, SERVER_ID = 12, 50, 51, 53, 54
CLIENT_ID, CLIENT_FQDN, SUBNET_SELECTION, END, PAD = 61, 81, 118, 255, 0

# The flags of option 81 (RFC 4702 section 2.1).
FQDN_S, FQDN_O, FQDN_E, FQDN_N = 1, 2, 4, 8


def fqdn_option(name: bytes, flags: int) -> bytes:
    """Option 81; `name` is in wire form with flag E and in ASCII without."""
    return bytes([flags, 0, 0]) + name


def wire_name(text: str, complete: bool = True) -> bytes:
    """Labels with length bytes; without the root's when the name is partial."""
    labels = (part.encode("latin-1") for part in text.rstrip(".").split("."))
    wire = b"".join(bytes([len(label) & 255]) + label for label in labels)
    return wire + (b"\0" if complete else b"")


@dataclasses.dataclass
class Message:
    type: int
    hwaddr: bytes
    xid: int
    options: list[tuple[int, bytes]] = dataclasses.field(default_factory=list)
    ciaddr: str = "0.0.0.0"
    yiaddr: str = "0.0.0.0"
    giaddr: str = "0.0.0.0"

    def option(self, code: int) -> bytes | None:
        """The option's data; what is split over several is joined (RFC 3396)."""
        parts = [data for found, data in self.options if found == code]
        return b"".join(parts) if parts else None

    def to_bytes(self) -> bytes:
        header = HEADER.pack(
            BOOTREQUEST,
            1,
            len(self.hwaddr),
            1,
            self.xid,
            0,
            0,
            ipaddress.ip_address(self.ciaddr).packed,
            ipaddress.ip_address(self.yiaddr).packed,
            bytes(4),
            ipaddress.ip_address(self.giaddr).packed,
            self.hwaddr,
            b"",
            b"",
        )
        body = _option(TYPE, bytes([self.type]))
        body += b"".join(_option(code, data) for code, data in self.options)
        return header + MAGIC + body + bytes([END])

    @classmethod
    def from_bytes(cls, data: bytes) -> Message:
        fields = HEADER.unpack_from(data)
        options = list(_options(data[HEADER.size + len(MAGIC) :]))
        kind = next((value[0] for code, value in options if code == TYPE), 0)
        addresses = [str(ipaddress.ip_address(field)) for field in fields[7:11]]
        return cls(
            type=kind,
            hwaddr=fields[11][: fields[2]],
            xid=fields[4],
            options=options,
            ciaddr=addresses[0],
            yiaddr=addresses[1],
            giaddr=addresses[3],
        )


def _option(code: int, data: bytes) -> bytes:
    """An option; one of more than 255 bytes is split (RFC 3396)."""
    parts = [data[i : i + 255] for i in range(0, len(data), 255)] or [b""]
    return b"".join(bytes([code, len(part)]) + part for part in parts)


def _options(data: bytes):
    at = 0
    while at + 1 < len(data) and data[at] != END:
        if data[at] == PAD:
            at += 1
            continue
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
