"""Reads PDFs and images, which may be hostile, in separate processes that can be killed.

    with PdfReader(workers=2) as reader:
        contents = reader.read(path, images_folder, figures_max=8)

A reader may be used from several threads at once. Its processes start when they are needed, are reused, and
end when the reader is closed. They are plain subprocesses rather than `multiprocessing` workers, so that no
threaded program is forked and its main module is not imported again.
"""

import logging
import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypedDict, Unpack

from mkdocs_paperdigest.documents.html.tables import Grid, Words
from mkdocs_paperdigest.documents.sandbox.parent import ReadingProcess
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import Figure
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Want = Literal["text", "figures", "boxes", "image", "table", "cover"]


@dataclass(frozen=True, slots=True)
class PdfContents:
    """Text and figures of a PDF."""

    pages: tuple[str, ...]
    """Text of each page in reading order, with the hyphens at line ends."""
    figures: tuple[Figure, ...]
    notes: tuple[Reason, ...]
    """Why something is missing."""
    final: bool = True
    """False if a later build may find more, because something failed that is not the file's fault."""


@dataclass(frozen=True, slots=True)
class FigureBox:
    """A figure or a table as `paperdigest figures` lists it."""

    page: int
    """From 0."""
    label: str
    """`Figure 3`; a table's as printed."""
    caption: str
    """The whole caption with its label."""
    bbox: tuple[float, float, float, float]
    """Points, origin top left of the page as rendered, unpadded."""


class FigureText(TypedDict):
    """What is said of an image that becomes a figure or a table."""

    name: str
    """Of its file, without the ending: `fig-1`."""
    label: str
    caption: str
    leads: bool
    """Whether it gets a cover."""


