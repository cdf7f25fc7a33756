"""Reading PDFs in processes of their own, which can be killed: a PDF is a hostile file.

    with PdfReader(workers=2) as reader:
        contents = reader.read(path, images_folder, figures_max=8)

A reader may be used from several threads at once. Its processes are started when they are needed,
used again, and gone when it is closed; they are plain subprocesses, so nothing is forked from a
threaded program and nothing of the program's own main module is imported.
"""

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import Figure

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PAPERS_PER_PROCESS = 40
"""After so many papers a process is replaced, so that PDFium's leaks stay bounded."""
START_S = 30.0
"""Seconds that a process has for starting, apart from its time limit."""

Want = Literal["text", "figures", "boxes"]


@dataclass(frozen=True, slots=True)
class PdfContents:
    """What a PDF has to give."""

    pages: tuple[str, ...]
    """Text of each page in reading order, hyphenation kept."""
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    """Why something is missing: `no figures: ...`."""


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
    """A few processes that read PDFs, within limits of time and memory.

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
        self._idle: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(max(workers, 1)):
            self._idle.put(None)
        self._workers = max(workers, 1)
        self._started: set[_Process] = set()
        self._given_up = False

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

    def close(self) -> None:
        """Wait for readings that are under way, then end all processes."""
        for _ in range(self._workers):
            process = self._idle.get()
            if process is not None:
                process.stop()
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
        answers, trouble = self._ask(path, want, images=images, figures_max=figures_max)
        if "pages" not in answers:
            raise DocumentError(trouble)
        notes = [f"no figures: {trouble}"] if trouble else []
        notes += [answers["note"]] if "note" in answers else []
        return PdfContents(
            pages=tuple(answers["pages"]),
            figures=tuple(Figure(**figure) for figure in answers.get("figures", ())),
            notes=tuple(notes),
        )

    def figures(self, path: Path) -> list[FigureBox]:
        """All numbered figures of a PDF with their boxes.

        Raises:
            DocumentError: As for `read`.
        """
        answers, trouble = self._ask(path, "boxes")
        if "boxes" not in answers:
            raise DocumentError(trouble)
        return [
            FigureBox(box["page"], box["label"], box["caption"], tuple(box["bbox"]))
            for box in answers["boxes"]
        ]

    def _ask(
        self, path: Path, want: Want, *, images: Path | None = None, figures_max: int = 0
    ) -> tuple[dict[str, Any], str]:
        """The answers for one PDF, and what went wrong on the way (empty if nothing did)."""
        request = {
            "path": str(path.absolute()),
            "images": str(images.absolute()) if images else None,
            "figures_max": figures_max,
            "want": want,
            "time_limit_s": self._time_limit_s,
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

    @contextmanager
    def _process(self) -> Iterator["_Process"]:
        process = self._idle.get()
        try:
            if process is None or not process.usable:
                if process is not None:
                    process.stop()
                    self._started.discard(process)
                    process = None
                process = _started(self._memory_limit_mb)
                self._started.add(process)
            yield process
        finally:
            self._idle.put(process)


def read_pdf(
    path: Path,
    images: Path,
    *,
    figures_max: int,
    want_figures: bool = True,
    time_limit_s: float = 60,
    memory_limit_mb: int = 2048,
) -> PdfContents:
    """Read one PDF in a process of its own; for more than one, a `PdfReader` is faster."""
    with PdfReader(time_limit_s=time_limit_s, memory_limit_mb=memory_limit_mb) as reader:
        return reader.read(path, images, figures_max=figures_max, want_figures=want_figures)


def figures_of(path: Path, *, time_limit_s: float = 60) -> list[FigureBox]:
    """The numbered figures of one PDF with their boxes, found in a process of its own."""
    with PdfReader(time_limit_s=time_limit_s) as reader:
        return reader.figures(path)


def _started(memory_limit_mb: int) -> "_Process":
    try:
        return _Process(memory_limit_mb)
    except OSError as error:
        raise DocumentError(f"the reader of PDFs did not start: {error}", passing=True) from error


class _Process:
    """One reading process and the pipes to it."""

    def __init__(self, memory_limit_mb: int) -> None:
        self._asked = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [
                sys.executable,
                "-P",
                "-m",
                "mkdocs_paperdigest.documents.process",
                str(memory_limit_mb),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in a terminal is for the program: a reader that it ended would look like a broken PDF.
            start_new_session=True,
            # Threads of a linear algebra library would eat the address space that is limited.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    @property
    def usable(self) -> bool:
        return self._asked < PAPERS_PER_PROCESS and self._process.poll() is None

    def ask(self, request: dict[str, Any], time_limit_s: float) -> tuple[dict[str, Any], str]:
        """The answers to a request, and the trouble it met; on trouble of its own it is dead."""
        if not self._asked and "ready" not in self._listen("ready", START_S)[0]:
            raise DocumentError("the reader of PDFs did not start", passing=True)
        self._asked += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            # It died while it was idle; listening finds that out too.
            log.debug("a PDF reader was gone")
        answers, late = self._listen("end", time_limit_s)
        if "end" in answers:
            return answers, str(answers.get("error", ""))
        if late:
            return answers, f"reading the PDF took longer than {time_limit_s:g} s"
        return answers, f"the PDF crashed its reader (exit code {self._process.returncode})"

    def _listen(self, last: str, seconds: float) -> tuple[dict[str, Any], bool]:
        """Answers up to the one with the key `last`, and whether time ran out before that.

        A process that does not come to the last one is killed: what it does is nobody's guess.
        """
        assert self._process.stdout is not None
        answers: dict[str, Any] = {}
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        alarm = threading.Timer(seconds, end)
        alarm.daemon = True
        alarm.start()
        try:
            for line in self._process.stdout:
                answers.update(json.loads(line))
                if last in answers:
                    return answers, False
        except json.JSONDecodeError:
            # An answer cut short.
            log.debug("a PDF reader died in mid-answer")
        finally:
            alarm.cancel()
        self.stop()
        return answers, late.is_set()

    def kill(self) -> None:
        """End the process; whoever listens to it is told by the end of its answers."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and wait for it, so that no zombie stays."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # Bytes that nobody will read any more.
                    continue
