"""Reading PDFs on other machines, with which no disk is shared; what they fail to read is read here.

    with RemoteReader(cluster, local) as reader:
        contents = reader.read(path, images_folder, figures_max=8)

The bytes of a PDF go out; its text, figures and images come back and are written here.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mkdocs_paperdigest.documents.cluster.errand import Errand, unpack
from mkdocs_paperdigest.documents.sandbox.reader import PdfContents, PdfReader
from mkdocs_paperdigest.errors import ClusterError
from mkdocs_paperdigest.files import write_whole
from mkdocs_paperdigest.models import Figure

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PDFS_PER_THREAD = 2
"""One is read, the next one is there already; more would only lie in memory."""
MOST_PDFS = 32
"""In flight, however large the cluster is."""
PDF_MAX = 64 << 20
"""Bytes of a PDF that is sent; larger ones are read here."""
ANSWER_S = 300.0
"""A PDF takes a minute at most; later than this the workers are busy with work of others."""
NOBODY_S = 30.0
"""Seconds without any worker after which papers are read here."""
LOOK_S = 0.5
"""Seconds between two looks at what has changed."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Machines that work for this one."""

    executor: Executor
    threads: Callable[[], int]
    """How many tasks it can do at once now; 0 while no worker is there. Raises `ClusterError` while it
    is gone, with all tasks."""


class RemoteReader:
    """Reads PDFs on a cluster, and images and what the cluster loses on this machine.

    A reader may be used from several threads at once; as many PDFs are in flight as keep the workers
    busy.

    Arguments:
        cluster: Reads PDFs.
        local: Reads the rest; stays the caller's to close.
        answer_s: Seconds after which a PDF is no longer waited for.
        nobody_s: Seconds without any worker after which the cluster is not waited for.
    """

    def __init__(
        self,
        cluster: Cluster,
        local: PdfReader,
        *,
        answer_s: float = ANSWER_S,
        nobody_s: float = NOBODY_S,
    ) -> None:
        self._answer_s = answer_s
        self._executor = cluster.executor
        self._local = local
        self._workers = _Workers(cluster.threads, nobody_s)
        self._freed = threading.Condition()
        self._taken = 0
        self._told = False
        self._closed = threading.Event()

    @property
    def at_once(self) -> int:
        """Papers that may be worked on at once, so that no worker waits for one."""
        return MOST_PDFS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Whoever still waits for an answer gives up; nobody waits for them.
        self._closed.set()

    def start(self, files: int) -> None:
        """Nothing: workers start to read with the first PDF, and this machine perhaps never."""

    def read(
        self, path: Path, images: Path, *, figures_max: int, want_figures: bool = True
    ) -> PdfContents:
        """Text and figures of a PDF, and its images, as `PdfReader.read` gives them.

        Raises:
            DocumentError: As there.
            OSError: The images cannot be written.
        """
        try:
            with self._place():
                future = self._send(path, figures_max, want_figures=want_figures)
                answer = self._outcome(future)
            contents, files = unpack(answer, figures_max=figures_max)
        except ClusterError as error:
            self._tell(path, error)
            return self._local.read(
                path, images, figures_max=figures_max, want_figures=want_figures
            )
        self._told = False
        for name, content in files.items():
            write_whole(images / name, content)
        return contents

    def read_image(
        self, path: Path, images: Path, *, number: int, label: str, caption: str
    ) -> Figure:
        """As `PdfReader.read_image`, on this machine: an image takes no longer than its way would."""
        return self._local.read_image(path, images, number=number, label=label, caption=caption)

    def _send(self, path: Path, figures_max: int, *, want_figures: bool) -> Future[Any]:
        function, argument = Errand(_content(path), figures_max, want_figures).task()
        try:
            return self._executor.submit(function, argument)
        except Exception as error:
            raise _LostError(f"it takes no more work ({type(error).__name__})") from error

    def _outcome(self, future: Future[Any]) -> object:
        try:
            self._wait_for(future)
        except ClusterError as error:
            if not isinstance(error, _GoneError):
                future.cancel()
            raise
        if future.cancelled():
            raise _LostError("it dropped what it was at")
        fault = future.exception()
        if isinstance(fault, ClusterError):
            raise fault
        if fault is not None:
            raise ClusterError(f"{type(fault).__name__}: {_first_line(fault)}") from fault
        return future.result()

    def _wait_for(self, future: Future[Any]) -> None:
        give_up = time.monotonic() + self._answer_s
        while not wait([future], timeout=LOOK_S).done:
            self._go_on()
            self._workers.count()
            if time.monotonic() > give_up:
                raise ClusterError(f"no worker had read it within {self._answer_s:g} s")
        self._go_on()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Waits until the cluster can do with another PDF."""
        while True:
            self._go_on()
            places = min(max(PDFS_PER_THREAD * self._workers.count(), 1), MOST_PDFS)
            with self._freed:
                if self._taken < places:
                    self._taken += 1
                    break
                self._freed.wait(LOOK_S)
        try:
            yield
        finally:
            with self._freed:
                self._taken -= 1
                self._freed.notify()

    def _go_on(self) -> None:
        if self._closed.is_set():
            raise InterruptedError("reading PDFs was given up")

    def _tell(self, path: Path, error: ClusterError) -> None:
        if not isinstance(error, _LostError):
            log.info("%s/%s: read on this machine: %s", path.parent.name, path.name, error)
        elif not self._told:
            self._told = True
            log.info("Dask cluster: %s; papers are read on this machine", error)


class _LostError(ClusterError):
    """Nothing can be expected of the whole cluster, now or any more."""


class _GoneError(_LostError):
    """There is nobody left who could be told that an answer is no longer wanted."""


class _Workers:
    """How many tasks the workers can do at once, asked for no more often than that can change."""

    def __init__(self, threads: Callable[[], int], nobody_s: float) -> None:
        self._threads = threads
        self._nobody_s = nobody_s
        self._asking = threading.Lock()
        self._asked = float("-inf")
        self._last = 0
        self._seen = time.monotonic()

    def count(self) -> int:
        """Raises `_LostError` when there has been nobody for long."""
        # Who finds somebody else asking takes what was known before.
        if self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        if time.monotonic() - self._seen > self._nobody_s:
            raise _LostError(f"no worker for {self._nobody_s:g} s")
        return self._last

    def _ask(self) -> None:
        now = time.monotonic()
        if now - self._asked < LOOK_S:
            return
        try:
            self._last = self._threads()
        except ClusterError as error:
            raise _GoneError(str(error)) from error
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
