"""The task that reads a PDF on another machine: bytes of the PDF out, text, figures and images back."""

import pickle
import platform
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.sandbox.reader import PdfContents, PdfReader
from mkdocs_paperdigest.encoding import decode, encode
from mkdocs_paperdigest.errors import ClusterError, DocumentError
from mkdocs_paperdigest.models import Figure
from mkdocs_paperdigest.reasons import worded

FINDINGS_MAX = 40 << 20
"""Bytes of the findings in JSON; the text has at most 5,000,000 characters."""
IMAGE_MAX = 4 << 20
"""Bytes per image; nearly all stay below 250,000."""

MALFORMED = "a worker sent a malformed answer"

Version = tuple[str, int]
"""Version of this package, and its `DOCUMENT_VERSION`."""


def version() -> Version:
    """The version that two machines must share to find the same in a paper."""
    return __version__, DOCUMENT_VERSION


def version_text(version: Version) -> str:
    """A version for messages: `0.1.0 (documents 2)`."""
    return "{} (documents {})".format(*version)


@dataclass(frozen=True, slots=True)
class Errand:
    """A PDF to be read on another machine.

    Unpickling it calls `read_bytes`, so `pickle.loads` is a task that any executor can run.
    """

    pdf: bytes
    figures_max: int
    want_figures: bool
    tables: bool

    def task(self) -> tuple[Callable[[bytes], Any], bytes]:
        """A function and its argument for an executor; the result is for `unpack`.

        The function is from the standard library: a message that names a module which a Dask worker lacks would
        end the worker and all tasks on it. This way only the task fails.
        """
        return pickle.loads, pickle.dumps(self)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return read_bytes, (*astuple(self), version())


def read_bytes(
    pdf: bytes, figures_max: int, want_figures: bool, tables: bool, asked_by: Version
) -> tuple[bytes, ...]:
    """Read a PDF on this machine, in a process that can be killed.

    Returns:
        The answer for `unpack`: the findings in JSON, then the images of all figures in order.

    Raises:
        ClusterError: `asked_by` is not the version on this machine.
        OSError: The file cannot be written.
    """
    if asked_by != version():
        raise ClusterError(
            f"{platform.node()} has mkdocs-paperdigest {version_text(version())}, not {version_text(asked_by)}"
        )
    with tempfile.TemporaryDirectory(prefix="paperdigest-") as name:
        path, images = Path(name) / "paper.pdf", Path(name) / "images"
        path.write_bytes(pdf)
        try:
            contents = _reader().read(
                path, images, figures_max=figures_max, want_figures=want_figures, tables=tables
            )
        except DocumentError as error:
            return (encode(_Findings(fault=str(error))),)
        found = _Findings(contents.pages, contents.figures, worded(contents.notes))
        files = [file for figure in contents.figures for file in figure.files]
        return (encode(found), *((images / file).read_bytes() for file in files))


def unpack(answer: object, *, figures_max: int) -> tuple[PdfContents, dict[str, bytes]]:
    """Check an answer; return the contents of the PDF, and its images by the file names they get here.

    Only the contents of the PDF are taken from the other machine: sizes and numbers are limited, and its file
    names are not used. Its errors and notes are not used either, because it may have been short of time, memory
    or disk space.

    Raises:
        ClusterError: The worker could not read the PDF, or the answer is malformed.
    """
    findings, images = _parts(answer)
    try:
        found = decode(findings, _Findings)
    except ValueError as error:
        raise ClusterError(MALFORMED) from error
    if found.fault:
        raise ClusterError(found.fault)
    figures = tuple(_renamed(found.figures))
    names = [name for figure in figures for name in figure.files]
    if not found.pages or len(figures) > figures_max or len(names) != len(images):
        raise ClusterError(MALFORMED)
    contents = PdfContents(found.pages, figures, notes=())
    return contents, dict(zip(names, images, strict=True))


@dataclass(frozen=True, slots=True)
class _Findings:
    """Text and figures of a PDF, or the reason why it could not be read."""

    pages: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    fault: str = ""


@cache
def _reader() -> PdfReader:
    """The reader of this worker, kept for all its PDFs: starting a process takes longer than reading most papers."""
    # At least as many as tasks that run at once; processes that are not needed do not start.
    return PdfReader(workers=64)


def _parts(answer: object) -> tuple[bytes, list[bytes]]:
    """The findings in JSON, and the images of an answer."""
    parts = list(answer) if isinstance(answer, tuple) else []
    findings, *images = [part for part in parts if isinstance(part, bytes)] or [b""]
    complete = 1 + len(images) == len(parts)
    if not complete or len(findings) > FINDINGS_MAX or not all(map(_is_image, images)):
        raise ClusterError(MALFORMED)
    return findings, images


def _is_image(content: bytes) -> bool:
    return len(content) <= IMAGE_MAX and (content[:4], content[8:12]) == (b"RIFF", b"WEBP")


def _renamed(figures: Iterable[Figure]) -> Iterator[Figure]:
    counts: Counter[str] = Counter()
    for figure in figures:
        kind = "table" if figure.is_table else "fig"
        counts[kind] += 1
        name = f"{kind}-{counts[kind]}"
        yield replace(figure, image=f"{name}.webp", small=f"{name}-small.webp" if figure.small else None)
