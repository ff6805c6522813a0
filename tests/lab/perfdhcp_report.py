# SPDX-License-Identifier: MPL-2.0
"""What perfdhcp says when it ends, as figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORDS = ("-x", "t")  # it lists the times of all exchanges, too

_SECTION = re.compile(r"^\*\*\*(.+?)\*\*\*$", re.MULTILINE)
_RATE = re.compile(r"^Rate: ([\d.]+)", re.MULTILINE)
_RECEIVED = re.compile(r"^received packets: (\d+)", re.MULTILINE)
_TIMES = re.compile(r"^sent / received: ([\d.]+) / ([\d.]+)", re.MULTILINE)


class Report:
    """Complete exchanges: `rate` in a second, `acks`, and `delays` of each ACK in s."""

    def __init__(self, text: str) -> None:
        parts = _SECTION.split(text)
        sections = dict(zip(parts[1::2], parts[2::2]))
        ends = "REQUEST-ACK"
        self.rate = float(_one(_RATE, sections["Rate statistics"]))
        self.acks = int(_one(_RECEIVED, sections[f"Statistics for: {ends}"]))
        times = _TIMES.findall(sections.get(f"Timestamps for packets: {ends}", ""))
        self.delays: Sequence[float] = sorted(float(b) - float(a) for a, b in times)


def _one(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"perfdhcp does not say {pattern.pattern}")
    return found[1]
