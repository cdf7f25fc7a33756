"""What is asked of a model by batch: questions that wait, and replies that have come.

A batch brings the same replies as calls do, a day later and at half the price. So all that is done with
a reply knows nothing of batches: a question without one fails like a call, and is asked again in a
later run, with the same words, when its reply is in the store.
"""

import hashlib
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.storage.store import Store, key
from mkdocs_paperdigest.summaries.llm.calls import Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

FULL = 8_000_000
"""Characters of questions; about 130 papers, and well below what the service takes at once."""


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
class Letter:
    """A reply of a batch as the store keeps it, or the way in which the model would not reply."""

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


class Mailbox:
    """Questions and replies of one run; safe for threads.

    Arguments:
        store: Where batches and replies are kept.
        model: Provider and model that is asked.
        sending: Whether questions without a reply are to go by batch, rather than at once.
    """

    def __init__(self, store: Store, model: str, *, sending: bool = False) -> None:
        self._store = store
        self._model = model
        self._sending = sending
        self._lock = threading.Lock()
        self._read: dict[str, list[str]] = {}
        self._outbox: dict[Question, Prompt] = {}
        self._characters = 0
        self.waiting: frozenset[str] = frozenset()
        """Keys of papers that a batch under way asks about."""
        self.ready: frozenset[str] = frozenset()
        """Keys of papers for which batches have brought something."""
        self.postponed: frozenset[str] = frozenset()
        """Keys of papers beyond `max_new_papers`: replies for them are used, and nothing else is asked about a
        paper unless one was."""
        self.look()

    def look(self) -> None:
        """Learns from the store what is under way and what has come."""
        batches = [batch for batch in read_batches(self._store) if batch.model == self._model]
        self.waiting = _papers(batch for batch in batches if not batch.over)
        self.ready = _papers(batch for batch in batches if batch.over)

    def check(self, paper: str) -> None:
        """Raises `ModelCallError` where nothing more is to be asked about a paper for now.

        Not even another question: with other options than when the batch was sent, one would pay twice.
        """
        if paper in self.waiting:
            raise ModelCallError(Outcome.BATCHED, ReasonCode.BATCHED.english)

    def reply_to(self, prompt: Prompt) -> Reply | None:
        """What a batch has brought; None where the question is to be asked at once.

        Raises:
            ModelCallError: Where the reply is that there is none, and where it has to be waited for.
        """
        self.check(prompt.paper)
        if not self._sending and prompt.paper not in self.ready:
            return None
        question = _question(prompt, self._model)
        where = letter_key(question)
        letter = self._store.get(where, Letter)
        if letter is not None:
            with self._lock:
                self._read.setdefault(prompt.paper, []).append(where)
            return letter.opened()
        with self._lock:
            begun = prompt.paper in self._read
        if prompt.paper in self.postponed and not begun:
            raise ModelCallError(Outcome.POSTPONED, ReasonCode.POSTPONED.english)
        if not self._sending:
            return None
        with self._lock:
            self._outbox[question] = prompt
            self._characters += len(prompt.user)
        raise ModelCallError(Outcome.BATCHED, ReasonCode.BATCHED.english)

    @property
    def full(self) -> bool:
        """Whether what is to be sent is more than should be held in memory."""
        return self._characters >= FULL

    def take(self) -> dict[Question, Prompt]:
        """Empties the outbox: what is to be sent."""
        with self._lock:
            outbox, self._outbox, self._characters = self._outbox, {}, 0
        return outbox

    def settle(self, paper: str) -> None:
        """Throws away the replies about a paper that were read: what came of them is stored."""
        with self._lock:
            read = self._read.pop(paper, [])
        for where in read:
            self._store.forget(where)


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
        store.forget(letter_key(question))
    others = tuple(one for one in read_batches(store) if one.label != batch.label)
    if others:
        store.put(_BATCHES, others)
    else:
        store.forget(_BATCHES)


def letter_key(question: Question) -> str:
    """Where the store keeps the reply to a question."""
    return key("reply", question.paper, question.fingerprint)


_BATCHES = key("batches")


def _question(prompt: Prompt, model: str) -> Question:
    parts = [model, prompt.system, prompt.user, prompt.schema, prompt.max_output_tokens]
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "replace"))
    return Question(digest.hexdigest()[:16], prompt.paper)


def _papers(batches: Iterable[Batch]) -> frozenset[str]:
    return frozenset(paper for batch in batches for paper in batch.papers)
