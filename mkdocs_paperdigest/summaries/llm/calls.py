"""One call of a language model: what is asked, what comes back, and who carries it."""

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
    """What is asked."""

    system: str
    """Who the model is and what rules it keeps."""
    user: str
    """What it is to do, and the paper."""
    schema: Mapping[str, Any]
    """JSON schema of the answer."""
    instructions: str
    """All wording of ours in it, so that an answer that repeats it can be told."""
    max_output_tokens: int
    paper: str = ""
    """Key of the paper that it is about; not sent."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    text: str
    """All text parts of the answer without the model's thoughts."""
    usage: Usage
    truncated: bool = False
    """Whether the model ran out of tokens."""


@dataclass(slots=True)
class BatchSent:
    """What became of the questions that a run put into batches."""

    papers: set[str] = field(default_factory=set)
    """Keys of the papers that batches were sent for."""
    failed: dict[str, Reason] = field(default_factory=dict)
    """Why the questions about a paper were not sent, by the paper's key."""


class LanguageModel(Protocol):
    """A language model as summaries and the pipeline use it, called or asked by batch; safe for threads."""

    name: str
    """Provider and model, `gemini/gemini-3.5-flash-lite`."""

    @property
    def text_budget(self) -> int:
        """Characters of a paper that one question should carry at most."""

    @property
    def pending(self) -> frozenset[str]:
        """Keys of papers whose replies are paid for already; they take no place of `max_new_papers`."""

    def fetch(self) -> None:
        """Takes in the answers to questions of earlier runs; a model that is called has none."""

    def begin(self, papers: Sequence[str], places: int) -> None:
        """Prepares for questions about papers, in the background; sends nothing.

        Arguments:
            papers: Their keys.
            places: How many of them may be asked about anew.
        """

    def ask(self, prompt: Prompt) -> Reply:
        """The answer to a question, retries included.

        Raises:
            ModelCallError: When there is none, or not yet.
        """

    def shorten(self, budget: int) -> bool:
        """Halves the text budget for the rest of the run, if it is still `budget` and not tiny."""

    def settle(self, paper: str, /) -> None:
        """Says that what was answered about a paper is stored, so that no answer need be kept."""

    def finish(self) -> BatchSent:
        """Ends the run: sends what waits to be sent."""


class Provider(Protocol):
    """A way to reach language models."""

    def prepare(self) -> None:
        """Does what takes time before the first call; sends nothing."""

    def ask(self, prompt: Prompt) -> Reply:
        """Asks once, without retries.

        Raises:
            ModelCallError: When there is no answer, after the provider's time limit at the latest.
        """


class Pool(Generic[T]):
    """Clients that serve one call at a time, so that closing one ends no other call.

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
        """A client that nobody else uses; one that ran out of time is closed and not used again."""
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
    """Result of `call`, which must come within `timeout_s` seconds in all.

    The read timeouts of HTTP libraries start anew with every byte, so a dripping server can hold a
    call for hours. The call runs in a daemon thread, unlike those of an executor, which would keep the
    process alive.

    Arguments:
        timeout_s: Seconds from now.
        call: What to do; nothing of ours, since all its exceptions count as the endpoint's.
        abandon: Closes the call's connection when time is up.
        explain: Says what an exception of the call means.
        key: What must not show in an error. The exception of the library is not chained to ours,
            because its text and its request may hold the key.

    Raises:
        ModelCallError: When the call failed or time was up.
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
        response: Asked for with `stream=True`.
        max_bytes: What is longer is no answer.
        until: When to give up, by `time.monotonic`.

    Raises:
        ValueError: It has no end.
    """
    body = bytearray()
    # Small pieces: a server that drips fills large ones only after the time is up.
    for chunk in response.iter_content(1024):
        body += chunk
        if len(body) > max_bytes or time.monotonic() > until:
            raise ValueError("the answer has no end")
    return body.decode("utf-8", "replace")


def redacted(failure: ModelCallError, key: str | None) -> ModelCallError:
    """The same failure with a message that can be shown: without the key, and short."""
    # The key goes first: half of it would not be found any more.
    said = without_key(str(failure), key)
    return ModelCallError(
        failure.outcome,
        said[:MAX_MESSAGE],
        status=failure.status,
        retry_after_s=failure.retry_after_s,
        usage=failure.usage,
    )


def without_key(text: str, key: str | None) -> str:
    """`text` without the key in any case, and without what looks like one of Google's or OpenAI's."""
    if key:
        text = re.sub(re.escape(key), _HIDDEN, text, flags=re.IGNORECASE)
    return _KEYS.sub(_HIDDEN, text)


MAX_MESSAGE = 300
_HIDDEN = "[key]"
_KEYS = re.compile(
    r"AIza[\w-]{10,}|AQ\.[\w-]{20,}|sk-[\w-]{10,}|(?<=Bearer )\S+|(?<=[?&]key=)[^&\s]+"
)
