"""Work in several threads that can be left behind at once."""

import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

SWITCH_S = 0.0005
"""Seconds after which a thread that computes lets others run: a tenth of Python's default."""
_USUAL_S = sys.getswitchinterval()


def in_threads(
    work: Callable[[T], R], items: Sequence[T], threads: int
) -> Generator[tuple[T, R | Exception], None, None]:
    """Each item with its result, as soon as it is finished.

    An executor waits for its threads when a build is stopped with Ctrl-C, and again when Python ends; a
    call to a model can take minutes. Here, work in flight is abandoned at once.

    Arguments:
        work: Called with each item, in a thread.
        items: In the order in which work on them begins.
        threads: How many are worked on at once.

    Yields:
        An item with the result, or with the exception that the work raised. Closed before its end, it
        begins no further item.
    """
    with _quick_switches():
        yield from _in_threads(work, items, threads)


@contextmanager
def _quick_switches() -> Iterator[None]:
    """Has threads that only send and receive wait less for those that compute.

    A thread that comes back from the network waits until another gives up the interpreter, several times for each call:
    with the default of 5 ms, a model's free place stands empty meanwhile.
    """
    sys.setswitchinterval(min(SWITCH_S, _USUAL_S))
    try:
        yield
    finally:
        # Not what was found: while `serve` reads on, a build may begin first and end first.
        sys.setswitchinterval(_USUAL_S)


def _in_threads(
    work: Callable[[T], R], items: Sequence[T], threads: int
) -> Generator[tuple[T, R | Exception], None, None]:
    waiting: SimpleQueue[T] = SimpleQueue()
    finished: SimpleQueue[tuple[T, R | Exception]] = SimpleQueue()
    stopped = threading.Event()

    def run() -> None:
        while not stopped.is_set():
            try:
                item = waiting.get_nowait()
            except Empty:
                return
            try:
                finished.put((item, work(item)))
            except Exception as error:  # noqa: BLE001 - the caller decides what to do about it
                finished.put((item, error))

    for item in items:
        waiting.put(item)
    for number in range(min(threads, len(items))):
        threading.Thread(target=run, name=f"paperdigest-{number}", daemon=True).start()
    try:
        for _ in items:
            yield finished.get()
    finally:
        stopped.set()
