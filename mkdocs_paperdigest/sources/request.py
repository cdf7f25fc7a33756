"""One HTTP request: a whole answer within bounds of time and size, or the reason why there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    url: str
    """After redirects."""
    status: int
    body: bytes
    retry_after: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long one request may take."""

    connect_s: float = 10.0
    slow_s: float = 15.0
    """Before somebody who watches should hear what is waited for."""
    silence_s: float = 20.0
    """Without a byte; arXiv sometimes thinks for 15 s before it says 429."""
    total_s: float = 180.0
    """In all: a slow drip passes every other limit."""


class BadAnswerError(Exception):
    """No answer, or not the one asked for (cut off, a block page, ...); the next may be better.

    Arguments:
        reason: What happened.
    """

    attempts = 4
    """After how many of them there is no use in asking again."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class UnreachableError(BadAnswerError):
    """A fault of the host rather than of one answer: whatever one asks for, it would be the same."""


class SilenceError(UnreachableError):
    """Nothing came in time; each attempt costs a build all of that time."""

    attempts = 2


class BusyError(UnreachableError):
    """The host asks to be left alone for a while (429, 503)."""


class OversizeError(SourceError):
    """An answer is larger than the caller can use."""


def ask(
    http: "requests.Session",
    url: str,
    headers: dict[str, str],
    *,
    max_bytes: int,
    bounds: Bounds,
    monotonic: Callable[[], float],
) -> Answer:
    """Sends one GET request and reads the answer, whatever its status; follows no redirect.

    Arguments:
        http: Keeps the connection.
        url: What to get.
        headers: What to say beside it.
        max_bytes: The largest body that is of use.
        bounds: How long it may take.
        monotonic: The time in seconds.

    Raises:
        BadAnswerError: No whole answer came.
        OversizeError: The body of an answer with status 200 is larger than `max_bytes`.
        SourceError: A redirect leads nowhere.
    """
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    end = monotonic() + bounds.total_s
    timeout = (bounds.connect_s, bounds.silence_s)
    try:
        with http.get(
            url, headers=headers, timeout=timeout, stream=True, allow_redirects=False
        ) as response:
            body = bytearray()
            # read1 returns what has come; iter_content would wait for a whole chunk, past the end.
            while chunk := response.raw.read1(65536, decode_content=True):
                body += chunk
                if len(body) > max_bytes and response.status_code == 200:
                    size = max_bytes >> 20
                    raise OversizeError(Reason(ReasonCode.OVERSIZE, url=url, size=size))
                if len(body) > max_bytes:
                    # An error page: its beginning says all there is to know.
                    break
                if monotonic() > end:
                    raise SilenceError(Reason(ReasonCode.ARXIV_SILENT))
            return Answer(
                url=url,
                status=response.status_code,
                body=bytes(body),
                retry_after=response.headers.get("Retry-After"),
                location=response.headers.get("Location"),
            )
    except (requests.Timeout, ReadTimeoutError) as error:
        raise SilenceError(Reason(ReasonCode.ARXIV_SILENT)) from error
    except requests.ConnectionError as error:
        raise UnreachableError(Reason(ReasonCode.ARXIV_UNREACHABLE)) from error
    except (requests.RequestException, HTTPError) as error:
        raise BadAnswerError(Reason(ReasonCode.ARXIV_BROKE_OFF)) from error
    except ValueError as error:
        # requests looks at where a redirect leads even when it is not to follow it.
        raise SourceError(Reason(ReasonCode.REDIRECT_NOWHERE)) from error


def retry_after_s(value: str | None, now: float) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); 0 where it makes no sense.

    Arguments:
        value: The header: seconds, or a date.
        now: Seconds since the epoch.
    """
    text = (value or "").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


def same_host(url: str, target: str) -> bool:
    """Whether a redirect stays where it is; from http to https is no move."""
    here, there = urlsplit(url), urlsplit(target)
    if there.scheme == here.scheme:
        return there.netloc == here.netloc
    return (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.netloc
