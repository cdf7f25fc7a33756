"""What every language model shares: prompts, replies, interfaces, the time limit, and hiding of keys."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.session import OversizeBodyError, chunks
from mkdocs_paperdigest.network.setup import SetupError
from mkdocs_paperdigest.network.watchdog import LateError, within
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome, of_exception

if TYPE_CHECKING:
    import requests

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question for a language model."""

    system: str
    """The model's role and its rules."""
    user: str
    """The task, and the paper."""
    schema: Mapping[str, Any]
    """JSON schema of the answer."""
    instructions: str
    """All of it that we wrote, to recognize answers that repeat it."""
    max_output_tokens: int
    paper: str = ""
    """Key of the paper that it is about; not sent."""
    characters: int = 0
    """How many characters of the paper's text, apart from its abstract, are in it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a language model."""

    text: str
    """All text parts of the answer without the model's thoughts."""
    usage: Usage
    truncated: bool = False
    """Whether the model ran out of tokens."""
    excess: int = 0
    """Characters that the question had too many, where the endpoint cut it without an error."""
    warning: str = ""
    """What the user should know about the endpoint, for the log."""


@dataclass(slots=True)
class BatchSent:
    """What happened to the questions that a run put into batches."""

    papers: set[str] = field(default_factory=set)
    """Keys of the papers whose questions were sent."""
    failed: dict[str, Reason] = field(default_factory=dict)
    """Why the questions about a paper were not sent, by the paper's key."""


class LanguageModel(Protocol):
    """A language model as the pipeline uses it, whether by calls or by batch; safe for threads."""

    name: str
    """Provider and model, `gemini/gemini-3.5-flash-lite`."""

    @property
    def text_budget(self) -> int:
        """Most characters of a paper that one question should carry."""

    def fetch(self) -> None:
        """Fetches the answers to questions of earlier runs; a model that is called has none."""

    def begin(self, papers: Sequence[str], places: int) -> None:
        """Prepares for questions about papers, in the background; sends nothing.

        Arguments:
            papers: Their keys.
            places: At most this many of them get new questions.
        """

    def ask(self, prompt: Prompt) -> Reply:
        """The answer to a question, after retries where they help.

        Raises:
            ModelCallError: There is no answer, or not yet.
        """

    def shorten(self, budget: int, fitting: int | None = None, why: str = "") -> bool:
        """Lowers the text budget for the rest of the run, unless another thread already did.

        Arguments:
            budget: The text budget that was too large.
            fitting: Characters that fit, if that is known; else half of the budget is tried.
            why: What the endpoint said, for the log.

        Returns:
            Whether it is worth asking again; not if too little of a paper would be left.
        """

    def settle(self, paper: str, /) -> None:
        """Notes that the summary of a paper is stored, so that replies about it need not be kept."""

    def finish(self) -> BatchSent:
        """Ends the run: sends the questions that wait to be sent."""


class Provider(Protocol):
    """A service that runs language models."""

    def prepare(self) -> None:
        """Does the slow preparations for the first call; sends nothing."""

    def ask(self, prompt: Prompt) -> Reply:
        """Asks once, without retries.

        Raises:
            ModelCallError: There is no answer; raised after the provider's time limit at the latest.
        """


class Pool(Generic[T]):
    """Clients that serve one call at a time, so that ending one call does not end another.

    Arguments:
        start: Opens another client.
        key: What must not appear in an error.
    """

    def __init__(self, start: Callable[[], T], key: str | None) -> None:
        self._start = start
        self._key = key
        self._idle: deque[T] = deque()

    def prepare(self) -> None:
        """Opens a client for the next call."""
        self._idle.append(self._open())

    @contextmanager
    def lend(self) -> Iterator[T]:
        """A client for one call; if the call runs out of time, its client is not used again.

        Raises:
            ModelCallError: No client can be opened.
        """
        try:
            client = self._idle.pop()
        except IndexError:
            client = self._open()
        try:
            yield client
        except ModelCallError as error:
            if error.outcome is not Outcome.TIMEOUT:
                self._idle.append(client)
            raise
        self._idle.append(client)

    def _open(self) -> T:
        try:
            return self._start()
        except Exception as error:  # noqa: BLE001  # an SDK raises anything for a proxy that it does not know
            said = str(error) if isinstance(error, SetupError) else f"{type(error).__name__}: {error}"
        raise redacted(ModelCallError(Outcome.SETUP, said), self._key)


def limited(
    timeout_s: float,
    call: Callable[[], T],
    *,
    explain: Callable[[BaseException], ModelCallError],
    key: str | None,
) -> T:
    """The result of `call`, which must come within `timeout_s` seconds in all; see `network.within`.

    Arguments:
        timeout_s: Seconds from now.
        call: A call of a library; none of our own code, since all its exceptions count as the endpoint's.
        explain: Converts an exception of the call to our error.
        key: What must not appear in an error. The exception of the library is not chained to ours,
            because its text and its request may hold the key.

    Raises:
        ModelCallError: The call failed, or time was up.
    """
    try:
        return within(timeout_s, call)
    except LateError as error:
        failure = ModelCallError(Outcome.TIMEOUT, str(error))
    except ModelCallError as error:
        failure = error
    except Exception as error:  # noqa: BLE001  # libraries raise anything
        failure = explain(error)
    raise redacted(failure, key)


