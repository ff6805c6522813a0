# SPDX-License-Identifier: MPL-2.0
"""Knot DNS."""

from __future__ import annotations

from .dns_server import DnsServer


class Knot(DnsServer):
    program = "knotd"

    def arguments(self) -> list[str]:
        return ["-c", str(self.folder / "knot.conf")]

    def prepare(self) -> None:
        # Without an existing storage every UPDATE is answered with SERVFAIL.
        storage = self.folder / "storage"
        storage.mkdir()
        lines = [
            "server:",
            "    rundir: .",  # the path of a socket may have 107 bytes, and no more
            f"    listen: {self.address}@{self.port}",
            "    tcp-io-timeout: 30000",  # ms; on a busy machine a transfer takes a while
            "database:",
            f"    storage: {storage}",
            "log:",
            "  - target: stdout",
            "    any: info",
            *self._keys(),
            "acl:",
            "  - id: look",
            "    address: [0.0.0.0/0, ::/0]",
            "    action: transfer",
            f"    deny: {'off' if self.transfer else 'on'}",
            *self._update_acl(),
            "zone:",
            *(line for zone in self.zones for line in self._zone(zone)),
        ]
        (self.folder / "knot.conf").write_text("\n".join([*lines, ""]))

    def _keys(self) -> list[str]:
        lines = ["key:"] if self.keys else []
        for key in self.keys:
            lines += [
                f"  - id: {key.name}",
                f"    algorithm: {key.algorithm}",
                f"    secret: {key.secret}",
            ]
        return lines

    def _update_acl(self) -> list[str]:
        if not self.keys:
            return []
        names = ", ".join(key.name for key in self.keys)
        actions = "update, transfer" if self.transfer else "update"
        return ["  - id: change", f"    key: [{names}]", f"    action: [{actions}]"]

    def _zone(self, zone: str) -> list[str]:
        return [
            f"  - domain: {zone}",
            f"    file: {self.zone_file(zone)}",
            "    zonefile-sync: -1",  # changes stay in the journal: one sync less
            f"    acl: [{'change, ' if self.keys else ''}look]",
        ]
