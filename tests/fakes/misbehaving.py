"""A server on loopback that misbehaves in one phase of a request: it never ends what it begins.

with Misbehaving("headers") as server:
    ...  # a client that asks `server.url`
    assert server.closed.wait(30)
"""

import gzip
import io
import socket
import threading
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Self

PAUSE_S = 0.02
"""Between two bytes: far less than any limit on silence, so that only a limit on the whole helps."""


def _dripping(begin: bytes, more: bytes = b"a") -> Callable[[], Iterator[bytes]]:
    def send() -> Iterator[bytes]:
        yield begin
        yield from repeat(more)

    return send


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_PACKED = b"Transfer-Encoding: chunked\r\nContent-Encoding: "

PHASES: dict[str, Callable[[], Iterator[bytes]]] = {
    "silence": lambda: iter(()),
    # A record of TLS with a ServerHello of 16,000 bytes.
    "handshake": _dripping(b"\x16\x03\x03\x3e\x80\x02\x00\x3e\x7c\x03\x03", b"\0"),
    "status line": _dripping(b"HTTP/1.1 200 "),
    "headers": _dripping(_OK + b"X-Name: "),
    "100 Continue": _dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": _dripping(_OK + b"Content-Length: 1000000\r\n\r\n", b" "),
    "body without a length": _dripping(_OK + b"Connection: close\r\n\r\n", b" "),
    "size of a chunk": _dripping(_OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "trailer": _dripping(_OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Name: "),
}
"""What is sent, piece by piece, by the phase that never ends."""
OF_TLS = {"silence", "handshake"}
"""Phases in which TLS waits."""


def _packed(times: int) -> Iterator[bytes]:
    bomb = b" " * 400_000_000
    for _ in range(times):
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as file:
            for start in range(0, len(bomb), 1 << 20):
                file.write(bomb[start : start + (1 << 20)])
        bomb = packed.getvalue()
    names = ", ".join(["gzip"] * times).encode()
    yield _OK + _PACKED + names + b"\r\n\r\n"
    for start in range(0, len(bomb), 1 << 16):
        piece = bomb[start : start + (1 << 16)]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


FLOODS: dict[str, Callable[[], Iterator[bytes]]] = {
    "a body without end": _dripping(_OK + b"Connection: close\r\n\r\n", b" " * 65536),
    "chunks without end": _dripping(
        _OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"
    ),
    "a bomb": lambda: _packed(1),
    "a bomb in a bomb": lambda: _packed(2),
}
"""What is sent as fast as the client takes it."""


class Misbehaving:
    """The server.

    Arguments:
        phase: A name of `PHASES` or `FLOODS`.
    """

    def __init__(self, phase: str) -> None:
        self._flood = phase in FLOODS
        self._pieces = FLOODS[phase] if self._flood else PHASES[phase]
        if "bomb" in phase:
            # Packed before a test measures memory.
            packed = list(self._pieces())
            self._pieces = lambda: iter(packed)
        self.connections = 0
        self.sent = 0
        self.received = b""
        self.closed = threading.Event()
        """Set once a client closed its connection."""
        self._stopping = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
            threading.Thread(target=self._listen, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            for piece in self._pieces():
                connection.sendall(piece)
                self.sent += len(piece)
                if not self._flood and self._stopping.wait(PAUSE_S):
                    break
        except OSError:
            self.closed.set()

    def _listen(self, connection: socket.socket) -> None:
        with connection:
            try:
                while piece := connection.recv(65536):
                    self.received += piece
            except OSError:
                pass
            self.closed.set()
