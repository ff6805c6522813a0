# SPDX-License-Identifier: MPL-2.0
"""Reads Prometheus' text exposition format, and objects to whatever breaks its rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SAMPLE = re.compile(rf"({NAME})\{{({LABEL}(?:,{LABEL})*)\}} (\d+(?:\.\d+)?)")
COMMENT = re.compile(rf"# (HELP|TYPE) ({NAME}) (.+)")
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}

Labels = frozenset[tuple[str, str]]


@dataclasses.dataclass
class Metric:
    help: str
    type: str
    samples: dict[tuple[str, Labels], float]  # by the suffix of the name

    def value(self, suffix: str = "", **labels: str) -> float:
        """The sum of the samples that have these labels."""
        return sum(
            number
            for (end, have), number in self.samples.items()
            if end == suffix and labels.items() <= dict(have).items()
        )


def parse(text: str) -> dict[str, Metric]:
    """The metrics by their names.  Raises AssertionError."""
    assert text.endswith("\n"), "the last line has no end"
    metrics: dict[str, Metric] = {}
    help_of: dict[str, str] = {}
    current = ""
    for line in text.splitlines():
        if line.startswith("#"):
            found = COMMENT.fullmatch(line)
            assert found, line
            word, current, rest = found.groups()
            if word == "HELP":
                assert current not in help_of, f"{current} comes twice"
                help_of[current] = rest
            else:
                assert rest in SUFFIXES, line
                metrics[current] = Metric(help_of[current], rest, {})
        else:
            _sample(metrics[current], current, line)
    for name, metric in metrics.items():
        _check(name, metric)
    return metrics


def _sample(metric: Metric, name: str, line: str) -> None:
    found = SAMPLE.fullmatch(line)
    assert found, line
    assert found[1].startswith(name), f"{line} stands below {name}"
    suffix = found[1].removeprefix(name)
    assert suffix in SUFFIXES[metric.type], line
    labels = re.findall(LABEL, found[2])
    assert len({label for label, _ in labels}) == len(labels), line
    key = (suffix, frozenset(labels))
    assert key not in metric.samples, f"twice: {line}"
    metric.samples[key] = float(found[found.lastindex])


def _check(name: str, metric: Metric) -> None:
    assert (metric.type == "counter") == name.endswith("_total"), name
    if metric.type == "histogram":
        for labels, buckets in _histograms(metric):
            counts = [count for _, count in sorted(buckets)]
            assert counts == sorted(counts), f"{name}: buckets are cumulative"
            assert max(buckets)[0] == float("inf"), name
            assert counts[-1] == metric.samples["_count", labels], name
            assert ("_sum", labels) in metric.samples, name


def _histograms(metric: Metric) -> Iterator[tuple[Labels, list[tuple[float, float]]]]:
    found: dict[Labels, list[tuple[float, float]]] = {}
    for (suffix, labels), count in metric.samples.items():
        if suffix == "_bucket":
            rest = frozenset(pair for pair in labels if pair[0] != "le")
            found.setdefault(rest, []).append((float(dict(labels)["le"]), count))
    yield from found.items()
