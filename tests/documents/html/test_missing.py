"""Figures missing from the PDF and taken from arXiv's HTML: which ones, with how many requests, in which order."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.html.figures import HtmlFigure
from mkdocs_paperdigest.documents.html.missing import in_paper_order, missing_figures
from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.models import Document, Figure, Paper
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.reading import read_document
from mkdocs_paperdigest.sources.session import polite_session
from mkdocs_paperdigest.storage.layout import images_folder
from tests.fakes import printing
from tests.fakes.arxiv import FakeArxiv

Make = Callable[..., Paper]


def known(number: str, page: int = 1) -> Figure:
    return Figure(f"Figure {number}", "", page, "fig-1.webp", 320, 200)


def shown(number: str, *images: str) -> HtmlFigure:
    return HtmlFigure(f"Figure {number}", "", images)


def labels(figures: list[HtmlFigure] | tuple[Figure, ...]) -> list[str]:
    return [figure.label.removeprefix("Figure ") for figure in figures]


def test_only_whole_figures_that_are_not_known_yet_are_wanted() -> None:
    html = [shown("1", "a"), shown("2", "b", "c"), shown("3"), shown("4", "d"), shown("A1", "e")]

    assert labels(missing_figures(html, [known("1")], 8)) == ["4", "A1"]
    assert labels(missing_figures(html, [known("4(b)"), known("A.1")], 8)) == ["1"]
    assert labels(missing_figures(html, [], 2)) == ["1", "4"]
    assert missing_figures(html, [known("7"), known("8")], 2) == []


def test_numbers_of_chapters_are_not_taken_for_one_another() -> None:
    assert labels(missing_figures([shown("1.1", "a")], [known("11")], 8)) == ["1.1"]


def test_added_figures_stand_where_the_html_shows_them() -> None:
    html = [shown(number) for number in "12345"]
    all_ = in_paper_order([known("2"), known("4")], [known("1"), known("3"), known("5")], html, 8)
    assert labels(all_) == ["1", "2", "3", "4", "5"]
    # A figure that only the PDF has stays where it is.
    assert labels(in_paper_order([known("9"), known("4")], [known("3")], html, 8)) == ["9", "3", "4"]


def known_table(number: str) -> Figure:
    return Figure(f"Table {number}", "", 1, f"table-{number}.webp", 320, 200)


def test_a_table_has_the_number_of_no_figure_and_makes_room_up_to_half() -> None:
    html = [shown(number, "x") for number in "123"]
    tables = [known_table(number) for number in "1234"]

    assert labels(missing_figures(html, tables, 8)) == ["1", "2", "3"]
    assert labels(missing_figures(html, tables, 4)) == ["1", "2"]
    all_ = in_paper_order(tables, [known("1"), known("2")], html, 4)
    assert labels(all_) == ["Table 1", "Table 2", "1", "2"]
    assert in_paper_order(tables, [], html, 4) == tuple(tables)


def picture(colour: str = "navy", size: tuple[int, int] = (400, 300)) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste(colour, (20, 20, size[0] - 20, size[1] // 2))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def with_figures(paper: Paper, *figures: tuple[int, tuple[str, ...]]) -> bytes:
    """The usual page with more figures after its first one, each given as number and image URLs."""
    markup = "".join(
        f"<figure class='ltx_figure'>{''.join(f'<img src={source!r}/>' for source in sources)}"
        "<figcaption><span class='ltx_tag ltx_tag_figure'>"
        f"Figure {number}: </span>Words on {number}.</figcaption></figure>"
        for number, sources in figures
    )
    return printing.html(paper).replace(b"</section></article>", f"{markup}</section></article>".encode())


class Run:
    """A fake arXiv and real readers of its files."""

    def __init__(self, folder: Path, arxiv: FakeArxiv, reader: PdfReader) -> None:
        self.arxiv = arxiv
        self.folder = folder
        self._reader = reader
        self._options = Options(topics=(), cache_dir=folder, arxiv_url=arxiv.url, request_interval_s=0)

    def read(self, paper: Paper, **options: object) -> Document:
        chosen = replace(self._options, **options)  # type: ignore[arg-type]
        if chosen.offline:
            return read_document(paper, chosen, None, self._reader)[0]
        with polite_session(chosen) as session:
            return read_document(paper, chosen, session, self._reader)[0]

    def has(self, paper: Paper, *figures: tuple[int, tuple[str, ...]], **files: bytes) -> Paper:
        """Puts a paper on arXiv whose HTML has these figures beside Figure 1."""
        self.arxiv.add(paper, html=with_figures(paper, *figures), **files)
        return paper

    def asked(self) -> list[str]:
        return [request.path.rpartition("/")[2] for request in self.arxiv.asked("image")]


@pytest.fixture(scope="module")
def reader() -> Iterator[PdfReader]:
    with PdfReader() as reader:
        yield reader


@pytest.fixture
def run(tmp_path: Path, reader: PdfReader) -> Iterator[Run]:
    with FakeArxiv() as arxiv:
        yield Run(tmp_path, arxiv, reader)


NOT_A_PDF = b"%PDF-1.7\nnothing in here\n%%EOF"


def test_a_pdf_that_gives_all_figures_costs_no_request_for_images(run: Run, make_paper: Make) -> None:
    document = run.read(run.has(make_paper()))

    assert labels(document.figures) == ["1"]
    assert document.figures[0].page == 1
    assert run.asked() == []


def test_a_missing_number_is_filled_in(run: Run, make_paper: Make) -> None:
    paper = run.has(make_paper(), (2, ("2410.13786v1/x2.png",)), (3, ("/html/2410.13786v1/x3.png",)))
    run.arxiv.images = {"2410.13786v1/x2.png": picture(), "2410.13786v1/x3.png": picture("red")}

    document = run.read(paper)

    assert labels(document.figures) == ["1", "2", "3"]
    assert [figure.page for figure in document.figures] == [1, 0, 0]
    second = document.figures[1]
    assert (second.caption, second.image, second.width, second.height) == (
        "Words on 2.",
        "fig-2.webp",
        400,
        300,
    )
    assert (document.notes, document.final) == ((), True)
    assert run.asked() == ["x2.png", "x3.png"]
    written = images_folder(run.folder, paper, DOCUMENT_VERSION)
    assert all((written / name).is_file() for figure in document.figures for name in figure.files)

    assert run.read(paper) == document
    assert run.read(paper, offline=True) == document
    assert len(run.asked()) == 2


def test_pages_with_a_base_address_are_understood_too(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    html = with_figures(paper, (2, ("extracted/77/x2.png",)))
    base = b"<head><base href='/html/2410.13786v1/'/>"
    run.arxiv.add(paper, html=html.replace(b"<head>", base))
    run.arxiv.images = {"2410.13786v1/extracted/77/x2.png": picture()}

    assert labels(run.read(paper).figures) == ["1", "2"]


def test_a_pdf_that_cannot_be_read_leaves_the_figures_of_the_html(run: Run, make_paper: Make) -> None:
    paper = run.has(make_paper(), (2, ("2410.13786v1/x2.png",)), pdf=NOT_A_PDF)
    run.arxiv.images = {"2410.13786v1/x1.png": picture(), "2410.13786v1/x2.png": picture("red")}

    document = run.read(paper)

    assert labels(document.figures) == ["1", "2"]
    assert [figure.image for figure in document.figures] == ["fig-1.webp", "fig-2.webp"]
    [note] = document.notes
    assert str(note).startswith("figures from the HTML only: ")
    assert document.final


def test_no_more_images_are_requested_than_a_page_shows(run: Run, make_paper: Make) -> None:
    more = [(number, (f"2410.13786v1/x{number}.png",)) for number in range(2, 9)]
    paper = run.has(make_paper(), *more)

    document = run.read(paper, figures_max=3)

    assert run.asked() == ["x2.png", "x3.png"]
    assert labels(document.figures) == ["1"]


def test_nothing_is_fetched_for_figures_that_may_not_be_shown(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    html = with_figures(paper, (2, ("2410.13786v1/x2.png",)))
    closed = html.replace(b"CC BY 4.0", b"arXiv.org perpetual non-exclusive license")
    run.arxiv.add(paper, html=closed)

    assert run.read(paper, figures_license="open").figures == ()
    assert run.read(paper, figures=False).figures == ()
    assert run.asked() == []


@pytest.mark.parametrize(
    "sources",
    [
        ("2410.13786v1/a.png", "2410.13786v1/b.png"),
        ("data:image/png;base64,AAAA",),
        ("https://example.org/x.png",),
        ("/api/query.png?search_query=all:x",),
        ("/html/../pdf/2410.13786v1.png",),
        ("/html/%2e%2e/api/query.png",),
        ("2410.13786v1/x2",),
        ("",),
        (),
    ],
)
def test_an_image_that_is_incomplete_or_from_elsewhere_is_not_requested(
    sources: tuple[str, ...], run: Run, make_paper: Make
) -> None:
    document = run.read(run.has(make_paper(), (2, sources)))

    assert labels(document.figures) == ["1"]
    assert document.final
    assert [request.kind for request in run.arxiv.requests] == ["html", "pdf"]


def test_a_note_says_that_all_figures_are_in_parts(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    panels = (f"2410.13786v1/{name}.png" for name in "ab")
    html = with_figures(paper, (2, tuple(panels))).replace(b'<img src="2410.13786v1/x1.png"', b"<b")
    run.arxiv.add(paper, html=html, pdf=NOT_A_PDF)

    document = run.read(paper)

    assert document.figures == ()
    assert str(document.notes[-1]) == "no figures: the HTML splits them into parts"
    assert run.asked() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "arXiv has none"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "the image is damaged or of an unknown kind"),
        (picture()[:200], "the image is damaged or of an unknown kind"),
        (picture("white"), "the image is blank"),
        (picture(size=(48, 48)), "the image is too small or too narrow to be a figure"),
    ],
)
def test_a_useless_image_is_named_and_left_out_for_good(
    content: bytes | None, reason: str, run: Run, make_paper: Make
) -> None:
    paper = run.has(make_paper(), (2, ("2410.13786v1/x2.png",)), (3, ("2410.13786v1/x3.png",)))
    run.arxiv.images = {"2410.13786v1/x3.png": picture()}
    if content is not None:
        run.arxiv.images["2410.13786v1/x2.png"] = content

    document = run.read(paper)

    assert labels(document.figures) == ["1", "3"]
    assert tuple(map(str, document.notes)) == (f"a figure is missing: Figure 2: {reason}",)
    assert document.final
    assert run.asked() == ["x2.png", "x3.png"]


def test_a_passing_fault_ends_the_requests_until_another_build(run: Run, make_paper: Make) -> None:
    paper = run.has(make_paper(), (2, ("2410.13786v1/x2.png",)), (3, ("2410.13786v1/x3.png",)))
    run.arxiv.images = {"2410.13786v1/x2.png": picture(), "2410.13786v1/x3.png": picture("red")}
    run.arxiv.fail("403", on="image")

    document = run.read(paper)

    assert labels(document.figures) == ["1"]
    assert tuple(map(str, document.notes)) == (
        "a figure is missing: Figure 2: not downloaded: arXiv denied access (403)",
    )
    assert not document.final
    assert run.asked() == ["x2.png"]

    assert labels(run.read(paper).figures) == ["1", "2", "3"]


def test_a_block_page_is_not_taken_for_an_image(run: Run, make_paper: Make) -> None:
    paper = run.has(make_paper(), (2, ("2410.13786v1/x2.png",)))
    run.arxiv.images = {"2410.13786v1/x2.png": picture()}
    run.arxiv.fail("block page", on="image")

    assert labels(run.read(paper).figures) == ["1", "2"]
    assert run.asked() == ["x2.png", "x2.png"]


def test_offline_only_downloaded_files_are_used(run: Run, make_paper: Make) -> None:
    paper = run.has(make_paper(), (2, ("2410.13786v1/x2.png",)))
    run.arxiv.fail("503", on="image", times=None)
    run.read(paper)

    document = run.read(paper, offline=True)

    assert labels(document.figures) == ["1"]
    assert tuple(map(str, document.notes)) == ("a figure is missing: Figure 2: not downloaded: offline",)
    assert not document.final
