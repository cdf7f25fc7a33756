"""Reading PDFs in processes that can be killed."""

import os
import random
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.pdf.pdfium import PAGES_MAX
from mkdocs_paperdigest.documents.sandbox.reader import PdfContents, PdfReader
from mkdocs_paperdigest.errors import DocumentError
from tests.documents.pdfs import LEFT, LINE, TOP, lines_of, make, paragraph, plot, table, text_page


def a_page(canvas: Canvas) -> None:
    y = paragraph(canvas, LEFT, TOP, LINE, 12)
    plot(canvas, 150, y + 10, 300, 160)
    y = lines_of(canvas, 150, y + 180, "Figure 1: Error against the number of sam-\nples drawn.")
    paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)


def a_slow_page(canvas: Canvas) -> None:
    """A page that is quick to read but takes PDFium seconds to draw: long curves with wide dashes."""
    a_page(canvas)
    chance = random.Random(2)
    path = canvas.beginPath()
    path.moveTo(0, 0)
    for _ in range(12_000):
        path.curveTo(*(chance.uniform(0, 600) for _ in range(6)))
    canvas.setDash(1, 1)
    canvas.setLineWidth(9)
    canvas.drawPath(path)


def raw_pdf(path: Path, *objects: bytes) -> Path:
    """A PDF of raw objects 1, 2, ..., of which the first is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(bytes(out))
    return path


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources 7 0 R>>",
    stream(b"", b"BT /F 10 Tf 100 300 Td (Figure 1: A caption.) Tj ET q 300 0 0 300 100 400 cm /X Do Q"),
)
REST = (b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", b"<</XObject<</X 5 0 R>>/Font<</F 6 0 R>>>>")


def outcome(reader: PdfReader, path: Path, images: Path) -> PdfContents | str:
    """The contents of a PDF, or the reason why it cannot be read."""
    try:
        return reader.read(path, images, figures_max=3)
    except DocumentError as error:
        return str(error)


proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


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
    assert figure.files == ("fig-1.webp", "fig-1-small.webp")
    assert sorted(file.name for file in (tmp_path / "images").iterdir()) == sorted(
        [*figure.files, figure.cover]
    )


def test_tables_are_images_beside_those_of_figures(reader, tmp_path):
    def with_table(canvas: Canvas) -> None:
        y = lines_of(canvas, LEFT, TOP, "Table 2. Means of ten runs.")
        end = table(canvas, LEFT, y + 6, LINE)
        paragraph(canvas, LEFT, end + 16, LINE, 20, seed=3)

    path = make(tmp_path / "a.pdf", with_table, a_page)
    contents = reader.read(path, tmp_path / "images", figures_max=8)
    found = [(one.label, one.page, one.image, one.caption, one.is_table) for one in contents.figures]
    assert found == [
        ("Table 2", 1, "table-1.webp", "Means of ten runs.", True),
        ("Figure 1", 2, "fig-1.webp", "Error against the number of samples drawn.", False),
    ]
    covers = [file.name for file in (tmp_path / "images").glob("*-cover.webp")]
    assert covers == ["fig-1-cover.webp"]

    assert [box.label for box in reader.figures(path)] == ["Table 2", "Figure 1"]
    without = reader.read(path, tmp_path / "none", figures_max=8, tables=False)
    assert without.figures == contents.figures[1:]
    alone = reader.read(make(tmp_path / "b.pdf", with_table), tmp_path / "alone", figures_max=8)
    assert [one.image for one in alone.figures] == ["table-1.webp"]
    assert (tmp_path / "alone/table-1-cover.webp").is_file()


def test_the_same_paper_gives_the_same_bytes(reader, tmp_path):
    path = make(tmp_path / "a.pdf", a_page)
    for folder in ("one", "two"):
        reader.read(path, tmp_path / folder, figures_max=8)
    images = [(tmp_path / folder / "fig-1.webp").read_bytes() for folder in ("one", "two")]
    assert images[0] == images[1]


def test_text_alone_writes_no_images(reader, tmp_path):
    path = make(tmp_path / "a.pdf", a_page)
    contents = reader.read(path, tmp_path / "images", figures_max=8, want_figures=False)
    assert contents.pages
    assert contents.figures == ()
    assert not (tmp_path / "images").exists()


def test_boxes_are_listed_without_images(tmp_path):
    with PdfReader() as reader:
        [figure] = reader.figures(make(tmp_path / "a.pdf", a_page))
    assert (figure.page, figure.label) == (0, "Figure 1")
    assert figure.bbox == pytest.approx((150, 226, 450, 386), abs=3)


def test_a_reader_serves_several_threads(reader, tmp_path):
    paths = [make(tmp_path / f"{number}.pdf", a_page) for number in range(6)]
    labels = []

    def read(path: Path) -> None:
        labels.extend(figure.label for figure in reader.figures(path))

    threads = [threading.Thread(target=read, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert labels == ["Figure 1"] * 6


def test_what_is_not_a_pdf_is_refused(reader, tmp_path):
    (tmp_path / "notes.pdf").write_text("not a PDF")
    with pytest.raises(DocumentError, match="not a PDF"):
        reader.read(tmp_path / "notes.pdf", tmp_path, figures_max=3)


def test_a_file_that_is_not_there_is_refused(reader, tmp_path):
    with pytest.raises(DocumentError, match="no such PDF"):
        reader.figures(tmp_path / "missing.pdf")


def test_an_encrypted_pdf_is_refused(reader, tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=StandardEncryption("secret"))
    a_page(canvas)
    canvas.save()
    with pytest.raises(DocumentError, match="encrypted"):
        reader.read(tmp_path / "a.pdf", tmp_path, figures_max=3)


def test_a_book_is_refused(reader, tmp_path):
    path = make(tmp_path / "a.pdf", *[lambda canvas: canvas.drawString(9, 9, "x")] * (PAGES_MAX + 1))
    with pytest.raises(DocumentError, match=f"has {PAGES_MAX + 1} pages"):
        reader.read(path, tmp_path, figures_max=3)


def test_a_truncated_pdf_ends_as_a_reason_or_as_what_is_left(reader, tmp_path):
    whole = make(tmp_path / "a.pdf", text_page, a_page).read_bytes()
    for share in (0.1, 0.5, 0.9):
        (tmp_path / "cut.pdf").write_bytes(whole[: int(len(whole) * share)])
        left = outcome(reader, tmp_path / "cut.pdf", tmp_path / "images")
        assert left == "the PDF is broken, or not a PDF" or len(left.pages) <= 2


def test_broken_bytes_end_as_a_reason_or_as_what_is_left(reader, tmp_path):
    whole = make(tmp_path / "a.pdf", text_page, a_page).read_bytes()
    chance = random.Random(7)
    for _ in range(25):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 60)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        (tmp_path / "broken.pdf").write_bytes(bytes(broken))
        left = outcome(reader, tmp_path / "broken.pdf", tmp_path / "images")
        assert left if isinstance(left, str) else len(left.pages) <= 2


def form(content: bytes) -> bytes:
    """Object 5: a form that has itself among its resources."""
    return stream(b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources 7 0 R", content)


def test_a_form_that_draws_itself_is_drawn_once(reader, tmp_path):
    path = raw_pdf(tmp_path / "recursive.pdf", *PAGE, form(b"/X Do 0 0 1 1 re f"), *REST)
    assert "Figure 1" in reader.read(path, tmp_path / "images", figures_max=3).pages[0]


def test_a_form_that_doubles_itself_is_given_up(tmp_path):
    path = raw_pdf(tmp_path / "doubling.pdf", *PAGE, form(b"/X Do /X Do 0 0 1 1 re f"), *REST)
    with (
        PdfReader(time_limit_s=1, memory_limit_mb=600) as reader,
        pytest.raises(DocumentError, match=r"longer than 1 s|crashed its reader"),
    ):
        reader.read(path, tmp_path / "images", figures_max=3)


def test_a_page_of_the_greatest_size_is_drawn_small(reader, tmp_path):
    def draw(canvas):
        canvas.setFont("Times-Roman", 200)
        canvas.rect(3000, 6000, 8000, 6000, fill=1)
        canvas.drawString(3000, 5000, "Figure 1: On a wall.")

    path = make(tmp_path / "huge.pdf", draw, size=(0, 0, 14_400, 14_400))
    [figure] = reader.read(path, tmp_path / "images", figures_max=3).figures
    assert max(figure.width, figure.height) <= 1600


def test_a_bomb_does_not_get_more_memory_than_allowed(tmp_path):
    pixels = 30_000
    packed = zlib.compress(zlib.compress(bytes(50_000_000)))
    bomb = stream(
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB/Filter[/FlateDecode/FlateDecode]" % (pixels, pixels),
        packed,
    )
    path = raw_pdf(tmp_path / "bomb.pdf", *PAGE, bomb, *REST)
    assert path.stat().st_size < 10_000
    with PdfReader(time_limit_s=10, memory_limit_mb=600) as reader:
        contents = reader.read(path, tmp_path / "images", figures_max=3)
        assert "Figure 1" in contents.pages[0]
        # The next paper is read as usual.
        assert reader.figures(make(tmp_path / "a.pdf", a_page))


def test_a_pdf_that_takes_too_long_keeps_its_text_and_its_reader_is_killed(tmp_path):
    path = make(tmp_path / "slow.pdf", a_slow_page)
    with PdfReader(time_limit_s=1.0) as reader:
        contents = reader.read(path, tmp_path / "images", figures_max=3)
        assert "the proposed method behaves" in contents.pages[0]
        assert contents.figures == ()
        assert tuple(map(str, contents.notes)) == ("no figures: reading the PDF took longer than 1 s",)
        assert children() == []
        # Another process takes its place.
        assert reader.figures(make(tmp_path / "a.pdf", a_page))
    assert children() == []


@proc
def test_closing_leaves_no_process_behind(tmp_path):
    with PdfReader(workers=2) as reader:
        reader.figures(make(tmp_path / "a.pdf", a_page))
        assert len(children()) == 1
    assert children() == []


@proc
def test_processes_can_be_started_before_there_is_anything_to_read(tmp_path):
    with PdfReader(workers=2) as reader:
        reader.start(1)
        (started,) = children()
        assert reader.figures(make(tmp_path / "a.pdf", a_page))
        assert children() == [started]
        reader.start(5)
        assert len(children()) == 2
        # The one that has had the most time to get ready reads first.
        assert (process := reader._idle.queue[-1]) is not None
        assert process._process.pid == started
    assert children() == []


@proc
def test_a_reading_process_ends_with_its_parent(tmp_path):
    path = make(tmp_path / "a.pdf", a_page)
    program = (
        "import sys; from pathlib import Path\n"
        "from mkdocs_paperdigest.documents.sandbox.reader import PdfReader\n"
        "reader = PdfReader(); reader.figures(Path(sys.argv[1]))\n"
        "print(reader._idle.queue[-1]._process.pid, flush=True)\n"
        "import os; os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    wait_until_gone(int(done.stdout))


def test_reading_needs_no_mkdocs():
    program = (
        "import sys, mkdocs_paperdigest.documents.sandbox.child\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('mkdocs', 'material')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_reader_loads_no_pdf_library():
    program = (
        "import sys, mkdocs_paperdigest.documents.sandbox.reader\n"
        "print([name for name in ('numpy', 'PIL', 'pypdfium2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def children() -> list[int]:
    """Reading processes of this process, including zombies."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and (b"sandbox.child" in command or not command):
            found.append(int(status.parent.name))
    # The module's shared reader has idle processes, which do not count.
    return [pid for pid in found if pid not in KNOWN]


