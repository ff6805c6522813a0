#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Capture what nsupdate, knsupdate and dig say, and what BIND answers.

Runs named on loopback behind a relay that keeps every message, and writes
tests/vectors/tsig-exchanges.txt and update-forms.txt.

    /usr/bin/python3 tests/tools/capture_dns.py tests/vectors
"""
import base64
import os
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.bind import Bind  # noqa: E402
from lab.keys import ALGORITHMS, Key  # noqa: E402
from lab.process import wrong_clock  # noqa: E402

SECRET = base64.b64encode(b"a secret for tests alone, 49 octets long, no more").decode()
OTHER_SECRET = base64.b64encode(b"some other secret").decode()
KEY_NAME = "tests.example."
SKEW = -1000  # seconds the client's clock is wrong; past the fudge of 300 (RFC 8945 section 10)
TRUNCATED = {"hmac-md5": 80, "hmac-sha1": 96, "hmac-sha224": 112, "hmac-sha256": 128,
             "hmac-sha384": 192, "hmac-sha512": 256}
DHCID = "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA="  # RFC 4701 section 3.6.1
FORWARD, REVERSE = "example.org.", "2.0.192.in-addr.arpa."
HOST, POINTER = "host.example.org.", "7.2.0.192.in-addr.arpa."
FORMS = {
    "require-rrset": (FORWARD, [f"prereq yxrrset {HOST} A"]),
    "require-rr": (FORWARD, [f"prereq yxrrset {HOST} A 192.0.2.7"]),
    "require-rr-dhcid": (FORWARD, [f"prereq yxrrset {HOST} DHCID {DHCID}"]),
    "require-no-rrset": (FORWARD, [f"prereq nxrrset {HOST} AAAA"]),
    "require-name": (FORWARD, [f"prereq yxdomain {HOST}"]),
    "require-no-name": (FORWARD, [f"prereq nxdomain {HOST}"]),
    "add-a": (FORWARD, [f"update add {HOST} 300 A 192.0.2.7"]),
    "add-aaaa": (FORWARD, [f"update add {HOST} 300 AAAA 2001:db8::7"]),
    "add-dhcid": (FORWARD, [f"update add {HOST} 300 DHCID {DHCID}"]),
    "add-ptr": (REVERSE, [f"update add {POINTER} 300 PTR {HOST}"]),
    "add-ptr-below": (FORWARD, [f"update add alias.{FORWARD} 300 PTR {HOST}"]),
    "delete-rrset": (FORWARD, [f"update delete {HOST} A"]),
    "delete-name": (FORWARD, [f"update delete {HOST}"]),
    "delete-a": (FORWARD, [f"update delete {HOST} A 192.0.2.7"]),
    "delete-ptr": (REVERSE, [f"update delete {POINTER} PTR {HOST}"]),
    "claim": (FORWARD, [f"prereq nxdomain {HOST}",
                        f"update add {HOST} 300 A 192.0.2.7",
                        f"update add {HOST} 300 DHCID {DHCID}"]),
    "refresh": (FORWARD, [f"prereq yxdomain {HOST}",
                          f"prereq yxrrset {HOST} DHCID {DHCID}",
                          f"update delete {HOST} A",
                          f"update add {HOST} 300 A 192.0.2.7"]),
    "reverse": (REVERSE, [f"update delete {POINTER} PTR",
                          f"update add {POINTER} 300 PTR {HOST}"]),
}


class Relay:
    """A UDP port that passes on to a server, when there is one, and keeps all it saw."""

    def __init__(self, server=None):
        self.pairs = []
        self._server = server
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self.port = self._sock.getsockname()[1]
        self._open = True
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._open = False
        self._thread.join()
        self._sock.close()

    def _answer(self, request):
        if self._server is None:
            counts = b"\0\0" * 4
            return request[:2] + bytes([request[2] | 0x80, 0]) + counts
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.settimeout(5)
            out.sendto(request, ("127.0.0.1", self._server))
            return out.recv(65535)

    def _run(self):
        while self._open:
            if not select.select([self._sock], [], [], 0.05)[0]:
                continue
            request, peer = self._sock.recvfrom(65535)
            answer = self._answer(request)
            self.pairs.append((request, answer))
            self._sock.sendto(answer, peer)


def run(argv, text=None, clock=0):
    env = {**os.environ, **(wrong_clock(clock) if clock else {})}
    subprocess.run(argv, env=env, input=text, text=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False, timeout=30)


def update(client, port, zone, lines, key=None, clock=0):
    text = [f"server 127.0.0.1 {port}", f"zone {zone}", *lines, "send", "quit", ""]
    words = [client]
    if key is not None:
        words += ["-y", f"{key.algorithm}:{key.name}:{key.secret}"]
    run(words, "\n".join(text), clock)


def dig(_client, port, zone, _lines, key, _clock=0):
    run(["dig", "@127.0.0.1", "-p", str(port), "+nocookie", "+tries=1",
         "-y", f"{key.algorithm}:{key.name}:{key.secret}", zone, "SOA"])


def last_signed(relay):
    """The last exchange whose request has a TSIG record: type 250, class ANY, TTL 0."""
    return [p for p in relay.pairs if b"\0\xfa\0\xff\0\0\0\0" in p[0]][-1]


def exchange(label, client, client_key, server_key, clock=0, bits=0):
    with tempfile.TemporaryDirectory() as work, \
            Bind(pathlib.Path(work), keys=[server_key]) as named, \
            Relay(named.port) as relay:
        ask = dig if client == "dig" else update
        lines = FORMS["claim"][1]
        now = int(time.time()) + clock
        ask(client, relay.port, FORWARD, lines, client_key, clock)
        request, answer = last_signed(relay)
    algorithm = client_key.algorithm if not bits else client_key.algorithm.rsplit("-", 1)[0]
    return (f"{label} {client} {algorithm} {bits} {client_key.secret} {now}"
            f" {request.hex()} {answer.hex()}")


def exchanges():
    for algorithm in ALGORITHMS:
        key = Key(KEY_NAME, algorithm, SECRET)
        for client in ("nsupdate", "knsupdate", "dig"):
            yield exchange("good", client, key, key)
        short = Key(KEY_NAME, f"{algorithm}-{TRUNCATED[algorithm]}", SECRET)
        yield exchange("truncated", "nsupdate", short, short, bits=TRUNCATED[algorithm])
        other = Key(KEY_NAME, algorithm, OTHER_SECRET)
        stranger = Key("stranger.example.", algorithm, SECRET)
        yield exchange("badsig", "nsupdate", other, key)
        yield exchange("badkey", "nsupdate", key, stranger)
        # BIND's programs do not start with libfaketime.
        yield exchange("badtime", "knsupdate", key, key, clock=SKEW)
    short = Key(KEY_NAME, "hmac-sha256-128", SECRET)
    yield exchange("badtrunc", "nsupdate", short, Key(KEY_NAME, "hmac-sha256", SECRET),
                   bits=128)


def forms():
    for client in ("nsupdate", "knsupdate"):
        for form, (zone, lines) in FORMS.items():
            with Relay() as relay:
                update(client, relay.port, zone, lines)
                yield f"{client} {form} {relay.pairs[-1][0].hex()}"


def version(words):
    out = subprocess.run(words, capture_output=True, text=True, check=True)
    return (out.stdout + out.stderr).splitlines()[0].split(" <")[0]


def write(path, columns, lines):
    origin = "; ".join(version(w) for w in (["nsupdate", "-V"], ["knsupdate", "-V"],
                                            ["dig", "-v"], ["named", "-V"]))
    path.write_text(
        "# SPDX-License-Identifier: MPL-2.0\n"
        f"# Captured on loopback by tests/tools/capture_dns.py from\n# {origin}.\n"
        f"{columns}" + "".join(line + "\n" for line in lines))


def main():
    folder = pathlib.Path(sys.argv[1])
    write(folder / "update-forms.txt",
          "# client, form as in capture_dns.py, message\n", list(forms()))
    write(folder / "tsig-exchanges.txt",
          f"# The key is {KEY_NAME}, its secret is for these tests alone.\n"
          "# what happened, client, algorithm, digest-bits, client's secret, client's\n"
          "# clock, request, answer\n", list(exchanges()))


if __name__ == "__main__":
    main()
