"""Lets threads wait for one another in an order that some of them may jump."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count


class ThreadQueue:
    """Lets threads take turns: first come, first served, except that some go before others.

    Arguments:
        places: Threads whose turn it is at the same time.
    """

    def __init__(self, places: int = 1) -> None:
        self._changed = threading.Condition()
        self._free = places
        self._numbers = count()
        self._waiting: set[tuple[bool, int]] = set()

    @contextmanager
    def turn(self, keep_waiting: Callable[[], None], *, soon: bool) -> Iterator[None]:
        """Waits for this thread's turn, which lasts until the block ends.

        Arguments:
            keep_waiting: Called now and then; raises an error if waiting has become pointless.
            soon: Whether this thread goes before those that wait without `soon`.
        """
        with self._changed:
            ticket = (not soon, next(self._numbers))
            self._waiting.add(ticket)
            try:
                # In slices, so that threads notice when waiting has become pointless.
                while not self._changed.wait_for(
                    lambda: self._free > 0 and ticket == min(self._waiting), _SLICE_S
                ):
                    keep_waiting()
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                # A second place may be free; the next thread could not take it while this one was first in line.
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


_SLICE_S = 0.25
