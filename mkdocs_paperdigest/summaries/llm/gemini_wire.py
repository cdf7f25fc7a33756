"""The parts of Gemini's answers that are used.

Classes and fields have the names of google-genai, so that one function reads both.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from mkdocs_paperdigest.summaries.llm.calls import read_json, tokens
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome


class Wire(BaseModel):
    """Base of all JSON objects of the service."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


M = TypeVar("M", bound=Wire)


def parsed(kind: type[M], body: object) -> M:
    """A body as an object of `kind`.

    Raises:
        ModelCallError: The body is something else.
    """
    try:
        return kind.model_validate(body)
    except ValidationError:
        raise ModelCallError(Outcome.GARBLED, "the answer has an unexpected form") from None


Word = Annotated[str | None, BeforeValidator(lambda word: word if isinstance(word, str) else None)]
Tokens = Annotated[int, BeforeValidator(tokens)]
"""A number of tokens; 0 for what cannot be one."""


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
    finish_reason: Word = None


class Feedback(Wire):
    """Whether the service blocked a question, and why."""

    block_reason: Word = None


class Counts(Wire):
    """Numbers of tokens."""

    prompt_token_count: Tokens = 0
    candidates_token_count: Tokens = 0
    thoughts_token_count: Tokens = 0
    total_token_count: Tokens = 0


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
        answer = Answer.model_validate(read_json(body))
    except (ModelCallError, ValidationError):
        return body
    if not answer.model_fields_set:
        return body
    return answer.model_dump_json(by_alias=True, exclude_none=True).encode()


class Status(Wire):
    """`google.rpc.Status`: why a request of a batch failed."""

    code: int = 13
    message: str = ""


class Tag(Wire):
    """Our metadata of a question, which the service sends back with the reply."""

    key: str = ""


class Item(Wire):
    """`InlinedResponse`: the result of one request of a batch."""

    metadata: Tag = Tag()
    response: object = None
    error: Status | None = None


class InlinedResponses(Wire):
    """The results of all requests; parsed one by one, so that an odd one does not affect the others."""

    inlined_responses: tuple[object, ...] = ()


class Output(Wire):
    """`GenerateContentBatchOutput`."""

    inlined_responses: InlinedResponses = InlinedResponses()

    @property
    def items(self) -> tuple[object, ...]:
        """The result of each request."""
        return self.inlined_responses.inlined_responses


class BatchMetadata(Wire):
    """`GenerateContentBatch`."""

    state: str = ""
    output: Output | None = None


class Operation(Wire):
    """A batch under way or over."""

    # Checked because it becomes part of a URL.
    name: Annotated[str, Field(pattern=r"^batches/[\w-]{1,200}$")]
    metadata: BatchMetadata = BatchMetadata()
    done: bool = False
    response: Output | None = None
    error: Mapping[str, object] = {}


class Operations(Wire):
    """A page of the list of batches."""

    # Parsed one by one, because some may belong to other programs.
    operations: tuple[object, ...] = ()
    next_page_token: str = ""
