"""The ink of a rendered page as a mask, with questions about boxes.

Rendering is more reliable than walking the page's objects, because clips, forms, shadings, soft masks and nested
objects all end up as pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mkdocs_paperdigest.documents.pdf.pdfium import Floats, Mask

SCALE = 1.5
"""Pixels per point (108 dpi): hairlines are still visible, and a page has about a megapixel."""
WHITE = 248
"""Grey level from which a pixel counts as blank."""
CELL = 4.0
"""Width and height of a cell in points, in which scans are searched for specks."""
SPECK = 3.0
"""Square points of ink in a cell and its neighbours, up to which it is a speck of dust."""
GROUND = 8.0
"""Points between a text and where its ground is free of glyphs, at most."""
FILLED = 0.8
"""Share of ink beside a text from which it has a ground."""
UPRIGHT = 0.95
"""Share of ink in a column of pixels that counts as a vertical stroke; erased glyphs beside it leave gaps."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points, origin top left."""


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around one or more boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


@dataclass(frozen=True, slots=True)
class Ink:
    """A mask of the ink on a page; boxes and lengths are in points."""

    mask: Mask
    scale: float
    """Pixels per point."""

    def window(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of the mask inside a box."""
        height, width = self.mask.shape
        x0, y0, x1, y1 = (round(side * self.scale) for side in box)
        return (
            slice(min(max(y0, 0), height), min(max(y1, 0), height)),
            slice(min(max(x0, 0), width), min(max(x1, 0), width)),
        )

    def amount(self, box: Box) -> float:
        """Share of ink in a box, from 0 to 1."""
        part = self.mask[self.window(box)]
        return float(part.mean()) if part.size else 0.0

    def tight(self, box: Box) -> Box | None:
        """The smallest box around the ink in a box; None if the box is blank."""
        rows, columns = self.window(box)
        part = self.mask[rows, columns]
        if not part.size:
            return None
        down = np.flatnonzero(part.any(axis=1))
        across = np.flatnonzero(part.any(axis=0))
        if not len(down):
            return None
        return (
            (columns.start + across[0]) / self.scale,
            (rows.start + down[0]) / self.scale,
            (columns.start + across[-1] + 1) / self.scale,
            (rows.start + down[-1] + 1) / self.scale,
        )

    def erased(self, boxes: Iterable[Box] | Floats, margin: float = 0.7) -> "Ink":
        """The ink outside of boxes, each of which is widened by a margin in points."""
        mask = self.mask.copy()
        height, width = mask.shape
        grown = np.asarray(list(boxes), np.float32).reshape(-1, 4)
        grown = (grown + np.array([-margin, -margin, margin, margin], np.float32)) * self.scale
        grown[:, :2], grown[:, 2:] = np.floor(grown[:, :2]), np.ceil(grown[:, 2:])
        grown = np.clip(grown, 0, [width, height, width, height]).astype(int)
        for x0, y0, x1, y1 in grown.tolist():
            mask[y0:y1, x0:x1] = False
        return Ink(mask, self.scale)

    def despeckled(self) -> "Ink":
        """The ink without specks: little ink in a cell of `CELL` points whose neighbours are blank."""
        step = round(CELL * self.scale)
        height, width = self.mask.shape
        padded = np.zeros((-(-height // step) * step, -(-width // step) * step), np.bool_)
        padded[:height, :width] = self.mask
        amount = padded.reshape(padded.shape[0] // step, step, -1, step).sum(axis=(1, 3))
        around = np.pad(amount, 1)
        rows, columns = amount.shape
        total = sum(
            around[down : down + rows, right : right + columns] for down in range(3) for right in range(3)
        )
        specks = np.repeat(np.repeat(total <= SPECK * self.scale**2, step, axis=0), step, axis=1)
        return Ink(self.mask & ~specks[:height, :width], self.scale)

    def ground(self, box: Box) -> Box | None:
        """The coloured ground or frame around a text at a box; None if there is none.

        Arguments:
            box: The box of the text, whose glyphs are erased.
        """
        rows, columns = self.window(box)
        upright = self.mask[rows].mean(axis=0) >= FILLED if rows.stop > rows.start else np.zeros(0, np.bool_)
        level = self.mask[:, columns].mean(axis=1) >= FILLED if columns.stop > columns.start else upright
        reach = round(GROUND * self.scale)
        edges = [
            _run_end(side, start, step, reach)
            for side, start, step in (
                (upright, columns.start, -1),
                (level, rows.start, -1),
                (upright, columns.stop - 1, 1),
                (level, rows.stop - 1, 1),
            )
        ]
        if None in edges:
            return None
        left, top, right, bottom = (edge for edge in edges if edge is not None)
        return left / self.scale, top / self.scale, (right + 1) / self.scale, (bottom + 1) / self.scale

    def line_at(self, box: Box, size: float) -> Box:
        """The ink of the line of text that was recognized at a box, which may be too low, too high or too narrow.

        Arguments:
            box: The box of the recognized text.
            size: Its font height in points.
        """
        x0, y0, x1, y1 = box
        bands = self.bands((x0, y0 - 1.3 * size, x1, y1 + 1.3 * size), 1.0)
        level = [band for band in bands if min(band[1], y1) - max(band[0], y0) > 0]
        if not level:
            return box
        top, bottom = min(y0, level[0][0]), max(y1, level[-1][1])
        if bottom - top > 2.2 * size:
            # A line above or below touches this one.
            top, bottom = max(top, y0 - 0.9 * size), min(bottom, y1 + 0.5 * size)
        reach = 0.2 * (x1 - x0)
        rows, columns = self.window((x0 - reach, top, x1 + reach, bottom))
        filled = (
            np.flatnonzero(self.mask[rows, columns].any(axis=0)) / self.scale + columns.start / self.scale
        )
        left, right = x0, x1
        for x in filled[filled > x1]:
            if x - right > size:
                break
            right = float(x)
        for x in filled[filled < x0][::-1]:
            if left - x > size:
                break
            left = float(x)
        return left, top, right, bottom

    def blank_strips(self, box: Box, width: float = 0.0) -> list[float]:
        """Middles (x) of the vertical strips of a box that are blank, widest first.

        Arguments:
            box: The box to search.
            width: Points; narrower strips are left out.
        """
        rows, columns = self.window(box)
        blank = ~self.mask[rows, columns].any(axis=0)
        edges = np.flatnonzero(np.diff(blank.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
        wide = edges[edges[:, 1] - edges[:, 0] >= width * self.scale]
        wide = wide[np.argsort(wide[:, 0] - wide[:, 1], kind="stable")]
        return [float(middle) for middle in (columns.start + wide.mean(axis=1)) / self.scale]

    def has_upright(self, box: Box) -> bool:
        """Whether a vertical stroke or a filled area spans a box from top to bottom."""
        rows, columns = self.window(box)
        part = self.mask[rows, columns]
        return bool(part.size) and bool((part.mean(axis=0) > UPRIGHT).any())

    def rules(self, box: Box, length: float = 30.0) -> tuple["Ink", "Ink"]:
        """The horizontal rules in a box, thin and at least `length` points long, and the other ink in it."""
        rows, columns = self.window(box)
        part = self.mask[rows, columns]
        across = _thin_runs(part, round(length * self.scale))
        both = np.zeros((2, *self.mask.shape), bool)
        both[0, rows, columns] = across
        both[1, rows, columns] = part & ~across
        return Ink(both[0], self.scale), Ink(both[1], self.scale)

    def bands(self, box: Box, gap: float) -> list[tuple[float, float]]:
        """Top and bottom of the bands of ink in a box, which blank rows separate.

        Arguments:
            box: The box to search.
            gap: Points; blank rows of less height do not separate bands.
        """
        rows, columns = self.window(box)
        filled = np.flatnonzero(self.mask[rows, columns].any(axis=1))
        if not len(filled):
            return []
        breaks = np.flatnonzero(np.diff(filled) > gap * self.scale)
        starts = np.concatenate([[0], breaks + 1])
        stops = np.concatenate([breaks, [len(filled) - 1]])
        return [
            (
                (rows.start + int(filled[start])) / self.scale,
                (rows.start + int(filled[stop]) + 1) / self.scale,
            )
            for start, stop in zip(starts, stops, strict=True)
        ]


def _run_end(filled: Mask, start: int, step: int, reach: int) -> int | None:
    """The end of the run of filled rows or columns that begins within a reach of a start, going by a step."""
    at = next(
        (at for at in range(start, start + step * (reach + 1), step) if 0 <= at < len(filled) and filled[at]),
        None,
    )
    while at is not None and 0 <= at + step < len(filled) and filled[at + step]:
        at += step
    return at


def _thin_runs(mask: Mask, length: int) -> Mask:
    """The pixels of horizontal runs at least `length` pixels long and at most three pixels thick."""
    height, width = mask.shape
    if width < length:
        return np.zeros_like(mask)
    total = np.zeros((height, width + 1), np.int32)
    np.cumsum(mask, axis=1, out=total[:, 1:])
    starts = total[:, length:] - total[:, :-length] == length
    ends = np.zeros((height, width + 1), np.int32)
    ends[:, : starts.shape[1]] += starts
    ends[:, length:] -= starts[:, : width + 1 - length]
    runs = np.cumsum(ends, axis=1)[:, :width] > 0
    thick = np.zeros_like(runs)
    if height > 3:
        block = runs[:-3] & runs[1:-2] & runs[2:-1] & runs[3:]
        for shift in range(4):
            thick[shift : height - 3 + shift] |= block
    return runs & ~thick
