"""Reading PDFs in processes of their own, which can be killed: a PDF is a hostile file.

    with PdfReader(workers=2) as reader:
        contents = reader.read(path, images_folder, figures_max=8)

A reader may be used from several threads at once. Its processes are started when they are needed,
used again, and gone when it is closed; they are plain subprocesses, so nothing is forked from a
threaded program and nothing of the program's own main module is imported.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import Figure

PAPERS_PER_PROCESS = 40
"""After so many papers a process is replaced, so that PDFium's leaks stay bounded."""
START_S = 30.0
"""Seconds added to the first time limit of a process, for a machine that is slow to start one."""

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
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
            raise DocumentError(f"{path.name}: {trouble}")
        notes = [f"no figures: {trouble}"] if trouble else []
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
            raise DocumentError(f"{path.name}: {trouble}")
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
            "cpu_limit_s": self._time_limit_s,
        }
        with self._process() as process:
            return process.ask(request, self._time_limit_s)

    @contextmanager
    def _process(self) -> Iterator["_Process"]:
        process = self._idle.get()
        try:
            if process is None or not process.usable:
                if process is not None:
                    process.stop()
                process = _Process(self._memory_limit_mb)
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
            # Threads of a linear algebra library would eat the address space that is limited.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    @property
    def usable(self) -> bool:
        return self._asked < PAPERS_PER_PROCESS and self._process.poll() is None

    def ask(self, request: dict[str, Any], time_limit_s: float) -> tuple[dict[str, Any], str]:
        """The answers to a request, and the trouble it met; on trouble with itself it is dead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        limit = time_limit_s + (0 if self._asked else START_S)
        self._asked += 1
        answers: dict[str, Any] = {}
        started = time.monotonic()
        alarm = threading.Timer(limit, self._process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            for line in self._process.stdout:
                answers.update(json.loads(line))
                if "end" in answers:
                    return answers, str(answers.get("error", ""))
        except (OSError, json.JSONDecodeError):
            # A pipe that broke or an answer cut short: the process died.
            pass
        finally:
            alarm.cancel()
        self.stop()
        if time.monotonic() - started >= time_limit_s:
            return answers, f"reading it took longer than {time_limit_s:g} s"
        return answers, f"its reader crashed (exit code {self._process.returncode})"

    def stop(self) -> None:
        """End the process and wait for it, so that no zombie stays."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # Bytes that nobody will read any more.
                    continue