class PdfReader:
    """Reads PDFs and images in a few processes, with limits on time and memory.

    Arguments:
        workers: Processes at once, at most.
        time_limit_s: Seconds per file, after which its process is killed.
        memory_limit_mb: Limit of a process's address space, where the platform supports one; 0 for none.
    """

    def __init__(self, *, workers: int = 1, time_limit_s: float = 60, memory_limit_mb: int = 2048) -> None:
        self._time_limit_s = time_limit_s
        self._memory_limit_mb = memory_limit_mb
        self._idle: queue.LifoQueue[ReadingProcess | None] = queue.LifoQueue()
        for _ in range(max(workers, 1)):
            self._idle.put(None)
        self._workers = max(workers, 1)
        self._started: set[ReadingProcess] = set()
        self._closed = False

    @property
    def at_once(self) -> int:
        """Number of files that can be read at once."""
        return self._workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            self._interrupt()
        else:
            self.close()

    def start(self, files: int) -> None:
        """Start processes for this many files in advance, before the first file is available."""
        taken = [self._idle.get() for _ in range(self._workers)]
        started = [process for process in taken if process is not None]
        try:
            while len(started) < min(files, self._workers):
                started.append(self._start())
        except DocumentError as error:
            log.debug("%s; tried again for the first file", error)
        finally:
            # The queue is last in, first out: started processes go last so that they are used first, and of these the
            # first that was started, which is ready by then.
            for process in (*[None] * (self._workers - len(started)), *reversed(started)):
                self._idle.put(process)

    def close(self) -> None:
        """Wait until the files in progress are read, then end all processes."""
        for _ in range(self._workers):
            process = self._idle.get()
            if process is not None:
                process.stop()
        # Threads that still call this reader must not start new processes.
        self._closed = True
        for _ in range(self._workers):
            self._idle.put(None)

    def read(
        self, path: Path, images: Path, *, figures_max: int, want_figures: bool = True, tables: bool = True
    ) -> PdfContents:
        """Text, figures and tables of a PDF; images are written as `images`/fig-1.webp, table-1.webp and so on.

        Raises:
            DocumentError: Not even the text could be read: the file is missing, encrypted, broken or too long,
                or reading it took too much time or memory.
            InterruptedError: The reader was closed by an interrupt.
        """
        want: Want = "figures" if want_figures and figures_max > 0 else "text"
        answers, trouble = self._ask(path, want, images=images, figures_max=figures_max, tables=tables)
        if "pages" not in answers:
            raise _failure(answers, trouble)
        notes = [Reason(ReasonCode.NO_FIGURES, trouble)] if trouble else []
        if "slow" in answers:
            notes.append(Reason(ReasonCode.SOME_FIGURES, Reason(ReasonCode.PDF_SLOW)))
        return PdfContents(
            pages=tuple(answers["pages"]),
            figures=tuple(Figure(**figure) for figure in answers.get("figures", ())),
            notes=tuple(notes),
            final="passing" not in answers,
        )

    def read_image(self, path: Path, images: Path, **text: Unpack[FigureText]) -> Figure:
        """A figure made from an image file, which is converted and written as `images`/<name>.webp.

        Raises:
            DocumentError: The image is damaged, too large, blank, or only decoration.
            InterruptedError: The reader was closed by an interrupt.
        """
        return self._figure(*self._ask(path, "image", images=images, **text))

    def draw_table(self, blocks: Sequence[Grid | Words], images: Path, **text: Unpack[FigureText]) -> Figure:
        """A table drawn from its cells, and written as `images`/<name>.webp.

        Raises:
            DocumentError: It would not be legible, no font has its characters, or drawing it took too much time.
            InterruptedError: The reader was closed by an interrupt.
        """
        drawn = [asdict(block) for block in blocks]
        return self._figure(*self._ask(images, "table", images=images, blocks=drawn, **text))

    @staticmethod
    def _figure(answers: dict[str, Any], trouble: Reason | None) -> Figure:
        if trouble:
            raise _failure(answers, trouble)
        return Figure(**answers["figures"][0])

    def write_cover(self, path: Path, cover: Path) -> None:
        """Writes the small copy of a figure's image that stands beside summaries and in lists.

        Raises:
            DocumentError: The image is damaged, or the cover cannot be written.
            InterruptedError: The reader was closed by an interrupt.
        """
        answers, trouble = self._ask(path, "cover", images=cover)
        if trouble:
            raise _failure(answers, trouble)

    def figures(self, path: Path) -> list[FigureBox]:
        """All numbered figures and tables of a PDF with their boxes.

        Raises:
            DocumentError: The file could not be read, as for `read`.
            InterruptedError: The reader was closed by an interrupt.
        """
        answers, trouble = self._ask(path, "boxes")
        if "boxes" not in answers:
            raise _failure(answers, trouble)
        return [
            FigureBox(box["page"], box["label"], box["caption"], tuple(box["bbox"]))
            for box in answers["boxes"]
        ]

    def _ask(
        self, path: Path, want: Want, *, images: Path | None = None, **details: str | int | list[Any]
    ) -> tuple[dict[str, Any], Reason | None]:
        """The answers for a file by key, and the reason if something failed."""
        request: dict[str, Any] = {
            "path": str(path.absolute()),
            "want": want,
            "time_limit_s": self._time_limit_s,
            **details,
        }
        if images:
            request["images"] = str(images.absolute())
        with self._process() as process:
            answers_and_trouble = process.ask(request, self._time_limit_s)
            # Before the process is given back: `close` waits for it, so only an interrupt can have come.
            self._check_open()
        return answers_and_trouble

    def _interrupt(self) -> None:
        """End all processes at once; calls in progress raise `InterruptedError`."""
        self._closed = True
        for process in tuple(self._started):
            process.kill()
        self._stop_idle()

    def _stop_idle(self) -> None:
        """End the processes that read nothing."""
        idle: list[ReadingProcess | None] = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for process in filter(None, idle):
            process.stop()
        for _ in idle:
            self._idle.put(None)

    def _check_open(self) -> None:
        if self._closed:
            raise InterruptedError("reading PDFs was interrupted")

    @contextmanager
    def _process(self) -> Iterator[ReadingProcess]:
        process = self._idle.get()
        try:
            if process is not None and (self._closed or not process.usable):
                process.stop()
                self._started.discard(process)
                process = None
            self._check_open()
            process = process or self._start()
            yield process
        finally:
            self._idle.put(process)
            if self._closed:
                # An interrupt came while this process answered: it was killed, and is waited for here.
                self._stop_idle()

    def _start(self) -> ReadingProcess:
        try:
            process = ReadingProcess(self._memory_limit_mb)
        except OSError as error:
            why = Reason(ReasonCode.OTHER, text=error)
            raise DocumentError(Reason(ReasonCode.READER_DEAD, why), passing=True) from error
        self._started.add(process)
        return process


def _failure(answers: dict[str, Any], trouble: Reason | None) -> DocumentError:
    # A reader that works gives either a reason or what it was asked for.
    reason = trouble or Reason(ReasonCode.PDF_BROKEN)
    return DocumentError(reason, passing="passing" in answers)
