"""Draws tables of the HTML as they would be printed, with rules, fonts and notes.

PDFium draws: it brings the fonts Times, Courier, Symbol and Dingbats along, so that most tables look the same on every
machine. What these lack, such as Chinese, is drawn with a font of the machine, if it has one. This code runs in the
sandbox process.
"""

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mkdocs_paperdigest.documents.html.tables import MOST_CHARACTERS, Cell, Grid, Line, Run, Words
from mkdocs_paperdigest.documents.images.images import SIDE_MAX
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

SIZE = 10.0
"""Points of the font; notes have 0.9 and scripts 0.7 of it."""
LEADING = 1.22
"""Height of a line divided by its size."""
PAD_X, PAD_Y = 5.0, 1.8
"""Points around the text of a cell."""
FULL = 680.0
"""Points of width from which columns are narrowed by breaking lines: those of a page across."""
NOTE_MIN = 200.0
"""Points of width of a table that has notes, at least."""
WIDEST = 1100.0
"""Points of width up to which a table grows to keep words on one line."""
TEXT_MIN = 110.0
"""Points of a column with text from which it is narrowed."""
WORD_MAX = 130.0
"""Points from which words are broken."""
HEIGHT_MAX = 1000.0
"""Points of all rows; those after it are left out, and an ellipsis says so."""
SCALE_MAX = 3.0
"""Pixels per point, at most."""
SCALE_MIN = 1.0
"""Pixels per point, at least; smaller print is not legible."""
MARGIN, GAP = 4.0, 6.0
"""Points around the table, and between its blocks."""
THIN, HEAVY = 0.5, 1.0
"""Points of rules."""
UNKNOWN_MAX = 0.02
"""Share of characters that may be without a font, and are drawn as boxes."""
SEARCHED_MAX = 2_000
"""Different characters of a table that are looked for in the machine's fonts; written Chinese has about as many."""


def draw_table(blocks: Sequence[Grid | Words]) -> Image.Image:
    """Draws the blocks of a table below each other.

    Raises:
        DocumentError: It would not be legible, or no font has its characters.
    """
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    fonts = _Fonts(document)
    try:
        grids = [block for block in blocks if isinstance(block, Grid)]
        laid_out = {id(grid): _Layout(grid, fonts) for grid in grids}
        fonts.check()
        width = max((layout.width for layout in laid_out.values()), default=0.0)
        if len(grids) < len(blocks):
            width = max(width, NOTE_MIN)
        items: list[_Item] = []
        y = MARGIN
        for block in blocks:
            if y > HEIGHT_MAX - LEADING * SIZE:
                items += _words(Words(((Run("…"),),)), fonts, y, width, HEIGHT_MAX)
                y = items[-1].bottom + GAP
                break
            if isinstance(block, Grid):
                layout = laid_out[id(block)]
                items += layout.items(MARGIN + (width - layout.width) / 2, y, HEIGHT_MAX - y)
            else:
                items += _words(block, fonts, y, width, HEIGHT_MAX)
            y = max((item.bottom for item in items), default=y) + GAP
        fonts.check()
        return _picture(document, fonts, items, width + 2 * MARGIN, y - GAP + MARGIN)
    finally:
        fonts.close()
        document.close()


# ---------------------------------------------------------------- fonts

