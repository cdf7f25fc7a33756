"""Reads one paper: its text, figures, licence and links, from arXiv's HTML, the PDF, or neither.

HTML is the better text (formulas, order, footnotes apart), the PDF has the better figures and the page
numbers; figures that it does not give are taken from the HTML where that has them whole. A paper without
either is shown by its abstract, with the reason.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, TypeVar, Unpack

from mkdocs_paperdigest.addresses import own_links
from mkdocs_paperdigest.arxiv.licences import license_from_abstract_page
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.html.missing import Shown, in_paper_order, missing_figures
from mkdocs_paperdigest.documents.html.paper import HtmlPaper, parse_html
from mkdocs_paperdigest.documents.html.tables import Grid, HtmlTable, TableContent, Words
from mkdocs_paperdigest.documents.pdf.text import abstract_of, text_of_pages
from mkdocs_paperdigest.documents.sandbox.reader import FigureText, PdfContents
from mkdocs_paperdigest.errors import DocumentError, SourceError
from mkdocs_paperdigest.models import Document, Figure, FullText, License, Paper, TextSource
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.downloads import arxiv_address, download_html, download_image, download_pdf
from mkdocs_paperdigest.sources.session import PoliteSession
from mkdocs_paperdigest.storage.layout import images_folder

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

MOST_BYTES_OF_ABSTRACT_PAGE = 1_000_000
INCOMPLETE = 0.4
"""HTML with less than this share of the PDF's characters lost sections in its conversion."""

T = TypeVar("T")


class Reader(Protocol):
    """Reads files where they cannot hurt, such as in a process of its own."""

    def read(
        self, path: Path, images: Path, /, *, figures_max: int, want_figures: bool, tables: bool
    ) -> PdfContents:
        """Raises `DocumentError` for a PDF that cannot be read."""

    def read_image(self, path: Path, images: Path, /, **text: Unpack[FigureText]) -> Figure:
        """Raises `DocumentError` for an image that cannot be read or is no figure."""

    def draw_table(
        self, blocks: Sequence[Grid | Words], images: Path, /, **text: Unpack[FigureText]
    ) -> Figure:
        """Raises `DocumentError` for a table that cannot be drawn."""


def read_document(
    paper: Paper, options: Options, session: PoliteSession | None, reader: Reader
) -> tuple[Document, FullText]:
    """Reads a paper as far as it can be had; what cannot be had becomes a note, never an error.

    Arguments:
        paper: A paper of arXiv, or a local report with or without a PDF.
        options: What is wanted of figures, and whether the network may be used.
        session: Asks arXiv, politely; None when offline.
        reader: Reads PDFs and images, and writes the images of figures.

    Returns:
        What a page shows of the document, `final` unless a passing fault cost something; and the text.
    """
    reading = _Reading(paper, options)
    if paper.withdrawn:
        reading.notes.append(Reason(ReasonCode.NOT_READ, Reason(ReasonCode.WITHDRAWN)))
        return reading.result()
    if paper.on_arxiv:
        reading.html = reading.attempt(Reason(ReasonCode.NO_HTML), lambda: _html(paper, options, session))
        reading.license = reading.html.license if reading.html else None
        if options.license_decides and reading.license is None:
            reading.license = reading.attempt(
                Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.LICENCE_UNKNOWN)),
                lambda: _license(paper, options, session),
            )
    want_figures = _figures_allowed(reading)
    if want_figures or reading.html is None:
        missing = ReasonCode.NO_FIGURES if reading.html else ReasonCode.ABSTRACT_ONLY
        reading.pdf = reading.attempt(
            Reason(missing), lambda: _pdf(paper, options, session, reader, want_figures=want_figures)
        )
    if reading.pdf:
        reading.figures = reading.pdf.figures
        reading.notes += reading.pdf.notes
        reading.final = reading.final and reading.pdf.final
    if want_figures and reading.html:
        _add_missing_figures(reading, reading.html, session, reader)
    return reading.result()


@dataclass
class _Reading:
    """What is known of a paper so far, and what went wrong."""

    paper: Paper
    options: Options
    html: HtmlPaper | None = None
    pdf: PdfContents | None = None
    figures: tuple[Figure, ...] = ()
    license: License | None = None
    notes: list[Reason] = field(default_factory=list)
    final: bool = True

    def attempt(self, missing: Reason, action: Callable[[], T]) -> T | None:
        """The result of an action, or None with a note of what is missing and why."""
        try:
            return action()
        except DocumentError as error:
            self.note(missing.due_to(error.reason), passing=error.passing)
        except SourceError as error:
            self.note(missing.due_to(error.reason), passing=True)
        return None

    def note(self, reason: Reason, *, passing: bool) -> None:
        log.debug("%s: %s", self.paper.key, reason)
        self.notes.append(reason)
        self.final = self.final and not passing

    def result(self) -> tuple[Document, FullText]:
        source, text = self._text()
        front = [self.paper.abstract, self.paper.comment or ""]
        body = "" if source == "html" else "\n\n".join(part.text for part in text.sections)
        document = Document(
            source=source,
            figures=self.figures,
            license=self.license,
            links=own_links(front, body, known=self.html.links if self.html else ()),
            notes=self._all_notes(),
            final=self.final,
            abstract="" if self.paper.abstract else abstract_of(text) or "",
            text_hash=_hash(text),
            reader=DOCUMENT_VERSION,
        )
        return document, text

    def _all_notes(self) -> tuple[Reason, ...]:
        notes = dict.fromkeys(self.notes)
        if not self.figures:
            return tuple(notes)
        return tuple(
            Reason(ReasonCode.HTML_FIGURES, note.because) if note.code is ReasonCode.NO_FIGURES else note
            for note in notes
        )

    def _text(self) -> tuple[TextSource, FullText]:
        pages = self.pdf.pages if self.pdf else ()
        printed = text_of_pages(pages)
        if self.html:
            text = FullText(self.html.sections, pages)
            if not printed.sections or _length(text) >= INCOMPLETE * _length(printed):
                return "html", text
            lossy = Reason(ReasonCode.HTML_LOSSY)
            self.note(Reason(ReasonCode.NO_HTML, lossy), passing=False)
        if printed.sections:
            return "pdf", printed
        if self.pdf:
            textless = Reason(ReasonCode.PDF_TEXTLESS)
            self.note(Reason(ReasonCode.ABSTRACT_ONLY, textless), passing=False)
        return "abstract", FullText()