KNOWN: set[int] = set()


@pytest.fixture(autouse=True)
def _known_children():
    KNOWN.clear()
    KNOWN.update(children())


def wait_until_gone(pid: int) -> None:
    for _ in range(200):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        threading.Event().wait(0.02)
    pytest.fail("the reading process outlived its parent")


def test_ctrl_c_ends_a_reading_at_once(tmp_path):
    path = make(tmp_path / "slow.pdf", a_slow_page)
    raised: list[BaseException] = []
    begun = threading.Event()

    def read() -> None:
        begun.set()
        try:
            interrupted.read(path, tmp_path / "images", figures_max=3)
        except InterruptedError as error:
            raised.append(error)

    reading = threading.Thread(target=read, daemon=True)
    interrupted = PdfReader()
    # Start the process, so that the next reading waits for nothing else.
    interrupted.read(make(tmp_path / "a.pdf", text_page), tmp_path / "images", figures_max=0)
    reading.start()
    begun.wait()
    interrupted.__exit__(KeyboardInterrupt, None, None)
    reading.join(10)
    assert len(raised) == 1


def test_ctrl_c_leaves_no_zombie() -> None:
    idle = PdfReader()
    idle.start(1)
    assert children()
    idle.__exit__(KeyboardInterrupt, None, None)
    assert not children()


def test_images_that_cannot_be_written_are_for_a_later_build(reader, tmp_path) -> None:
    path = make(tmp_path / "paper.pdf", a_page)
    (tmp_path / "images").write_text("a file where the folder should be")
    contents = reader.read(path, tmp_path / "images", figures_max=8)
    assert len(contents.pages) == 1
    assert (contents.figures, contents.final) == ((), False)
    assert str(contents.notes[0]).startswith("no figures: images cannot be written: ")
    (tmp_path / "images").unlink()
    again = reader.read(path, tmp_path / "images", figures_max=8)
    assert (len(again.figures), again.final, again.notes) == (1, True, ())
