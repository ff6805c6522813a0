# SPDX-License-Identifier: MPL-2.0
"""Ledgers, written by another hand than the plugin's."""

from __future__ import annotations

import dataclasses
import pathlib
import sqlite3
from collections.abc import Iterable

APPLICATION_ID = 0x44644E53
VERSION = 1
TABLE = """CREATE TABLE told (address TEXT PRIMARY KEY NOT NULL, fqdn TEXT, ptr TEXT,
    ptr_before TEXT, dhcid TEXT, mode TEXT NOT NULL, ttl INTEGER NOT NULL,
    state TEXT NOT NULL, told_at INTEGER NOT NULL, answered_at INTEGER, answer TEXT,
    generation INTEGER NOT NULL) WITHOUT ROWID"""


@dataclasses.dataclass(frozen=True)
class Told:
    """What DNS was told about an address; None for a direction it was not told."""

    address: str
    fqdn: str | None
    ptr: str | None = None
    dhcid: str | None = None


def write(path: pathlib.Path, rows: Iterable[Told]) -> pathlib.Path:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(TABLE)
        connection.executemany(
            "INSERT INTO told VALUES (?, ?, ?, NULL, ?, ?, 300, 'confirmed', 1, 1,"
            " 'NOERROR', 1)",
            (
                (
                    row.address,
                    row.fqdn,
                    row.ptr,
                    row.dhcid,
                    "check-with-dhcid" if row.dhcid else "no-check-without-dhcid",
                )
                for row in rows
            ),
        )
    connection.close()
    return path
