"""Reads PDFs on other machines, without a shared disk; PDFs that fail there are read on this machine.

    with RemoteReader(cluster, local) as reader:
        contents = reader.read(path, images_folder, figures_max=8)

The bytes of a PDF go out; its text, figures and images come back, and the images are written here.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, Unpack

from mkdocs_paperdigest.documents.cluster.errand import Errand, unpack
from mkdocs_paperdigest.documents.html.tables import Grid, Words
from mkdocs_paperdigest.documents.sandbox.reader import FigureText, PdfContents, PdfReader
from mkdocs_paperdigest.errors import ClusterError
from mkdocs_paperdigest.files import write_whole
from mkdocs_paperdigest.models import Figure
from mkdocs_paperdigest.network.watchdog import LateError, within

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PDFS_PER_THREAD = 2
"""While a thread reads one PDF, the next one is already there; more would only take up memory."""
MOST_PDFS = 32
"""PDFs in flight, for clusters of any size."""
PDF_MAX = 64 << 20
"""Bytes of a PDF that is sent; larger ones are read on this machine."""
ANSWER_S = 300.0
"""Seconds to wait for an answer. A PDF takes at most a minute; after this time the workers are busy with other work."""
NO_WORKER_S = 30.0
"""Seconds without any worker after which papers are read on this machine."""
ASK_S = 10.0
"""Seconds for the scheduler to take a task, or to take it back."""
POLL_S = 0.5
"""Seconds between two checks of the cluster's state."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Other machines that read PDFs for this one."""

    executor: Executor
    threads: Callable[[], int]
    """Number of tasks that can run at once now; 0 while there is no worker. Raises `ClusterError` if the cluster
    was lost with all its tasks."""