_STANDARD = {
    (False, False, False): "Times-Roman",
    (True, False, False): "Times-Bold",
    (False, True, False): "Times-Italic",
    (True, True, False): "Times-BoldItalic",
    (False, False, True): "Courier",
    (True, False, True): "Courier-Bold",
    (False, True, True): "Courier-Oblique",
    (True, True, True): "Courier-BoldOblique",
}
"""Names of PDF's standard fonts by bold, italic and typewriter (PDF 32000-1, 9.6.2.2)."""
_SYMBOLS = ("Symbol", "ZapfDingbats")
_FILES = (
    ("DejaVuSerif.ttf", 0), ("DejaVuSans.ttf", 0), ("LiberationSerif-Regular.ttf", 0), ("NotoSerif-Regular.ttf", 0),
    ("NotoSans-Regular.ttf", 0), ("times.ttf", 0), ("Times New Roman.ttf", 0), ("NotoSerifCJK-Regular.ttc", 2),
    ("NotoSansCJK-Regular.ttc", 2), ("wqy-zenhei.ttc", 0), ("wqy-microhei.ttc", 0), ("DroidSansFallbackFull.ttf", 0),
    ("DroidSansFallback.ttf", 0), ("simsun.ttc", 0), ("msyh.ttc", 0), ("Songti.ttc", 0), ("PingFang.ttc", 0),
    ("Hiragino Sans GB.ttc", 0), ("malgun.ttf", 0), ("AppleSDGothicNeo.ttc", 0), ("Arial Unicode.ttf", 0),
    ("seguisym.ttf", 0), ("Apple Symbols.ttf", 0), ("NotoSansSymbols2-Regular.ttf", 0),
)  # fmt: skip
"""Fonts of Linux, Windows and macOS that have what the standard fonts lack, with the face to take of a collection."""
_ALIKE = {
    "‐": "-", "‑": "-", "‒": "–", "―": "—", "⁻": "−", "∕": "/", "∖": "\\", "⋆": "★", "✕": "×", "⨯": "×", "∘": "°",
    "○": "❍", "⟨": "〈", "⟩": "〉", "ϵ": "ε", "ϱ": "ρ", "ℓ": "l", "ı": "i", "∥": "||", "‖": "||", "∣": "|", "⩽": "≤",
    "⩾": "≥", "⟶": "→", "⟵": "←", "⟺": "⇔", "⟹": "⇒", "⋮": "…", "⋯": "…", "ˉ": "¯", "∗": "*",
    "\u0300": "`", "\u0301": "´", "\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯", "\u0305": "¯", "\u0307": "·",
    "\u0308": "¨", "✅": "✓", "❌": "✗", "☆": "✩", "⋅": "·", "∙": "•", "ϕ": "φ", "Δ": "∆", "Ω": "\u2126", "μ": "µ", "≪": "«", "≫": "»", "♢": "♦", "⬆": "↑", "⬇": "↓",
}  # fmt: skip
"""Characters that look or mean nearly the same, for where the one is in no font."""
_BOX = "❑"
_WIDE = frozenset("WF")
"""Classes of characters between which lines may end (UAX 11): Chinese and Japanese, and Korean too."""