def _html(paper: Paper, options: Options, session: PoliteSession | None) -> HtmlPaper:
    path = download_html(paper, options, session)
    if path is None:
        raise DocumentError(Reason(ReasonCode.ARXIV_HAS_NONE))
    try:
        return parse_html(path.read_bytes(), base_url=arxiv_address("html", paper, options))
    except OSError as error:
        reason = Reason(ReasonCode.CANNOT_BE_READ, file=path.name)
        raise DocumentError(reason, passing=True) from error
    except DocumentError as error:
        if error.passing:
            path.unlink(missing_ok=True)
        raise


def _pdf(
    paper: Paper, options: Options, session: PoliteSession | None, reader: Reader, *, want_figures: bool
) -> PdfContents:
    return reader.read(
        download_pdf(paper, options, session),
        _images_folder(paper, options),
        figures_max=options.figures_max,
        want_figures=want_figures,
        tables=options.tables,
    )


def _add_missing_figures(
    reading: _Reading, html: HtmlPaper, session: PoliteSession | None, reader: Reader
) -> None:
    """Take from the HTML what the PDF did not give: one request for each image; tables are drawn from their cells."""
    paper, options = reading.paper, reading.options
    folder, known = _images_folder(paper, options), reading.figures
    shown: list[Shown] = [*html.figures, *(html.tables if options.tables else ())]
    texts = reading.pdf.pages if reading.pdf else [section.text for section in html.sections]
    missing = missing_figures(shown, known, texts, options.figures_max)
    added: list[Figure] = []
    wanted: list[Shown] = [*missing.figures, *missing.tables]
    no_images = False

    def take(content: TableContent, text: FigureText) -> Figure:
        if content.images:
            path = download_image(content.images[0], paper, options, session)
            return reader.read_image(path, folder, **text)
        return reader.draw_table(content.blocks, folder, **text)

    # Figures first: where there is one, it leads.
    for one in wanted:
        is_table = isinstance(one, HtmlTable)
        content = one.content if isinstance(one, HtmlTable) else TableContent(one.images)
        if content.images and no_images:
            continue
        there = (*known, *added)
        name = f"{'table' if is_table else 'fig'}-{sum(o.is_table == is_table for o in there) + 1}"
        leads = not there or (not is_table and all(other.is_table for other in there))
        text: FigureText = {"name": name, "label": one.label, "caption": one.caption, "leads": leads}
        reason = (
            Reason(ReasonCode.TABLE_MISSING, table=one.label)
            if is_table
            else Reason(ReasonCode.FIGURE_MISSING, figure=one.label)
        )
        found = reading.attempt(reason, partial(take, content, text))
        if found is not None:
            added.append(found)
        elif not reading.final and content.images:
            # What passes for one image is no better for the next, and arXiv would be asked for each.
            no_images = True
    reading.figures = in_paper_order(known, added, shown, missing.surplus, options.figures_max)
    if not reading.figures and any(len(figure.images) > 1 for figure in html.figures):
        in_parts = Reason(ReasonCode.HTML_PARTS)
        reading.note(Reason(ReasonCode.NO_FIGURES, in_parts), passing=False)


def _images_folder(paper: Paper, options: Options) -> Path:
    return images_folder(options.cache_dir, paper, DOCUMENT_VERSION)


def _figures_allowed(reading: _Reading) -> bool:
    if not reading.options.license_decides or not reading.paper.on_arxiv:
        return reading.options.figures
    if reading.license is None:
        return False
    if not reading.license.creative_commons:
        forbidden = Reason(ReasonCode.LICENCE_FORBIDS, licence=reading.license.name)
        reading.note(Reason(ReasonCode.NO_FIGURES, forbidden), passing=False)
    return reading.license.creative_commons


def _license(paper: Paper, options: Options, session: PoliteSession | None) -> License:
    if session is None or options.offline:
        raise DocumentError(Reason(ReasonCode.OFFLINE), passing=True)
    url = arxiv_address("abs", paper, options)
    answer = session.fetch(url, accept="text/html", max_bytes=MOST_BYTES_OF_ABSTRACT_PAGE, soon=True)
    license_ = license_from_abstract_page(answer.body) if answer.status == HTTPStatus.OK else None
    if license_ is None:
        raise DocumentError(Reason(ReasonCode.LICENCE_NOT_NAMED))
    return license_


def _length(text: FullText) -> int:
    return sum(len(section.text) for section in text.sections)


def _hash(text: FullText) -> str:
    digest = hashlib.sha256()
    for section in text.sections:
        digest.update(f"{section.title}\n{section.text}\n".encode())
    return digest.hexdigest()[:16]
