# SPDX-License-Identifier: MPL-2.0
"""The clients that each row of `ddns_settings` is tried with, and their life."""

from __future__ import annotations

import dataclasses
from typing import Any

from .clients import host_name
from .packet import FQDN_E, FQDN_N, FQDN_O, FQDN_S

DUID = bytes([0xFF, 0, 0, 0, 1, 0, 3, 0, 1, 2, 0, 0x77, 0, 0, 1])  # RFC 4361

TAKEN = "full.example.org."
STATIC = (
    "www.example.org. 300 IN AAAA 2001:db8:ffff::80",
    *(
        f"{name}.example.org. 300 IN {record}"
        for name in ("ftp", "mail", "web")
        for record in ("A 203.0.113.25", "AAAA 2001:db8:ffff::25")
    ),
)


@dataclasses.dataclass(frozen=True)
class Sort:
    """What one client sends, and what it says when it has changed its name.

    `host` is option 12, which IPv6 has not; `fqdn` is option 81 or 39 with `flags`.
    One that is `second` comes when the others have their names.
    """

    label: str
    host: str | None = None
    fqdn: str | None = None
    flags: int = FQDN_S
    later: str | None = None
    client_id: bytes | None = None
    reserved: bool = False
    second: bool = False

    def identifies_itself(self, family: Any) -> dict[str, bytes]:
        """Keywords for the client; in IPv6 all have a DUID."""
        return {"client_id": self.client_id} if self.client_id and family.version == 4 else {}

    def options(self, family: Any, later: bool = False) -> list[tuple[int, bytes]]:
        host, name = self.host, self.fqdn
        if later:
            host, name = (host and self.later), (name if name is None else self.later)
        sent = []
        if host is not None and family.version == 4:
            sent.append(host_name(host))
        if name is not None:
            encoding = FQDN_E if family.version == 4 else 0
            sent.append(family.fqdn(name if name else b"", self.flags | encoding))
        return sent


SORTS = [
    Sort("nameless"),
    Sort("host", host="hosta", later="hostz"),
    Sort("dotted", host="Dotted.example.org", later="dottedz.example.org"),
    Sort("elsewhere", host="far.example.com", later="near"),
    Sort("bad", host="b@d_ho st", later="w*rse"),
    Sort("static", host="www", later="mail", second=True),
    Sort("same", host="same", client_id=b"\x01same", later="same"),
    Sort("duid", host="withduid", client_id=DUID, later="withduidz"),
    Sort("partial", fqdn="partial", later="partialz"),
    Sort("full", fqdn="Full.example.org.", later="fullz.example.org."),
    Sort("both", host="ignored", fqdn="both.example.org.", later="bothz.example.org."),
    Sort("client", fqdn="client.example.org.", flags=0, later="clientz.example.org."),
    Sort("nobody", fqdn="nobody.example.org.", flags=FQDN_N, later="nobodyz.example.org."),
    Sort("override", fqdn="over.example.org.", flags=FQDN_S | FQDN_O, later="overz"),
    Sort("override-off", fqdn="off.example.org.", flags=FQDN_O, later="offz.example.org."),
    Sort("empty", fqdn="", later="filled"),
    Sort("odd", fqdn="o_d@d.example.org.", later="odd/z.example.org."),
    Sort("static-full", fqdn="ftp.example.org.", later="web.example.org.", second=True),
    Sort("taken", fqdn=TAKEN, later="takenz.example.org.", second=True),
    Sort("reserved", reserved=True),
    Sort("reserved-host", host="mine", reserved=True, later="minez"),
    Sort("reserved-full", fqdn="mine2.example.org.", reserved=True, later="mine3"),
]
