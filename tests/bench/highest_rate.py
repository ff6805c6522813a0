# SPDX-License-Identifier: MPL-2.0
"""How many leases a second Kea gives at most, without DDNS and with the plugin."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence

import dhcp_load
from dhcp_load import NoDdns, Plugin

LESS = 0.8  # offered next, as a part of what was offered before
NEARLY_ALL = 0.85  # of what was offered; perfdhcp counts its last second, without offers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", choices=dhcp_load.SERVERS, default="bind")
    parser.add_argument("--seconds", type=int, default=8, help="that each load lasts")
    parser.add_argument("--top", type=int, default=12_000, metavar="RATE", help="offered first")
    parser.add_argument("--repeats", type=int, default=5, help="of the highest rate")


def print_table(options: argparse.Namespace) -> None:
    """Both by turns, so that whatever slows the machine down slows both."""
    without: list[float] = []
    ours: list[float] = []
    print("highest rate, leases/s")
    print(f"{'none':>10}{'plugin':>10}{'ratio':>10}")
    for _ in range(options.repeats):
        without.append(_rate(NoDdns, options))
        ours.append(_rate(Plugin, options))
        print(f"{without[-1]:10.0f}{ours[-1]:10.0f}{ours[-1] / without[-1]:10.2f}", flush=True)
    ratios = [b / a for a, b in zip(without, ours)]
    print(f"median {_spread(without, 0)}, {_spread(ours, 0)}, {_spread(ratios, 2)}")


def _rate(kind: type[Plugin], options: argparse.Namespace) -> float:
    """Complete exchanges in a second, at most.  Kea spends time on what it cannot take,
    too: so less and less is offered, until it takes nearly all."""
    offered, highest = float(options.top), 0.0
    while True:
        with dhcp_load.site(kind, options.server) as site:
            load = dhcp_load.start_load(site, round(offered), options.seconds)
            rate = load.result().rate
        highest = max(highest, rate)
        if rate >= NEARLY_ALL * offered:
            return highest
        offered *= LESS


def _spread(values: Sequence[float], digits: int) -> str:
    median, least, most = statistics.median(values), min(values), max(values)
    return f"{median:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"
