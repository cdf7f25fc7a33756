"""All requests to arXiv: one at a time, with bounded retries."""

import logging
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self
from urllib.parse import urljoin, urlsplit

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.errors import SourceError, SourceRefusedError
from mkdocs_paperdigest.network.session import open_session
from mkdocs_paperdigest.network.setup import SetupError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.pacing import LONGEST_PAUSE_S, Clock, Pacer
from mkdocs_paperdigest.sources.request import (
    Answer,
    BadAnswerError,
    Bounds,
    BusyError,
    MisconfiguredError,
    SilenceError,
    UnreachableError,
    ask,
    retry_after_s,
    same_host,
)

if TYPE_CHECKING:
    import requests

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PROJECT_URL = "https://github.com/mkdocs-paperdigest/mkdocs-paperdigest"
PATIENCE_WHEN_BUSY = 4
"""Factor by which the pause before a retry is longer when the host is busy."""
MOST_FAILURES = 3
"""After this many requests in a row have failed for good, a build asks arXiv no more."""


def polite_session(options: Options) -> "PoliteSession":
    """The session of one build, with the pace and the User-Agent that the options ask for.

    It opens no connection before the first `fetch`.
    """
    contact = re.sub(r"[^ -~]+", " ", options.contact or "").strip()
    about = "; ".join(filter(None, [f"+{PROJECT_URL}", contact]))
    return PoliteSession(
        folder=options.cache_dir,
        interval_s=max(options.request_interval_s, options.least_interval_s),
        user_agent=f"mkdocs-paperdigest/{__version__} ({about})",
        log_level=options.log_level,
    )


