"""A PDF read from its bytes, and the answer as bytes: what travels to another machine and back."""

import pickle
import platform
import tempfile
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.sandbox.reader import PdfContents, PdfReader
from mkdocs_paperdigest.errors import ClusterError, DocumentError
from mkdocs_paperdigest.models import Figure
from mkdocs_paperdigest.reasons import worded

if TYPE_CHECKING:
    from pydantic import TypeAdapter

TOLD_MAX = 40 << 20
"""Bytes of what is told of a PDF: 5,000,000 characters of text at most, in JSON."""
IMAGE_MAX = 4 << 20
"""Bytes of one image; nearly all stay below 250,000."""

NO_ANSWER = "a worker's answer is not what was asked for"

Version = tuple[str, int]
"""Of this package, and of the way in which it finds text and figures."""


def version() -> Version:
    """What two machines have to agree on, so that a paper is the same wherever it is read."""
    return __version__, DOCUMENT_VERSION


def spelled(version: Version) -> str:
    """A version for people: `0.1.0 (documents 2)`."""
    return "{} (documents {})".format(*version)


@dataclass(frozen=True, slots=True)
class Errand:
    """A PDF to be read on another machine. Pickled, it is a call: who unpickles it gets the answer."""

    pdf: bytes
    figures_max: int
    want_figures: bool

    def task(self) -> tuple[Callable[[bytes], Any], bytes]:
        """A function and its argument, for any executor; the result is for `unpack`.

        The function is Python's own, because a Dask worker ends, and everybody's work on it, when a
        message names a module that it does not have. This way only the task fails.
        """
        return pickle.loads, pickle.dumps(self)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return read_bytes, (*astuple(self), version())


def read_bytes(
    pdf: bytes, figures_max: int, want_figures: bool, asked_by: Version
) -> tuple[bytes, ...]:
    """Read a PDF on the machine where this is called, in a process that can be killed.

    Returns:
        What `unpack` takes: JSON first, then the images of all figures in their order.

    Raises:
        ClusterError: Another version of the package asks.
        OSError: There is no room for the file.
    """
    if asked_by != version():
        raise ClusterError(
            f"{platform.node()} has mkdocs-paperdigest {spelled(version())}, not {spelled(asked_by)}"
        )
    with tempfile.TemporaryDirectory(prefix="paperdigest-") as name:
        path, images = Path(name) / "paper.pdf", Path(name) / "images"
        path.write_bytes(pdf)
        try:
            contents = _reader().read(
                path, images, figures_max=figures_max, want_figures=want_figures
            )
        except DocumentError as error:
            return (_findings_json().dump_json(_Findings(fault=str(error))),)
        found = _Findings(contents.pages, contents.figures, worded(contents.notes))
        files = [file for figure in contents.figures for file in figure.files]
        return (
            _findings_json().dump_json(found),
            *((images / file).read_bytes() for file in files),
        )


def unpack(answer: object, *, figures_max: int) -> tuple[PdfContents, dict[str, bytes]]:
    """What was found in a PDF, and its images by the names that they are to have here.

    Another machine is believed about what a PDF says, and about nothing else: size and number are
    bounded, and its names of files are not used. What it did not find is not believed either: it
    may have been short of time, memory or disk.

    Raises:
        ClusterError: It had trouble with the PDF, or this is no answer to the question.
    """
    told, images = _parts(answer)
    try:
        found = _findings_json().validate_json(told)
    except ValueError as error:
        raise ClusterError(NO_ANSWER) from error
    if found.fault:
        raise ClusterError(found.fault)
    figures = tuple(_renamed(figure, place) for place, figure in enumerate(found.figures, start=1))
    names = [name for figure in figures for name in figure.files]
    if not found.pages or len(figures) > figures_max or len(names) != len(images):
        raise ClusterError(NO_ANSWER)
    contents = PdfContents(found.pages, figures, notes=())
    return contents, dict(zip(names, images, strict=True))


@dataclass(frozen=True, slots=True)
class _Findings:
    """What is told of a PDF: its text and figures, or why there are none."""

    pages: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    fault: str = ""


@cache
def _findings_json() -> "TypeAdapter[_Findings]":
    from pydantic import TypeAdapter

    return TypeAdapter(_Findings)


@cache
def _reader() -> PdfReader:
    """One for all PDFs that this process is asked to read: starting to read takes longer than most papers."""
    # As many as tasks come at once; places that are not needed cost nothing.
    return PdfReader(workers=64)


def _parts(answer: object) -> tuple[bytes, list[bytes]]:
    """The JSON and the images of an answer."""
    parts = list(answer) if isinstance(answer, tuple) else []
    told, *images = [part for part in parts if isinstance(part, bytes)] or [b""]
    if 1 + len(images) != len(parts) or len(told) > TOLD_MAX or not all(map(_is_image, images)):
        raise ClusterError(NO_ANSWER)
    return told, images


def _is_image(content: bytes) -> bool:
    return len(content) <= IMAGE_MAX and (content[:4], content[8:12]) == (b"RIFF", b"WEBP")


def _renamed(figure: Figure, number: int) -> Figure:
    small = f"fig-{number}-small.webp" if figure.small else None
    return replace(figure, image=f"fig-{number}.webp", small=small)
