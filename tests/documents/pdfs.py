"""PDFs for the tests, drawn with reportlab like several paper templates."""

import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = letter
LEFT, TOP, LINE = 72.0, 72.0, 468.0
"""Left edge, top edge and width of the text block, in points."""
COLUMN, GUTTER = 225.0, 18.0
"""Width of one of two columns and the space between them."""
SECOND = LEFT + COLUMN + GUTTER
PROSE = (
    "We study how the proposed method behaves when the number of samples grows and show that its "
    "error falls with the square root of their number under mild assumptions on the noise that "
    "earlier work had to exclude by hand in each of the experiments reported below "
)
WORDS = PROSE.split()

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points, origin top left."""


def paragraph(
    canvas: Canvas, x: float, y: float, width: float, lines: int, *, size: float = 10, seed: int = 0
) -> float:
    """Draws justified running text with its top at `y`; returns the y below it."""
    at = seed * 7
    for number in range(lines):
        line = [WORDS[at % len(WORDS)]]
        while True:
            at += 1
            word = WORDS[at % len(WORDS)]
            longer = canvas.stringWidth(" ".join([*line, word]), "Times-Roman", size)
            if longer > width:
                break
            line.append(word)
        text = canvas.beginText(x, HEIGHT - y - size)
        text.setFont("Times-Roman", size)
        if number < lines - 1 and len(line) > 1:
            slack = width - canvas.stringWidth(" ".join(line), "Times-Roman", size)
            text.setWordSpace(slack / (len(line) - 1))
        text.textOut(" ".join(line))
        canvas.drawText(text)
        y += 1.2 * size
    return y


def lines_of(
    canvas: Canvas, x: float, y: float, text: str, *, size: float = 9, font: str = "Times-Roman"
) -> float:
    """Draws `text` line by line; returns the y below it."""
    canvas.setFont(font, size)
    for line in text.split("\n"):
        canvas.drawString(x, HEIGHT - y - size, line)
        y += 1.2 * size
    return y


def plot(canvas: Canvas, x: float, y: float, width: float, height: float) -> Box:
    """Draws a line plot with axes, tick labels and an axis title that fills a box; returns the box."""
    canvas.setLineWidth(0.8)
    left, bottom = x + 24, HEIGHT - y - height + 22
    right, top = x + width, HEIGHT - y
    canvas.rect(left, bottom, right - left - 0.4, top - bottom - 0.4)
    canvas.setFont("Helvetica", 6)
    for tick in range(5):
        at = left + (right - left) * (tick + 0.5) / 5
        canvas.drawCentredString(at, bottom - 9, str(tick * 10))
        canvas.drawString(x, bottom + (top - bottom) * (tick + 0.4) / 5, f"0.{tick}")
    canvas.drawCentredString((left + right) / 2, bottom - 20, "Number of samples")
    path = canvas.beginPath()
    path.moveTo(left, bottom + 5)
    for step in range(1, 30):
        share = step / 30
        path.lineTo(left + (right - left) * share, bottom + (top - bottom) * share**0.5 * 0.9)
    canvas.setStrokeColorRGB(0.8, 0.2, 0.1)
    canvas.drawPath(path)
    canvas.setStrokeColorRGB(0, 0, 0)
    return x, y, x + width, y + height


def photograph(canvas: Canvas, x: float, y: float, width: float, height: float) -> Box:
    """Draws a raster image without text; returns its box."""
    noise = random.Random(1).randbytes(40 * 30 * 3)
    image = Image.frombytes("RGB", (40, 30), noise).resize((400, 300))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    canvas.drawImage(ImageReader(buffer), x, HEIGHT - y - height, width, height)
    return x, y, x + width, y + height


def table(canvas: Canvas, x: float, y: float, width: float, rows: int = 5) -> float:
    """Draws rows of numbers between three rules; returns the y below them."""
    for at in (0, 14, 14 + 12 * rows + 4):
        canvas.line(x, HEIGHT - y - at, x + width, HEIGHT - y - at)
    canvas.setFont("Times-Roman", 9)
    for row in range(rows + 1):
        level = HEIGHT - y - 10 - (12 * row + 3 if row else 0)
        for column in range(4):
            text = f"model {row}" if not column else f"{row * 7 + column * 3}.{column}"
            canvas.drawString(x + 4 + width * column / 4, level, text)
    return y + 14 + 12 * rows + 4


def make(path: Path, *pages: Callable[[Canvas], object], size: Box | None = None) -> Path:
    """A PDF with one page for each function that draws one."""
    canvas = Canvas(str(path), pagesize=size[2:] if size else letter, invariant=True)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def type3_pdf(lines: Sequence[tuple[float, float, str]], drawing: str) -> bytes:
    """A page set in a Type 3 font as old drivers of TeX made it: 300 units an inch, y downwards.

    Arguments:
        lines: x, y from the top, text of each line.
        drawing: Operators of the drawing.
    """
    codes = sorted({ord(char) for _, _, text in lines for char in text if char != " "})
    names = {
        code: f"/{'colon' if code == 58 else 'period' if code == 46 else 'one' if code == 49 else chr(code)}"
        for code in codes
    }
    unit = 72 / 300
    content = [drawing, "BT", f"/F0 {unit} Tf"]
    for x, y, text in lines:
        content += [f"1 0 0 -1 {x} {HEIGHT - y} Tm", f"({text}) Tj"]
    stream = "\n".join([*content, "ET"]).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents 4 0 R"
        "/Resources<</Font<</F0 5 0 R>>>>>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        (
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[1 0 0 -1 0 0]"
            "/FirstChar 32/LastChar 122/Widths["
            + "20 " * 91
            + "]/Encoding<</Type/Encoding/Differences["
            + " ".join(f"{code} {name}" for code, name in names.items())
            + "]>>/CharProcs<<"
            + "".join(f"{name} {6 + at} 0 R" for at, name in enumerate(names.values()))
            + ">>/Resources<<>>>>"
        ).encode(),
    ]
    for code in codes:
        height = 28 if chr(code) in "bdfhkl" or chr(code).isupper() else 18
        glyph = f"20 0 0 0 16 {height} d1 0 0 16 {height} re f".encode()
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(glyph), glyph))
    parts, offsets = [b"%PDF-1.4\n"], []
    for number, body in enumerate(objects, 1):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = sum(map(len, parts))
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    parts += [b"%010d 00000 n \n" % offset for offset in offsets]
    parts.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return b"".join(parts)


def text_page(canvas: Canvas, seed: int = 1) -> None:
    """A page of running text in one column."""
    paragraph(canvas, LEFT, TOP, LINE, 48, seed=seed)


def intersection_over_union(one: Box, other: Box) -> float:
    """Overlap of two boxes divided by their union, from 0 to 1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (areas - width * height)
