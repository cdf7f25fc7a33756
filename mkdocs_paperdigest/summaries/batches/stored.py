"""Batches in the store: which are under way, and under which keys their replies are."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mkdocs_paperdigest.storage.store import Store, key
from mkdocs_paperdigest.text import counted

if TYPE_CHECKING:
    from mkdocs_paperdigest.summaries.llm.calls import Prompt


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt of a batch, without its text."""

    fingerprint: str
    """Hash of the model and of everything that is sent."""
    paper: str
    """Key of the paper that it is about."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions that were sent together."""

    label: str
    """Unique, so that the batch can be found if the run ended before it received the batch's name."""
    model: str
    """Provider and model."""
    sent_at: datetime
    questions: tuple[Question, ...]
    name: str | None = None
    """The service's name for it; None until the service has answered."""
    over: bool = False
    """Whether its replies are in the store."""

    @property
    def papers(self) -> frozenset[str]:
        """Keys of the papers that it asks about."""
        return frozenset(question.paper for question in self.questions)

    def __str__(self) -> str:
        return f"batch of {counted(len(self.papers), 'paper')}"


def question_of(prompt: "Prompt", model: str) -> Question:
    """The question that a prompt is in a batch of `model`; another text, schema or limit is another question."""
    parts = [model, prompt.system, prompt.user, prompt.schema, prompt.max_output_tokens]
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "replace"))
    return Question(digest.hexdigest()[:16], prompt.paper)


def papers_of(batches: Iterable[Batch]) -> frozenset[str]:
    """Keys of all papers that these batches ask about."""
    return frozenset(paper for batch in batches for paper in batch.papers)


def read_batches(store: Store, model: str | None = None) -> tuple[Batch, ...]:
    """All batches of a model, or of any, that are under way or have brought replies which are not used yet."""
    batches = store.get(_BATCHES, tuple[Batch, ...]) or ()
    return tuple(batch for batch in batches if model in (None, batch.model))


def keep_batch(batch: Batch, store: Store) -> None:
    """Stores a batch, in place of its earlier state."""
    others = (one for one in read_batches(store) if one.label != batch.label)
    store.put(_BATCHES, (*others, batch))


def forget_batch(batch: Batch, store: Store) -> None:
    """Deletes a batch and all its replies."""
    for question in batch.questions:
        store.forget(reply_key(question))
    others = tuple(one for one in read_batches(store) if one.label != batch.label)
    if others:
        store.put(_BATCHES, others)
    else:
        store.forget(_BATCHES)


def reply_key(question: Question) -> str:
    """The store's key of the reply to a question."""
    return key("reply", question.paper, question.fingerprint)


_BATCHES = key("batches")
