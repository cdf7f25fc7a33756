"""Reading whole papers: from HTML, from PDF, or not at all, and what is said about it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import pytest

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.html.tables import Grid, Words
from mkdocs_paperdigest.documents.sandbox.reader import FigureText, PdfContents
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import Document, Figure, FullText, License, Paper
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.reading import read_document
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.session import polite_session
from mkdocs_paperdigest.storage.layout import images_folder
from tests.fakes import printing
from tests.fakes.arxiv import FakeArxiv

CC_BY = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
FIGURE = Figure("Figure 1", "Error by samples.", 1, "fig-1.webp", 320, 200)
SENTENCE = "Gates are placed where text leaves the model, and each of them looks for one defect. "
PAGES = (
    "Gates for generated text\nAda Lovelace\nAbstract\nGenerated text carries defects, and many of them "
    "could be found\nby a gate. Our code is at https://github.com/ada/gates.\n1 Introduction\n"
    + SENTENCE
    * 9,
    "2 Results\n" + SENTENCE.replace("Gates", "Doors") * 9 + "\nReferences\n[1] A. Author, 2020.\n",
)


CONTENTS = PdfContents(PAGES, (FIGURE,), notes=())


class Reader:
    """Stands in for the processes that read PDFs, and remembers what it was asked."""

    def __init__(self, contents: PdfContents | DocumentError = CONTENTS) -> None:
        self.contents = contents
        self.asked: list[tuple[Path, Path, int, bool]] = []

    def read(
        self, path: Path, images: Path, /, *, figures_max: int, want_figures: bool, tables: bool
    ) -> PdfContents:
        assert path.is_file()
        self.asked.append((path, images, figures_max, want_figures))
        if isinstance(self.contents, DocumentError):
            raise self.contents
        return self.contents if want_figures else replace(self.contents, figures=())

    def read_image(self, path: Path, images: Path, /, **text: Unpack[FigureText]) -> Figure:
        if b"broken" in path.read_bytes():
            raise DocumentError(Reason(ReasonCode.IMAGE_DAMAGED))
        return self.draw_table((), images, **text)

    def draw_table(
        self, blocks: Sequence[Grid | Words], images: Path, /, **text: Unpack[FigureText]
    ) -> Figure:
        return Figure(text["label"], text["caption"], 0, f"{text['name']}.webp", 320, 200)


class Run:
    """Settings and an arXiv that tests set up as they need."""

    def __init__(self, folder: Path, arxiv: FakeArxiv) -> None:
        self.arxiv = arxiv
        self.reader = Reader()
        self.options = Options(topics=(), cache_dir=folder, arxiv_url=arxiv.url, request_interval_s=0)

    def read(self, paper: Paper, **options: object) -> tuple[Document, FullText]:
        chosen = replace(self.options, **options)  # type: ignore[arg-type]
        if chosen.offline:
            return read_document(paper, chosen, None, self.reader)
        with polite_session(chosen) as session:
            return read_document(paper, chosen, session, self.reader)

    def has(self, paper: Paper, **files: bytes | None) -> Paper:
        """Puts a paper on arXiv, with these files in place of the usual ones."""
        self.arxiv.add(paper, **files)
        return paper

    def requests(self) -> list[str]:
        return [request.kind for request in self.arxiv.requests]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with FakeArxiv() as arxiv:
        yield Run(tmp_path, arxiv)


@pytest.fixture
def report(make_paper: Callable[..., Paper], tmp_path: Path) -> Paper:
    """A local report with a PDF, without an abstract."""
    file = tmp_path / "gates.pdf"
    file.write_bytes(b"%PDF-")
    return make_paper(id="lovelace2024", version=0, abstract="", pdf=file)


def test_text_comes_from_html_and_figures_and_pages_from_the_pdf(
    run: Run, make_paper: Callable[..., Paper], tmp_path: Path
) -> None:
    paper = run.has(make_paper(comment="Demo: https://gates.example.org"))

    document, text = run.read(paper)

    assert (document.source, document.license) == ("html", CC_BY)
    assert document.figures == (FIGURE,)
    assert document.links == ("https://gates.example.org",)
    assert (document.notes, document.final) == ((), True)
    assert [part.title for part in text.sections][1:] == ["Abstract", "Introduction", "Method"]
    assert text.pages == PAGES
    assert run.reader.asked == [
        (
            tmp_path / "papers/2410.13786v1/paper.pdf",
            images_folder(tmp_path, paper, DOCUMENT_VERSION),
            8,
            True,
        )
    ]
    assert run.requests() == ["html", "pdf"]


def test_a_second_reading_asks_nobody_and_gives_the_same(run: Run, make_paper: Callable[..., Paper]) -> None:
    paper = run.has(make_paper())
    first = run.read(paper)

    assert run.read(paper) == first
    assert run.read(paper, offline=True) == first
    assert run.requests() == ["html", "pdf"]


def test_without_figures_the_html_is_enough(run: Run, make_paper: Callable[..., Paper]) -> None:
    document, text = run.read(run.has(make_paper()), figures=False)

    assert (document.source, document.figures, text.pages) == ("html", (), ())
    assert run.requests() == ["html"]


def test_without_html_the_text_comes_from_the_pdf(run: Run, make_paper: Callable[..., Paper]) -> None:
    document, text = run.read(run.has(make_paper(), html=None), figures=False)

    assert document.source == "pdf"
    assert tuple(map(str, document.notes)) == ("no HTML: arXiv has none",)
    assert document.final
    assert document.links == ("https://github.com/ada/gates",)
    assert [part.title for part in text.sections] == ["Title page", "Abstract", "Introduction", "Results"]
    assert run.reader.asked[0][3] is False


def test_html_that_lost_most_of_the_paper_gives_way_to_the_pdf(
    run: Run, make_paper: Callable[..., Paper]
) -> None:
    run.reader.contents = replace(
        CONTENTS, pages=(PAGES[0], *(f"{word}, {SENTENCE}" * 20 for word in ("Here", "There", "Then")))
    )

    document, text = run.read(run.has(make_paper()))

    assert document.source == "pdf"
    assert tuple(map(str, document.notes)) == ("no HTML: its conversion lost parts of the paper",)
    assert text.pages == run.reader.contents.pages


@pytest.mark.parametrize("passing", [True, False])
def test_a_pdf_that_cannot_be_read_costs_the_figures_only(
    run: Run, make_paper: Callable[..., Paper], passing: bool
) -> None:
    run.reader.contents = DocumentError(Reason(ReasonCode.PDF_ENCRYPTED), passing=passing)

    document, text = run.read(run.has(make_paper()))

    assert (document.source, document.final) == ("html", not passing)
    assert str(document.notes[0]) == "no figures: the PDF is encrypted"
    assert text.sections


def test_without_html_and_pdf_the_abstract_is_left_with_both_reasons(
    run: Run, make_paper: Callable[..., Paper]
) -> None:
    run.reader.contents = DocumentError(Reason(ReasonCode.PDF_ENCRYPTED))

    document, text = run.read(run.has(make_paper(), html=None))

    assert (document.source, document.final) == ("abstract", True)
    assert tuple(map(str, document.notes)) == (
        "no HTML: arXiv has none",
        "text from the abstract only: the PDF is encrypted",
    )
    assert text == FullText()


def test_a_scan_without_words_is_no_text(run: Run, make_paper: Callable[..., Paper]) -> None:
    run.reader.contents = replace(CONTENTS, pages=("", " \n"))

    document, text = run.read(run.has(make_paper(), html=None))

    assert document.source == "abstract"
    assert str(document.notes[-1]) == "text from the abstract only: the PDF holds no text"
    assert document.figures == (FIGURE,)
    assert text == FullText()


def test_what_the_reader_could_not_find_is_passed_on(run: Run, make_paper: Callable[..., Paper]) -> None:
    run.reader.contents = replace(
        CONTENTS, figures=(), notes=(Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.PDF_LATE, seconds=60)),)
    )

    document, _ = run.read(run.has(make_paper()))

    assert str(document.notes[0]) == "no figures: reading the PDF took longer than 60 s"


def test_a_broken_conversion_is_named_and_the_pdf_read(run: Run, make_paper: Callable[..., Paper]) -> None:
    shell = b"<html><body><article class='ltx_document'></article></body></html>"

    document, _ = run.read(run.has(make_paper(), html=shell))

    assert document.source == "pdf"
    assert tuple(map(str, document.notes)) == (
        "no HTML: the HTML holds only 0 characters of the paper's text",
    )
    assert document.final


def test_when_arxiv_refuses_the_paper_is_read_another_time(
    run: Run, make_paper: Callable[..., Paper], caplog: pytest.LogCaptureFixture
) -> None:
    paper = run.has(make_paper())
    run.arxiv.fail("403", times=None)

    with caplog.at_level(logging.WARNING):
        document, text = run.read(paper)

    assert (document.source, document.final, text) == ("abstract", False, FullText())
    assert [note.code for note in document.notes] == [ReasonCode.NO_HTML, ReasonCode.ABSTRACT_ONLY]
    assert len(run.arxiv.requests) == 1
    assert not caplog.records

    run.arxiv.heal()
    assert run.read(paper)[0].final


def test_offline_nothing_is_asked_and_nothing_is_final(run: Run, make_paper: Callable[..., Paper]) -> None:
    document, text = run.read(run.has(make_paper()), offline=True)

    assert (document.source, document.final, text) == ("abstract", False, FullText())
    assert run.requests() == []


def test_a_withdrawn_paper_is_not_read(run: Run, make_paper: Callable[..., Paper]) -> None:
    paper = run.has(make_paper(comment="This paper has been withdrawn by the authors"))

    document, text = run.read(paper)

    assert (document.source, text) == ("abstract", FullText())
    assert tuple(map(str, document.notes)) == ("not read: withdrawn by its authors",)
    assert run.requests() == []


def test_figures_under_a_closed_licence_are_not_even_downloaded(
    run: Run, make_paper: Callable[..., Paper]
) -> None:
    paper = make_paper()
    html = printing.html(paper).replace(b"CC BY 4.0", b"arXiv.org perpetual non-exclusive license")

    document, _ = run.read(run.has(paper, html=html), figures_license="open")

    assert document.figures == ()
    assert tuple(map(str, document.notes)) == (
        "no figures: the licence (arXiv non-exclusive) does not allow showing them again",
    )
    assert document.final
    assert run.requests() == ["html"]


def test_without_html_the_abstract_page_tells_the_licence(run: Run, make_paper: Callable[..., Paper]) -> None:
    document, _ = run.read(run.has(make_paper(), html=None), figures_license="open")

    assert (document.license, document.figures) == (CC_BY, (FIGURE,))
    assert run.requests() == ["html", "abs", "pdf"]


def test_a_licence_that_could_not_be_asked_for_is_asked_for_again(
    run: Run, make_paper: Callable[..., Paper]
) -> None:
    paper = run.has(make_paper(), html=None)
    run.arxiv.fail("403", on="abs")

    document, _ = run.read(paper, figures_license="open")

    assert (document.figures, document.final) == ((), False)
    assert str(document.notes[1]).startswith("no figures: the licence is not known: ")


def test_a_report_is_read_from_its_own_file(run: Run, report: Paper) -> None:
    document, text = run.read(report, figures_license="open")

    assert (document.source, document.license) == ("pdf", None)
    assert document.figures == (FIGURE,)
    assert document.notes == ()
    assert document.abstract.startswith("Generated text carries defects")
    assert text.pages == PAGES
    assert run.reader.asked[0][0] == report.pdf
    assert run.requests() == []


def test_the_abstract_of_a_source_is_never_replaced(run: Run, report: Paper) -> None:
    document, _ = run.read(replace(report, abstract="Ours."))

    assert document.abstract == ""


def test_a_report_without_a_file_says_so(run: Run, report: Paper) -> None:
    document, text = run.read(replace(report, pdf=None))

    assert (document.source, document.abstract, text) == ("abstract", "", FullText())
    assert tuple(map(str, document.notes)) == ("text from the abstract only: the library names no PDF",)
    assert document.final


def test_the_hash_follows_the_text(run: Run, report: Paper) -> None:
    first, _ = run.read(report)
    again, _ = run.read(report)
    run.reader.contents = replace(CONTENTS, pages=(PAGES[0],))
    other, _ = run.read(report)

    assert first.text_hash == again.text_hash != other.text_hash