class PoliteSession:
    """Fetches from arXiv for all threads of one build.

    The session stops, which ends all waiting at once and refuses further requests, when

    - arXiv denied access (403);
    - arXiv was unreachable, busy or silent for as many attempts, of all threads together, as one request
      would make;
    - `MOST_FAILURES` requests in a row failed for good;
    - `stop` was called.

    Arguments:
        folder: Folder in which all builds that share a cache agree on whose turn it is.
        interval_s: Seconds from the end of one answer to the next request; pauses before retries are
            multiples of it.
        user_agent: Value of the User-Agent header.
        bounds: Time limits of one request.
        clock: The clock to use.
        log_level: Level of the one message about an unusually long wait.
        jitter: Returns numbers from 0 to 1, so that many machines do not retry at the same moment.
    """

    def __init__(
        self,
        *,
        folder: Path,
        interval_s: float,
        user_agent: str,
        bounds: Bounds | None = None,
        clock: Clock | None = None,
        log_level: int = logging.INFO,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.interval_s = interval_s
        self._user_agent = user_agent
        self._bounds = bounds or Bounds()
        self._clock = clock or Clock()
        self._log_level = log_level
        self._jitter = jitter
        self._pacer = Pacer(
            folder,
            interval_s,
            patience_s=3 * (self._bounds.total_s + interval_s),
            clock=self._clock,
            pause=self._pause,
        )
        self._http: requests.Session | None = None
        self._stopped = threading.Event()
        self._stop_reason: SourceError | None = None
        self._failures = 0
        self._outages: Counter[type[UnreachableError]] = Counter()
        self._announced = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stops all waiting threads and closes the connection."""
        self.stop(SourceError(Reason(ReasonCode.BUILD_ENDED)))
        if self._http is not None:
            self._http.close()

    def stop(self, why: SourceError) -> None:
        """Refuses all further requests; every caller gets the first reason given."""
        self._stop_reason = self._stop_reason or why
        self._stopped.set()

    def fetch(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        check: Callable[[Answer], None] = lambda _: None,
        soon: bool = False,
    ) -> Answer:
        """Fetches a URL when it is this caller's turn.

        Arguments:
            url: Absolute. Redirects are followed on the same host only.
            accept: The media types wanted.
            max_bytes: The largest body to accept.
            check: Examines an answer with status 200; raises `BadAnswerError` if another attempt may
                bring a better one.
            soon: Whether to go before all threads that wait without `soon`: for requests that complete
                a begun paper.

        Returns:
            An answer with status 200 that passed the check, or one with a final status (404, ...).

        Raises:
            SourceRefusedError: arXiv denied access, now or earlier in this build.
            OversizeError: The body is larger than `max_bytes`.
            SourceError: No usable answer came, or the session has stopped.
        """
        attempt = 1
        while True:
            try:
                answer = self._follow(url, accept, max_bytes, soon=soon)
                if answer.status == 200:
                    check(answer)
            except BadAnswerError as error:
                log.debug("%s: %s (attempt %d)", url, error, attempt)
                if attempt >= error.attempts:
                    raise self._give_up(error) from error
                if not isinstance(error, BusyError):
                    self._pause(self._back_off(attempt))
            else:
                self._failures = 0
                return answer
            attempt += 1

    def _follow(self, url: str, accept: str, max_bytes: int, *, soon: bool) -> Answer:
        """One answer, after at most three redirects; each of them waits for its own turn."""
        for _ in range(4):
            with self._pacer.turn(soon=soon):
                answer = self._ask(url, accept, max_bytes)
            if answer.status not in _REDIRECTS or not answer.location:
                return self._usable(answer)
            url = _target(url, answer.location)
        raise SourceError(Reason(ReasonCode.REDIRECT_CIRCLE))

    def _ask(self, url: str, accept: str, max_bytes: int) -> Answer:
        """One answer from a host that is reachable and not busy; the caller must hold the turn."""
        slow_s = self._bounds.slow_s
        watch = threading.Timer(slow_s, self._announce, (f"{url} has not been answered for {slow_s:g} s",))
        watch.daemon = True
        watch.start()
        try:
            answer = ask(
                self._session(url),
                url,
                {"User-Agent": self._user_agent, "Accept": accept},
                max_bytes=max_bytes,
                bounds=self._bounds,
            )
            if answer.status in _BUSY:
                self._hold(answer)
        except UnreachableError as error:
            if isinstance(error, SilenceError):
                # Its thread may still use the session.
                self._http = None
            # Attempts of all threads count together, and before the next thread gets its turn.
            self._outages[type(error)] += 1
            if self._outages[type(error)] >= error.attempts:
                self.stop(SourceError(error.reason))
            raise
        finally:
            watch.cancel()
        self._outages.clear()
        return answer

    def _hold(self, answer: Answer) -> NoReturn:
        """Makes all callers wait until a busy host wants to be asked again, as it says or as we guess."""
        wish_s = retry_after_s(answer.retry_after, self._clock.wall())
        # Never less than our own pause: refusals have come with `Retry-After: 0`.
        own_s = PATIENCE_WHEN_BUSY * self._back_off(self._outages[BusyError] + 1)
        pause_s = max(own_s, wish_s * (1 + self._jitter() / 4))
        self._pacer.hold(max(wish_s, min(pause_s, LONGEST_PAUSE_S)))
        reason = Reason(ReasonCode.ARXIV_ANSWERED, status=answer.status)
        if wish_s:
            seconds = f"{wish_s:.0f}"
            reason = Reason(ReasonCode.ARXIV_PAUSE, status=answer.status, seconds=seconds)
        error = BusyError(reason)
        raise error if wish_s <= LONGEST_PAUSE_S else self._give_up(error)

    def _back_off(self, attempt: int) -> float:
        """Seconds to wait after an attempt that failed."""
        return self.interval_s * float(2 ** (attempt - 1)) * (1 + self._jitter() / 4)

    def _usable(self, answer: Answer) -> Answer:
        if answer.status >= 500:
            raise BadAnswerError(Reason(ReasonCode.ARXIV_ANSWERED, status=answer.status))
        # arXiv also answers 403 for a single paper whose files are not public.
        if answer.status == 403 and b"not public" not in answer.body[:4096].lower():
            refusal = SourceRefusedError(Reason(ReasonCode.ARXIV_DENIED, status=403))
            self.stop(refusal)
            raise refusal
        return answer

    def _give_up(self, error: BadAnswerError) -> SourceError:
        self._failures += 1
        trouble = SourceError(error.reason)
        if isinstance(error, UnreachableError) or self._failures >= MOST_FAILURES:
            self.stop(trouble)
        return trouble

    def _pause(self, seconds: float) -> None:
        self._raise_if_stopped()
        if seconds > max(self._bounds.slow_s, self.interval_s):
            self._announce(f"pausing for {seconds:.0f} s before the next request")
        if seconds > 0:
            (self._clock.sleep or self._stopped.wait)(seconds)
            self._raise_if_stopped()

    def _announce(self, wait: str) -> None:
        if not self._announced:
            self._announced = True
            log.log(self._log_level, "Waiting for arXiv: %s", wait)

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set() and self._stop_reason is not None:
            # A new error for each thread, because raising one adds to its traceback.
            raise type(self._stop_reason)(self._stop_reason.reason)

    def _session(self, url: str) -> "requests.Session":
        if self._http is None:
            try:
                self._http = open_session(url)
            except SetupError as error:
                raise MisconfiguredError(error) from error
        return self._http


def _target(url: str, location: str) -> str:
    """The URL that a redirect leads to; raises `SourceError` for another host or an invalid URL."""
    try:
        target = urljoin(url, location)
        if same_host(url, target):
            return target
        where = urlsplit(target).netloc
    except ValueError:
        raise SourceError(Reason(ReasonCode.REDIRECT_NOWHERE)) from None
    raise SourceError(Reason(ReasonCode.REDIRECT_ELSEWHERE, host=where))


_BUSY = frozenset({429, 503})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
