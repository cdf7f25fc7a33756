"""One HTTP request: a complete answer within limits of time and size, or the reason why there is none."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.network.session import OversizeBodyError, chunks
from mkdocs_paperdigest.network.setup import SetupError
from mkdocs_paperdigest.network.watchdog import LateError, within
from mkdocs_paperdigest.reasons import Reason, ReasonCode

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server."""

    url: str
    """The URL after redirects."""
    status: int
    body: bytes
    retry_after: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Time limits of one request."""

    connect_s: float = 10.0
    slow_s: float = 15.0
    """When the log says what a build is waiting for."""
    silence_s: float = 20.0
    """Time without receiving a byte; arXiv sometimes takes 15 s to answer 429."""
    total_s: float = 180.0
    """Time for the whole request, from the look-up of the name on; an answer that drips in slowly passes every
    other limit."""


class BadAnswerError(Exception):
    """No answer, or not the one asked for (cut off, a block page, ...); a new attempt may bring a better one.

    Arguments:
        reason: What happened.
    """

    attempts = 4
    """The most attempts that are worth making."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class UnreachableError(BadAnswerError):
    """A fault of the host rather than of one answer: requests for anything else would fail too."""


class SilenceError(UnreachableError):
    """No answer came in time; each attempt costs a build the full time limit."""

    attempts = 2


class MisconfiguredError(UnreachableError):
    """A proxy or the certificates of this machine cannot be used.

    Arguments:
        fault: What is wrong, for the log.
    """

    attempts = 1

    def __init__(self, fault: Exception) -> None:
        super().__init__(unreachable(fault))


class BusyError(UnreachableError):
    """The host asks for a pause (429, 503)."""


class OversizeError(SourceError):
    """An answer is larger than the caller accepts."""


def ask(
    http: "requests.Session", url: str, headers: dict[str, str], *, max_bytes: int, bounds: Bounds
) -> Answer:
    """Sends one GET request and reads the answer, whatever its status; follows no redirect.

    Arguments:
        http: A session of `network.session`, which keeps the connection open.
        url: Absolute URL.
        headers: Headers of the request.
        max_bytes: The largest body to accept.
        bounds: Time limits.

    Raises:
        BadAnswerError: No complete answer came.
        OversizeError: The body of an answer with status 200 is larger than `max_bytes`.
    """
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    try:
        return within(bounds.total_s, lambda: _exchange(http, url, headers, max_bytes, bounds))
    except (LateError, requests.Timeout, ReadTimeoutError) as error:
        raise SilenceError(Reason(ReasonCode.ARXIV_SILENT)) from error
    except SetupError as error:
        raise MisconfiguredError(error) from error
    except requests.exceptions.ProxyError as error:
        raise UnreachableError(unreachable(error)) from error
    except requests.ConnectionError as error:
        raise UnreachableError(Reason(ReasonCode.ARXIV_UNREACHABLE)) from error
    except (requests.RequestException, HTTPError, OSError) as error:
        raise BadAnswerError(Reason(ReasonCode.ARXIV_BROKE_OFF)) from error


def unreachable(fault: Exception) -> Reason:
    """The reason for a fault of this machine's proxies or certificates; the fault itself is for the log alone."""
    return Reason(ReasonCode.ARXIV_UNREACHABLE, Reason(ReasonCode.OTHER, text=fault))


def _exchange(
    http: "requests.Session", url: str, headers: dict[str, str], max_bytes: int, bounds: Bounds
) -> Answer:
    timeout = (bounds.connect_s, bounds.silence_s)
    with http.get(url, headers=headers, timeout=timeout, stream=True, allow_redirects=False) as response:
        body = bytearray()
        try:
            for chunk in chunks(response, max_bytes):
                body += chunk
        except OversizeBodyError:
            # The beginning of an error page is enough.
            if response.status_code == 200:
                size = max_bytes >> 20
                raise OversizeError(Reason(ReasonCode.OVERSIZE, url=url, size=size)) from None
        return Answer(
            url=url,
            status=response.status_code,
            body=bytes(body),
            retry_after=response.headers.get("Retry-After"),
            location=response.headers.get("Location"),
        )


def retry_after_s(value: str | None, now: float) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); 0 for one that cannot be read.

    Arguments:
        value: The header: seconds, or a date.
        now: The time in seconds since the epoch.
    """
    text = (value or "").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


def same_host(url: str, target: str) -> bool:
    """Whether a redirect stays on its host; it may move from http to https."""
    here, there = urlsplit(url), urlsplit(target)
    if there.scheme == here.scheme:
        return there.netloc == here.netloc
    return (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.netloc
