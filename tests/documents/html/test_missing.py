"""Figures missing from the PDF and taken from arXiv's HTML: which ones, with how many requests, in which order."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.documents.html.figures import HtmlFigure
from mkdocs_paperdigest.documents.html.missing import in_paper_order, missing_figures
from mkdocs_paperdigest.documents.html.tables import Cell, Grid, HtmlTable, TableContent
from mkdocs_paperdigest.documents.html.tables import Run as TextRun
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


def labels(figures: Sequence[HtmlFigure | HtmlTable | Figure]) -> list[str]:
    return [figure.label.removeprefix("Figure ") for figure in figures]


def missing(
    html: Sequence[HtmlFigure | HtmlTable], known: Sequence[Figure], most: int, text: str = ""
) -> list[str]:
    """Numbers of the figures, then labels of the tables, that are to be taken from the HTML."""
    html = [replace(one, place=place) for place, one in enumerate(html)]
    found = missing_figures(html, known, [text], most)
    return labels([*found.figures, *found.tables])


def ordered(
    known: Sequence[Figure], added: Sequence[Figure], html: Sequence[HtmlFigure | HtmlTable], most: int
) -> list[str]:
    html = [replace(one, place=place) for place, one in enumerate(html)]
    surplus = missing_figures(html, known, [""], most).surplus
    return labels(in_paper_order(known, added, html, surplus, most))


def test_only_whole_figures_that_are_not_known_yet_are_wanted() -> None:
    html = [shown("1", "a"), shown("2", "b", "c"), shown("3"), shown("4", "d"), shown("A1", "e")]

    assert missing(html, [known("1")], 8) == ["4", "A1"]
    assert missing(html, [known("4(b)"), known("A.1")], 8) == ["1"]
    assert missing(html, [], 2) == ["1", "4"]
    assert missing(html, [known("7"), known("8")], 2) == []


def test_numbers_of_chapters_are_not_taken_for_one_another() -> None:
    assert missing([shown("1.1", "a")], [known("11")], 8) == ["1.1"]


def test_added_figures_stand_where_the_html_shows_them() -> None:
    html = [shown(number) for number in "12345"]
    assert ordered([known("2"), known("4")], [known("1"), known("3"), known("5")], html, 8) == [
        "1",
        "2",
        "3",
        "4",
        "5",
    ]
    # A figure that only the PDF has stays where it is.
    assert ordered([known("9"), known("4")], [known("3")], html, 8) == ["9", "3", "4"]


def known_table(number: str) -> Figure:
    return Figure(f"Table {number}", "", 1, f"table-{number}.webp", 320, 200)


def test_a_table_has_the_number_of_no_figure_and_makes_room_up_to_half() -> None:
    html = [shown(number, "x") for number in "123"]
    tables = [known_table(number) for number in "1234"]

    assert missing(html, tables, 8) == ["1", "2", "3"]
    assert missing(html, tables, 4) == ["1", "2"]
    assert ordered(tables, [known("1"), known("2")], html, 4) == ["Table 1", "Table 2", "1", "2"]
    # What could not be fetched needs no room.
    assert ordered(tables, [], html, 4) == ["Table 1", "Table 2", "Table 3", "Table 4"]


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


def test_tables_are_drawn_although_images_are_refused(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    html = with_tables(
        paper, "<img src='2410.13786v1/t1.png'>", "<img src='2410.13786v1/t2.png'>", ERRORS, figure=False
    )
    run.arxiv.add(paper, html=html)
    run.arxiv.images = {"2410.13786v1/t1.png": picture(), "2410.13786v1/t2.png": picture()}
    run.arxiv.fail("403", on="image")

    assert labels(run.read(paper).figures)[-1] == "Table 3"
    assert run.asked() == ["t1.png"]


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


def shown_table(label: str, *images: str, drawable: bool = True) -> HtmlTable:
    grid = Grid(1, 1, (Cell(0, 0, 1, 1, ((TextRun(label),),), "left"),))
    content = TableContent(images, (grid,) if drawable and not images else ())
    return HtmlTable(label, "", lambda: content)


def test_only_whole_tables_that_are_not_known_yet_are_wanted() -> None:
    html = [
        shown_table("Table 1"),
        shown_table("TABLE II"),
        shown_table("Table 3", drawable=False),
        shown_table("Table 4", "a"),
        shown("4", "x"),
    ]

    assert missing(html, [], 8) == ["4", "Table 1", "TABLE II", "Table 4"]
    assert missing(html, [known_table("2"), known_table("1")], 8) == ["4", "Table 4"]
    assert missing([shown_table("Extended Data Table 1")], [known_table("1")], 8) == ["Extended Data Table 1"]


@pytest.mark.parametrize(
    ("label", "other"),
    [("Table A-1", "A.1"), ("Table 1.1", "1-1"), ("Supplementary Table S1", "S1"), ("TABLE II", "2")],
)
def test_a_number_in_another_spelling_is_the_same(label: str, other: str) -> None:
    assert missing([shown_table(label)], [known_table(other)], 8) == []
    assert missing([shown_table(label), shown_table(f"Table {other}")], [], 8) == [label]


def test_tables_of_the_html_are_at_most_half_while_there_are_figures_and_the_most_cited_ones() -> None:
    tables = [shown_table(f"Table {n}") for n in range(1, 6)]
    text = "Table 5 and Table 4. See Table 5. Figure 3 and Fig. 2 are plots, Figure 3 above all."

    assert missing([shown(n, n) for n in "123"] + tables, [], 4, text) == ["2", "3", "Table 4", "Table 5"]
    assert missing([shown("1", "x"), *tables], [], 4, text) == ["1", "Table 1", "Table 4", "Table 5"]
    # Those of the PDF make room too.
    figures = [known(n) for n in "123456"]
    assert missing(tables, figures, 6, text) == ["Table 4", "Table 5"]
    surplus = missing_figures(tables, figures, [text], 6).surplus
    assert labels(surplus) == ["6", "5"]


def test_added_tables_stand_among_the_figures_where_the_html_shows_them() -> None:
    html = [shown("1", "x"), shown_table("Table 1"), shown("2", "x"), shown_table("Table 2")]

    assert ordered([known("1"), known("2")], [known_table("2"), known_table("1")], html, 8) == [
        "1", "Table 1", "2", "Table 2",
    ]  # fmt: skip


def with_tables(paper: Paper, *tables: str, figure: bool = True) -> bytes:
    """The usual page with tables, each given as its content, before its figure."""
    markup = "".join(
        f"<figure class='ltx_table'>{content}<figcaption><span class='ltx_tag ltx_tag_table'>Table {number}: "
        f"</span>Words on {number}.</figcaption></figure>"
        for number, content in enumerate(tables, 1)
    )
    html = printing.html(paper).decode()
    before, whole, after = html.partition('<figure class="ltx_figure"')
    rest = after.partition("</figure>")[2]
    return f"{before}{markup}{whole + after if figure else rest}".encode()


def tabular(*rows: str) -> str:
    body = "".join(f"<tr><td>{'</td><td>'.join(row.split('|'))}</td></tr>" for row in rows)
    return f"<table class='ltx_tabular'>{body}</table>"


ERRORS = tabular("Model|Error", "Gates|1.2", "Doors|3.4")


@pytest.mark.parametrize("pdf", [None, NOT_A_PDF])
def test_without_a_pdf_tables_are_drawn_from_the_html(run: Run, make_paper: Make, pdf: bytes | None) -> None:
    paper = make_paper()
    run.arxiv.add(paper, html=with_tables(paper, ERRORS, tabular("A|B")), pdf=pdf)
    run.arxiv.images = {"2410.13786v1/x1.png": picture()}

    document = run.read(paper)

    assert [(figure.label, figure.image, figure.page) for figure in document.figures] == [
        ("Table 1", "table-1.webp", 0),
        ("Table 2", "table-2.webp", 0),
        ("Figure 1", "fig-1.webp", 0),
    ]
    assert document.figures[0].caption == "Words on 1."
    assert document.final
    assert run.asked() == ["x1.png"]
    written = images_folder(run.folder, paper, DOCUMENT_VERSION)
    assert all((written / name).is_file() for figure in document.figures for name in figure.files)
    assert [path.name for path in written.glob("*-cover.webp")] == ["fig-1-cover.webp"]
    assert run.read(paper) == document


def test_a_pdf_without_tables_gets_those_of_the_html_without_a_request(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    run.arxiv.add(paper, html=with_tables(paper, ERRORS))

    document = run.read(paper)

    assert [(figure.label, figure.page) for figure in document.figures] == [("Table 1", 0), ("Figure 1", 1)]
    assert (document.notes, run.asked()) == ((), [])
    assert labels(run.read(paper, tables=False).figures) == ["1"]
    assert labels(run.read(paper, figures_max=1).figures) == ["1"]
    assert run.read(paper, figures=False).figures == ()


def test_a_paper_of_tables_alone_is_led_by_the_first(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    html = with_tables(paper, ERRORS, "<img src='2410.13786v1/t.png'>", figure=False)
    run.arxiv.add(paper, html=html, pdf=NOT_A_PDF)
    run.arxiv.images = {"2410.13786v1/t.png": picture()}

    document = run.read(paper)

    assert [figure.image for figure in document.figures] == ["table-1.webp", "table-2.webp"]
    assert (document.figures[1].width, run.asked()) == (400, ["t.png"])
    [note] = document.notes
    assert str(note).startswith("figures from the HTML only: ")
    written = images_folder(run.folder, paper, DOCUMENT_VERSION)
    assert [path.name for path in written.glob("*-cover.webp")] == ["table-1-cover.webp"]


def test_a_table_that_no_font_can_show_is_named_and_the_others_are_drawn(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    run.arxiv.add(paper, html=with_tables(paper, tabular("\U00012000\U00012001|\U00012002"), ERRORS))

    document = run.read(paper)

    assert labels(document.figures) == ["Table 2", "1"]
    assert tuple(map(str, document.notes)) == (
        "a table is missing: Table 1: no font on this machine has its characters",
    )
    assert document.final


def test_a_closed_licence_keeps_tables_off_the_page(run: Run, make_paper: Make) -> None:
    paper = make_paper()
    closed = with_tables(paper, ERRORS).replace(b"CC BY 4.0", b"arXiv.org perpetual non-exclusive license")
    run.arxiv.add(paper, html=closed)

    assert run.read(paper, figures_license="open").figures == ()
