"""The parts of Gemini's answers that are used."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import field

from mkdocs_paperdigest.encoding import encode
from mkdocs_paperdigest.summaries.llm.calls import read_json, tokens
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome


class Wire(msgspec.Struct, rename="camel", omit_defaults=True):
    """Base of all JSON objects of the service; other fields than those named here are left out."""


M = TypeVar("M", bound=Wire)


def parsed(kind: type[M], body: object, unlike: Outcome = Outcome.GARBLED) -> M:
    """A body as an object of `kind`.

    Arguments:
        kind: What it should be.
        body: A JSON value.
        unlike: What it means if it is an object of another form.

    Raises:
        ModelCallError: The body is something else.
    """
    try:
        return msgspec.convert(body, kind, strict=False, dec_hook=_read)
    except msgspec.ValidationError:
        outcome = unlike if isinstance(body, dict) else Outcome.GARBLED
        raise ModelCallError(outcome, "the answer has an unexpected form") from None


class Word(str):
    """A word of the service; empty for what is not text."""

    __slots__ = ()


NO_WORD = Word()


class Tokens(int):
    """A number of tokens; 0 for what cannot be one."""

    __slots__ = ()


def _read(kind: type, value: object) -> Any:
    if kind is Word:
        return Word(value) if isinstance(value, str) else NO_WORD
    return Tokens(tokens(value))


class Part(Wire):
    """A part of the text of an answer."""

    text: str | None = None
    thought: bool | None = None


class Content(Wire):
    """The text of an answer."""

    parts: tuple[Part, ...] | None = None


class Candidate(Wire):
    """One of the answers to a question; we ask for only one."""

    content: Content | None = None
    finish_reason: Word = NO_WORD


class Feedback(Wire):
    """Whether the service blocked a question, and why."""

    block_reason: Word = NO_WORD


class Counts(Wire):
    """Numbers of tokens."""

    prompt_token_count: Tokens = Tokens()
    candidates_token_count: Tokens = Tokens()
    thoughts_token_count: Tokens = Tokens()
    total_token_count: Tokens = Tokens()


class Answer(Wire):
    """`GenerateContentResponse`."""

    candidates: tuple[Candidate, ...] | None = None
    prompt_feedback: Feedback | None = None
    usage_metadata: Counts | None = None


def used_part(body: bytes) -> bytes:
    """The parts of an answer that are used, so that an SDK cannot stumble over the others.

    Returns:
        The answer without everything else; an error, or a body that is something else, as it is.
    """
    try:
        answer = parsed(Answer, read_json(body))
    except ModelCallError:
        return body
    return encode(answer) if answer != Answer() else body


class Status(Wire):
    """`google.rpc.Status`: why a request of a batch failed."""

    code: int = 13
    message: str = ""


class Tag(Wire):
    """Our metadata of a question, which the service sends back with the reply."""

    key: str = ""


class Item(Wire):
    """`InlinedResponse`: the result of one request of a batch."""

    metadata: Tag = field(default_factory=Tag)
    response: Any = None
    error: Status | None = None


class InlinedResponses(Wire):
    """The results of all requests; parsed one by one, so that an odd one does not affect the others."""

    inlined_responses: tuple[Any, ...] = ()


class Output(Wire):
    """`GenerateContentBatchOutput`."""

    inlined_responses: InlinedResponses = field(default_factory=InlinedResponses)

    @property
    def items(self) -> tuple[Any, ...]:
        """The result of each request."""
        return self.inlined_responses.inlined_responses


class BatchMetadata(Wire):
    """`GenerateContentBatch`."""

    state: str = ""
    output: Output | None = None


class Operation(Wire):
    """A batch under way or over."""

    # Checked because it becomes part of a URL.
    name: Annotated[str, msgspec.Meta(pattern=r"^batches/[\w-]{1,200}\Z")]
    metadata: BatchMetadata = field(default_factory=BatchMetadata)
    done: bool = False
    response: Output | None = None
    error: dict[str, Any] = {}


class Operations(Wire):
    """A page of the list of batches."""

    # Parsed one by one, because some may belong to other programs.
    operations: tuple[Any, ...] = ()
    next_page_token: str = ""
