"""One time limit for a whole call, whatever it waits for."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class LateError(Exception):
    """A call did not end in time."""


def within(timeout_s: float, call: Callable[[], T]) -> T:
    """The result of `call`, which must come within `timeout_s` seconds in all.

    The timeouts of HTTP libraries restart with every byte, and none of them covers the look-up of a name. So the
    call runs in a thread of its own. When the time is up, the sockets of its sessions (see `network.session`) are
    shut down, which ends every wait but a look-up; that one is left to its thread, and what comes of it is
    dropped. It is a daemon thread: the threads of an executor would keep the process alive.

    Arguments:
        timeout_s: Seconds from now.
        call: Uses sessions of `network.session`, each by one call at a time.

    Raises:
        LateError: The time was up.
        Exception: Whatever the call raises.
    """
    result: Future[T] = Future()
    watch = _Watch()

    def run() -> None:
        _CURRENT.set(watch)
        try:
            result.set_result(call())
        except Exception as error:  # noqa: BLE001  # handed to the thread that waits
            result.set_exception(error)
        except BaseException as error:  # noqa: BLE001  # what ends a thread must not end the whole program
            result.set_exception(RuntimeError(f"{type(error).__name__}: {error}"))
        finally:
            watch.end(done=True)

    threading.Thread(target=run, name="network call", daemon=True).start()
    try:
        error = result.exception(timeout_s)
    except TimeoutError:
        watch.end()
        raise LateError(f"no answer within {timeout_s:g} s") from None
    except BaseException:
        # Ctrl-C.
        watch.end()
        raise
    if error is not None:
        raise error
    return result.result()


class _Watch:
    """The sockets of one call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = False
        self._twins: list[socket.socket] = []

    def add(self, connection: socket.socket) -> None:
        """Notes a socket of the call; raises `TimeoutError` if the call was given up meanwhile."""
        # A duplicate, because TLS takes the descriptor away from the object that it wraps.
        twin = socket.fromfd(connection.fileno(), connection.family, connection.type)
        with self._lock:
            if not self._over:
                self._twins.append(twin)
                return
        twin.close()
        connection.close()
        raise TimeoutError("the call was given up")

    def end(self, *, done: bool = False) -> None:
        """Shuts the sockets down; if the call is `done`, only forgets them."""
        with self._lock:
            self._over = True
            twins, self._twins = self._twins, []
        for twin in twins:
            if not done:
                with suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)
            twin.close()


_CURRENT: ContextVar[_Watch | None] = ContextVar("watch", default=None)


class _Watched:
    """What a connection of urllib3 does besides: it shows its socket to the watch of the call that uses it."""

    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]
        _note(connection)
        return connection

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:
            _note(self.sock)
        super().request(*args, **options)  # type: ignore[misc]


def _note(connection: socket.socket) -> None:
    watch = _CURRENT.get()
    if watch is not None:
        watch.add(connection)


@cache
def watched(kind: type) -> type:
    """A class of urllib3's connections whose calls `within` can end."""
    return kind if issubclass(kind, _Watched) else type(kind.__name__, (_Watched, kind), {})
