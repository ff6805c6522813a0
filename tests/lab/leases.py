# SPDX-License-Identifier: MPL-2.0
"""Leases as Kea keeps them, and the DHCID each one stands for."""

from __future__ import annotations

import base64
import csv
import dataclasses
import functools
import hashlib
import ipaddress
import pathlib
import re
import time
from collections.abc import Iterable, Mapping

import dns.exception
import dns.name

ACTIVE = (0, 4)  # assigned by the server, registered by the client (RFC 9686)
HTYPE_ETHERNET = 1
PREFIX = {"IA_PD", "2"}  # in an answer, in a file


@dataclasses.dataclass(frozen=True)
class Lease:
    address: str
    hwaddr: bytes
    client_id: bytes
    duid: bytes  # DHCPv6 alone
    name: str  # absolute, in lower case; empty when there is none that DNS can have
    forward: bool
    reverse: bool
    state: int
    expires: int
    lifetime: int

    @property
    def address_type(self) -> str:
        return "AAAA" if ":" in self.address else "A"

    @functools.cached_property
    def reverse_name(self) -> str:
        return ipaddress.ip_address(self.address).reverse_pointer + "."

    def active(self, now: float) -> bool:
        return self.state in ACTIVE and self.lifetime > 0 and self.expires > now

    @functools.cached_property
    def dhcid(self) -> str:
        """The DHCID's presentation form (RFC 4701 sections 3.3 to 3.5)."""
        if self.duid:
            kind, identity = 2, self.duid
        elif self.client_id[:1] == b"\xff":  # RFC 4361: 255, IAID, DUID
            kind, identity = 2, self.client_id[5:]
        elif self.client_id:
            kind, identity = 1, self.client_id
        else:
            kind, identity = 0, bytes([HTYPE_ETHERNET]) + self.hwaddr
        digest = hashlib.sha256(identity + _wire(self.name)).digest()
        return base64.b64encode(kind.to_bytes(2, "big") + b"\x01" + digest).decode()


def read_csv(path: pathlib.Path) -> list[Lease]:
    """The last row of each address in a memfile database."""
    rows: dict[str, Mapping[str, str]] = {}
    for part in (path.with_name(path.name + ".2"), path.with_name(path.name + ".1"), path):
        if part.exists():
            with part.open(newline="") as file:
                rows.update((row["address"], row) for row in csv.DictReader(file))
    return [_from_row(row) for row in rows.values() if row.get("lease_type") not in PREFIX]


def from_command(arguments: Mapping) -> list[Lease]:
    """The addresses in the answer to lease4-get-all or lease6-get-all."""
    rows = arguments["leases"]
    return [_from_json(row) for row in rows if row.get("type") not in PREFIX]


def active(leases: Iterable[Lease]) -> list[Lease]:
    now = time.time()
    return [lease for lease in leases if lease.active(now)]


def _from_row(row: Mapping[str, str]) -> Lease:
    return Lease(
        address=row["address"],
        hwaddr=_octets(row["hwaddr"]),
        client_id=_octets(row.get("client_id", "")),
        duid=_octets(row.get("duid", "")),
        name=_absolute(_unescaped(row["hostname"])),
        forward=row["fqdn_fwd"] == "1",
        reverse=row["fqdn_rev"] == "1",
        state=int(row["state"]),
        expires=int(row["expire"]),
        lifetime=int(row["valid_lifetime"]),
    )


def _from_json(lease: Mapping) -> Lease:
    return Lease(
        address=lease["ip-address"],
        hwaddr=_octets(lease.get("hw-address", "")),
        client_id=_octets(lease.get("client-id", "")),
        duid=_octets(lease.get("duid", "")),
        name=_absolute(lease["hostname"]),
        forward=lease["fqdn-fwd"],
        reverse=lease["fqdn-rev"],
        state=lease["state"],
        expires=lease["cltt"] + lease["valid-lft"],
        lifetime=lease["valid-lft"],
    )


def _octets(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def _unescaped(text: str) -> str:
    return re.sub(r"&#x([0-9a-fA-F]{2})", lambda hit: chr(int(hit[1], 16)), text)


# Nearly every name; dnspython takes twenty times as long.
PLAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,3}")


def _wire(name: str) -> bytes:
    """The wire form of a name in lower case."""
    if PLAIN.fullmatch(name):
        labels = name.encode().split(b".")
        return b"".join(bytes([len(label)]) + label for label in labels)
    return dns.name.from_text(name).canonicalize().to_wire()


def _absolute(name: str) -> str:
    """Canonical presentation form; empty for what DNS cannot have as a name.

    Kea stores a name as the client sent it, or with escapes.
    """
    if not name:
        return ""
    plain = name.lower().removesuffix(".") + "."
    if PLAIN.fullmatch(plain):
        return plain
    escaped = "".join(c if "!" <= c <= "~" else f"\\{ord(c) & 255:03d}" for c in name)
    try:
        absolute = dns.name.from_text(escaped.lower())
    except dns.exception.DNSException:
        return ""
    unusable = absolute == dns.name.root or "\0" in name
    return "" if unusable else absolute.to_text()
