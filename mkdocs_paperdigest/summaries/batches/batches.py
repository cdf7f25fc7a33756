"""Takes questions to the model's batch mode, and fetches what it has brought in a later run."""

import json
import logging
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.batches.mailbox import (
    Batch,
    Letter,
    Question,
    forget_batch,
    keep_batch,
    letter_key,
    read_batches,
)
from mkdocs_paperdigest.summaries.llm.calls import Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ABOUT_THE_PAPER,
    ModelCallError,
    Outcome,
)

if TYPE_CHECKING:
    from mkdocs_paperdigest.summaries.batches.gemini import GeminiBatches, Job

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

ENDS = timedelta(days=2)
"""The service ends a batch after that. Until then, one that does not know a batch may be another service than
the one that has it: asked with another key, or at another `model_url`."""
PATIENCE = timedelta(days=7)
"""The service should have ended a batch long before, but has been seen to leave some running."""
KEPT = timedelta(days=90)
"""How long replies are kept that answer no question any more, because options have changed since."""


@dataclass(slots=True)
class Sent:
    """What became of the questions of a run so far."""

    papers: set[str] = field(default_factory=set)
    """Keys of the papers that batches ask about."""
    failed: dict[str, Reason] = field(default_factory=dict)
    """By the key of a paper, why its questions were not sent."""


def check_batch_mode(options: Options) -> None:
    """Raises `ConfigurationError` where the model of the options has no batch mode."""
    if options.offline:
        raise ConfigurationError("--batch sends nothing while `offline: true`")
    if not options.model.startswith("gemini/"):
        raise ConfigurationError(
            f"--batch is for models of Gemini alone, and `model` is {options.model}; "
            "write gemini/NAME, or leave --batch out"
        )


def collect(run: Run) -> None:
    """Takes what batches have brought into the store, and forgets batches that will bring nothing.

    The service is asked once about each batch under way. While it cannot be asked, they stay under way.
    """
    # A build that shows an archive alone asks nobody.
    if run.options.offline or not run.options.topics or not _batches(run):
        return
    from mkdocs_paperdigest.storage.locks import named_lock

    with named_lock("batches", run.options.cache_dir, run.closed):
        service: GeminiBatches | None = None
        troubles: dict[str, Batch] = {}
        for batch in _batches(run):
            if batch.over:
                _tidy(batch, run)
                continue
            service = service or _service(run)
            try:
                _visit(batch, service, run)
            except ModelCallError as error:
                troubles.setdefault(f"{error.reason} ({error})", batch)
                if error.outcome in _NO_USE:
                    break
                if _is_old(batch, run):
                    _give_up(batch, "nobody could say for a week", run)
        for trouble, batch in troubles.items():
            log.log(run.options.log_level, "%s: %s", batch, trouble)
    run.mailbox.look()


def send(run: Run, sent: Sent) -> None:
    """Sends the questions that are in the outbox, unless the service did not take earlier ones of this run.

    Arguments:
        run: Whose mailbox it is.
        sent: Gains what became of them.
    """
    outbox = run.mailbox.take()
    if sent.failed:
        reason = next(iter(sent.failed.values()))
        sent.failed |= {question.paper: reason for question in outbox}
        return
    if not outbox:
        return
    from mkdocs_paperdigest.storage.locks import named_lock

    with named_lock("batches", run.options.cache_dir, run.closed):
        # Another run may have been faster.
        run.mailbox.look()
        questions = {
            question: prompt
            for question, prompt in outbox.items()
            if question.paper not in run.mailbox.waiting
        }
        _send_all(questions, sent, run)
    run.mailbox.look()


def all_by_batch(usage: Usage) -> Usage:
    """The same tokens at the price of a batch."""
    return replace(
        usage, batch_input_tokens=usage.input_tokens, batch_output_tokens=usage.output_tokens
    )


def _send_all(questions: Mapping[Question, Prompt], sent: Sent, run: Run) -> None:
    service = _service(run)
    left = dict(questions)
    for parcel in _parcels(questions):
        batch = Batch(
            label=f"paperdigest {uuid.uuid4().hex}",
            model=run.options.model,
            sent_at=run.now,
            questions=tuple(parcel),
        )
        # Before it is sent: a run that is killed meanwhile leaves a label by which the next one finds it.
        keep_batch(batch, run.store)
        prompts = {question.fingerprint: left[question] for question in parcel}
        try:
            name = service.send(batch.label, prompts)
        except ModelCallError as error:
            if not _may_have_arrived(error):
                forget_batch(batch, run.store)
            level = run.options.log_level
            log.log(level, "batch not sent: %s (%s)", error.reason, error)
            sent.failed |= {question.paper: error.reason for question in left}
            return
        keep_batch(replace(batch, name=name), run.store)
        sent.papers |= batch.papers
        for question in parcel:
            del left[question]


