"""Reads a PDF page with PDFium: its text, the position of each glyph, its pixels.

All coordinates are PDF points from the top left corner of the page as rendered (CropBox and /Rotate
applied). A page of unreasonable size is rendered at a lower resolution, so that memory stays bounded.
"""

import ctypes
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

PAGES_MAX = 500
"""Pages of a PDF; a file with more is a book or an attack."""
PAGE_TEXT_MAX = 60_000
"""Characters kept per page; a dense two-column page has 8,000."""
OBJECTS_MAX = 20_000
"""Objects of a page that are asked what they are, at most: 20 ms."""
PIXELS_MAX = 12_000_000
"""Pixels of a rendered page: A0 at 80 dpi."""
LINE_BREAK_HYPHEN = "\ufffe"
"""PDFium's character for a hyphen at the end of a line and the line break after it."""
LEAST_SIZE = 3.0
"""Points; smaller text is not made to be read."""
FAINT = 8
"""Steps of 256 that look like white, or like nothing."""
CLIP_SEGMENTS = 64
"""Segments of a clipping path that are looked at: its box is clear from a few."""
SCANNED = 0.5
"""Share of a page's characters from which invisible text is the text layer of a scan."""
ASCENT, DESCENT, CAPITALS = 0.7, 0.2, 0.7
"""Typical for text fonts, in units of the font size."""
TYPE3_SAMPLE = 40
"""Characters of a page that are looked at to find fonts whose size says nothing."""

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The n visible characters of a page, in the order of the content stream."""

    text: str
    """One character for each glyph."""
    tight: Floats
    """(n, 4): x0, y0, x1, y1 of the ink."""
    loose: Floats
    """(n, 4): x0, y0, x1, y1 of advance width by font height, which is the same all along a line."""
    angle: Floats
    """Radians, clockwise, as seen on the rendered page."""
    spaced: Mask
    """Whether white space precedes the glyph."""
    broken: Mask
    """Whether a line break precedes the glyph, as PDFium sees it."""
    index: NDArray[np.int64]
    """PDFium's index of the character."""


@contextmanager
def open_pdf(path: Path) -> Iterator[Any]:
    """Open a PDF for reading and close it afterwards.

    Raises:
        DocumentError: The file is missing, encrypted or broken, or has no pages or too many.
    """
    try:
        document = pdfium.PdfDocument(path)
    except FileNotFoundError as error:
        raise DocumentError(Reason(ReasonCode.PDF_NOT_FOUND)) from error
    except (pdfium.PdfiumError, OSError) as error:
        encrypted = "password" in str(error).lower()
        code = ReasonCode.PDF_ENCRYPTED if encrypted else ReasonCode.PDF_BROKEN
        raise DocumentError(Reason(code)) from error
    try:
        count = len(document)
        if not 1 <= count <= PAGES_MAX:
            raise DocumentError(Reason(ReasonCode.PDF_PAGES, pages=count, most=PAGES_MAX))
        yield document
    finally:
        document.close()


def page_text(text_page: Any) -> str:
    """The text of a page in content-stream order, with newlines and the hyphens at line ends."""
    return _joined(text_page, [(0, min(text_page.count_chars(), PAGE_TEXT_MAX))])


def seen_text(page: Any, text_page: Any) -> str:
    """Like `page_text`, but only what readers of the page see.

    Text is left out that is invisible (but for the text layer of a scan), transparent, white on white, clipped away,
    off the page, or smaller than `LEAST_SIZE`: people do not see it, so it must not speak to a model either.
    """
    return _joined(text_page, _seen_runs(page, text_page, min(text_page.count_chars(), PAGE_TEXT_MAX)))


def _joined(text_page: Any, runs: list[tuple[int, int]]) -> str:
    text = "".join(text_page.get_text_range(start, stop - start) for start, stop in runs if stop > start)
    text = text.replace("\r\n", "\n").replace(LINE_BREAK_HYPHEN, "-\n")
    return text.replace("\r", "\n").replace("\x00", "")


