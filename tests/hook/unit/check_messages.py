#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Fail when dns_update_messages.{mes,h,cc} do not say the same, or a message goes unused.

kea-msg-compiler would make the latter two from the first, but Debian's kea-dev
2.2 does not have it.
"""
import pathlib
import re
import sys

ROW = re.compile(r"^% (\S+) (.*)$", re.M)
DECLARED = re.compile(r"^extern const isc::log::MessageID (\w+);$", re.M)
DEFINED = re.compile(r'^const isc::log::MessageID (\w+) =\s+"(\w+)";$', re.M)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def described(text):
    """The messages of a .mes file; each needs a paragraph under it."""
    rows = ROW.findall(text)
    paragraphs = [part.split("\n", 1)[1].strip() for part in re.split(r"^% ", text, flags=re.M)[1:]]
    for (name, _), paragraph in zip(rows, paragraphs):
        assert paragraph, f"{name} has no explanation"
    return rows


def registered(text):
    """The pairs of the table that the server's dictionary reads."""
    table = text.split("values[] = {", 1)[1].split("nullptr", 1)[0]
    strings = [re.sub(r"\\(.)", r"\1", s) for s in STRING.findall(table)]
    return list(zip(strings[::2], strings[1::2]))


hook = pathlib.Path(sys.argv[1])
rows = described((hook / "dns_update_messages.mes").read_text())
names = [name for name, _ in rows]
code = (hook / "dns_update_messages.cc").read_text()
used = "".join(path.read_text() for path in hook.glob("*.cc") if "messages" not in path.name)

assert names == sorted(names), "the messages are not in order"
assert DECLARED.findall((hook / "dns_update_messages.h").read_text()) == names
assert DEFINED.findall(code) == [(name, name) for name in names]
assert registered(code) == rows
for name in names:
    assert re.search(rf"\b{name}\b", used), f"nothing logs {name}"
