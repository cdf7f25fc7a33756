"""Takes batches to the service, and what they have brought into the store."""

import json
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from mkdocs_paperdigest.storage.locks import named_lock
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.batches.gemini import MAX_SENT, GeminiBatches, Job, request
from mkdocs_paperdigest.summaries.batches.stored import (
    Batch,
    BatchReply,
    Question,
    forget_batch,
    keep_batch,
    read_batches,
    reply_key,
)
from mkdocs_paperdigest.summaries.llm.calls import BatchSent, Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ABOUT_THE_PAPER,
    ModelCallError,
    Outcome,
)

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

ENDS = timedelta(days=2)
"""The service ends a batch after that. Until then, one that does not know a batch may be another service than
the one that has it: asked with another key, or at another `model_url`."""
PATIENCE = timedelta(days=7)
"""The service should have ended a batch long before, but has been seen to leave some running."""
KEPT = timedelta(days=90)
"""How long replies are kept that answer no question any more, because options have changed since."""


@dataclass
class Delivery:
    """Sends batches of one model and collects their replies; one run has one.

    Arguments:
        model: Provider and model.
        service: Opens the service; called when something is to be asked of it.
        store: Where batches and replies are kept.
        now: When the run began, in UTC.
        cache_dir: Where builds lock each other out.
        stopped: Set when the run is over or stopped.
        log_level: How loud to be about trouble.
    """

    model: str
    service: Callable[[], GeminiBatches]
    store: Store
    now: datetime
    cache_dir: Path
    stopped: Event
    log_level: int
    sent: BatchSent = field(default_factory=BatchSent)
    """What became of the questions so far."""

    def collect(self) -> None:
        """Takes what batches have brought into the store, and forgets batches that will bring nothing.

        The service is asked once about each batch under way. A batch stays under way while the service
        cannot be asked.
        """
        if not self._batches():
            return
        with named_lock("batches", self.cache_dir, self.stopped):
            service: GeminiBatches | None = None
            troubles: dict[str, Batch] = {}
            for batch in self._batches():
                if batch.over:
                    self._tidy(batch)
                    continue
                service = service or self.service()
                try:
                    self._visit(batch, service)
                except ModelCallError as error:
                    troubles.setdefault(f"{error.reason} ({error})", batch)
                    if error.outcome in _NO_USE:
                        break
                    if self._is_old(batch):
                        self._give_up(batch, "nobody could say for a week")
            for trouble, batch in troubles.items():
                log.log(self.log_level, "%s: %s", batch, trouble)

    def send(self, questions: Mapping[Question, Prompt]) -> None:
        """Sends questions, unless the service has refused earlier ones of this run; see `sent`."""
        if self.sent.failed:
            reason = next(iter(self.sent.failed.values()))
            self.sent.failed |= {question.paper: reason for question in questions}
            return
        with named_lock("batches", self.cache_dir, self.stopped):
            # Another run may have been faster.
            waiting = {
                paper for batch in self._batches() if not batch.over for paper in batch.papers
            }
            self._send_all(
                {
                    question: prompt
                    for question, prompt in questions.items()
                    if question.paper not in waiting
                }
            )

    def _send_all(self, questions: Mapping[Question, Prompt]) -> None:
        service = self.service()
        left = dict(questions)
        for parcel in _parcels(questions):
            batch = Batch(
                label=f"paperdigest {uuid.uuid4().hex}",
                model=self.model,
                sent_at=self.now,
                questions=tuple(parcel),
            )
            # Before it is sent: a run that is killed meanwhile leaves a label by which the next one finds it.
            keep_batch(batch, self.store)
            prompts = {question.fingerprint: left[question] for question in parcel}
            try:
                name = service.send(batch.label, prompts)
            except ModelCallError as error:
                if not _may_have_arrived(error):
                    forget_batch(batch, self.store)
                level = self.log_level
                log.log(level, "batch not sent: %s (%s)", error.reason, error)
                self.sent.failed |= {question.paper: error.reason for question in left}
                return
            keep_batch(replace(batch, name=name), self.store)
            self.sent.papers |= batch.papers
            for question in parcel:
                del left[question]

    def _visit(self, batch: Batch, service: GeminiBatches) -> None:
        """Asks how a batch is doing, and takes in what it has brought if it is over."""
        name = batch.name or service.find(batch.label)
        if name is None:
            self._give_up(batch, "it was never sent")
            return
        if batch.name is None:
            keep_batch(replace(batch, name=name), self.store)
        try:
            job = service.look(name)
        except ModelCallError as error:
            if error.status != _GONE:
                raise
            if abs(self.now - batch.sent_at) <= ENDS:
                message = "%s: the service does not know it, or not with this key or `model_url`; asked again"
                log.log(self.log_level, message, batch)
                return
            self._give_up(batch, "the service does not know it, or not with this key")
            return
        if not job.over:
            if self._is_old(batch):
                self._give_up(batch, f"after a week still {job.state}")
            return
        lost = _take_in(batch, job, self.store)
        reasons = list(lost.values())
        if len(lost) == len(batch.questions):
            self._give_up(batch, f"{job.state}: {_most_common(reasons)}")
            return
        # A paper of which nothing has come is one like others, and `max_new_papers` counts it.
        answered = tuple(question for question in batch.questions if question not in lost)
        keep_batch(replace(batch, name=name, over=True, questions=answered), self.store)
        log.info("%s has come", batch)
        if lost:
            message = "%s: %d of %d questions have no answer (%s); they are asked again"
            log.info(message, batch, len(lost), len(batch.questions), _most_common(reasons))

    def _batches(self) -> list[Batch]:
        """Those of our model; there is no URL and no key for others."""
        return [batch for batch in read_batches(self.store) if batch.model == self.model]

    def _is_old(self, batch: Batch) -> bool:
        return abs(self.now - batch.sent_at) > PATIENCE  # a clock may have been set

    def _tidy(self, batch: Batch) -> None:
        """Forgets a batch that is over when all its replies were used, or nobody has asked for them."""
        left = any(self.store.get(reply_key(question), BatchReply) for question in batch.questions)
        if not left or self.now - batch.sent_at > KEPT:
            forget_batch(batch, self.store)

    def _give_up(self, batch: Batch, reason: str) -> None:
        forget_batch(batch, self.store)
        log.info("%s: %s; what it asked may be asked again", batch, reason)