def _seen_runs(page: Any, text_page: Any, count: int) -> list[tuple[int, int]]:
    """Runs of a page's characters that people see, as PDFium's indices, from the first to after the last."""
    if count <= 0:
        return []
    hidden = np.zeros(count, np.bool_)
    unpainted = np.zeros(count, np.bool_)
    white: list[tuple[int, int]] = []
    hides = _Hiding(page, text_page)
    for start, stop, part in _text_objects(text_page, count):
        match hides(part, start) if part else "":
            case "unpainted":
                unpainted[start:stop] = True
            case "white":
                white.append((start, stop))
            case "hidden":
                hidden[start:stop] = True
    if unpainted.sum() < SCANNED * count:
        hidden |= unpainted
    if white:
        pixels, scale = render_grey(page, 1.0)
        for start, stop in white:
            hidden[start:stop] = _is_blank(page, text_page, start, stop, pixels, scale)
    edges = np.flatnonzero(np.diff(np.concatenate([[True], hidden, [True]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _text_objects(text_page: Any, count: int) -> Iterator[tuple[int, int, Any]]:
    """Runs of characters from one text object, with the object; what PDFium added itself belongs to the run before."""
    get, raw = pdfium_c.FPDFText_GetTextObject, text_page.raw
    start, current, address = 0, None, 0
    for index in range(count):
        part = get(raw, index)
        here = ctypes.addressof(part.contents) if part else address
        if here != address:
            if index:
                yield start, index, current
            start, current, address = index, part, here
    yield start, count, current


class _Hiding:
    """Says what hides the text of an object: `unpainted`, `white` (perhaps), `hidden`, or nothing.

    Called for each text object of a page, several hundred times, so that the variables of C are made once.
    """

    def __init__(self, page: Any, text_page: Any) -> None:
        self._raw = text_page.raw
        self._page = page.get_bbox()
        self._matrix = pdfium_c.FS_MATRIX()
        self._color = [ctypes.c_uint() for _ in range(4)]
        self._box = [ctypes.c_double() for _ in range(4)]
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self._point = [ctypes.c_float() for _ in range(2)]
        self._loose = pdfium_c.FS_RECTF()

    def __call__(self, part: Any, index: int) -> str:
        """Judges an object by its first character, which has this index."""
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(part)
        if mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
            return "unpainted"
        if mode == pdfium_c.FPDF_TEXTRENDERMODE_CLIP or self._is_tiny(index) or self._is_off_page(index):
            return "hidden"
        if self._is_clipped(part):
            return "hidden"
        if mode == pdfium_c.FPDF_TEXTRENDERMODE_FILL and pdfium_c.FPDFPageObj_GetFillColor(
            part, *self._color
        ):
            *colors, alpha = (value.value for value in self._color)
            if alpha <= FAINT:
                return "hidden"
            if min(colors) >= 255 - FAINT:
                return "white"
        return ""

    def _is_tiny(self, index: int) -> bool:
        matrix = self._matrix
        if not pdfium_c.FPDFText_GetMatrix(self._raw, index, matrix):
            return False
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        if pdfium_c.FPDFText_GetFontSize(self._raw, index) * scale >= LEAST_SIZE:
            return False
        # The size of a Type 3 font says nothing, because its glyphs may be drawn in any unit.
        box = self._loose
        pdfium_c.FPDFText_GetLooseCharBox(self._raw, index, box)
        return bool(max(box.right - box.left, box.top - box.bottom) < LEAST_SIZE)

    def _is_off_page(self, index: int) -> bool:
        if not pdfium_c.FPDFText_GetCharBox(self._raw, index, *self._box):
            return False
        left, right, bottom, top = (side.value for side in self._box)
        page = self._page
        return bool(right < page[0] or top < page[1] or left > page[2] or bottom > page[3])

    def _is_clipped(self, part: Any) -> bool:
        """Whether the clipping path of an object lets next to nothing of it through."""
        clip = pdfium_c.FPDFPageObj_GetClipPath(part)
        paths = pdfium_c.FPDFClipPath_CountPaths(clip) if clip else 0
        if paths <= 0 or not pdfium_c.FPDFPageObj_GetBounds(part, *self._bounds):
            return False
        left, bottom, right, top = (side.value for side in self._bounds)
        area = (right - left) * (top - bottom)
        x, y = self._point
        for path in range(paths):
            xs, ys = [], []
            for segment in range(min(pdfium_c.FPDFClipPath_CountPathSegments(clip, path), CLIP_SEGMENTS)):
                point = pdfium_c.FPDFClipPath_GetPathSegment(clip, path, segment)
                if pdfium_c.FPDFPathSegment_GetPoint(point, x, y):
                    xs.append(x.value)
                    ys.append(y.value)
            if xs:
                left, bottom = max(left, min(xs)), max(bottom, min(ys))
                right, top = min(right, max(xs)), min(top, max(ys))
        return area > 0 and max(right - left, 0) * max(top - bottom, 0) < 0.1 * area


def _char_boxes(page: Any, text_page: Any, start: int, stop: int) -> Floats:
    """Boxes of the characters that have one, as rendered."""
    sides = [ctypes.c_double() for _ in range(4)]
    boxes = []
    for index in range(start, stop):
        if pdfium_c.FPDFText_GetUnicode(text_page.raw, index) > 32 and pdfium_c.FPDFText_GetCharBox(
            text_page.raw, index, *map(ctypes.byref, sides)
        ):
            left, right, bottom, top = (side.value for side in sides)
            boxes.append((left, bottom, right, top))
    return _as_rendered(page, np.array(boxes, np.float64).reshape(-1, 4))


def _is_blank(
    page: Any, text_page: Any, start: int, stop: int, pixels: NDArray[np.uint8], scale: float
) -> bool:
    """Whether nothing but white is to be seen where white characters stand."""
    for box in _char_boxes(page, text_page, start, stop):
        x0, y0, x1, y1 = (int(side * scale) for side in box)
        if (pixels[max(y0, 0) : max(y1 + 1, 0), max(x0, 0) : max(x1 + 1, 0)] < 255 - FAINT).any():
            return False
    return True


def page_glyphs(page: Any, text_page: Any) -> Glyphs:
    """The characters that readers of a page see (as for `seen_text`) with their boxes."""
    count = min(text_page.count_chars(), PAGE_TEXT_MAX)
    raw = text_page.raw
    codes = np.empty(count, np.uint32)
    angles = np.zeros(count, np.float32)
    tight = np.zeros((count, 4), np.float64)
    loose = (pdfium_c.FS_RECTF * count)()
    matrix = pdfium_c.FS_MATRIX()
    left, bottom = ctypes.c_double(), ctypes.c_double()
    right, top = ctypes.c_double(), ctypes.c_double()
    sides = [ctypes.byref(side) for side in (left, right, bottom, top)]
    get_code, get_angle = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetCharAngle
    get_tight, get_loose = pdfium_c.FPDFText_GetCharBox, pdfium_c.FPDFText_GetLooseCharBox
    for i in range(count):
        codes[i] = code = get_code(raw, i)
        if code <= 32:
            if code != 2:  # PDFium's code for a hyphen at the end of a line
                continue
            codes[i] = 45
        angles[i] = _direction(raw, i, matrix) if get_angle(raw, i) else 0.0
        get_tight(raw, i, *sides)
        tight[i] = left.value, bottom.value, right.value, top.value
        get_loose(raw, i, ctypes.byref(loose[i]))
    rectangles = np.frombuffer(loose, np.float32).reshape(-1, 4) if count else np.zeros((0, 4))
    bounds = rectangles[:, [0, 3, 2, 1]]
    drawn = np.flatnonzero(codes > 32)
    if _drawn_by_procedures(text_page, drawn):
        bounds = _measured(text_page, bounds, tight, angles, drawn)
    else:
        bounds = _font_high(text_page, bounds, tight, angles)
    loose_boxes = _as_rendered(page, bounds)
    tight_boxes = _as_rendered(page, tight)
    blank = (codes <= 32) | (codes == 0xA0) | (codes == 0xAD) | (codes > 0x10FFFF)
    sized = (loose_boxes[:, 3] - loose_boxes[:, 1] > 0.5) & np.isfinite(tight_boxes).all(axis=1)
    shown = np.zeros(count, np.bool_)
    for start, stop in _seen_runs(page, text_page, count):
        shown[start:stop] = True
    seen = ~blank & sized & shown
    index = np.flatnonzero(seen)
    blanks = np.concatenate([[0], np.cumsum(blank)])
    breaks = np.concatenate([[0], np.cumsum((codes == 10) | (codes == 13))])
    before = np.concatenate([[0], index[:-1] + 1]) if len(index) else index
    return Glyphs(
        text="".join(map(chr, codes[index])),
        tight=tight_boxes[index],
        loose=loose_boxes[index],
        angle=((angles[index] + math.pi / 2 * (page.get_rotation() // 90)) % (2 * math.pi)),
        spaced=blanks[index] > blanks[before],
        broken=breaks[index] > breaks[before],
        index=index,
    )


def _direction(text_page: Any, index: int, matrix: Any) -> float:
    """Angle of the line on which a character stands, in radians, clockwise on the unrotated page.

    PDFium's own angle is that of the upright stroke, which is also tilted where a font is slanted or mirrored.
    """
    pdfium_c.FPDFText_GetMatrix(text_page, index, matrix)
    return math.atan2(-matrix.b, matrix.a) % (2 * math.pi)


def font_at(text_page: Any, index: int) -> str:
    """Name of a character's font without its subset tag; empty if it has no name."""
    name, flags = ctypes.create_string_buffer(96), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text_page.raw, index, name, 96, ctypes.byref(flags))
    return name.value.decode("utf-8", "replace").split("+")[-1]


def is_visible(text_page: Any, index: int) -> bool:
    """Whether a character is painted; those in the text layer of a scan are not."""
    part = pdfium_c.FPDFText_GetTextObject(text_page.raw, index)
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(part) if part else 0
    return bool(mode != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)


def render_grey(page: Any, scale: float) -> tuple[NDArray[np.uint8], float]:
    """A page as grey pixels (height, width) on white, and the scale that was used, in pixels per point."""
    width, height = page.get_size()
    scale = min(scale, math.sqrt(PIXELS_MAX / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True, draw_annots=False)
    pixels: NDArray[np.uint8] = bitmap.to_numpy()
    return pixels.reshape(pixels.shape[0], pixels.shape[1]), scale


def included_boxes(page: Any) -> Floats:
    """The boxes of the images and drawings that were included into a page, each of them as a whole.

    Empty for a page of very many objects, whose drawings are not included but drawn on it.
    """
    count = pdfium_c.FPDFPage_CountObjects(page)
    bounds = [ctypes.c_float() for _ in range(4)]
    kinds = {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM}
    found = []
    for index in range(count if count <= OBJECTS_MAX else 0):
        part = pdfium_c.FPDFPage_GetObject(page, index)
        if pdfium_c.FPDFPageObj_GetType(part) in kinds and pdfium_c.FPDFPageObj_GetBounds(part, *bounds):
            found.append([side.value for side in bounds])
    return _as_rendered(page, np.asarray(found, np.float64).reshape(-1, 4))


def _font_high(
    text_page: Any, loose: NDArray[Any], tight: NDArray[Any], angles: NDArray[Any]
) -> NDArray[Any]:
    """Loose boxes (left, bottom, right, top) as high as the font.

    If a font states no ascent and descent, PDFium's loose boxes are only as high as the ink of each letter.
    """
    height = loose[:, 3] - loose[:, 1]
    seen = height > 0
    bare = seen & (np.abs(height - (tight[:, 3] - tight[:, 1])) < 0.02 * height)
    if bare.sum() <= 0.3 * max(seen.sum(), 1):
        return loose
    font_high = loose.copy()
    matrix, x, y = pdfium_c.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for i in np.flatnonzero(seen & (np.abs(np.sin(angles)) < 0.1)).tolist():
        pdfium_c.FPDFText_GetMatrix(text_page.raw, i, ctypes.byref(matrix))
        pdfium_c.FPDFText_GetCharOrigin(text_page.raw, i, ctypes.byref(x), ctypes.byref(y))
        size = abs(pdfium_c.FPDFText_GetFontSize(text_page.raw, i) * matrix.d)
        if 1 < size < 200:
            font_high[i, 1], font_high[i, 3] = y.value - DESCENT * size, y.value + ASCENT * size
    return font_high


def _drawn_by_procedures(text_page: Any, indices: NDArray[np.int64]) -> bool:
    """Whether a page has Type 3 fonts whose size says nothing, as in PDFs made with TeX's bitmap fonts."""
    sample = indices[:: max(len(indices) // TYPE3_SAMPLE, 1)]
    sizes = [pdfium_c.FPDFText_GetFontSize(text_page.raw, int(index)) for index in sample]
    return any(0 < size < 1 for size in sizes)


def _measured(
    text_page: Any, loose: NDArray[Any], tight: NDArray[Any], angles: NDArray[Any], indices: NDArray[np.int64]
) -> NDArray[Any]:
    """Loose boxes of glyphs of Type 3 fonts, as high as the glyphs of the font.

    PDFium makes loose boxes from the font's box, which need not be in the units of the glyphs.
    """
    matrix, x, y = pdfium_c.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    fonts: dict[int, list[tuple[int, float, float]]] = {}
    for i in indices.tolist():
        pdfium_c.FPDFText_GetMatrix(text_page.raw, i, ctypes.byref(matrix))
        size = pdfium_c.FPDFText_GetFontSize(text_page.raw, i)
        if not 0 < size * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c)) < 1:
            continue
        pdfium_c.FPDFText_GetCharOrigin(text_page.raw, i, ctypes.byref(x), ctypes.byref(y))
        part = pdfium_c.FPDFText_GetTextObject(text_page.raw, i)
        font = pdfium_c.FPDFTextObj_GetFont(part) if part else None
        fonts.setdefault(ctypes.addressof(font.contents) if font else 0, []).append((i, x.value, y.value))
    measured = loose.copy()
    heights = {font: _letter_height(tight, angles, [i for i, _, _ in part]) for font, part in fonts.items()}
    for font, part in fonts.items():
        up, down = ASCENT / CAPITALS * heights[font], DESCENT / CAPITALS * heights[font]
        for i, left, base in part:
            x0, y0, x1, y1 = tight[i]
            match round(float(angles[i]) / (math.pi / 2)) % 4:
                case 0:
                    measured[i] = (x0, base - down, x1, base + up)
                case 1:
                    measured[i] = (left - down, y0, left + up, y1)
                case 2:
                    measured[i] = (x0, base - up, x1, base + down)
                case _:
                    measured[i] = (left - up, y0, left + down, y1)
    return measured


def _letter_height(tight: NDArray[Any], angles: NDArray[Any], indices: Sequence[int]) -> float:
    """Height of the tall letters among glyphs, in points."""
    boxes = tight[indices]
    sideways = np.abs(np.sin(angles[indices])) > 0.5
    across, along = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    return float(np.percentile(np.where(sideways, across, along), 80))


def _as_rendered(page: Any, boxes: NDArray[Any]) -> Floats:
    """Boxes (left, bottom, right, top) in page space, converted to coordinates of the rendered page."""
    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = boxes.T
    match page.get_rotation():
        case 90:
            sides = (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        case 180:
            sides = (right - x1, y0 - bottom, right - x0, y1 - bottom)
        case 270:
            sides = (top - y1, right - x1, top - y0, right - x0)
        case _:
            sides = (x0 - left, top - y1, x1 - left, top - y0)
    return np.stack(sides, axis=1).astype(np.float32)
