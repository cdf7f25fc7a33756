"""The one way to arXiv: one request at a time, bounded, retried with patience, and never insistent."""

import logging
import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.errors import SourceError, SourceRefusedError
from mkdocs_paperdigest.settings import Settings
from mkdocs_paperdigest.sources.gate import Clock, Gate

if TYPE_CHECKING:
    import requests

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PROJECT_URL = "https://github.com/mkdocs-paperdigest/mkdocs-paperdigest"


def polite_session(settings: Settings) -> "PoliteSession":
    """The session of one build, with the pace and the name that the settings ask for.

    Nothing is opened before the first `fetch`.
    """
    host = urlsplit(settings.arxiv_url).hostname or ""
    is_arxiv = host == "arxiv.org" or host.endswith(".arxiv.org")
    contact = re.sub(r"[^ -~]+", " ", settings.contact or "").strip()
    return PoliteSession(
        folder=settings.cache_dir,
        interval_s=max(settings.request_interval_s, 3.0 if is_arxiv else 0.0),
        user_agent=f"mkdocs-paperdigest/{__version__} (+{'; '.join(filter(None, [PROJECT_URL, contact]))})",
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one request may take, and how often it is repeated."""

    connect_s: float = 10.0
    read_s: float = 60.0
    """Without a byte; arXiv sometimes thinks for 15 s before it says 429."""
    total_s: float = 180.0
    """For one answer in all: a slow drip passes every read timeout."""
    attempts: int = 4
    retry_after_s: float = 120.0
    """Asked to wait longer than this, a build goes on without arXiv instead."""
    failures: int = 3
    """Requests in a row that fail for good before the session gives up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    url: str
    """After redirects."""
    status: int
    """200, or what cannot be cured by asking again: 400, 404, ..."""
    body: bytes
    retry_after: str | None = None
    location: str | None = None


class BadAnswerError(Exception):
    """No answer, or not the one asked for (cut off, a block page, ...); the next may be better.

    Arguments:
        message: What happened, in words for a reader: `arXiv sent half a page`.
        pause_s: How long the server asked to be left alone.
        slowly: Whether to be more patient than usual before asking again.
    """

    def __init__(self, message: str, *, pause_s: float = 0.0, slowly: bool = False) -> None:
        super().__init__(message)
        self.pause_s = pause_s
        self.slowly = slowly


class UnreachableError(BadAnswerError):
    """A fault of the host rather than of one answer: silent, gone, or too busy for us."""


class OversizeError(SourceError):
    """An answer is larger than the caller can use."""


class PoliteSession:
    """Fetches from arXiv for all threads of one build.

    Once arXiv has refused (HTTP 403), could not be reached or stayed busy through all attempts of a
    request, or failed several requests in a row, or `stop` was called, nothing more is asked in
    this build, and whoever waits is let go at once.

    Arguments:
        folder: Where all builds that share a cache agree on whose turn it is.
        interval_s: From the end of one answer to the next request; the pauses before retries are
            multiples of it.
        user_agent: Who is asking.
        limits: Bounds of time and number.
        clock: What time it is.
        jitter: Numbers from 0 to 1, so that many machines do not come back at the same moment.
    """

    def __init__(
        self,
        *,
        folder: Path,
        interval_s: float,
        user_agent: str,
        limits: Limits | None = None,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._limits = limits or Limits()
        self.interval_s = interval_s
        self._user_agent = user_agent
        self._clock = clock or Clock()
        self._jitter = jitter
        self._gate = Gate(
            folder,
            interval_s,
            patience_s=3 * (self._limits.total_s + interval_s),
            clock=self._clock,
            pause=self._pause,
        )
        self._http: requests.Session | None = None
        self._stopped = threading.Event()
        self._why: SourceError | None = None
        self._failures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of whoever waits and of the connection."""
        self.stop(SourceError("the build has ended"))
        if self._http is not None:
            self._http.close()

    def stop(self, why: SourceError) -> None:
        """Lets nobody ask any more; the first reason given is what everybody is told."""
        self._why = self._why or why
        self._stopped.set()

    def fetch(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        check: Callable[[Answer], None] = lambda _: None,
    ) -> Answer:
        """Gets a URL when it is this caller's turn.

        Arguments:
            url: Absolute. Redirects are followed on the same host only.
            accept: The media types wanted.
            max_bytes: The largest body that is of use.
            check: Looks at an answer with status 200; raises `BadAnswerError` when asking again may
                bring a better one.

        Returns:
            An answer with status 200 that passed the check, or one with a final status (404, ...).

        Raises:
            SourceRefusedError: arXiv denied access, now or earlier in this build.
            OversizeError: The body is larger than `max_bytes`.
            SourceError: No usable answer came, or arXiv is not asked any more in this build.
        """
        give_up = self._clock.monotonic() + self._limits.total_s
        attempt, pause_s = 1, self.interval_s
        while True:
            try:
                answer = self._follow(url, accept, max_bytes)
                if answer.status == 200:
                    check(answer)
            except BadAnswerError as error:
                log.debug("%s: %s (attempt %d)", url, error, attempt)
                if (
                    attempt == self._limits.attempts
                    or error.pause_s > self._limits.retry_after_s
                    or self._clock.monotonic() > give_up
                ):
                    raise self._given_up(error) from error
                # Never less than our own pause: `Retry-After: 0` has been seen on refusals.
                wait_s = max(error.pause_s, pause_s * (4 if error.slowly else 1))
                self._pause(wait_s * (1 + self._jitter() / 4))
            else:
                self._failures = 0
                return answer
            attempt, pause_s = attempt + 1, pause_s * 2

    def _follow(self, url: str, accept: str, max_bytes: int) -> Answer:
        """One answer after at most three redirects, each of which waits for its own turn."""
        for _ in range(4):
            with self._gate.turn():
                answer = self._ask(url, accept, max_bytes)
            if answer.status not in _REDIRECTS or not answer.location:
                return self._judged(answer)
            target = urljoin(url, answer.location)
            if not _same_host(url, target):
                raise SourceError(
                    f"arXiv redirects to another host, {urlsplit(target).netloc}; check `arxiv_url`"
                )
            url = target
        raise BadAnswerError("arXiv redirects in a circle")

    def _ask(self, url: str, accept: str, max_bytes: int) -> Answer:
        import requests
        from urllib3.exceptions import HTTPError

        end = self._clock.monotonic() + self._limits.total_s
        headers = {"User-Agent": self._user_agent, "Accept": accept}
        timeout = (self._limits.connect_s, self._limits.read_s)
        try:
            with self._session().get(
                url, headers=headers, timeout=timeout, stream=True, allow_redirects=False
            ) as response:
                body = bytearray()
                # read1 returns what has come; iter_content would wait for a whole chunk, past `end`.
                while chunk := response.raw.read1(65536, decode_content=True):
                    body += chunk
                    if len(body) > max_bytes:
                        raise OversizeError(f"{url} has more than {max_bytes >> 20} MiB")
                    if self._clock.monotonic() > end:
                        raise UnreachableError("arXiv did not answer in time")
                return Answer(
                    url=url,
                    status=response.status_code,
                    body=bytes(body),
                    retry_after=response.headers.get("Retry-After"),
                    location=response.headers.get("Location"),
                )
        except requests.Timeout as error:
            raise UnreachableError("arXiv did not answer in time") from error
        except requests.ConnectionError as error:
            raise UnreachableError("arXiv could not be reached") from error
        except (requests.RequestException, HTTPError) as error:
            raise BadAnswerError("arXiv broke off in the middle of an answer") from error

    def _judged(self, answer: Answer) -> Answer:
        if answer.status == 403 and b"not public" not in answer.body[:4096].lower():
            refusal = SourceRefusedError("arXiv denied access (403)")
            self.stop(refusal)
            raise refusal
        if answer.status in _BUSY:
            pause_s = _retry_after_s(answer.retry_after, self._clock.wall())
            wish = f" and asked for a pause of {pause_s:.0f} s" if pause_s else ""
            raise UnreachableError(
                f"arXiv answered {answer.status}{wish}", pause_s=pause_s, slowly=True
            )
        if answer.status >= 500:
            raise BadAnswerError(f"arXiv answered {answer.status}")
        return answer

    def _given_up(self, error: BadAnswerError) -> SourceError:
        self._failures += 1
        trouble = SourceError(str(error))
        if isinstance(error, UnreachableError) or self._failures >= self._limits.failures:
            self.stop(trouble)
        return trouble

    def _pause(self, seconds: float) -> None:
        self._raise_if_stopped()
        if seconds > 0:
            (self._clock.sleep or self._stopped.wait)(seconds)
            self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set() and self._why is not None:
            # A new one for each thread, because raising adds to the traceback.
            raise type(self._why)(str(self._why))

    def _session(self) -> "requests.Session":
        import requests

        if self._http is None:
            self._http = requests.Session()
            # Or requests would send what ~/.netrc has for this host.
            self._http.auth = _unchanged
        return self._http


_BUSY = frozenset({429, 503})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def _same_host(url: str, target: str) -> bool:
    here, there = urlsplit(url), urlsplit(target)
    if there.scheme == here.scheme:
        return there.netloc == here.netloc
    # http to https, on the standard ports
    return (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.netloc


def _retry_after_s(value: str | None, now: float) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); 0 where it makes no sense."""
    text = (value or "").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


def _unchanged(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    return request
