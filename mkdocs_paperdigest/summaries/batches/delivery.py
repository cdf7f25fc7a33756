"""Sends batches to the service, and puts their replies into the store."""

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
from mkdocs_paperdigest.summaries.batches.replies import BatchReply
from mkdocs_paperdigest.summaries.batches.stored import (
    Batch,
    Question,
    forget_batch,
    keep_batch,
    read_batches,
    reply_key,
)
from mkdocs_paperdigest.summaries.llm.calls import BatchSent, Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import ABOUT_THE_PAPER, ModelCallError, Outcome

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

LONGEST_RUN = timedelta(days=2)
"""The service ends every batch within this time. If it does not know a younger one, that one may belong to
another key or another `model_url`."""
GIVE_UP_AFTER = timedelta(days=7)
"""The service should have ended a batch long before, but it has left some running."""
KEEP_UNUSED = timedelta(days=90)
"""How long to keep replies that answer no question any more, because options have changed since."""


@dataclass
class Delivery:
    """Sends the batches of one model and collects their replies; a run has one delivery.

    Arguments:
        model: Provider and model.
        service: Opens the service; called before the first request.
        store: Where batches and replies are kept.
        now: When the run began, in UTC.
        cache_dir: Folder of the lock that keeps other builds from doing the same.
        stopped: Set when the run is over or stopped.
        log_level: Level of messages about trouble.
    """

    model: str
    service: Callable[[], GeminiBatches]
    store: Store
    now: datetime
    cache_dir: Path
    stopped: Event
    log_level: int
    sent: BatchSent = field(default_factory=BatchSent)
    """What happened to the questions so far."""

    def collect(self) -> None:
        """Stores the replies of finished batches, and deletes batches that will bring no replies.

        The service is asked once about each batch under way. While the service cannot be reached, its
        batches stay under way.
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
                    self._poll(batch, service)
                except ModelCallError as error:
                    troubles.setdefault(f"{error.reason} ({error})", batch)
                    if error.outcome in _SHARED:
                        break
                    if self._is_old(batch):
                        self._give_up(batch, "no news of it for a week")
            for trouble, batch in troubles.items():
                log.log(self.log_level, "%s: %s", batch, trouble)

    def send(self, questions: Mapping[Question, Prompt]) -> None:
        """Sends questions, unless the service refused earlier ones of this run; `sent` has the result."""
        if self.sent.failed:
            reason = next(iter(self.sent.failed.values()))
            self.sent.failed |= {question.paper: reason for question in questions}
            return
        with named_lock("batches", self.cache_dir, self.stopped):
            # Another run may have sent some of them meanwhile.
            waiting = {paper for batch in self._batches() if not batch.over for paper in batch.papers}
            self._send_all(
                {question: prompt for question, prompt in questions.items() if question.paper not in waiting}
            )

    def _send_all(self, questions: Mapping[Question, Prompt]) -> None:
        service = self.service()
        left = dict(questions)
        for chunk in _chunks(questions):
            batch = Batch(
                label=f"paperdigest {uuid.uuid4().hex}",
                model=self.model,
                sent_at=self.now,
                questions=tuple(chunk),
            )
            # Stored before it is sent: if this run is killed meanwhile, the next one finds it by its label.
            keep_batch(batch, self.store)
            prompts = {question.fingerprint: left[question] for question in chunk}
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
            for question in chunk:
                del left[question]

    def _poll(self, batch: Batch, service: GeminiBatches) -> None:
        """Asks for the state of a batch, and stores its replies if it is over."""
        name = batch.name or service.find(batch.label)
        if name is None:
            self._give_up(batch, "it was never sent")
            return
        if batch.name is None:
            keep_batch(replace(batch, name=name), self.store)
        try:
            job = service.poll(name)
        except ModelCallError as error:
            if error.status != _NOT_FOUND:
                raise
            if abs(self.now - batch.sent_at) <= LONGEST_RUN:
                message = "%s: the service does not know it; asked again in the next build (check the key and `model_url`)"
                log.log(self.log_level, message, batch)
                return
            self._give_up(batch, "the service does not know it, at least not with this key")
            return
        if not job.over:
            if self._is_old(batch):
                self._give_up(batch, f"still {job.state} after a week")
            return
        lost = _store_replies(batch, job, self.store)
        reasons = list(lost.values())
        if len(lost) == len(batch.questions):
            self._give_up(batch, f"{job.state}: {_most_common(reasons)}")
            return
        # A paper without any reply counts against `max_new_papers` again, like a new one.
        answered = tuple(question for question in batch.questions if question not in lost)
        keep_batch(replace(batch, name=name, over=True, questions=answered), self.store)
        log.info("%s finished", batch)
        if lost:
            message = "%s: %d of %d questions have no answer (%s); they are asked again"
            log.info(message, batch, len(lost), len(batch.questions), _most_common(reasons))

    def _batches(self) -> tuple[Batch, ...]:
        """The batches of this model; the URL and the key are for no other."""
        return read_batches(self.store, self.model)

    def _is_old(self, batch: Batch) -> bool:
        # The clock may have been set back, so the difference may be negative.
        return abs(self.now - batch.sent_at) > GIVE_UP_AFTER

    def _tidy(self, batch: Batch) -> None:
        """Deletes a batch that is over once all its replies were used, or after `KEEP_UNUSED`."""
        left = any(self.store.get(reply_key(question), BatchReply) for question in batch.questions)
        if not left or self.now - batch.sent_at > KEEP_UNUSED:
            forget_batch(batch, self.store)

    def _give_up(self, batch: Batch, reason: str) -> None:
        forget_batch(batch, self.store)
        log.info("%s: %s; its questions may be asked again", batch, reason)


def _store_replies(batch: Batch, job: Job, store: Store) -> dict[Question, str]:
    """Stores the model's replies, and its refusals to reply.

    Returns:
        Why each of the other questions has no reply.
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
            # The fault was the service's, up to a day ago; by now the model may answer.
            lost[question] = str(reply)
    return lost


def _may_have_arrived(error: ModelCallError) -> bool:
    """Whether the batch may be under way although sending it failed."""
    unsent = error.outcome in (Outcome.AUTH, Outcome.SETUP)
    return not unsent and (error.status or _SERVER_ERROR) >= _SERVER_ERROR


def _chunks(questions: Mapping[Question, Prompt]) -> Iterator[Sequence[Question]]:
    """The questions in chunks that are small enough for one batch."""
    chunk: list[Question] = []
    size = 0
    for question, prompt in questions.items():
        added = len(json.dumps(request(prompt, "", question.fingerprint))) + _ENVELOPE
        if chunk and size + added > MAX_SENT:
            yield chunk
            chunk, size = [], 0
        chunk.append(question)
        size += added
    if chunk:
        yield chunk


def _most_common(reasons: Sequence[str]) -> str:
    return Counter(reasons).most_common(1)[0][0]


_SHARED = frozenset({Outcome.NETWORK, Outcome.TIMEOUT, Outcome.RATE_LIMITED})
"""Failures that the next batch would share; each may take minutes."""
_NOT_FOUND = 404
_SERVER_ERROR = 500
_ENVELOPE = 100
"""Bytes that a batch adds around each question."""
