# SPDX-License-Identifier: MPL-2.0
"""Lease databases of any size, written without a server."""

from __future__ import annotations

import ipaddress
import pathlib
import time

HEADER = (
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,"
    "fqdn_fwd,fqdn_rev,hostname,state,user_context"
)
LIFETIME = 36000


def write(path: pathlib.Path, subnets: dict[int, str], count: int) -> None:
    """So many active leases, each with a name, in every one of the subnets in turn."""
    expire = int(time.time()) + LIFETIME
    lines = [HEADER]
    for subnet_id, network in subnets.items():
        hosts = ipaddress.ip_network(network)
        for number in range(count):
            address = hosts[256 + number]
            mac = f"02:{subnet_id:02x}:00:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
            name = f"host-{subnet_id}-{number}.example.org"
            lines.append(
                f"{address},{mac},,{LIFETIME},{expire},{subnet_id},1,1,{name},0,"
            )
    path.write_text("\n".join([*lines, ""]))
