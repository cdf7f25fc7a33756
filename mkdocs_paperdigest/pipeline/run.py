"""What work on papers needs: options, store, clock, and whom to ask, each opened when first used."""

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.storage.store import Store

if TYPE_CHECKING:
    from mkdocs_paperdigest.documents.cluster.reader import Cluster, RemoteReader
    from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
    from mkdocs_paperdigest.sources.session import PoliteSession
    from mkdocs_paperdigest.summaries.batches.mailbox import Mailbox
    from mkdocs_paperdigest.summaries.llm.model import Model

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass
class Run:
    """A context that closes what it opened: connections, worker processes.

    Arguments:
        options: The options; `offline` makes `session` and `model` None.
        store: Where finished work is kept.
        now: When the build began, in UTC: one time for everything that is decided in it.
        environ: Environment variables, for the model's key.
        cluster: Machines that read PDFs; None for this one.
    """

    options: Options
    store: Store
    now: datetime
    environ: Mapping[str, str] = field(repr=False)
    by_batch: bool = False
    """Whether the model is asked by batch, rather than call by call."""
    cluster: "Cluster | None" = None
    closed: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set when the work is over, or stopped: whoever still waits for something need not."""
    _opened: ExitStack = field(default_factory=ExitStack, repr=False)

    # A warm build asks nobody, so it must not pay for importing what would do the asking.

    @cached_property
    def session(self) -> "PoliteSession | None":
        """The way to arXiv, or None offline."""
        if self.options.offline:
            return None
        from mkdocs_paperdigest.sources.session import polite_session

        return self._opened.enter_context(polite_session(self.options))

    @cached_property
    def model(self) -> "Model | None":
        """The language model, or None offline and where none is configured."""
        if self.options.offline:
            return None
        from mkdocs_paperdigest.summaries.llm.model import open_model

        return open_model(self.options, self.environ, self.mailbox)

    @cached_property
    def mailbox(self) -> "Mailbox":
        """Questions and replies that go by batch."""
        from mkdocs_paperdigest.summaries.batches.mailbox import Mailbox

        return Mailbox(self.store, self.options.model, sending=self.by_batch)

    @cached_property
    def prompt_version(self) -> str:
        """Of our prompts, or the user's: part of the key of every summary."""
        from mkdocs_paperdigest.summaries.prompts.prompts import prompt_version

        return prompt_version(self.options.templates_dir)

    @cached_property
    def reader(self) -> "PdfReader | RemoteReader":
        """The processes that read PDFs, here or on a cluster."""
        from mkdocs_paperdigest.documents.sandbox.reader import PdfReader

        local = self._opened.enter_context(PdfReader(workers=min(os.cpu_count() or 1, 4)))
        if self.cluster is None:
            return local
        from mkdocs_paperdigest.documents.cluster.reader import RemoteReader

        return self._opened.enter_context(RemoteReader(self.cluster, local))

    def prepare(self, *, to_read: int, to_ask: bool) -> None:
        """Starts what takes a while to start, so that it is there when the first paper is.

        Arguments:
            to_read: How many papers will be read; no more processes are started for them.
            to_ask: Whether the model will be asked.
        """
        self.reader.start(to_read)
        if self.model is not None and to_ask and not self.by_batch:
            threading.Thread(target=_prepare, args=(self.model,), daemon=True).start()

    def is_fresh(self, at: datetime) -> bool:
        """Whether what was learnt at a time is new enough; a time far in the future is that of a wrong clock."""
        return abs(self.now - at) < self.options.refresh

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closed.set()
        # Told of Ctrl-C, they give up what they are at.
        self._opened.__exit__(kind, error, trace)


def _prepare(model: "Model") -> None:
    try:
        model.prepare()
    except Exception as error:  # noqa: BLE001 - the first question meets it again, and tells of it
        log.debug("%s: %s", model.name, error)
