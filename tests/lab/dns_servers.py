# SPDX-License-Identifier: MPL-2.0
"""The DNS servers of Debian 12 behind one interface.

    with Bind(tmp_path, keys=[Key()]) as server:
        server.address, server.port, server.keys[0].secret
        server.zone("example.org.")     # records by zone transfer
        server.kill(); server.start()   # the zones are still there
"""

from .bind import Bind
from .dns_server import DnsServer
from .keys import ALGORITHMS, Key
from .knot import Knot
from .powerdns import PowerDNS
from .zones import Record, Records

SERVERS: tuple[type[DnsServer], ...] = (Bind, Knot, PowerDNS)

__all__ = [
    "ALGORITHMS",
    "SERVERS",
    "Bind",
    "DnsServer",
    "Key",
    "Knot",
    "PowerDNS",
    "Record",
    "Records",
]
