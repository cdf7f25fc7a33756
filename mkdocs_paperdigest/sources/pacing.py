"""One request at a time, with a pause after each, over all threads and processes that share a cache."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


LONGEST_PAUSE_S = 120.0
"""Asked to wait longer than this, a build goes on without arXiv instead."""
LONGEST_HOLD_S = 3600.0
"""Whatever arXiv asks for, later builds try it again after this."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the pacer and the session see it; tests bring their own."""

    wall: Callable[[], float] = time.time
    """Seconds since the epoch: the only clock that all processes share on every system."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds; never set back."""
    sleep: Callable[[float], object] | None = None
    """Waits so many seconds; None for a wait that ends at once when the session stops."""


class Pacer:
    """Gives out turns for one request each; the pause is measured from the end of the last answer.

    arXiv asks for "no more than one request every three seconds" and "a single connection at a
    time" over all machines of a user (https://info.arxiv.org/help/api/tou.html). Spacing the starts
    is not enough: requests that start 3 s apart can arrive closer than that.

    A host that asks for a pause (429, 503) asks it of all of them: the one that gets this answer holds
    back all others, builds that begin later included.

    Arguments:
        folder: Where the lock, the time of the last answer and how long to wait after it are kept;
            made when needed.
        interval_s: The pause.
        patience_s: How long to queue without any turn of this process before giving up.
        clock: What time it is.
        pause: Waits so many seconds, or raises where there is no use in waiting any more.
    """

    def __init__(
        self,
        folder: Path,
        interval_s: float,
        *,
        patience_s: float,
        clock: Clock,
        pause: Callable[[float], None],
    ) -> None:
        self._lock_file = folder / "arxiv.lock"
        self._state_file = folder / "arxiv.last"
        self._interval_s = interval_s
        self._patience_s = patience_s
        self._clock = clock
        self._pause = pause
        self._ended: float | None = None
        self._hold_s = 0.0
        self._queue = ThreadQueue()

    @contextmanager
    def turn(self, *, soon: bool = False) -> Iterator[None]:
        """Waits for this caller's turn, and holds it until the block ends.

        Arguments:
            soon: Before all threads of this process that wait without it.

        Raises:
            SourceError: The turn did not come in time, or will not.
        """
        with self._held(soon=soon):
            left = self._left()
            if left > max(LONGEST_PAUSE_S, self._interval_s):
                raise SourceError(Reason(ReasonCode.ARXIV_LEFT_ALONE, seconds=f"{left:.0f}"))
            self._pause(left)
            self._hold_s = 0.0
            # Before the request too: a build that is killed in the middle of it has asked all the same.
            self._note_end()
            try:
                yield
            finally:
                self._note_end()

    def hold(self, seconds: float) -> None:
        """Makes everyone wait so long after this turn; for the one that has the turn."""
        self._hold_s = min(seconds, LONGEST_HOLD_S)

    @contextmanager
    def _held(self, *, soon: bool) -> Iterator[None]:
        begun = self._clock.monotonic()
        with self._queue.turn(lambda: self._keep_waiting(begun), soon=soon):
            lock = self._locked(begun)
            try:
                yield
            finally:
                lock.release()

    def _locked(self, begun: float) -> FileLock:
        lock = FileLock(self._lock_file, thread_local=False)
        while True:
            try:
                self._lock_file.parent.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=_SLICE_S, poll_interval=0.01)
            except Timeout:
                self._keep_waiting(begun)
            # What a drive without locks makes of it depends on the drive and on filelock's version.
            except (OSError, NotImplementedError) as error:
                reason = Reason(ReasonCode.ARXIV_LOCK, file=self._lock_file, error=error)
                raise SourceError(reason) from error
            else:
                return lock

    def _keep_waiting(self, begun: float) -> None:
        self._pause(0)
        # Behind threads of its own a build waits as long as those get on.
        if self._clock.monotonic() > max(begun, self._ended or begun) + self._patience_s:
            seconds = f"{self._patience_s:.0f}"
            raise SourceError(Reason(ReasonCode.ARXIV_BUSY, seconds=seconds))

    def _left(self) -> float:
        """Seconds until the next request may go out."""
        left = 0.0
        if self._ended is not None:
            wait = max(self._interval_s, self._hold_s)
            left = self._ended + wait - self._clock.monotonic()
        try:
            ended, hold_s = map(float, self._state_file.read_text("ascii").split())
        except FileNotFoundError:
            return max(left, 0.0)
        except (OSError, ValueError):
            return max(left, self._interval_s)
        hold_s = min(hold_s, LONGEST_HOLD_S)
        now = self._clock.wall()
        if ended > now:
            # The clock was set back, maybe by hours: what was asked for counts from now, once.
            ended = now
            self._note(now, hold_s)
        wait = max(self._interval_s, hold_s)
        return max(left, ended + wait - now, 0.0)

    def _note_end(self) -> None:
        self._ended = self._clock.monotonic()
        self._note(self._clock.wall(), self._hold_s)

    def _note(self, ended: float, hold_s: float) -> None:
        try:
            self._state_file.write_text(f"{ended:.6f} {hold_s:.6f}", "ascii")
        except OSError as error:
            log.debug("%s: %s", self._state_file, error)


class ThreadQueue:
    """Threads that wait for one another: first come, first served, but some go before others."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._numbers = count()
        self._waiting: set[tuple[bool, int]] = set()

    @contextmanager
    def turn(self, keep_waiting: Callable[[], None], *, soon: bool) -> Iterator[None]:
        """Waits until it is this thread's turn, which lasts until the block ends.

        Arguments:
            keep_waiting: Called now and then, raises where there is no use in waiting any more.
            soon: Whether this thread goes before those that came without it.
        """
        with self._changed:
            ticket = (not soon, next(self._numbers))
            self._waiting.add(ticket)
            try:
                # In slices, so that a session that stops does not leave its threads waiting here.
                while not self._changed.wait_for(
                    lambda: not self._taken and ticket == min(self._waiting), _SLICE_S
                ):
                    keep_waiting()
                self._taken = True
            finally:
                self._waiting.remove(ticket)
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()


_SLICE_S = 0.25