class _Fonts:
    """Which font has a character, and how wide it is there; widths and heights are in points."""

    def __init__(self, document: Any) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._document = document
        self._standard: dict[str, Any] = {}
        self._faces: dict[tuple[str, str], tuple[str, str]] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._seen = 0
        self._unknown = 0
        self._searched = 0

    def close(self) -> None:
        """Free the fonts."""
        for font in self._standard.values():
            self._raw.FPDFFont_Close(font)

    def check(self) -> None:
        """Raises `DocumentError` if too many characters have no font."""
        if self._unknown > UNKNOWN_MAX * self._seen:
            raise DocumentError(Reason(ReasonCode.TABLE_FONTS))

    def pieces(self, run: Run, size: float) -> Iterator["_Piece"]:
        """A run in pieces of one font each."""
        scale, rise = {0: (1.0, 0.0), 1: (0.7, 0.36), -1: (0.7, -0.17)}[run.shift]
        name = _STANDARD[run.bold, run.italic, run.mono]
        parts: list[tuple[str, str]] = []
        for char in run.text:
            face, drawn = self._face(name, char)
            self._seen += not char.isspace()
            if parts and parts[-1][0] == face:
                parts[-1] = (face, parts[-1][1] + drawn)
            else:
                parts.append((face, drawn))
        for face, text in parts:
            width = sum(self.width(face, char) for char in text) * size * scale
            yield _Piece(
                text, face, size * scale, rise * size, run.colour or "#000000", run.underlined, width
            )

    def standard(self, name: str) -> Any:
        """One of PDF's standard fonts."""
        if name not in self._standard:
            self._standard[name] = self._raw.FPDFText_LoadStandardFont(self._document.raw, name.encode())
        return self._standard[name]

    def _face(self, name: str, char: str) -> tuple[str, str]:
        """The font for a character, and the character to draw."""
        if (name, char) not in self._faces:
            self._faces[name, char] = self._found(name, char)
        face = self._faces[name, char]
        self._unknown += face[1] == _BOX != char
        if self._unknown > UNKNOWN_MAX * MOST_CHARACTERS:
            self.check()
        return face

    def _found(self, name: str, char: str) -> tuple[str, str]:
        if unicodedata.bidirectional(char) in {"R", "AL", "AN"} or unicodedata.category(char) in {"Mc", "Me"}:
            # Letters that change their form or order are not drawn one after another.
            return "ZapfDingbats", _BOX
        plain = unicodedata.normalize("NFKC", char)
        for candidate in dict.fromkeys((char, _ALIKE.get(char, char), plain, _ALIKE.get(plain, plain))):
            if all(self._in_times(one) for one in candidate):
                return name, candidate
            for symbols in _SYMBOLS:
                if len(candidate) == 1 and self._height(symbols, candidate):
                    return symbols, candidate
            if len(candidate) == 1 and (file := self._file(candidate)) is not None:
                return file, candidate
        if unicodedata.category(char).startswith("L"):
            base = unicodedata.normalize("NFKD", char)[:1]
            if self._in_times(base):
                return name, base
        return "ZapfDingbats", _BOX

    def _file(self, char: str) -> str | None:
        self._searched += 1
        return _file_with(char) if self._searched <= SEARCHED_MAX else None

    @staticmethod
    def _in_times(char: str) -> bool:
        """Whether a character is in WinAnsiEncoding, the encoding that PDFium gives standard fonts."""
        try:
            char.encode("cp1252")
        except UnicodeEncodeError:
            return False
        return char.isprintable() or char == "\xa0"

    def width(self, face: str, char: str) -> float:
        """The width of a character at size 1."""
        if (face, char) not in self._widths:
            if "|" in face:
                width = _file_font(face, 100).getlength(char) / 100
            else:
                found = ctypes.c_float()
                self._raw.FPDFFont_GetGlyphWidth(self.standard(face), ord(char), 1.0, ctypes.byref(found))
                width = found.value
            self._widths[face, char] = width
        return self._widths[face, char]

    def _height(self, face: str, char: str) -> float:
        """The height of a character at size 1; 0 where a symbol font lacks it."""
        made = self.text_object(face, char, 1.0)
        edges = [ctypes.c_float() for _ in range(4)]
        self._raw.FPDFPageObj_GetBounds(made, *map(ctypes.byref, edges))
        self._raw.FPDFPageObj_Destroy(made)
        return edges[3].value - edges[1].value

    def text_object(self, face: str, text: str, size: float) -> Any:
        """A page object of PDFium that shows a text."""
        made = self._raw.FPDFPageObj_CreateTextObj(self._document.raw, self.standard(face), size)
        encoded = ctypes.create_string_buffer(f"{text}\0".encode("utf-16-le"))
        self._raw.FPDFText_SetText(made, ctypes.cast(encoded, self._raw.FPDF_WIDESTRING))
        return made


@cache
def _file_font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A font of the machine: `face` is name and index."""
    name, _, index = face.partition("|")
    return ImageFont.truetype(name, size, int(index))


@cache
def _file_with(char: str) -> str | None:
    """The first font of the machine that has a character."""
    for face in _installed():
        if bytes(_file_font(face, 24).getmask(char)) != _box_of(face):
            return face
    return None


@cache
def _box_of(face: str) -> bytes:
    """What a font draws for everything that it lacks."""
    return bytes(_file_font(face, 24).getmask("\uffff"))


@cache
def _installed() -> tuple[str, ...]:
    found = []
    for name, index in _FILES:
        for face in (f"{name}|{index}", f"{name}|0"):
            with suppress(OSError):
                _file_font(face, 24)
                found.append(face)
                break
    return tuple(found)


# ---------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text in one font, with what it takes to draw it."""

    text: str
    face: str
    size: float
    rise: float
    colour: str
    underlined: bool
    width: float


