# SPDX-License-Identifier: MPL-2.0
"""What all DNS servers of the laboratory have in common."""

from __future__ import annotations

import abc
import pathlib
import signal
import socket
from collections.abc import Mapping, Sequence

import dns.exception
import dns.message
import dns.query

from . import zones
from .keys import Key
from .netns import inside
from .process import LabError, Process, eventually, unconfined

LARGE = 2000  # records


def free_port(address: str) -> int:
    """A port that is free now for both TCP and UDP."""
    while True:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as tcp:
            tcp.bind((address, 0))
            port = tcp.getsockname()[1]
            with socket.socket(tcp.family, socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind((address, port))
                except OSError:
                    continue
                return port


class DnsServer(abc.ABC):
    """An authoritative server in a folder of its own.

    Holders of a key may update every zone; everybody may transfer, so a look
    at a zone needs neither a key nor a right clock, unless `transfer` is false, when
    nobody may.  `extra` adds master file lines to zones.
    """

    program: str

    def __init__(
        self,
        folder: pathlib.Path,
        *,
        forward: Sequence[str] = ("example.org.",),
        reverse: Sequence[str] = ("2.0.192.in-addr.arpa.",),
        keys: Sequence[Key] = (),
        extra: Mapping[str, Sequence[str]] | None = None,
        address: str = "127.0.0.1",
        port: int | None = None,
        netns: str | None = None,
        transfer: bool = True,
    ) -> None:
        self.folder = folder / f"{type(self).__name__.lower()}-{address}"
        self.folder.mkdir(parents=True)
        self.forward = tuple(forward)
        self.reverse = tuple(reverse)
        self.keys = tuple(keys)
        self.address = address
        self.port = port or inside(netns, lambda: free_port(address))
        self.netns = netns
        self.transfer = transfer
        self._extra = extra or {}
        self._large: set[str] = set()  # zones that hold many records
        self._process: Process | None = None
        self.prepare()

    @abc.abstractmethod
    def prepare(self) -> None:
        """Write configuration and zones into the folder."""

    @abc.abstractmethod
    def arguments(self) -> list[str]:
        """The program's arguments for the foreground."""

    @property
    def zones(self) -> tuple[str, ...]:
        return self.forward + self.reverse

    @property
    def log(self) -> pathlib.Path:
        return self.folder / "server.log"

    def __enter__(self) -> DnsServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return when every zone is served over TCP and UDP."""
        argv = [*unconfined(self.program), *self.arguments()]
        self._process = Process(argv, self.log, self.netns)
        try:
            for zone in self.zones:
                eventually(f"{self.program} serves {zone}", lambda: self._serves(zone))
        except LabError as error:
            self.kill()
            raise LabError(f"{error}\n{self.tail()}") from error

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def process(self) -> Process:
        if self._process is None:
            raise LabError(f"{self.program} is not running")
        return self._process

    def pause(self) -> None:
        """Let it hear and say nothing until resume()."""
        self.process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.signal(signal.SIGCONT)

    def tail(self, lines: int = 30) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def zone(self, name: str) -> zones.Records:
        """Every record of a zone but the SOA, by zone transfer."""
        transfer = zones.transfer_by_dig if name in self._large else zones.transfer
        records = inside(self.netns, lambda: transfer(self.address, self.port, name))
        if len(records) > LARGE:
            self._large.add(name)
        return records

    def lookup(self, name: str, rdtype: str) -> Sequence[str]:
        """The sorted data of one record set."""
        return inside(
            self.netns, lambda: zones.lookup(self.address, self.port, name, rdtype)
        )

    def serial(self, zone: str) -> int:
        """The zone's serial: how often its contents changed."""
        return inside(self.netns, lambda: zones.serial(self.address, self.port, zone))

    def forget(self, name: str) -> None:
        """Remove all records of a name, as an administrator would by hand."""
        zone = next(z for z in self.zones if name.endswith(f".{z}"))
        inside(
            self.netns,
            lambda: zones.remove(self.address, self.port, zone, name, self.keys[0]),
        )

    def zone_lines(self, zone: str) -> list[str]:
        """Master file lines a zone starts with."""
        forward = zone in self.forward
        primary = zone if forward or not self.forward else self.forward[0]
        return [
            *zones.static_lines(zone, forward, primary),
            *self._extra.get(zone, ()),
        ]

    def zone_file(self, zone: str) -> pathlib.Path:
        """Write the master file of a zone and say where it is."""
        path = self.folder / f"{zone.replace('/', '-')}zone"
        path.write_text("\n".join([*self.zone_lines(zone), ""]))
        return path

    def _serves(self, zone: str) -> bool:
        if not self.process.running():
            raise LabError(f"{self.program} ended at once")
        query = dns.message.make_query(zone, "SOA")

        def ask() -> bool:
            # A server that is just starting may lose a datagram, which costs the timeout;
            # it refuses the connection.
            answers = (
                ask_by(query, self.address, timeout=1, port=self.port)
                for ask_by in (dns.query.tcp, dns.query.udp)
            )
            return all(answer.answer for answer in answers)

        try:
            return inside(self.netns, ask)
        except (OSError, EOFError, dns.exception.DNSException):
            return False
