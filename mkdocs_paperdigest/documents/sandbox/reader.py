"""Reading PDFs and images in processes of their own, which can be killed: these are hostile files.

    with PdfReader(workers=2) as reader:
        contents = reader.read(path, images_folder, figures_max=8)

A reader may be used from several threads at once. Its processes are started when they are needed,
used again, and gone when it is closed; they are plain subprocesses, so nothing is forked from a
threaded program and nothing of the program's own main module is imported.
"""

import logging
import queue
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from mkdocs_paperdigest.documents.sandbox.parent import ReadingProcess, start_process
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import Figure
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Want = Literal["text", "figures", "boxes", "image"]


@dataclass(frozen=True, slots=True)
class PdfContents:
    """What a PDF has to give."""

    pages: tuple[str, ...]
    """Text of each page in reading order, hyphenation kept."""
    figures: tuple[Figure, ...]
    notes: tuple[Reason, ...]
    """Why something is missing."""
    final: bool = True
    """Whether a later build would find no more in it."""


@dataclass(frozen=True, slots=True)
class FigureBox:
    """A figure as `paperdigest figures` lists it."""

    page: int
    """From 0."""
    label: str
    caption: str
    """Whole, with its label."""
    bbox: tuple[float, float, float, float]
    """Points, origin top left of the page as rendered, unpadded."""


class PdfReader:
    """A few processes that read PDFs and images, within limits of time and memory.

    Arguments:
        workers: Processes at once, at most.
        time_limit_s: Seconds for one PDF; then its process is killed.
        memory_limit_mb: Address space of one process, where the platform can limit it.
    """

    def __init__(
        self, *, workers: int = 1, time_limit_s: float = 60, memory_limit_mb: int = 2048
    ) -> None:
        self._time_limit_s = time_limit_s
        self._memory_limit_mb = memory_limit_mb
        self._idle: queue.LifoQueue[ReadingProcess | None] = queue.LifoQueue()
        for _ in range(max(workers, 1)):
            self._idle.put(None)
        self._workers = max(workers, 1)
        self._started: set[ReadingProcess] = set()
        self._given_up = False

    @property
    def at_once(self) -> int:
        """How many files can be read at once."""
        return self._workers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and not issubclass(kind, Exception):
            self._give_up()
        else:
            self.close()

    def start(self, files: int) -> None:
        """Start the processes that so many files will keep busy, before the first one is there."""
        taken = [self._idle.get() for _ in range(self._workers)]
        started = [process for process in taken if process is not None]
        try:
            while len(started) < min(files, self._workers):
                started.append(self._start())
        except DocumentError as error:
            log.debug("%s; tried again for the first file", error)
        finally:
            # The last in is the first out.
            for process in (*[None] * (self._workers - len(started)), *started):
                self._idle.put(process)

    def close(self) -> None:
        """Wait for readings that are under way, then end all processes."""
        for _ in range(self._workers):
            process = self._idle.get()
            if process is not None:
                process.stop()
        # Threads that were left behind must not start others.
        self._given_up = True
        for _ in range(self._workers):
            self._idle.put(None)

    def read(
        self, path: Path, images: Path, *, figures_max: int, want_figures: bool = True
    ) -> PdfContents:
        """Text and figures of a PDF; the figures' images are written as `images`/fig-1.webp and so on.

        Raises:
            DocumentError: Not even the text could be read: the file is encrypted, broken, too
                long, or its reader ran out of time or memory.
        """
        want: Want = "figures" if want_figures and figures_max > 0 else "text"
        request = {"images": str(images.absolute()), "figures_max": figures_max}
        answers, trouble = self._ask(path, want, request)
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

    def read_image(
        self, path: Path, images: Path, *, number: int, label: str, caption: str
    ) -> Figure:
        """A figure whose image is a file of its own; it is written again as `images`/fig-<number>.webp.

        Raises:
            DocumentError: The image is damaged, too large, blank, or no more than decoration.
        """
        request = {
            "images": str(images.absolute()),
            "number": number,
            "label": label,
            "caption": caption,
        }
        answers, trouble = self._ask(path, "image", request)
        if trouble:
            raise _failure(answers, trouble)
        return Figure(**answers["figures"][0])

    def figures(self, path: Path) -> list[FigureBox]:
        """All numbered figures of a PDF with their boxes.

        Raises:
            DocumentError: As for `read`.
        """
        answers, trouble = self._ask(path, "boxes", {})
        if "boxes" not in answers:
            raise _failure(answers, trouble)
        return [
            FigureBox(box["page"], box["label"], box["caption"], tuple(box["bbox"]))
            for box in answers["boxes"]
        ]

    def _ask(
        self, path: Path, want: Want, details: dict[str, Any]
    ) -> tuple[dict[str, Any], Reason | None]:
        """The answers for one file, and what went wrong on the way."""
        request = {
            "path": str(path.absolute()),
            "want": want,
            "time_limit_s": self._time_limit_s,
            **details,
        }
        with self._process() as process:
            answers = process.ask(request, self._time_limit_s)
        if self._given_up:
            raise InterruptedError("reading PDFs was given up")
        return answers

    def _give_up(self) -> None:
        """End all processes at once; a reading that is under way raises `InterruptedError`."""
        self._given_up = True
        for process in tuple(self._started):
            process.kill()
        # Whoever is at a reading stops its process; nobody is at these.
        idle: list[ReadingProcess | None] = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for process in filter(None, idle):
            process.stop()
        for _ in idle:
            self._idle.put(None)

    @contextmanager
    def _process(self) -> Iterator[ReadingProcess]:
        process = self._idle.get()
        try:
            if process is not None and (self._given_up or not process.usable):
                process.stop()
                self._started.discard(process)
                process = None
            if self._given_up:
                raise InterruptedError("reading PDFs was given up")
            process = process or self._start()
            yield process
        finally:
            self._idle.put(process)

    def _start(self) -> ReadingProcess:
        process = start_process(self._memory_limit_mb)
        self._started.add(process)
        return process


def _failure(answers: dict[str, Any], trouble: Reason | None) -> DocumentError:
    # Without trouble of its own, a reader gives what it was asked for.
    reason = trouble or Reason(ReasonCode.PDF_BROKEN)
    return DocumentError(reason, passing="passing" in answers)