@dataclass(frozen=True, slots=True)
class _Word:
    """Pieces between which no line ends."""

    pieces: tuple[_Piece, ...]
    gap: float
    """Space before it, unless it begins a line."""

    @property
    def width(self) -> float:
        return sum(piece.width for piece in self.pieces)


def _words_of(line: Line, size: float, fonts: _Fonts) -> list[_Word]:
    """The words of a line; Chinese and Japanese may be broken after each character."""
    words: list[_Word] = []
    pieces: list[_Piece] = []
    gap = 0.0

    def end() -> None:
        nonlocal pieces, gap
        if pieces:
            words.append(_Word(tuple(pieces), gap))
            pieces, gap = [], 0.0

    for run in line:
        for part in _parts(run.text):
            if part.isspace():
                end()
                gap = 0.25 * size
                continue
            breaks = unicodedata.east_asian_width(part[0]) in _WIDE
            if breaks:
                end()
            pieces += fonts.pieces(replace(run, text=part), size)
            if breaks:
                end()
    end()
    return words


def _parts(text: str) -> Iterator[str]:
    """Spaces, wide characters one by one, and what is between them."""
    start = 0
    for at, char in enumerate(text):
        if char == " " or unicodedata.east_asian_width(char) in _WIDE:
            if start < at:
                yield text[start:at]
            yield char
            start = at + 1
    if start < len(text):
        yield text[start:]


def _wrapped(words: Sequence[_Word], width: float, fonts: _Fonts) -> list[list[_Word]]:
    """The words in lines of at most a width."""
    lines: list[list[_Word]] = [[]]
    used = 0.0
    for word in words:
        for part in _broken(word, width, fonts):
            if lines[-1] and used + part.gap + part.width > width + 0.01:
                lines.append([])
                used = 0.0
            used += part.width + (part.gap if lines[-1] else 0.0)
            lines[-1].append(part)
    return lines if lines != [[]] else []


def _broken(word: _Word, width: float, fonts: _Fonts) -> Iterator[_Word]:
    """A word that is wider than the line in parts that are not."""
    if word.width <= width + 0.01:
        yield word
        return
    room, kept, gap = width, list[_Piece](), word.gap
    for piece in word.pieces:
        for char in piece.text:
            one = replace(piece, text=char, width=fonts.width(piece.face, char) * piece.size)
            if kept and one.width > room:
                yield _Word(tuple(kept), gap)
                room, kept, gap = width, [], 0.0
            room -= one.width
            kept.append(one)
    yield _Word(tuple(kept), gap)


# ---------------------------------------------------------------- layout