def _take_in(batch: Batch, job: Job, store: Store) -> dict[Question, str]:
    """Stores what the model said, or that it would not say anything.

    Returns:
        Why the other questions have no reply.
    """
    lost = {}
    for question in batch.questions:
        reply = job.replies.get(question.fingerprint)
        if reply is None:
            lost[question] = "no reply"
        elif isinstance(reply, Reply):
            stored = BatchReply(reply.text, reply.usage.by_batch, reply.truncated)
            store.put(reply_key(question), stored)
        elif reply.outcome in ABOUT_THE_PAPER:
            stored = BatchReply(str(reply), reply.usage.by_batch, outcome=reply.outcome)
            store.put(reply_key(question), stored)
        else:
            # The world was in the way, a day ago; what would be said now is another matter.
            lost[question] = str(reply)
    return lost


def _may_have_arrived(error: ModelCallError) -> bool:
    """Whether the batch may be under way although nobody said so."""
    return error.outcome is not Outcome.AUTH and (error.status or _SERVER_ERROR) >= _SERVER_ERROR


def _parcels(questions: Mapping[Question, Prompt]) -> Iterator[Sequence[Question]]:
    """The questions in portions that the service takes at once."""
    parcel: list[Question] = []
    size = 0
    for question, prompt in questions.items():
        added = len(json.dumps(request(prompt, "", question.fingerprint))) + _ENVELOPE
        if parcel and size + added > MAX_SENT:
            yield parcel
            parcel, size = [], 0
        parcel.append(question)
        size += added
    if parcel:
        yield parcel


def _most_common(reasons: Sequence[str]) -> str:
    return Counter(reasons).most_common(1)[0][0]


_NO_USE = frozenset({Outcome.NETWORK, Outcome.TIMEOUT, Outcome.RATE_LIMITED})
"""The next batch would fare no better, and each may take minutes."""
_GONE = 404
_SERVER_ERROR = 500
_ENVELOPE = 100
"""Bytes around a question."""
