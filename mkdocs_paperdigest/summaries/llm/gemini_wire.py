"""What Gemini sends, as far as anything is made of it.

The names are those that google-genai gives to the same things, so that one function reads both.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome


class Wire(BaseModel):
    """Any JSON object of the service."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


M = TypeVar("M", bound=Wire)


def parsed(kind: type[M], body: object) -> M:
    """The object that a body is.

    Raises:
        ModelCallError: When it is another.
    """
    try:
        return kind.model_validate(body)
    except ValidationError:
        raise ModelCallError(Outcome.GARBLED, "the answer is not what it should be") from None


class Part(Wire):
    """Of the text of an answer."""

    text: str | None = None
    thought: bool | None = None


class Content(Wire):
    """The text of an answer."""

    parts: tuple[Part, ...] | None = None


class Candidate(Wire):
    """One of the answers to a question; no more than one is asked for."""

    content: Content | None = None
    finish_reason: str | None = None


class Feedback(Wire):
    """What the service thinks of a question."""

    block_reason: str | None = None


class Counts(Wire):
    """Tokens."""

    prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    thoughts_token_count: int | None = None


class Answer(Wire):
    """`GenerateContentResponse`."""

    candidates: tuple[Candidate, ...] | None = None
    prompt_feedback: Feedback | None = None
    usage_metadata: Counts | None = None


class Status(Wire):
    """`google.rpc.Status`: why a request of a batch failed."""

    code: int = 13
    message: str = ""


class Tag(Wire):
    """What we gave a question to bear."""

    key: str = ""


class Item(Wire):
    """`InlinedResponse`: what became of one request of a batch."""

    metadata: Tag = Tag()
    response: object = None
    error: Status | None = None


class InlinedResponses(Wire):
    """What became of all of them; judged one by one, so that an odd one does not cost the others."""

    inlined_responses: tuple[object, ...] = ()


class Output(Wire):
    """`GenerateContentBatchOutput`."""

    inlined_responses: InlinedResponses = InlinedResponses()

    @property
    def items(self) -> tuple[object, ...]:
        """What became of each request."""
        return self.inlined_responses.inlined_responses


class BatchMetadata(Wire):
    """`GenerateContentBatch`."""

    state: str = ""
    output: Output | None = None


class Operation(Wire):
    """A batch under way or over."""

    # It becomes part of an URL.
    name: Annotated[str, Field(pattern=r"^batches/[\w-]{1,200}$")]
    metadata: BatchMetadata = BatchMetadata()
    done: bool = False
    response: Output | None = None
    error: Mapping[str, object] = {}


class Operations(Wire):
    """A page of the list of batches."""

    # Judged one by one, since some may be those of other programs.
    operations: tuple[object, ...] = ()
    next_page_token: str = ""
