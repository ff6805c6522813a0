# SPDX-License-Identifier: MPL-2.0
"""Fail when a file of ddns-core includes what its layer may not know."""

import pathlib
import re
import sys

BELOW = {
    "base": set(),
    "wire": {"base"},
    "proto": {"base", "wire"},
    "txn": {"base", "wire", "proto"},
    "audit": {"base", "wire", "proto", "txn"},
    "metrics": {"base"},
    "engine": {"base", "wire", "proto", "txn", "metrics"},
    "transport": {"base", "wire"},
    "ledger": {"base", "wire", "proto", "txn"},
    "client": {
        "base", "wire", "proto", "txn", "audit", "engine", "ledger", "transport",
        "metrics",
    },
    "settings": set(),
    "cli": {"settings"},
}

# Only these layers touch the world; everything else is a function of its arguments.
RESERVED = {
    "uv.h": {"transport", "client"},
    "jansson.h": {"settings"},
    "sqlite3.h": {"ledger"},
    "openssl/": {"proto", "transport"},
    "pthread.h": {"base", "ledger", "client"},
    "time.h": {"ledger", "client", "cli"},
    "sys/time.h": {"client", "cli"},
    "sys/socket.h": {"transport"},
    "sys/random.h": {"client"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def complaints(layer: str, bracket: str, header: str) -> list[str]:
    found = []
    owner = header.split("/")[0]
    if owner in BELOW and owner != layer and owner not in BELOW[layer]:
        found.append(f"{layer}/ may not include {header}")
    for prefix, layers in RESERVED.items():
        if bracket == "<" and header.startswith(prefix) and layer not in layers:
            found.append(f"<{header}> belongs to {', '.join(sorted(layers))}")
    return found


def main(root: pathlib.Path) -> int:
    bad = 0
    for path in sorted(root.rglob("*.[ch]")):
        layer = path.relative_to(root).parts[0]
        if layer == "include":
            continue
        if layer not in BELOW:
            print(f"{path}: {layer}/ is no layer")
            bad += 1
            continue
        for bracket, header in INCLUDE.findall(path.read_text()):
            for complaint in complaints(layer, bracket, header):
                print(f"{path}: {complaint}")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