def _visit(batch: Batch, service: "GeminiBatches", run: Run) -> None:
    """Asks how a batch is doing, and takes in what it has brought if it is over."""
    name = batch.name or service.find(batch.label)
    if name is None:
        _give_up(batch, "it was never sent", run)
        return
    if batch.name is None:
        keep_batch(replace(batch, name=name), run.store)
    try:
        job = service.look(name)
    except ModelCallError as error:
        if error.status != _GONE:
            raise
        if abs(run.now - batch.sent_at) <= ENDS:
            message = (
                "%s: the service does not know it, or not with this key or `model_url`; asked again"
            )
            log.log(run.options.log_level, message, batch)
            return
        _give_up(batch, "the service does not know it, or not with this key", run)
        return
    if not job.over:
        if _is_old(batch, run):
            _give_up(batch, f"after a week still {job.state}", run)
        return
    lost = _take_in(batch, job, run.store)
    reasons = list(lost.values())
    if len(lost) == len(batch.questions):
        _give_up(batch, f"{job.state}: {_most_common(reasons)}", run)
        return
    # A paper of which nothing has come is one like others, and `max_new_papers` counts it.
    answered = tuple(question for question in batch.questions if question not in lost)
    keep_batch(replace(batch, name=name, over=True, questions=answered), run.store)
    log.info("%s has come", batch)
    if lost:
        message = "%s: %d of %d questions have no answer (%s); they are asked again"
        log.info(message, batch, len(lost), len(batch.questions), _most_common(reasons))


def _take_in(batch: Batch, job: "Job", store: Store) -> dict[Question, str]:
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
            letter = Letter(reply.text, all_by_batch(reply.usage), reply.truncated)
            store.put(letter_key(question), letter)
        elif reply.outcome in ABOUT_THE_PAPER:
            letter = Letter(str(reply), all_by_batch(reply.usage), outcome=reply.outcome)
            store.put(letter_key(question), letter)
        else:
            # The world was in the way, a day ago; what would be said now is another matter.
            lost[question] = str(reply)
    return lost


def _batches(run: Run) -> list[Batch]:
    """Those of the model of the options: only for it is there an URL and a key."""
    model = run.options.model
    return [batch for batch in read_batches(run.store) if batch.model == model]


def _is_old(batch: Batch, run: Run) -> bool:
    return abs(run.now - batch.sent_at) > PATIENCE  # a clock may have been set


def _tidy(batch: Batch, run: Run) -> None:
    """Forgets a batch that is over when all its replies were used, or nobody has asked for them."""
    left = any(run.store.get(letter_key(question), Letter) for question in batch.questions)
    if not left or run.now - batch.sent_at > KEPT:
        forget_batch(batch, run.store)


def _give_up(batch: Batch, reason: str, run: Run) -> None:
    forget_batch(batch, run.store)
    log.info("%s: %s; what it asked may be asked again", batch, reason)


def _may_have_arrived(error: ModelCallError) -> bool:
    """Whether the batch may be under way although nobody said so."""
    return error.outcome is not Outcome.AUTH and (error.status or _SERVER_ERROR) >= _SERVER_ERROR


def _parcels(questions: Mapping[Question, Prompt]) -> Iterator[Sequence[Question]]:
    """The questions in portions that the service takes at once."""
    from mkdocs_paperdigest.summaries.batches.gemini import MAX_SENT, request

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


def _service(run: Run) -> "GeminiBatches":
    from mkdocs_paperdigest.options.summarizer import api_key
    from mkdocs_paperdigest.summaries.batches.gemini import GeminiBatches

    options = run.options
    return GeminiBatches(
        options.model.partition("/")[2],
        url=options.model_url,
        key=api_key("gemini", run.environ),
        timeout_s=options.model_timeout_s,
    )


def _most_common(reasons: Sequence[str]) -> str:
    return Counter(reasons).most_common(1)[0][0]


_NO_USE = frozenset({Outcome.NETWORK, Outcome.TIMEOUT, Outcome.RATE_LIMITED})
"""The next batch would fare no better, and each may take minutes."""
_GONE = 404
_SERVER_ERROR = 500
_ENVELOPE = 100
"""Bytes around a question."""
