# SPDX-License-Identifier: MPL-2.0
"""Say every difference between a lease database and the zones.

From the folder tests:

    /usr/bin/python3 -m lab.compare --leases /var/lib/kea/kea-leases4.csv \\
        --server 127.0.0.1#53 --forward example.org. --reverse 2.0.192.in-addr.arpa.

Records that belong to nobody's lease may stand in a zone, but not with a DHCID
or a PTR.  --save FILE writes the zones as they are; --before FILE compares
with them: what stood there then must stand there now, and nobody's lease may
have it.
"""

from __future__ import annotations

import argparse
import collections
import pathlib
import sys
from collections.abc import Iterable, Iterator, Sequence

from . import leases as lease_database
from .leases import Lease
from .zones import Record, Records, transfer

OURS = ("DHCID", "PTR")


class Comparison:
    """Leases against the records of all zones; `static` is nobody's lease's."""

    def __init__(
        self,
        leases: Iterable[Lease],
        records: Records,
        zones: Sequence[str],
        static: Records = frozenset(),
    ) -> None:
        self._leases = lease_database.active(leases)
        self._records = records
        self._zones = zones
        self._static = static
        self._static_names = {record.name for record in static}
        self._of_name: dict[str, set[Record]] = collections.defaultdict(set)
        for record in records:
            self._of_name[record.name].add(record)

    def differences(self) -> list[str]:
        found = [f"static record lost: {record}" for record in self._static - self._records]
        expected: set[Record] = set()
        for _, claims in sorted(self._claims().items()):
            for winner in self._winners(claims):
                expected |= set(_forward(winner))
                found += self._missing(winner, _forward(winner))
        for lease in self._leases:
            if self._wants_reverse(lease):
                expected |= set(_reverse(lease))
                found += self._missing(lease, _reverse(lease)[:1])
        found += [
            f"nobody's lease: {record}"
            for record in sorted(self._records - self._static - expected)
            if record.type in OURS or self._static
        ]
        return found

    def _claims(self) -> dict[tuple[str, str], list[Lease]]:
        """The leases of each family that want each name which is free for leases."""
        claims: dict[tuple[str, str], list[Lease]] = collections.defaultdict(list)
        for lease in self._leases:
            if lease.forward and self._available(lease.name):
                claims[lease.name, lease.address_type].append(lease)
        return claims

    def _available(self, name: str) -> bool:
        return (
            self._configured(name)
            and name not in self._static_names
            and not name.startswith("*.")  # a wildcard answers for others' names
        )

    def _configured(self, name: str) -> bool:
        return any(name.endswith(f".{zone}") for zone in self._zones)

    def _winners(self, claims: Sequence[Lease]) -> list[Lease]:
        """Whoever has the name; anybody else met a conflict (RFC 4703 section 5.3).

        A DHCPv6 client has it for each of its addresses.
        """
        winner = claims[0]
        for lease in claims:
            if set(_forward(lease)) <= self._of_name[lease.name]:
                winner = lease
                break
        if not winner.duid:
            return [winner]
        return [lease for lease in claims if lease.dhcid == winner.dhcid]

    def _wants_reverse(self, lease: Lease) -> bool:
        """Where the forward direction fails, Kea's D2 leaves out the reverse, too."""
        if not (lease.name and lease.reverse):
            return False
        if lease.forward and not set(_forward(lease)) <= self._of_name[lease.name]:
            return False
        return self._configured(lease.reverse_name)

    def _missing(self, lease: Lease, wanted: Iterable[Record]) -> Iterator[str]:
        for record in wanted:
            if record not in self._of_name[record.name]:
                yield f"missing for the lease of {lease.address}: {record}"


def _forward(lease: Lease) -> list[Record]:
    return [
        Record(lease.name, lease.address_type, lease.address),
        Record(lease.name, "DHCID", lease.dhcid),
    ]


def _reverse(lease: Lease) -> list[Record]:
    return [
        Record(lease.reverse_name, "PTR", lease.name),
        Record(lease.reverse_name, "DHCID", lease.dhcid),
    ]


def differences(
    leases: Iterable[Lease],
    records: Records,
    zones: Sequence[str],
    static: Records = frozenset(),
) -> list[str]:
    """One sentence for each difference; none means that DNS says what the leases say."""
    return Comparison(leases, records, zones, static).differences()


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="lab.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--leases", type=pathlib.Path, metavar="CSV")
    parser.add_argument("--server", required=True, metavar="ADDRESS#PORT")
    parser.add_argument("--forward", nargs="*", default=[], metavar="ZONE")
    parser.add_argument("--reverse", nargs="*", default=[], metavar="ZONE")
    parser.add_argument("--before", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--save", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args(words)
    address, _, port = options.server.partition("#")
    zones = [*options.forward, *options.reverse]
    records = frozenset().union(*(transfer(address, int(port or 53), z) for z in zones))
    if options.save:
        options.save.write_text("".join(f"{record}\n" for record in sorted(records)))
    if not options.leases:
        return 0
    static = _load(options.before) if options.before else frozenset()
    found = differences(lease_database.read_csv(options.leases), records, zones, static)
    print(*found, f"{len(found)} differences", sep="\n")
    return 1 if found else 0


def _load(path: pathlib.Path) -> Records:
    lines = (line.split(maxsplit=2) for line in path.read_text().splitlines())
    return frozenset(Record(*words) for words in lines)


if __name__ == "__main__":
    sys.exit(main())
