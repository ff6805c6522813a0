# SPDX-License-Identifier: MPL-2.0
"""dns-update audit against BIND, Knot and PowerDNS, and against servers that lie.

The command is $DNS_UPDATE_COMMAND, or the one of the folder build.
"""

from __future__ import annotations

import base64
import json
import os
import pathlib
import socket
import subprocess
import threading

import pytest
from lab import ledger
from lab.dns_servers import SERVERS, Bind, Key
from lab.dns_server import free_port
from lab.ledger import Told
from lab.lying_server import LyingServer, truth, wrongly_signed
from lab.process import wrong_clock

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = os.environ.get("DNS_UPDATE_COMMAND", ROOT / "build/ddns-core/cli/dns-update")
ZONE = "example.org."
REVERSE = "10.in-addr.arpa."
KEY = Key()
AGREES, DIFFERS, USAGE, NO_ANSWER, SIGNATURE = range(5)
NAMES = 20_000


def dhcid(number: int) -> str:
    return base64.b64encode(bytes([0, 1, 1]) + number.to_bytes(32, "big")).decode()


def address(number: int) -> str:
    return f"10.0.{number >> 8}.{number & 255}"


def name(number: int) -> str:
    return f"host-{number}.{ZONE}"


def reverse(number: int) -> str:
    return ".".join(reversed(address(number).split("."))) + ".in-addr.arpa."


def told(number: int) -> Told:
    return Told(address(number), name(number), name(number), dhcid(number))


def forward_lines(numbers) -> list[str]:
    return [
        f"{name(n)} 300 IN {line}"
        for n in numbers
        for line in (f"A {address(n)}", f"DHCID {dhcid(n)}")
    ]


def reverse_lines(numbers) -> list[str]:
    return [
        f"{reverse(n)} 300 IN {line}"
        for n in numbers
        for line in (f"PTR {name(n)}", f"DHCID {dhcid(n)}")
    ]


def audit(path, server, *options, key=KEY, both=True, env=None, **more):
    """The command's status, its lines, and what it says on standard error."""
    words = {
        "ledger": path,
        "dns-server": server.address,
        "port": server.port,
        "zone": ZONE,
        "subnet": "10.0.0.0/16",
        **more,
    }
    if both:
        words["reverse-zone"] = REVERSE
    if key:
        words |= {"key-name": key.name, "key": key.secret, "key-algorithm": key.algorithm}
    done = subprocess.run(
        [COMMAND, "audit", *options, *(f"{n}={v}" for n, v in words.items())],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **(env or {})},
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def serve(kind, folder, numbers, **settings):
    """A server whose zones say what was told about the numbers."""
    extra = {ZONE: forward_lines(numbers), REVERSE: reverse_lines(numbers)}
    for zone, lines in settings.pop("beside", {}).items():
        extra[zone] += lines
    return kind(folder, keys=[KEY], reverse=(REVERSE,), extra=extra, **settings)