def exchange(
    session: "requests.Session",
    method: str,
    url: str,
    *,
    timeout_s: float,
    max_bytes: int,
    key: str | None,
    **sent: Any,
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of the answer to one request.

    Arguments:
        session: From `open_session`.
        method: HTTP method.
        url: The whole address.
        timeout_s: Seconds for the whole call.
        max_bytes: Bytes of the largest body that is read.
        key: What must not appear in an error.
        sent: What is sent, as arguments of `requests.Session.request`.

    Raises:
        ModelCallError: No whole answer came within the limits.
    """

    def ask() -> tuple[int, Mapping[str, str], bytes]:
        with session.request(
            method,
            url,
            timeout=(min(CONNECT_TIMEOUT_S, timeout_s), timeout_s),
            # A redirect would carry the key to another host.
            allow_redirects=False,
            stream=True,
            **sent,
        ) as response:
            return response.status_code, dict(response.headers), read_body(response, max_bytes)

    return limited(timeout_s, ask, explain=of_exception, key=key)


def read_body(response: "requests.Response", max_bytes: int) -> bytes:
    """The body of a streamed answer.

    Raises:
        ModelCallError: The answer is too long, or compressed in a way that was not asked for.
    """
    try:
        return b"".join(chunks(response, max_bytes))
    except OversizeBodyError as error:
        # Not a fault that passes: the same question would be paid for again with the same answer.
        raise ModelCallError(Outcome.BAD_JSON, f"the answer is too large: {error}") from None


def read_json(body: str | bytes) -> Any:
    """The value of a body in JSON, whatever it holds: lone surrogates are replaced, and huge numbers bounded.

    Raises:
        ModelCallError: It is not JSON, or nested too deeply.
    """
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    try:
        value = json.loads(text, parse_int=_bounded)
        # Through a text without them, because they may stand anywhere.
        return value if "\\ud" not in text.lower() else json.loads(_without_surrogates(value))
    except RecursionError:
        raise ModelCallError(Outcome.BAD_JSON, "the answer is nested too deeply") from None
    except ValueError:
        raise ModelCallError(Outcome.GARBLED, "the answer is not JSON") from None


def _bounded(digits: str) -> int:
    # Python refuses to read more than 4,300 digits, and a float holds no more than 308.
    return int(digits[:20])


def _without_surrogates(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def tokens(count: object) -> int:
    """A number of tokens as an endpoint gave it; 0 for what cannot be one."""
    if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_TOKENS:
        return count
    return 0


def redacted(failure: ModelCallError, key: str | None) -> ModelCallError:
    """The same failure, changed to have a message that can be shown: short, and without the key."""
    # The key is removed before the text is cut, because a few letters of it would not be recognized.
    failure.args = (without_key(str(failure)[:MAX_READ], key)[:MAX_MESSAGE],)
    failure.body = without_key(failure.body[:MAX_BODY_KEPT], key)
    return failure


def without_key(text: str, key: str | None) -> str:
    """`text` without the key, in upper or lower case, and without anything like a key of Google or OpenAI.

    Parts of the key go as well: what stands in a message is escaped, cut off or masked in the middle.
    """
    if key:
        text = re.sub(re.escape(key), _HIDDEN, text, flags=re.IGNORECASE)
        text = _without_parts(text, key.lower())
    return _KEYS.sub(_HIDDEN, text)


def _without_parts(text: str, key: str) -> str:
    parts = {key[start : start + _PART] for start in range(len(key) - _PART + 1)}
    if not parts:
        return text
    # Only ASCII, because some other letters get longer.
    lower = "".join(sign.lower() if sign.isascii() else sign for sign in text)
    kept: list[str] = []
    position = 0
    for start in range(len(text) - _PART + 1):
        if lower[start : start + _PART] in parts:
            if start > position or not kept:
                kept += [text[position:start], _HIDDEN]
            position = max(position, start + _PART)
    return "".join([*kept, text[position:]])


CONNECT_TIMEOUT_S = 15.0
MAX_BODY = 8_000_000
"""Bytes of the largest answer to one question that is read."""
MAX_MESSAGE = 300
MAX_READ = 100_000
"""Characters of a message in which a key is looked for."""
MOST_TOKENS = 20_000_000
"""No model reads or writes as many tokens in one call."""
_PART = 8
"""Characters of a key that are recognized as part of it."""
MAX_BODY_KEPT = 20_000
"""Characters of an endpoint's error that are looked through for its limits."""
_HIDDEN = "[key]"
_KEYS = re.compile(
    r"AIza[\w-]{10,}|AQ\.[\w-]{20,}|sk-[\w-]{10,}|(?<=Bearer )\S+|(?<=[?&]key=)[^&\s]+"
    # Endpoints mask keys, but for their ends.
    r"|[\w-]+\*{3,}[\w-]*|\*{3,}[\w-]+"
)
