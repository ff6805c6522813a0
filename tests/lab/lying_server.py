# SPDX-License-Identifier: MPL-2.0
"""A proxy in front of a DNS server that answers with lies before the truth.

It speaks TCP and UDP.  Each answer passes through a lie, a function from the
question's and the answer's octets to the octets that are sent, in order, with
the seconds to wait before each.
"""

from __future__ import annotations

import contextlib
import itertools
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable

from .netns import inside

Lie = Callable[[bytes, bytes], Iterable[tuple[float, bytes]]]

HEADER = struct.Struct("!HHHHHH")


def truth(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    yield 0, answer


def wrong_id(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    yield 0, bytes([answer[0] ^ 0xFF]) + answer[1:]
    yield 0.05, answer


def unsigned(question: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    """NOERROR without the signature, as anybody on the path could send it."""
    yield 0, _bare(question, 0)
    yield 0.05, answer


def unsigned_refusal(question: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    yield 0, _bare(question, 5)
    yield 0.05, answer


def wrongly_signed(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    """One bit of the MAC is another; it ends six octets and the id before the end."""
    at = len(answer) - 10
    yield 0, answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
    yield 0.05, answer


def other_rcode(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    """The signature is about another RCODE."""
    yield 0, answer[:3] + bytes([answer[3] ^ 6]) + answer[4:]
    yield 0.05, answer


def cut(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    for length in (0, 1, 11, 12, len(answer) // 2, len(answer) - 1):
        yield 0, answer[:length]
    yield 0.05, answer


def garbage(question: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    yield 0, question[:2] + b"\xff" * 60
    yield 0, question[:2] + b"\x80\x00\xff\xff\xff\xff\xff\xff\xff\xff" + b"\xc0\x0c" * 50
    yield 0, question  # the question itself is no answer
    yield 0.05, answer


def twice(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    yield 0, answer
    yield 0.01, answer


def late(_: bytes, answer: bytes) -> Iterable[tuple[float, bytes]]:
    yield 0.3, answer


LIES = (
    truth,
    wrong_id,
    unsigned,
    unsigned_refusal,
    wrongly_signed,
    other_rcode,
    cut,
    garbage,
    twice,
    late,
)


def _bare(question: bytes, rcode: int) -> bytes:
    """A header alone, with the question's id and opcode."""
    identity, flags = struct.unpack_from("!HH", question)
    return HEADER.pack(identity, 0x8000 | (flags & 0x7800) | rcode, 0, 0, 0, 0)


class LyingServer:
    """Listens on address and port in a namespace; asks the server behind it by TCP."""

    def __init__(self, lie: Lie, address: str, port: int, behind: int, netns: str) -> None:
        self._lie = lie
        self._place = (address, port)
        self._behind = (address, behind)
        self._netns = netns
        self._stack = contextlib.ExitStack()
        self._threads: list[threading.Thread] = []
        self._over = False
        self.told = itertools.count()

    def __enter__(self) -> LyingServer:
        tcp, udp = inside(self._netns, self._sockets)
        self._listeners = (tcp, udp)
        for work in (self._accept, self._datagrams):
            self._start(work)
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        for thread in self._threads:
            thread.join(10)
        for listener in self._listeners:
            listener.close()

    def _start(self, work: Callable[[], None]) -> None:
        # Sockets open where the thread is, so each thread enters the namespace.
        thread = threading.Thread(target=inside, args=(self._netns, work), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _sockets(self) -> tuple[socket.socket, socket.socket]:
        tcp = socket.create_server(self._place)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(self._place)
        return tcp, udp

    def _accept(self) -> None:
        while self._ready(self._listeners[0]):
            client, _ = self._listeners[0].accept()
            self._start(lambda client=client: self._stream(client))

    def _stream(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, EOFError):
            while self._ready(client):
                question = _read(client)
                for pause, octets in self._lie(question, self._ask(question)):
                    time.sleep(pause)
                    client.sendall(struct.pack("!H", len(octets)) + octets)

    def _datagrams(self) -> None:
        udp = self._listeners[1]
        while self._ready(udp):
            question, client = udp.recvfrom(65535)
            # Late answers must not hold up each other: that would be a slow server.
            self._start(lambda q=question, c=client: self._datagram(q, c))

    def _datagram(self, question: bytes, client: tuple[str, int]) -> None:
        with contextlib.suppress(OSError, EOFError):
            for pause, octets in self._lie(question, self._ask(question)):
                time.sleep(pause)
                self._listeners[1].sendto(octets, client)

    def _ask(self, question: bytes) -> bytes:
        next(self.told)
        with socket.create_connection(self._behind, timeout=5) as server:
            server.sendall(struct.pack("!H", len(question)) + question)
            return _read(server)

    def _ready(self, source: socket.socket) -> bool:
        """Wait for something to read; false when this server shall end."""
        with selectors.DefaultSelector() as selector:
            selector.register(source, selectors.EVENT_READ)
            while not self._over:
                if selector.select(0.1):
                    return True
        return False


def _read(stream: socket.socket) -> bytes:
    return _exactly(stream, struct.unpack("!H", _exactly(stream, 2))[0])


def _exactly(stream: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data
