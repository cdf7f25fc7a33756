"""A model that is asked by batch: one run sends the questions, and a later run has the replies.

A batch brings the same replies as calls, up to a day later and at half the price. A question without a
reply fails like a call. A later run asks it again in the same words and finds the reply in the store.
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.summarizer import NO_GEMINI_KEY, api_key, key_fault
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.batches.delivery import Delivery
from mkdocs_paperdigest.summaries.batches.gemini import GeminiBatches
from mkdocs_paperdigest.summaries.batches.replies import BatchReply
from mkdocs_paperdigest.summaries.batches.stored import (
    Question,
    papers_of,
    question_of,
    read_batches,
    reply_key,
)
from mkdocs_paperdigest.summaries.llm.calls import BatchSent, LanguageModel, Prompt, Reply
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

FULL = 8_000_000
"""Characters of questions that are held in memory before they are sent: about 130 papers, well below the
service's limit."""


class BatchModel(LanguageModel):
    """A language model that answers from batches if they have the reply; safe for threads.

    Arguments:
        model: The model to call for questions that no batch answers.
        options: The model's endpoint, the cache, and the level of messages about trouble.
        environ: Environment variables, for the model's key.
        store: Where batches and replies are kept.
        now: When the run began, in UTC.
        stopped: Set when the run is over or stopped.
        sending: Whether questions without a reply go into a batch, instead of being asked by a call.
    """

    def __init__(
        self,
        model: LanguageModel,
        options: Options,
        environ: Mapping[str, str],
        store: Store,
        now: datetime,
        stopped: threading.Event,
        *,
        sending: bool,
    ) -> None:
        self.name = model.name
        self._model = model
        self._store = store
        self._delivery = Delivery(
            model.name,
            lambda: _service(options, environ),
            store,
            now,
            options.cache_dir,
            stopped,
            options.log_level,
        )
        self._sending = sending
        self._lock = threading.Lock()
        self._one_sender = threading.Lock()
        self._read: dict[str, list[str]] = {}
        self._outbox: dict[Question, Prompt] = {}
        self._characters = 0
        self._waiting: frozenset[str] = frozenset()
        self._ready: frozenset[str] = frozenset()
        # Papers beyond `max_new_papers`: their replies are used. Another question about such a paper is
        # asked only once one of its replies was used.
        self._postponed: frozenset[str] = frozenset()
        self._refresh()

    @property
    def text_budget(self) -> int:
        """Most characters of a paper that one question should carry."""
        return self._model.text_budget

    def fetch(self) -> None:
        """Stores the replies of finished batches."""
        self._delivery.collect()
        self._refresh()

    def begin(self, papers: Sequence[str], places: int) -> None:
        """Divides `places` among the papers, those without a batch first; see `LanguageModel`."""
        # Batch replies made with other options cannot be used; asking again counts against `max_new_papers`.
        ready = [paper for paper in papers if paper in self._ready]
        others = sum(paper not in self._waiting | self._ready for paper in papers)
        self._postponed = frozenset(ready[max(0, places - others) :])
        if not self._sending and any(paper not in self._waiting for paper in papers):
            self._model.begin(papers, places)

    def ask(self, prompt: Prompt) -> Reply:
        """The reply of a batch, or else of a call.

        Raises:
            ModelCallError: The model refused to reply, the call failed, or the reply has to be waited for.
        """
        # Another run may have sent a batch since this one began.
        self._refresh()
        if prompt.paper in self._waiting:
            # A question made with other options waits as well: asking it now would pay for the paper twice.
            raise ModelCallError(Outcome.BATCHED, ReasonCode.BATCHED.english)
        if not self._sending and prompt.paper not in self._ready:
            return self._model.ask(prompt)
        question = question_of(prompt, self.name)
        stored = self._store.get(reply_key(question), BatchReply)
        with self._lock:
            begun = prompt.paper in self._read
            if stored is not None:
                self._read.setdefault(prompt.paper, []).append(reply_key(question))
        if stored is not None:
            return stored.opened()
        if prompt.paper in self._postponed and not begun:
            raise ModelCallError(Outcome.POSTPONED, ReasonCode.POSTPONED.english)
        if not self._sending:
            return self._model.ask(prompt)
        with self._lock:
            self._outbox[question] = prompt
            self._characters += len(prompt.user)
            full = self._characters >= FULL
        if full:
            self._send()
        raise ModelCallError(Outcome.BATCHED, ReasonCode.BATCHED.english)

    def shorten(self, budget: int, fitting: int | None = None, why: str = "") -> bool:
        """Lowers the text budget; see `LanguageModel`."""
        return self._model.shorten(budget, fitting, why)

    def settle(self, paper: str, /) -> None:
        """Deletes the replies about a paper that were read, because the summary made of them is stored."""
        with self._lock:
            read = self._read.pop(paper, [])
        for name in read:
            self._store.forget(name)

    def finish(self) -> BatchSent:
        """Sends the questions that wait to be sent."""
        self._send()
        return self._delivery.sent

    def _send(self) -> None:
        with self._one_sender:
            with self._lock:
                outbox, self._outbox, self._characters = self._outbox, {}, 0
            if outbox:
                self._delivery.send(outbox)
                self._refresh()

    def _refresh(self) -> None:
        batches = read_batches(self._store, self.name)
        self._waiting = papers_of(batch for batch in batches if not batch.over)
        self._ready = papers_of(batch for batch in batches if batch.over)


def _service(options: Options, environ: Mapping[str, str]) -> GeminiBatches:
    fault = key_fault("gemini", environ)
    return GeminiBatches(
        options.model.partition("/")[2],
        url=options.model_url,
        key=None if fault else api_key("gemini", environ),
        timeout_s=options.model_timeout_s,
        no_key=fault or NO_GEMINI_KEY,
    )
