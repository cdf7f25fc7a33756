"""What the store keeps of batches: which are under way, and the replies that they have brought."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.storage.store import Store, key
from mkdocs_paperdigest.summaries.llm.calls import Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt of a batch, without its words."""

    fingerprint: str
    """Of the model and of all that is sent."""
    paper: str
    """Key of the paper that it is about."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions that were sent together."""

    label: str
    """Unlike any other, so that the batch can be found where its name was never learnt."""
    model: str
    """Provider and model."""
    sent_at: datetime
    questions: tuple[Question, ...]
    name: str | None = None
    """What the service calls it; None where a run ended before it was told."""
    over: bool = False
    """Whether its replies are in the store."""

    @property
    def papers(self) -> frozenset[str]:
        """Keys of the papers that it asks about."""
        return frozenset(question.paper for question in self.questions)

    def __str__(self) -> str:
        count = len(self.papers)
        return f"batch of {count} paper{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class BatchReply:
    """A reply of a batch, or the way in which the model refused to reply."""

    text: str
    usage: Usage
    truncated: bool = False
    outcome: Outcome | None = None

    def opened(self) -> Reply:
        """The reply.

        Raises:
            ModelCallError: Where there is none.
        """
        if self.outcome is not None:
            raise ModelCallError(self.outcome, self.text, usage=self.usage)
        return Reply(self.text, self.usage, self.truncated)


def question_of(prompt: Prompt, model: str) -> Question:
    """The prompt as a batch of `model` knows it: another text, schema or limit is another question."""
    parts = [model, prompt.system, prompt.user, prompt.schema, prompt.max_output_tokens]
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "replace"))
    return Question(digest.hexdigest()[:16], prompt.paper)


def papers_of(batches: Iterable[Batch]) -> frozenset[str]:
    """Keys of all papers that batches ask about."""
    return frozenset(paper for batch in batches for paper in batch.papers)


def read_batches(store: Store) -> tuple[Batch, ...]:
    """All batches that are under way, or have brought what was not used yet."""
    return store.get(_BATCHES, tuple[Batch, ...]) or ()


def keep_batch(batch: Batch, store: Store) -> None:
    """Stores a batch in place of what was known of it."""
    others = (one for one in read_batches(store) if one.label != batch.label)
    store.put(_BATCHES, (*others, batch))


def forget_batch(batch: Batch, store: Store) -> None:
    """Forgets a batch and all that it brought."""
    for question in batch.questions:
        store.forget(reply_key(question))
    others = tuple(one for one in read_batches(store) if one.label != batch.label)
    if others:
        store.put(_BATCHES, others)
    else:
        store.forget(_BATCHES)


def reply_key(question: Question) -> str:
    """Where the store keeps the reply to a question."""
    return key("reply", question.paper, question.fingerprint)


_BATCHES = key("batches")
