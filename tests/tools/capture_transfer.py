#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Capture signed zone transfers of several messages (RFC 8945 section 5.3.1).

dig asks and says whether it believes the answer; BIND, Knot, and a server that signs
few of its messages, answer through a relay that keeps the octets.
Writes tests/vectors/tsig-transfers.txt.

    /usr/bin/python3 tests/tools/capture_transfer.py tests/vectors
"""
import base64
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import dns.message
import dns.rrset
import dns.tsig

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.bind import Bind  # noqa: E402
from lab.keys import Key  # noqa: E402
from lab.knot import Knot  # noqa: E402

SECRET = base64.b64encode(b"a secret for tests alone, 49 octets long, no more").decode()
KEY_NAME = "tests.example."
ZONE = "example.org."
FILLER = "x" * 250


class SmallBind(Bind):
    """Messages as small as BIND makes them, for a short file."""

    def _options(self):
        return super()._options().replace("options {", "options { transfer-message-size 512;")


class Rarely:
    """A server of one transfer that signs its first and last message, and one between.

    No server of Debian's does; dig says whether it was right.
    """

    TEXTS = 60  # unsigned in a row: twice as many are too many (RFC 8945 section 5.3.1)

    def __init__(self, key):
        self._key = dns.tsig.Key(key.name, key.secret, key.algorithm)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()
        self._listener.close()

    def _run(self):
        client, _ = self._listener.accept()
        with client, client.makefile("rb") as stream:
            octets = stream.read(struct.unpack("!H", stream.read(2))[0])
            query = dns.message.from_wire(octets, keyring=self._key)
            context = None
            for rrset, signed in self._rrsets():
                answer = dns.message.make_response(query)
                answer.answer = [rrset]
                if not signed:
                    answer.tsig = None
                wire = answer.to_wire(multi=True, tsig_ctx=context)
                if signed:
                    context = answer.tsig_ctx
                else:
                    context.update(wire)
                client.sendall(struct.pack("!H", len(wire)) + wire)

    def _rrsets(self):
        soa = dns.rrset.from_text(ZONE, 300, "IN", "SOA", f"ns.{ZONE} h.{ZONE} 1 1 1 1 1")
        yield soa, True
        for signed_at_the_end in (True, False):
            for i in range(self.TEXTS):
                yield self._text(i), False
            if signed_at_the_end:
                yield self._text(self.TEXTS), True
        yield soa, True

    @staticmethod
    def _text(number):
        return dns.rrset.from_text(f"h{number}.{ZONE}", 300, "IN", "TXT", "text")


class Relay:
    """A TCP port that passes one connection on to a server and keeps all it saw."""

    def __init__(self, behind):
        self._behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.sent, self.received = b"", b""
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()
        self._listener.close()

    def _run(self):
        client, _ = self._listener.accept()
        with client, socket.create_connection(("127.0.0.1", self._behind)) as server:
            back = threading.Thread(target=self._back, args=(server, client))
            back.start()
            while octets := client.recv(65536):
                self.sent += octets
                server.sendall(octets)
            server.shutdown(socket.SHUT_WR)
            back.join()

    def _back(self, server, client):
        while octets := server.recv(65536):
            self.received += octets
            client.sendall(octets)


def capture(name, port, key):
    """One line: what dig asked and was answered, which it must believe."""
    with Relay(port) as relay:
        now = int(time.time())
        out = subprocess.run(
            ["dig", "@127.0.0.1", "-p", str(relay.port), "+nocookie", "+tries=1", "-y",
             f"{key.algorithm}:{key.name}:{key.secret}", ZONE, "AXFR"],
            capture_output=True, text=True, check=True, timeout=30).stdout
    if "XFR size" not in out or "ailed" in out or "verify" in out:
        raise SystemExit(f"{name}: {out}")
    return (f"{name} {key.algorithm} {key.secret} {now}"
            f" {relay.sent[2:].hex()} {relay.received.hex()}")


def transfer(name, kind, key, count):
    """Of a zone of `count` records with much text, so that there are several messages."""
    lines = [f'h{i}.{ZONE} 300 IN TXT "{FILLER}"' for i in range(count)]
    lines += [f"h.{ZONE} 300 IN A 192.0.2.7"]
    with tempfile.TemporaryDirectory() as work, \
            kind(pathlib.Path(work), keys=[key], reverse=(), extra={ZONE: lines}) as server:
        return capture(name, server.port, key)


def lines():
    for algorithm in ("hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha512"):
        yield transfer("bind", SmallBind, Key(KEY_NAME, algorithm, SECRET), 4)
    key = Key(KEY_NAME, "hmac-sha256", SECRET)
    yield transfer("knot", Knot, key, 80)
    with Rarely(key) as server:
        yield capture("rarely", server.port, key)


def main():
    path = pathlib.Path(sys.argv[1]) / "tsig-transfers.txt"
    path.write_text(
        "# SPDX-License-Identifier: MPL-2.0\n"
        "# Captured on loopback by tests/tools/capture_transfer.py; dig asked.\n"
        f"# The key is {KEY_NAME}, its secret is for these tests alone.\n"
        "# server, algorithm, secret, clock, request, answers with their length before each\n"
        + "".join(line + "\n" for line in lines()))


if __name__ == "__main__":
    main()