@dataclass(frozen=True, slots=True)
class _Item:
    """A filled rectangle, or a piece of text whose baseline is at `bottom`; points from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str
    piece: _Piece | None = None


def _set(
    lines: Sequence[Sequence[_Word]], left: float, top: float, width: float, align: str, size: float
) -> Iterator[_Item]:
    """The items of lines of text in a box."""
    for line in lines:
        used = sum(word.width + (word.gap if at else 0.0) for at, word in enumerate(line))
        x = left + {"left": 0.0, "center": 0.5, "right": 1.0}[align] * (width - used)
        baseline = top + 0.93 * size
        for at, word in enumerate(line):
            x += word.gap if at else 0.0
            for piece in word.pieces:
                y = baseline - piece.rise
                yield _Item(x, y - piece.size, x + piece.width, y, piece.colour, piece)
                if piece.underlined:
                    yield _Item(x, baseline + 1.3, x + piece.width, baseline + 1.8, piece.colour)
                x += piece.width
        top += LEADING * size


def _words(block: Words, fonts: _Fonts, top: float, width: float, most: float) -> Iterator[_Item]:
    """The items of words below each other, as far as they end above `most` points."""
    size = 0.9 * SIZE
    lines = [
        row
        for line in block.lines
        for row in _wrapped(_words_of(line, size, fonts), width - 2 * PAD_X, fonts)
    ]
    room = max(int((most - top) / (LEADING * size)), 1)
    if len(lines) > room:
        lines = [*lines[:room], _words_of((Run("…"),), size, fonts)]
    # A title is short; notes fill lines.
    align = "center" if len(lines) == 1 and len(block.lines) == 1 else "left"
    yield from _set(lines, MARGIN + PAD_X, top, width - 2 * PAD_X, align, size)


class _Layout:
    """The places of a grid's cells."""

    def __init__(self, grid: Grid, fonts: _Fonts) -> None:
        self._grid = grid
        self._fonts = fonts
        self._text = [[_words_of(line, SIZE, fonts) for line in cell.lines] for cell in grid.cells]
        self.widths = self._column_widths()
        self.width = sum(self.widths)
        self._lines = [
            [row for words in text for row in _wrapped(words, self._room(cell), fonts)]
            for cell, text in zip(grid.cells, self._text, strict=True)
        ]
        self.heights = self._row_heights()

    def items(self, left: float, top: float, most: float) -> Iterator[_Item]:
        """What is drawn of the grid with its corner at a point; rows below `most` points are left out."""
        rows, height = 0, 0.0
        for one in self.heights:
            if rows and height + one > most:
                break
            rows, height = rows + 1, height + one
        xs = [left + sum(self.widths[:at]) for at in range(len(self.widths) + 1)]
        ys = [top + sum(self.heights[:at]) for at in range(rows + 1)]
        shown = [
            (replace(cell, rows=min(cell.rows, rows - cell.row)), lines)
            for cell, lines in zip(self._grid.cells, self._lines, strict=True)
            if cell.row < rows
        ]
        for cell, _ in shown:
            if cell.ground:
                yield _Item(*_box(cell, xs, ys), cell.ground)
        for cell, lines in shown:
            x0, y0, x1, y1 = _box(cell, xs, ys)
            space = y1 - y0 - LEADING * SIZE * len(lines)
            yield from _set(
                lines, x0 + PAD_X, y0 + max(space / 2, 0.0), x1 - x0 - 2 * PAD_X, cell.align, SIZE
            )
        yield from _rules([cell for cell, _ in shown], xs, ys)
        if rows < len(self.heights) or self._grid.cut:
            dots = _words_of((Run("…"),), SIZE, self._fonts)
            yield from _set([dots], left, ys[-1], self.width, "center", SIZE)

    def _room(self, cell: Cell) -> float:
        return sum(self.widths[cell.column : cell.column + cell.columns]) - 2 * PAD_X

    def _column_widths(self) -> list[float]:
        least, usual = [0.0] * self._grid.columns, [0.0] * self._grid.columns
        wide: list[tuple[Cell, float, float]] = []
        for cell, text in zip(self._grid.cells, self._text, strict=True):
            word = max((word.width for words in text for word in words), default=0.0)
            whole = max((sum(w.width + w.gap for w in words) for words in text), default=0.0)
            word = min(word, WORD_MAX)
            whole = max(min(whole, cell.width or whole), word)
            if cell.columns > 1:
                wide.append((cell, word, whole))
            else:
                least[cell.column] = max(least[cell.column], word + 2 * PAD_X)
                usual[cell.column] = max(usual[cell.column], whole + 2 * PAD_X)
        roomy = [max(few, min(much, TEXT_MIN)) for few, much in zip(least, usual, strict=True)]
        # Names in the first column stay on few lines, unless the table becomes too wide to be legible.
        widths = _narrowed(roomy if sum(roomy) < WIDEST else least, usual, FULL)
        for cell, word, whole in sorted(wide, key=lambda one: one[0].columns):
            span = slice(cell.column, cell.column + cell.columns)
            there = sum(widths[span])
            # A sentence across the table breaks its lines; a heading makes its columns wider.
            wanted = whole if whole < 1.3 * there + 40 else max(min(whole, 160.0), word)
            missing = wanted + 2 * PAD_X - there
            if missing > 0:
                widths[span] = [width + missing / cell.columns for width in widths[span]]
        return widths

    def _row_heights(self) -> list[float]:
        heights = [4.0] * self._grid.rows
        for cell, lines in zip(self._grid.cells, self._lines, strict=True):
            if lines and cell.rows == 1:
                heights[cell.row] = max(heights[cell.row], _height(lines))
        for cell, lines in zip(self._grid.cells, self._lines, strict=True):
            there = heights[cell.row : cell.row + cell.rows]
            missing = (_height(lines) if lines else 0.0) - sum(there)
            if cell.rows > 1 and missing > 0:
                heights[cell.row : cell.row + cell.rows] = [height + missing / cell.rows for height in there]
        return heights


