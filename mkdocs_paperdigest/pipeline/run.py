"""One build or update: its options, store, archive and clock, and whom it asks, each opened when first used."""

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mkdocs_paperdigest.archive.folder import Archive, read_archive
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.options.summarizer import is_language_model, missing_key
from mkdocs_paperdigest.pipeline.progress import Progress
from mkdocs_paperdigest.pipeline.shelves import Shelves
from mkdocs_paperdigest.storage.store import Store, open_store
from mkdocs_paperdigest.summaries.batches import check_batch_mode, pending_papers, takes_batches

if TYPE_CHECKING:
    from mkdocs_paperdigest.documents.cluster.reader import Cluster, RemoteReader
    from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
    from mkdocs_paperdigest.sources.session import PoliteSession
    from mkdocs_paperdigest.summaries.llm.calls import LanguageModel

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@contextmanager
def open_run(
    options: Options,
    *,
    now: datetime,
    environ: Mapping[str, str],
    updates: bool = False,
    progress: Progress | None = None,
    since: date | None = None,
    by_batch: bool = False,
    cluster: "Cluster | None" = None,
) -> Iterator["Run"]:
    """A run on the store and the archive that the options name; see `Run`.

    Raises:
        ConfigurationError: A record of the archive is wrong, or the model has no batch mode.
        StoreError: The cache cannot be used.
    """
    if by_batch:
        check_batch_mode(options)
    with open_store(options.cache_dir) as store:
        archive = read_archive(options.archive_dir, store)
        with Run(
            options,
            store,
            now,
            environ,
            archive=archive,
            updates=updates,
            progress=progress,
            since=since,
            by_batch=by_batch,
            cluster=cluster,
        ) as run:
            yield run


@dataclass
class Run:
    """A context that closes what was opened in it: connections, worker processes.

    Arguments:
        options: The options; `offline` makes `session` and `model` None.
        store: Where finished work is kept.
        now: When the run began, in UTC: one time for everything that is decided in it.
        environ: Environment variables, for the model's key.
        archive: The records of the site.
        updates: Whether the sources of archived topics are asked too, to bring the archive up to date.
        progress: Called for each paper that is finished.
        since: Papers submitted before this day are not worked on.
        by_batch: Whether the model is asked by batch, rather than call by call.
        cluster: Machines that read PDFs; None for this one.
    """

    options: Options
    store: Store
    now: datetime
    environ: Mapping[str, str] = field(repr=False)
    archive: Archive = field(default_factory=Archive)
    updates: bool = False
    progress: Progress | None = None
    since: date | None = None
    by_batch: bool = False
    cluster: "Cluster | None" = None
    interests: Mapping[str, Paper] | None = None
    """Papers of arXiv that the interests of the topics name, by id, once they were looked up."""
    reads_on: bool = False
    """Whether this run will work on the papers of its lists and has prepared nothing for that yet."""
    stopped: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set when the work is over or was stopped: nothing need be waited for any longer."""
    _opened: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics whose sources are asked: all that the archive does not know, or all in an update."""
        if self.updates:
            return self.options.topics
        return tuple(topic for topic in self.options.topics if topic.slug not in self.archive.as_of)

    @property
    def wants_model(self) -> bool:
        """Whether a language model may be asked."""
        return is_language_model(self.options.model) and not self.options.offline and not self.missing_key

    @cached_property
    def missing_key(self) -> str | None:
        """Where the key of the model is looked for, if it needs one that is not there."""
        return missing_key(self.options.model, self.options.model_url, self.environ)

    @cached_property
    def shelves(self) -> Shelves:
        """What the store has of papers and topics."""
        return Shelves(self.store, self.options, self.now)

    # A warm build asks nothing, so it must not pay for importing what would do the asking.

    @cached_property
    def session(self) -> "PoliteSession | None":
        """The connection to arXiv, or None offline."""
        if self.options.offline:
            return None
        from mkdocs_paperdigest.sources.session import polite_session

        return self._opened.enter_context(polite_session(self.options))

    @cached_property
    def model(self) -> "LanguageModel | None":
        """The language model, or None where none is configured, or none may be asked."""
        if not self.wants_model:
            return None
        from mkdocs_paperdigest.summaries.llm.model import open_model

        model = open_model(self.options, self.environ)
        if model is None or not takes_batches(self.options.model):
            return model
        from mkdocs_paperdigest.summaries.batches.model import BatchModel

        return BatchModel(
            model, self.options, self.environ, self.store, self.now, self.stopped, sending=self.by_batch
        )

    @property
    def pending(self) -> frozenset[str]:
        """Keys of papers that a batch was asked about: its replies are paid for already."""
        return pending_papers(self.store, self.options.model) if self.wants_model else frozenset()

    @cached_property
    def reader(self) -> "PdfReader | RemoteReader":
        """The processes that read PDFs, here or on a cluster."""
        from mkdocs_paperdigest.documents.sandbox.reader import PdfReader

        local = self._opened.enter_context(PdfReader(workers=min(os.cpu_count() or 1, 4)))
        if self.cluster is None:
            return local
        from mkdocs_paperdigest.documents.cluster.reader import RemoteReader

        return self._opened.enter_context(RemoteReader(self.cluster, local))

    def expect_papers(self) -> None:
        """Prepares in the background for reading papers and asking about them: a list that is the first will have some.

        To be called from one thread, before that list is waited for. Does nothing in a forecast.
        """
        if not self.reads_on or not self.options.max_new_papers:
            return
        self.reads_on = False
        # One process, so that the other core is left to this one.
        self.reader.start(1)
        threading.Thread(target=_load, args=(self.wants_model,), name="paperdigest-load", daemon=True).start()

    def fetch_replies(self) -> None:
        """Takes in what batches of earlier runs have brought; asks nothing where no batch is under way."""
        # A build that shows an archive alone asks nothing.
        if self.topics and self.pending and self.model is not None:
            self.model.fetch()

    def is_fresh(self, at: datetime) -> bool:
        """Whether what was learnt at a time is new enough; a time far in the future is that of a wrong clock."""
        return abs(self.now - at) < self.options.refresh

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        # Pass the exception on, so that Ctrl-C makes workers abandon their work.
        self._opened.__exit__(kind, error, trace)


def _load(asks: bool) -> None:
    """Imports what works on papers."""
    try:
        from mkdocs_paperdigest.pipeline import reading  # noqa: F401

        if asks:
            from mkdocs_paperdigest.summaries import summarize  # noqa: F401
    except Exception as error:  # noqa: BLE001 - the work that needs the module reports it
        log.debug("not loaded in advance: %s: %s", type(error).__name__, error)
