"""Allows one request at a time, with a pause after each, across all threads and builds that share a cache."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.network.turns import ThreadQueue
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


LONGEST_PAUSE_S = 120.0
"""If arXiv asks for a longer pause, the build goes on without arXiv."""
LONGEST_HOLD_S = 3600.0
"""The longest pause that is kept for later builds, whatever arXiv asked for."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of pacer and session; tests pass their own."""

    wall: Callable[[], float] = time.time
    """Seconds since the epoch; the only clock that all processes share on every system."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds; never goes back."""
    sleep: Callable[[float], object] | None = None
    """Waits for a number of seconds; None for a wait that ends at once when the session stops."""


class Pacer:
    """Gives callers turns for one request each; the pause counts from the end of the last answer.

    arXiv asks for "no more than one request every three seconds" and "a single connection at a
    time" over all machines of a user (https://info.arxiv.org/help/api/tou.html). Spacing the starts
    is not enough: requests that start 3 s apart can arrive closer together.

    A pause that the host asks for (429, 503) applies to every caller: the one that gets this answer holds
    back all others, including builds that begin later.

    Arguments:
        folder: Folder for the lock, the time of the last answer and the pause after it; made when needed.
        interval_s: Seconds to pause after each answer.
        patience_s: Seconds to queue, while no thread of this process gets a turn, before giving up.
        clock: The clock to use.
        pause: Waits for a number of seconds, or raises an error if waiting has become pointless.
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
        """Waits for this caller's turn and holds it until the block ends.

        Arguments:
            soon: Whether to go before all threads of this process that wait without `soon`.

        Raises:
            SourceError: The turn did not come in time, or will not come.
        """
        with self._held(soon=soon):
            left = self._remaining_s()
            if left > max(LONGEST_PAUSE_S, self._interval_s):
                raise SourceError(Reason(ReasonCode.ARXIV_LEFT_ALONE, seconds=f"{left:.0f}"))
            self._pause(left)
            self._hold_s = 0.0
            # Also before the request: a build that is killed during it has sent it all the same.
            self._note_end()
            try:
                yield
            finally:
                self._note_end()

    def hold(self, seconds: float) -> None:
        """Makes all callers wait this long after the current turn; only the holder of the turn may call it."""
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
            # Which of them a drive without locks raises depends on the drive and on filelock's version.
            except (OSError, NotImplementedError) as error:
                reason = Reason(ReasonCode.ARXIV_LOCK, file=self._lock_file, error=error)
                raise SourceError(reason) from error
            else:
                return lock

    def _keep_waiting(self, begun: float) -> None:
        self._pause(0)
        # Patience counts from the last turn of this process, so that its own threads can queue for long.
        if self._clock.monotonic() > max(begun, self._ended or begun) + self._patience_s:
            seconds = f"{self._patience_s:.0f}"
            raise SourceError(Reason(ReasonCode.ARXIV_BUSY, seconds=seconds))

    def _remaining_s(self) -> float:
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
            # The clock was set back, maybe by hours: count the pause from now, but only once.
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


_SLICE_S = 0.25