def _height(lines: Sequence[object]) -> float:
    return LEADING * SIZE * len(lines) + 2 * PAD_Y


def _narrowed(least: Sequence[float], usual: Sequence[float], most: float) -> list[float]:
    """Widths of columns between the least and the usual ones that fit, if they can; wide columns give way first."""
    low, high = 0.0, max(usual, default=0.0)
    if sum(usual) > most:
        for _ in range(30):
            middle = (low + high) / 2
            total = sum(max(few, min(much, middle)) for few, much in zip(least, usual, strict=True))
            low, high = (low, middle) if total > most else (middle, high)
    return [max(few, min(much, high)) for few, much in zip(least, usual, strict=True)]


def _box(cell: Cell, xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float, float, float]:
    return xs[cell.column], ys[cell.row], xs[cell.column + cell.columns], ys[cell.row + cell.rows]


def _rules(cells: Sequence[Cell], xs: Sequence[float], ys: Sequence[float]) -> Iterator[_Item]:
    """The rules of a grid; one without any gets those that a printed table has."""
    if not any(cell.rules for cell in cells):
        head = max((cell.row + cell.rows for cell in cells if cell.head), default=1)
        for y, weight in ((ys[0], HEAVY), (ys[min(head, len(ys) - 1)], THIN), (ys[-1], HEAVY)):
            yield _Item(xs[0], y - weight / 2, xs[-1], y + weight / 2, "#000000")
        return
    for cell in cells:
        x0, y0, x1, y1 = _box(cell, xs, ys)
        for rule in cell.rules:
            half = (HEAVY if len(rule) > 1 and rule[0] in "tb" else THIN) / 2
            if rule[0] in "tb":
                y = y0 if rule[0] == "t" else y1
                yield _Item(x0, y - half, x1, y + half, "#000000")
            else:
                x = x0 if rule[0] == "l" else x1
                yield _Item(x - half, y0, x + half, y1, "#000000")


# ---------------------------------------------------------------- the picture


def _picture(
    document: Any, fonts: _Fonts, items: Sequence[_Item], width: float, height: float
) -> Image.Image:
    from pypdfium2 import raw

    # PDFium rounds up.
    scale = min(SCALE_MAX, (SIDE_MAX - 1) / max(width, height))
    if scale < SCALE_MIN:
        raise DocumentError(Reason(ReasonCode.TABLE_TOO_LARGE))
    page = document.new_page(width, height)
    later = []
    for item in items:
        piece = item.piece
        if piece is not None and "|" in piece.face:
            later.append(item)
            continue
        if piece is None:
            size = (item.right - item.left, item.bottom - item.top)
            made = raw.FPDFPageObj_CreateNewRect(item.left, height - item.bottom, *size)
            raw.FPDFPath_SetDrawMode(made, raw.FPDF_FILLMODE_WINDING, False)
        else:
            made = fonts.text_object(piece.face, piece.text, piece.size)
            raw.FPDFPageObj_Transform(made, 1, 0, 0, 1, item.left, height - item.bottom)
        raw.FPDFPageObj_SetFillColor(made, *_rgb(item.colour), 255)
        raw.FPDFPage_InsertObject(page.raw, made)
    page.gen_content()
    pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    page.close()
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    pen = ImageDraw.Draw(picture)
    for item in later:
        assert item.piece is not None
        font = _file_font(item.piece.face, max(round(item.piece.size * scale), 1))
        place = (item.left * scale, item.bottom * scale)
        pen.text(place, item.piece.text, fill=item.colour, font=font, anchor="ls")
    return picture


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
