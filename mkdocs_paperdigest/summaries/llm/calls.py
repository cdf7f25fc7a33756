"""What every language model shares: prompts, replies, interfaces, the time limit, and hiding of keys."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

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

    @property
    def pending(self) -> frozenset[str]:
        """Keys of papers whose replies are paid for already; they do not count against `max_new_papers`."""

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
    """Clients that serve one call at a time, so that closing one does not end another call.

    Arguments:
        start: Opens another client.
    """

    def __init__(self, start: Callable[[], T]) -> None:
        self._start = start
        self._idle: deque[T] = deque()

    def prepare(self) -> None:
        """Opens a client for the next call."""
        self._idle.append(self._start())

    @contextmanager
    def lend(self) -> Iterator[T]:
        """A client for one call; if the call runs out of time, its client is not used again."""
        try:
            client = self._idle.pop()
        except IndexError:
            client = self._start()
        try:
            yield client
        except ModelCallError as error:
            if error.outcome is not Outcome.TIMEOUT:
                self._idle.append(client)
            raise
        self._idle.append(client)


def within(
    timeout_s: float,
    call: Callable[[], T],
    *,
    abandon: Callable[[], object],
    explain: Callable[[BaseException], ModelCallError],
    key: str | None,
) -> T:
    """The result of `call`, which must come within `timeout_s` seconds in all.

    The read timeouts of HTTP libraries restart with every byte, so a server that drips can hold a call
    for hours. The call runs in a daemon thread, because the threads of an executor would keep the
    process alive.

    Arguments:
        timeout_s: Seconds from now.
        call: A call of a library; none of our own code, since all its exceptions count as the endpoint's.
        abandon: Closes the call's connection when time is up.
        explain: Converts an exception of the call to our error.
        key: What must not appear in an error. The exception of the library is not chained to ours,
            because its text and its request may hold the key.

    Raises:
        ModelCallError: The call failed, or time was up.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
            future.set_exception(error)

    threading.Thread(target=run, name="model call", daemon=True).start()
    try:
        error = future.exception(timeout_s)
    except TimeoutError:
        abandon()
        raise ModelCallError(Outcome.TIMEOUT, f"no answer within {timeout_s:g} s") from None
    if error is None:
        return future.result()
    failure = explain(error)
    raise redacted(failure, key)


def read_body(response: "requests.Response", *, max_bytes: int, until: float) -> str:
    """The text of a streamed answer.

    Arguments:
        response: The response to a request with `stream=True`.
        max_bytes: Size of the largest answer that is read.
        until: When to give up, by `time.monotonic`.

    Raises:
        ValueError: The answer is too long or too slow.
    """
    body = bytearray()
    # Small chunks, because a server that drips would fill a large one only after the time is up.
    for chunk in response.iter_content(1024):
        body += chunk
        if len(body) > max_bytes or time.monotonic() > until:
            raise ValueError("the answer is too long or too slow")
    return body.decode("utf-8", "replace")


def redacted(failure: ModelCallError, key: str | None) -> ModelCallError:
    """The same failure, changed to have a message that can be shown: short, and without the key."""
    # The key is removed before the text is cut, because half a key would not be found.
    failure.args = (without_key(str(failure), key)[:MAX_MESSAGE],)
    failure.body = without_key(failure.body, key)[:MAX_BODY_KEPT]
    return failure


def without_key(text: str, key: str | None) -> str:
    """`text` without the key, in upper or lower case, and without anything like a key of Google or OpenAI."""
    if key:
        text = re.sub(re.escape(key), _HIDDEN, text, flags=re.IGNORECASE)
    return _KEYS.sub(_HIDDEN, text)


MAX_MESSAGE = 300
MAX_BODY_KEPT = 20_000
"""Characters of an endpoint's error that are looked through for its limits."""
_HIDDEN = "[key]"
_KEYS = re.compile(r"AIza[\w-]{10,}|AQ\.[\w-]{20,}|sk-[\w-]{10,}|(?<=Bearer )\S+|(?<=[?&]key=)[^&\s]+")
