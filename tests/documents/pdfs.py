"""PDFs for the tests, drawn with reportlab in the manner of several paper templates."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = letter
PROSE = (
    "We study how the proposed method behaves when the number of samples grows and show that its "
    "error falls with the square root of their number under mild assumptions on the noise that "
    "earlier work had to exclude by hand in each of the experiments reported below "
)
WORDS = PROSE.split()


@dataclass(frozen=True)
class Drawn:
    """Where a test drew a figure: points, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float


def paragraph(
    canvas: Canvas, x: float, y: float, width: float, lines: int, *, size: float = 10, seed: int = 0
) -> float:
    """Justified running text from `y` (of the first line's top) down; gives the y below it."""
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


def caption(canvas: Canvas, x: float, y: float, text: str, *, size: float = 9) -> float:
    """Lines of a caption, one for each line of `text`; gives the y below it."""
    canvas.setFont("Times-Roman", size)
    for line in text.split("\n"):
        canvas.drawString(x, HEIGHT - y - size, line)
        y += 1.2 * size
    return y


def plot(canvas: Canvas, x: float, y: float, width: float, height: float) -> Drawn:
    """A line plot with axes, tick labels and an axis title, all within the given box."""
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
    return Drawn(x, y, x + width, y + height - 2)


def make(path: Path, *pages: Callable[[Canvas], None]) -> Path:
    """A PDF with one page for each function that draws one."""
    canvas = Canvas(str(path), pagesize=letter, invariant=True)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path
