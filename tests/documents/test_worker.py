"""Reading PDFs in processes that can be killed."""

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.worker import PdfReader, read_pdf
from mkdocs_paperdigest.errors import DocumentError
from tests.documents.pdfs import caption, make, paragraph, plot


def a_page(canvas: Canvas) -> None:
    y = paragraph(canvas, 72, 72, 468, 12)
    plot(canvas, 150, y + 10, 300, 160)
    y = caption(canvas, 150, y + 180, "Figure 1: Error against the number of sam-\nples drawn.")
    paragraph(canvas, 72, y + 14, 468, 20, seed=3)


@pytest.fixture(scope="module")
def reader():
    with PdfReader(workers=2) as reader:
        yield reader


def test_a_paper_gives_its_text_and_its_figures(reader, tmp_path):
    contents = reader.read(make(tmp_path / "a.pdf", a_page), tmp_path / "images", figures_max=8)
    assert "the proposed method behaves" in contents.pages[0]
    assert contents.notes == ()
    [figure] = contents.figures
    assert (figure.label, figure.page, figure.image) == ("Figure 1", 1, "fig-1.webp")
    assert figure.caption == "Error against the number of samples drawn."
    assert (tmp_path / "images" / "fig-1.webp").is_file()


def test_what_is_not_a_pdf_is_refused_with_its_name(tmp_path: Path):
    (tmp_path / "notes.pdf").write_text("not a PDF")
    with pytest.raises(DocumentError, match=r"notes\.pdf: it is not a readable PDF"):
        read_pdf(tmp_path / "notes.pdf", tmp_path, figures_max=3)
