# SPDX-License-Identifier: MPL-2.0
"""PowerDNS Authoritative Server over SQLite."""

from __future__ import annotations

import pathlib
import sqlite3

from .dns_server import DnsServer

SCHEMA = pathlib.Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")


class PowerDNS(DnsServer):
    program = "pdns_server"

    def arguments(self) -> list[str]:
        return [f"--config-dir={self.folder}"]

    def prepare(self) -> None:
        database = self.folder / "pdns.sqlite3"
        settings = {
            "daemon": "no",
            "guardian": "no",
            "socket-dir": ".",  # the path of a socket may have 107 bytes, and no more
            "local-address": self.address,
            "local-port": self.port,
            "launch": "gsqlite3",
            "gsqlite3-database": database,
            "gsqlite3-pragma-synchronous": 0,
            "dnsupdate": "yes",
            "allow-dnsupdate-from": "0.0.0.0/0,::/0",
            "allow-axfr-ips": "0.0.0.0/0,::/0",
            "disable-axfr": "no" if self.transfer else "yes",
            "cache-ttl": 0,
            "query-cache-ttl": 0,
            "negquery-cache-ttl": 0,
            "zone-cache-refresh-interval": 0,
            "version-string": "anonymous",
            "loglevel": 5,
        }
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.folder / "pdns.conf").write_text(text)
        connection = sqlite3.connect(database)
        with connection:
            connection.executescript(SCHEMA.read_text())
            for key in self.keys:
                connection.execute(
                    "INSERT INTO tsigkeys (name, algorithm, secret) VALUES (?, ?, ?)",
                    (key.name, key.algorithm, key.secret),
                )
            for zone in self.zones:
                self._add_zone(connection, zone)
        connection.close()

    def _add_zone(self, connection: sqlite3.Connection, zone: str) -> None:
        cursor = connection.execute(
            "INSERT INTO domains (name, type) VALUES (?, 'NATIVE')", (zone.rstrip("."),)
        )
        identity = cursor.lastrowid
        # Without a key in its metadata a zone takes unsigned updates: name one always.
        # A signed question for a transfer wants the same.
        for name in [key.name for key in self.keys] or ["nobody"]:
            for kind in ("TSIG-ALLOW-DNSUPDATE", "TSIG-ALLOW-AXFR"):
                connection.execute(
                    "INSERT INTO domainmetadata (domain_id, kind, content)"
                    " VALUES (?, ?, ?)",
                    (identity, kind, name),
                )
        for line in self.zone_lines(zone):
            name, ttl, _, rdtype, data = line.split(maxsplit=4)
            dotless = data.replace(". ", " ").rstrip(".")
            connection.execute(
                "INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)"
                " VALUES (?, ?, ?, ?, ?, 0, 1)",
                (identity, name.rstrip("."), rdtype, dotless, int(ttl)),
            )
