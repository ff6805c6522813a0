# SPDX-License-Identifier: MPL-2.0
"""What a zone says: its first contents, and its records by zone transfer."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterable, Sequence

import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.tsigkeyring
import dns.update
import dns.zone

from .keys import Key
from .process import LabError

STATIC_ADDRESSES = {"ns": "203.0.113.53", "www": "203.0.113.80"}


@dataclasses.dataclass(frozen=True, order=True)
class Record:
    """One record in absolute, lower-case presentation form; equal whatever the TTL."""

    name: str
    type: str
    data: str
    ttl: int = dataclasses.field(compare=False, default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.type} {self.data}"


Records = frozenset[Record]


def static_lines(zone: str, forward: bool, primary: str) -> list[str]:
    """Master file lines for the start of a zone; the primary's name is ns.<primary>."""
    lines = [
        f"{zone} 300 IN SOA ns.{primary} hostmaster.{primary} 1 3600 600 86400 60",
        f"{zone} 300 IN NS ns.{primary}",
    ]
    if forward:
        lines += [f"{n}.{zone} 300 IN A {a}" for n, a in STATIC_ADDRESSES.items()]
    return lines


def transfer(address: str, port: int, zone: str, seconds: float = 60) -> Records:
    """Every record of a zone but the SOA, whose serial changes, by AXFR (RFC 5936)."""
    found: set[Record] = set()
    for message in dns.query.xfr(
        address, zone, port=port, relativize=False, timeout=seconds, lifetime=seconds
    ):
        found |= records_of(message.answer)
    return frozenset(found)


def transfer_by_dig(address: str, port: int, zone: str) -> Records:
    """The same, of a large zone in a tenth of the time; of a small one it takes longer."""
    words = ["dig", "+noall", "+answer", "+nosplit", "+time=60", "+tries=1"]
    words += [f"@{address}", "-p", str(port), zone, "AXFR"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    lines = [line.split(maxsplit=4) for line in done.stdout.splitlines()]
    whole = len(lines) > 1 and all(line[3:4] == ["SOA"] for line in (lines[0], lines[-1]))
    if done.returncode != 0 or not whole:
        raise LabError(f"{zone} cannot be transferred: {done.stdout[-200:]}")
    return frozenset(
        Record(name.lower(), kind, data.lower() if kind == "PTR" else data, int(ttl))
        for name, ttl, _, kind, data in lines[1:-1]
    )


def records_of(rrsets: Iterable) -> set[Record]:
    return {
        Record(
            rrset.name.to_text().lower(),
            dns.rdatatype.to_text(rrset.rdtype),
            _data(rdata),
            rrset.ttl,
        )
        for rrset in rrsets
        if rrset.rdtype != dns.rdatatype.SOA
        for rdata in rrset
    }


def _data(rdata: dns.rdata.Rdata) -> str:
    text = rdata.to_text()
    if rdata.rdtype == dns.rdatatype.PTR:
        return text.lower()
    if rdata.rdtype == dns.rdatatype.DHCID:
        return text.replace(" ", "")  # dnspython writes base64 in pieces
    return text


def serial(address: str, port: int, zone: str) -> int:
    query = dns.message.make_query(zone, "SOA")
    answer = dns.query.tcp(query, address, timeout=5, port=port)
    return answer.answer[0][0].serial


def remove(address: str, port: int, zone: str, name: str, key: Key) -> None:
    """Delete all records of a name by one signed update."""
    keyring = dns.tsigkeyring.from_text({key.name: key.secret})
    update = dns.update.UpdateMessage(zone, keyring=keyring, keyalgorithm=key.algorithm)
    update.delete(name)
    answer = dns.query.tcp(update, address, timeout=5, port=port)
    if answer.rcode() != dns.rcode.NOERROR:
        raise LabError(f"{name} is not removed: {dns.rcode.to_text(answer.rcode())}")


def lookup(address: str, port: int, name: str, rdtype: str) -> Sequence[str]:
    """The data of one record set, by a plain query over TCP."""
    answer = dns.query.tcp(
        dns.message.make_query(name, rdtype), address, timeout=5, port=port
    )
    return sorted(record.data for record in records_of(answer.answer))