@pytest.fixture(scope="module", params=SERVERS, ids=lambda kind: kind.__name__)
def big(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dns")
    with serve(request.param, folder, range(NAMES)) as server:
        yield server


def test_a_big_zone_that_agrees(big, tmp_path):
    path = ledger.write(tmp_path / "ledger", map(told, range(NAMES)))
    # ns and www are the operator's, and two records more.
    line = f"{NAMES} claims, {4 * NAMES + 2} records: 0 missing, 0 wrong, 0 left over"
    assert audit(path, big) == (AGREES, [line], "")


def test_what_differs_in_a_big_zone(big, tmp_path):
    """Two leases DNS knows nothing of, one it says something else of, one too many."""
    rows = [told(n) for n in range(NAMES) if n not in (5, 6)]
    rows += [Told("10.0.200.1", f"new.{ZONE}", f"new.{ZONE}", dhcid(1))]
    rows += [Told(address(5), f"www.{ZONE}", f"www.{ZONE}", dhcid(5))]
    status, lines, error = audit(ledger.write(tmp_path / "ledger", rows), big)
    assert (status, error) == (DIFFERS, "")
    assert set(lines[:-1]) == {
        f"missing: new.{ZONE} IN A 10.0.200.1",
        f"missing: 1.200.0.10.in-addr.arpa. IN PTR new.{ZONE}",
        f"wrong: www.{ZONE} IN A 10.0.0.5, DNS has 203.0.113.80;"
        " the name is not this client's",
        f"wrong: 5.0.0.10.in-addr.arpa. IN PTR www.{ZONE}, DNS has host-5.{ZONE}",
        f"leftover: host-5.{ZONE} IN A 10.0.0.5",
        f"leftover: host-6.{ZONE} IN A 10.0.0.6",
        f"leftover: 6.0.0.10.in-addr.arpa. IN PTR host-6.{ZONE}",
    }
    assert lines[-1].endswith(": 2 missing, 2 wrong, 3 left over")


def test_unsigned_and_forward_alone(big, tmp_path):
    path = ledger.write(tmp_path / "ledger", map(told, range(NAMES)))
    status, lines, _ = audit(path, big, key=None, both=False)
    assert status == AGREES
    assert lines[0].startswith(f"{NAMES} claims, {2 * NAMES + 2} records")


def test_a_wrong_secret_is_said(big, tmp_path):
    path = ledger.write(tmp_path / "ledger", [told(1)])
    status, lines, error = audit(path, big, key=Key())
    assert lines == []
    assert "zone example.org." in error and "key lab-key" in error
    # PowerDNS answers REFUSED, or as it pleases, to a signature that it does not know.
    assert status in (SIGNATURE, NO_ANSWER)
    assert KEY.secret not in error


def test_a_wrong_clock_is_said(tmp_path):
    path = ledger.write(tmp_path / "ledger", [told(1)])
    with serve(Bind, tmp_path / "dns", [1]) as server:
        status, _, error = audit(path, server, env=wrong_clock(-1000))
    assert status == SIGNATURE
    assert "BADTIME" in error and "seconds behind the server's" in error


@pytest.mark.parametrize("kind", SERVERS, ids=lambda kind: kind.__name__)
def test_a_refused_transfer_is_asked_for_name_by_name(kind, tmp_path):
    numbers = range(1000)
    rows = [told(n) for n in numbers if n != 5]
    rows += [Told("10.0.200.1", f"new.{ZONE}", None, dhcid(1))]
    path = ledger.write(tmp_path / "ledger", rows)
    with serve(kind, tmp_path / "dns", numbers, transfer=False) as server:
        status, lines, error = audit(path, server)
    assert (status, error) == (DIFFERS, "")
    assert lines == [
        f"missing: new.{ZONE} IN A 10.0.200.1",
        "1000 claims, 3996 records: 1 missing, 0 wrong, 0 left over",
        "no zone transfer was allowed: only the names that are claimed were asked for",
    ]


class Cut:
    """Passes the first message of an answer on, and closes."""

    def __init__(self, behind):
        self.address, self.port = "127.0.0.1", free_port("127.0.0.1")
        self._behind = (behind.address, behind.port)
        self._listener = socket.create_server((self.address, self.port))
        self._listener.settimeout(20)  # nobody may come: the command may not run at all
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()
        self._listener.close()

    def _run(self):
        client, _ = self._listener.accept()
        with client, socket.create_connection(self._behind) as server:
            server.sendall(client.recv(4096))
            with server.makefile("rb") as stream:
                length = stream.read(2)
                client.sendall(length + stream.read(int.from_bytes(length, "big")))


@pytest.mark.parametrize("key", [KEY, None], ids=["signed", "unsigned"])
def test_a_transfer_that_is_cut_off_finds_nothing(tmp_path, key):
    path = ledger.write(tmp_path / "ledger", map(told, range(NAMES)))
    with serve(Bind, tmp_path / "dns", range(NAMES)) as server, Cut(server) as cut:
        status, lines, error = audit(path, cut, key=key, both=False)
    assert (status, lines) == (NO_ANSWER, [])
    assert "zone transfer: cut off in the middle" in error


def test_a_transfer_that_stops_finds_nothing(tmp_path):
    """The first message is passed on, and no other."""
    path = ledger.write(tmp_path / "ledger", map(told, range(NAMES)))
    with serve(Bind, tmp_path / "dns", range(NAMES)) as server, \
            LyingServer(truth, "127.0.0.1", free_port("127.0.0.1"), server.port, None) as liar:
        liar.address, liar.port = liar._place
        status, lines, error = audit(path, liar, both=False, timeout=0.5)
    assert (status, lines) == (NO_ANSWER, [])
    assert "stopped in the middle" in error


def test_a_transfer_that_is_wrongly_signed_finds_nothing(tmp_path):
    path = ledger.write(tmp_path / "ledger", [told(1)])
    with serve(Bind, tmp_path / "dns", [1]) as server, LyingServer(
        wrongly_signed, "127.0.0.1", free_port("127.0.0.1"), server.port, None
    ) as liar:
        liar.address, liar.port = liar._place
        status, lines, error = audit(path, liar, both=False)
    assert (status, lines) == (SIGNATURE, [])
    assert "the answer's signature is wrong" in error


def test_json(tmp_path):
    path = ledger.write(tmp_path / "ledger", [told(1), told(2)])
    with serve(Bind, tmp_path / "dns", [1, 3]) as server:
        status, lines, _ = audit(path, server, "--json", both=False)
    *findings, summary = map(json.loads, lines)
    assert status == DIFFERS
    assert findings == [
        {"finding": "missing", "name": name(2), "type": "A", "data": address(2),
         "dns-has": None, "conflict": False},
        {"finding": "leftover", "name": name(3), "type": "A", "data": address(3),
         "dns-has": None, "conflict": False},
    ]
    assert summary == {
        "status": "differs", "claims": 2, "records": 6, "missing": 1, "wrong": 0,
        "leftover": 1, "leftovers-searched": True, "message": None,
    }


def test_what_is_not_there_is_said(tmp_path):
    path = ledger.write(tmp_path / "ledger", [told(1)])
    with serve(Bind, tmp_path / "dns", [1]) as server:
        status, _, error = audit(tmp_path / "none", server)
        assert status == USAGE and error.startswith("dns-update: ledger: ")
        assert not (tmp_path / "none").exists()
        status, _, error = audit(path, server, zone="example.net")
        assert status == NO_ANSWER and "zone example.net." in error
    status, _, error = audit(path, server)
    assert status == NO_ANSWER and "connection refused" in error
