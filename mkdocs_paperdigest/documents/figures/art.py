"""The ink of the pages without the art that stands on most of them: bands, strips and logos of journals, watermarks.

Running headers are known by their words (`layout.running_headers`); a coloured band has none.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mkdocs_paperdigest.documents.figures.ink import Ink
from mkdocs_paperdigest.documents.figures.layout import Body, is_prose
from mkdocs_paperdigest.documents.figures.sheets import Sheet
from mkdocs_paperdigest.documents.pdf.pdfium import Mask

SAMPLE = 4
"""Pages with captions, and as many without, that are compared."""
PAGES_MIN = 3
"""Pages that have the same ink, at least."""
MARGIN = 0.1
"""Share of the page's height above and below which a page has no text, unless it has full lines there."""
APART = 4.0
"""Points between the text and the art beside it, at least."""


class Inks:
    """The ink of each page, which is rendered once.

    Art is what stands at one place on half of a few pages. Within the text block it must stand on pages without
    captions too, because figures of a supplement may have their frames at one place. Scans are never alike.

    Arguments:
        render: Gives the ink of a page.
        sheets: Its pages.
        captioned: For each page, whether it has a caption.
        body: Style of the running text.
    """

    def __init__(
        self, render: Callable[[Sheet], Ink], sheets: Sequence[Sheet], captioned: Sequence[bool], body: Body
    ) -> None:
        self._render = render
        self._rendered: dict[int, Ink] = {}
        self._shape = Counter(_shape(sheet) for sheet in sheets).most_common(1)[0][0]
        self._art: Mask | None = None
        alike = [at for at, sheet in enumerate(sheets) if _shape(sheet) == self._shape and not sheet.scanned]
        figures = _spread([sheets[at] for at in alike if captioned[at]])
        others = _spread([sheets[at] for at in alike if not captioned[at]])
        if figures and len(figures) + len(others) >= PAGES_MIN:
            self._rendered = {sheet.number: self._render(sheet) for sheet in (*figures, *others)}
            drawn = {
                sheet.number: self._rendered[sheet.number].erased(sheet.glyphs.tight)
                for sheet in (*figures, *others)
            }
            self._art = _art(drawn, {sheet.number for sheet in others}, body, _block(alike, sheets, body))

    def of(self, sheet: Sheet) -> Ink:
        """The ink of a page; to be asked for once for each page."""
        ink = self._rendered.pop(sheet.number, None) or self._render(sheet)
        if self._art is None or _shape(sheet) != self._shape or ink.mask.shape != self._art.shape:
            return ink
        return Ink(ink.mask & ~self._art, ink.scale)


def _shape(sheet: Sheet) -> tuple[int, int]:
    return round(sheet.width), round(sheet.height)


def _spread(sheets: Sequence[Sheet]) -> list[Sheet]:
    """At most `SAMPLE` sheets, neighbours in pairs, so that left and right pages are both there."""
    if len(sheets) <= SAMPLE:
        return list(sheets)
    starts = {round(at * (len(sheets) - 2) / (SAMPLE // 2 - 1)) for at in range(SAMPLE // 2)}
    return [sheets[at] for at in sorted(starts | {start + 1 for start in starts})]


def _block(alike: Sequence[int], sheets: Sequence[Sheet], body: Body) -> tuple[float, float]:
    """Top and bottom of the full lines of pages, in points: figures reach them, even if margins are narrow."""
    full = [
        line
        for at in alike
        for line in sheets[at].lines
        if line.width > 0.9 * body.width and is_prose(line, body)
    ]
    return (
        min((line.y0 for line in full), default=float("inf")),
        max((line.y1 for line in full), default=0.0),
    )


def _art(inks: Mapping[int, Ink], plain: set[int], body: Body, block: tuple[float, float]) -> Mask | None:
    """The common ink of pages, widened by a pixel.

    The ink has no glyphs, because lines of text stand at the same heights on all pages.

    Arguments:
        inks: Ink of each page.
        plain: The pages without captions.
        body: Style of the running text.
        block: Top and bottom of the running text.
    """
    shape, scale = Counter((ink.mask.shape, ink.scale) for ink in inks.values()).most_common(1)[0][0]
    masks = {number: ink.mask for number, ink in inks.items() if ink.mask.shape == shape}
    everywhere = np.sum([*masks.values()], axis=0, dtype=np.uint8)
    common: Mask = np.asarray(everywhere >= max(PAGES_MIN, len(masks) / 2))
    if not common.any():
        return None
    on_plain = [mask for number, mask in masks.items() if number in plain]
    left, right = (body.columns[0][0], body.columns[-1][1]) if body.columns else (0.0, shape[1] / scale)
    rows = slice(
        max(round(min(MARGIN * shape[0], (block[0] - APART) * scale)), 0),
        round(max((1 - MARGIN) * shape[0], (block[1] + APART) * scale)),
    )
    columns = slice(max(round((left - APART) * scale), 0), round((right + APART) * scale))
    inner = common[rows, columns]
    if on_plain:
        part = np.sum([mask[rows, columns] for mask in on_plain], axis=0, dtype=np.uint8)
        inner &= part >= max(2, len(on_plain) / 2)
    else:
        inner[:] = False
    return _widened(common)


def _widened(mask: Mask) -> Mask:
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    across = wide.copy()
    across[:, 1:] |= wide[:, :-1]
    across[:, :-1] |= wide[:, 1:]
    return across