class RemoteReader:
    """Reads PDFs on a cluster; images, and PDFs that fail there, on this machine.

    A reader may be used from several threads at once. It sends as many PDFs as keep the workers busy.

    Arguments:
        cluster: Reads PDFs.
        local: Reads the rest; the caller closes it.
        answer_s: Seconds to wait for the answer about a PDF.
        no_worker_s: Seconds to wait while the cluster has no workers.
    """

    def __init__(
        self,
        cluster: Cluster,
        local: PdfReader,
        *,
        answer_s: float = ANSWER_S,
        no_worker_s: float = NO_WORKER_S,
    ) -> None:
        self._answer_s = answer_s
        self._executor = cluster.executor
        self._local = local
        self._workers = _Workers(cluster.threads, no_worker_s)
        self._freed = threading.Condition()
        self._in_flight = 0
        self._loss_reported = False
        self._closed = threading.Event()

    @property
    def at_once(self) -> int:
        """Number of papers to work on at once, so that no worker is idle."""
        return MOST_PDFS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Threads that wait for an answer raise InterruptedError; no need to wait for them here.
        self._closed.set()

    def start(self, files: int) -> None:
        """Does nothing: workers start their processes with the first PDF, and this machine may need none."""

    def read(
        self, path: Path, images: Path, *, figures_max: int, want_figures: bool = True, tables: bool = True
    ) -> PdfContents:
        """Text and figures of a PDF, and its images on disk, as from `PdfReader.read`.

        Raises:
            DocumentError: The PDF could not be read on this machine either.
            InterruptedError: The reader was closed.
            OSError: The images cannot be written.
        """
        try:
            with self._slot():
                future = self._send(path, figures_max, want_figures=want_figures, tables=tables)
                answer = self._outcome(future)
            contents, files = unpack(answer, figures_max=figures_max)
        except ClusterError as error:
            self._report(path, error)
            return self._local.read(
                path, images, figures_max=figures_max, want_figures=want_figures, tables=tables
            )
        self._loss_reported = False
        for name, content in files.items():
            write_whole(images / name, content)
        return contents

    def read_image(self, path: Path, images: Path, **text: Unpack[FigureText]) -> Figure:
        """Same as `PdfReader.read_image`, on this machine: sending an image takes as long as reading it."""
        return self._local.read_image(path, images, **text)

    def draw_table(self, blocks: Sequence[Grid | Words], images: Path, **text: Unpack[FigureText]) -> Figure:
        """Same as `PdfReader.draw_table`, on this machine."""
        return self._local.draw_table(blocks, images, **text)

    def _send(self, path: Path, figures_max: int, *, want_figures: bool, tables: bool) -> Future[Any]:
        function, argument = Errand(_content(path), figures_max, want_figures, tables).task()
        try:
            return within(ASK_S, lambda: self._executor.submit(function, argument))
        except Exception as error:
            raise _LostError(f"it accepts no more tasks ({type(error).__name__})") from error

    def _outcome(self, future: Future[Any]) -> object:
        try:
            self._wait_for(future)
        except ClusterError as error:
            # A lost connection has already ended all tasks.
            if not isinstance(error, _DisconnectedError):
                with suppress(LateError):
                    within(ASK_S, future.cancel)
            raise
        if future.cancelled():
            raise _LostError("it dropped its tasks")
        fault = future.exception()
        if isinstance(fault, ClusterError):
            raise fault
        if fault is not None:
            raise ClusterError(f"{type(fault).__name__}: {_first_line(fault)}") from fault
        return future.result()

    def _wait_for(self, future: Future[Any]) -> None:
        give_up = time.monotonic() + self._answer_s
        while not wait([future], timeout=POLL_S).done:
            self._check_open()
            self._workers.count()
            if time.monotonic() > give_up:
                raise ClusterError(f"no worker read it within {self._answer_s:g} s")
        self._check_open()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """Waits until the cluster needs another PDF."""
        while True:
            self._check_open()
            slots = min(max(PDFS_PER_THREAD * self._workers.count(), 1), MOST_PDFS)
            with self._freed:
                if self._in_flight < slots:
                    self._in_flight += 1
                    break
                self._freed.wait(POLL_S)
        try:
            yield
        finally:
            with self._freed:
                self._in_flight -= 1
                self._freed.notify()

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise InterruptedError("reading PDFs was interrupted")

    def _report(self, path: Path, error: ClusterError) -> None:
        if not isinstance(error, _LostError):
            log.info("%s/%s: read on this machine: %s", path.parent.name, path.name, error)
        elif not self._loss_reported:
            self._loss_reported = True
            log.info("Dask cluster: %s; papers are read on this machine", error)


class _LostError(ClusterError):
    """The whole cluster does not answer, now or any more."""


class _DisconnectedError(_LostError):
    """The connection to the cluster was lost, so tasks can no longer be cancelled."""


class _Workers:
    """The number of tasks that the workers can run at once, requested at most every `POLL_S` seconds."""

    def __init__(self, threads: Callable[[], int], no_worker_s: float) -> None:
        self._threads = threads
        self._no_worker_s = no_worker_s
        self._asking = threading.Lock()
        self._asked = float("-inf")
        self._last = 0
        self._seen = time.monotonic()

    def count(self) -> int:
        """The last known number; raises `_LostError` if there have been no workers for too long."""
        # While another thread asks, the previous number has to do.
        if self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        if time.monotonic() - self._seen > self._no_worker_s:
            raise _LostError(f"no worker for {self._no_worker_s:g} s")
        return self._last

    def _ask(self) -> None:
        now = time.monotonic()
        if now - self._asked < POLL_S:
            return
        try:
            self._last = self._threads()
        except ClusterError as error:
            raise _DisconnectedError(str(error)) from error
        self._asked = now
        if self._last:
            self._seen = now


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size <= PDF_MAX:
            return path.read_bytes()
    except OSError as error:
        raise ClusterError(f"{path.name} cannot be sent") from error
    raise ClusterError(f"{path.name} has more than {PDF_MAX >> 20} MB")
