# SPDX-License-Identifier: MPL-2.0
"""ISC BIND 9."""

from __future__ import annotations

from .dns_server import DnsServer


class Bind(DnsServer):
    program = "named"
    check_names = "ignore"  # "fail" is BIND's default: updates of odd names are refused
    silent = ("xfer-out",)  # categories of which the log says nothing

    def arguments(self) -> list[str]:
        return ["-g", "-c", str(self.folder / "named.conf")]

    def prepare(self) -> None:
        parts = [self._options()]
        parts += [
            f'key "{key.name}" {{ algorithm {key.algorithm}; secret "{key.secret}"; }};'
            for key in self.keys
        ]
        parts += [self._zone(zone) for zone in self.zones]
        (self.folder / "named.conf").write_text("\n".join([*parts, ""]))

    def _options(self) -> str:
        silent = " ".join(f"category {name} {{ null; }};" for name in self.silent)
        v6 = ":" in self.address
        here, other = ("-v6", "") if v6 else ("", "-v6")
        return f"""options {{
    directory "{self.folder}";
    pid-file none;
    session-keyfile "{self.folder}/session.key";
    listen-on{here} port {self.port} {{ {self.address}; }};
    listen-on{other} {{ none; }};
    recursion no;
    dnssec-validation no;
    notify no;
    check-names primary {self.check_names};
    allow-transfer {{ {"any" if self.transfer else "none"}; }};
}};
controls {{ }};
logging {{ {silent} }};"""

    def _zone(self, zone: str) -> str:
        allowed = " ".join(f'key "{key.name}";' for key in self.keys) or "any;"
        return (
            f'zone "{zone}" {{ type primary; file "{self.zone_file(zone)}";'
            f" allow-update {{ {allowed} }}; }};"
        )
