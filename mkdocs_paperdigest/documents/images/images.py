"""Renders figures from PDF pages for high-density screens, and saves them as small WebP files."""

import hashlib
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mkdocs_paperdigest.documents.figures.ink import WHITE, Box
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.files import write_whole
from mkdocs_paperdigest.models import Figure
from mkdocs_paperdigest.reasons import Reason, ReasonCode

SIDE_MAX = 1600
"""Pixels of the longer side, at most: twice the width of a wide content column."""
SCALE_MAX = 5.0
"""Pixels per point, at most (360 dpi); only small figures reach it."""
PADDING = 3.0
"""Points of white around the ink, unless other ink is in the way."""
OVERSTEP = 1.0
"""Points by which a figure's own ink may extend beyond its box."""
BYTES_MAX = 250_000
"""Target size of a file; first the quality, then the resolution is lowered to reach it."""
SMALL = 60_000
"""Bytes up to which line art is saved losslessly, even if a lossy file would be smaller."""
THUMBNAIL_SIDE = 640
"""Pixels of the longer side of a thumbnail: twice the width of a column of the gallery."""
THUMBNAIL_BYTES = 30_000
"""Target size of a thumbnail."""
COVER_SIDE = 320
"""Pixels of the longer side of a cover: twice its width in a list."""
COVER_BYTES = 10_000
"""Most bytes of a cover; first the quality, then the resolution is lowered to reach it."""
WIDE = 720
"""Pixels of width up to which an image needs no thumbnail, if its file is small too."""
FLAT = 0.8
"""Share of pixels equal to their left neighbour, above which an image counts as line art."""


def render_figure(page: Any, box: Box, turn: int = 0) -> Image.Image | None:
    """Renders a figure on white with a little padding, which ends where a caption or other ink begins.

    Arguments:
        page: PDFium's page.
        box: Tight around the figure; points, origin top left.
        turn: Clockwise quarter turns that bring the figure upright.

    Returns:
        The image, or None if the box is blank or has a single colour.
    """
    width, height = page.get_size()
    outer = (
        max(box[0] - PADDING, 0.0),
        max(box[1] - PADDING, 0.0),
        min(box[2] + PADDING, width),
        min(box[3] + PADDING, height),
    )
    longer = max(outer[2] - outer[0], outer[3] - outer[1])
    scale = min(SCALE_MAX, SIDE_MAX / longer)
    bitmap = page.render(
        scale=scale,
        crop=(outer[0], height - outer[3], width - outer[2], outer[1]),
        draw_annots=False,
        rev_byteorder=True,
    )
    pixels: NDArray[np.uint8] = bitmap.to_numpy()[:, :, :3]
    if not pixels.size or int(pixels.max()) - int(pixels.min()) < 16:
        return None
    inner = tuple(
        round((inside - outside) * scale)
        for inside, outside in zip(box, (outer[0], outer[1], outer[0], outer[1]), strict=True)
    )
    slack = math.ceil(OVERSTEP * scale)
    top, bottom = _white_around(pixels, inner[1], inner[3], slack)
    left, right = _white_around(pixels[top:bottom].swapaxes(0, 1), inner[0], inner[2], slack)
    upright = np.rot90(pixels[top:bottom, left:right], -turn)
    return Image.fromarray(np.ascontiguousarray(upright))


def save_figure(
    image: Image.Image, folder: Path, name: str, *, label: str, caption: str, page: int, leads: bool
) -> Figure:
    """Write the images of a figure into a folder, and return the figure.

    `<name>.webp` is the full image. If that is wide or has many bytes, `<name>-small.webp` is a thumbnail for
    galleries.

    Arguments:
        image: The figure.
        folder: Where the images are written.
        name: `fig-1`, `table-1`.
        label: As the paper numbers it.
        caption: Without the label.
        page: From 1; 0 if it is not known.
        leads: Whether it gets a cover too; where another one leads after all, `write_cover` makes that one's.

    Raises:
        DocumentError: The images cannot be written (passing).
    """
    full, small = f"{name}.webp", f"{name}-small.webp"
    width, height = save_webp(image, folder / full)
    full_bytes = (folder / full).stat().st_size
    thumbnail = _thumbnail(image) if width > WIDE or full_bytes > SMALL else b""
    # Line art of few colours may have fewer bytes at full size than as a thumbnail.
    useful = 0 < len(thumbnail) < full_bytes
    if useful:
        _write(folder / small, thumbnail)
    figure = Figure(label, caption, page, full, width, height, small if useful else None)
    if leads:
        write_cover(folder / (figure.small or full), folder / figure.cover)
    else:
        # Of an image that had this name before.
        (folder / figure.cover).unlink(missing_ok=True)
    return figure


def write_cover(stored: Path, cover: Path) -> None:
    """Write the small copy of a figure for summaries and lists, with at most `COVER_BYTES`.

    Arguments:
        stored: The smallest image of the figure, as `save_figure` has written it, so that a cover is the same
            whenever it is made.
        cover: Where it is written.

    Raises:
        DocumentError: The image is damaged, or the cover cannot be written (passing).
    """
    try:
        with Image.open(stored, formats=("WEBP",)) as image:
            whole = image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DocumentError(Reason(ReasonCode.IMAGE_DAMAGED)) from error
    side = COVER_SIDE
    while True:
        small = whole.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        for options in _COVER_OPTIONS:
            encoded = _webp(small, method=4, **options)
            if len(encoded) <= COVER_BYTES:
                _write(cover, encoded)
                return
        side = side * 4 // 5


_COVER_OPTIONS: tuple[dict[str, Any], ...] = (
    {"lossless": True},
    {"quality": 80},
    {"quality": 60},
    {"quality": 40},
)


def save_webp(image: Image.Image, path: Path) -> tuple[int, int]:
    """Write an image as WebP, completely or not at all, and return its width and height in pixels.

    Line art is saved losslessly if the file stays small. Other images get quality 85, or less to stay within
    `BYTES_MAX`. The same image always gives the same bytes.

    Raises:
        DocumentError: The image cannot be written (passing).
    """
    encoded, size = _encoded(image)
    _write(path, encoded)
    return size


def fingerprint(image: Image.Image) -> str:
    """A hash that is equal for images with the same size and pixels."""
    return hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()


def _white_around(pixels: NDArray[np.uint8], start: int, stop: int, slack: int) -> tuple[int, int]:
    """Start and end of the rows that belong to a figure with its padding, without other ink.

    Arguments:
        pixels: The padded figure.
        start: First row of the figure.
        stop: The row after the figure's last one.
        slack: Rows by which the figure's own ink may extend beyond these, because boxes are measured at a
            lower resolution.
    """
    inked = np.asarray((pixels < WHITE).any(axis=(1, 2))).tolist()
    first, last = start, stop
    while first > 0 and not (inked[first - 1] and (start - first >= slack or not inked[first])):
        first -= 1
    while last < len(inked) and not (inked[last] and (last - stop >= slack or not inked[last - 1])):
        last += 1
    return first, last


def _encoded(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    exact = _webp(image, lossless=True, quality=30, method=1) if _is_line_art(image) else None
    if exact and len(exact) <= SMALL:
        return exact, image.size
    lossy = _webp(image, quality=85, method=2)
    if exact and len(exact) <= min(len(lossy), BYTES_MAX):
        return exact, image.size
    if len(lossy) > BYTES_MAX:
        lossy = _webp(image, quality=75, method=4)
    while len(lossy) > BYTES_MAX and max(image.size) > SIDE_MAX // 2:
        image = image.resize(
            (max(image.width * 4 // 5, 1), max(image.height * 4 // 5, 1)), Image.Resampling.LANCZOS
        )
        lossy = _webp(image, quality=75, method=4)
    return lossy, image.size


def _thumbnail(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    encoded = b""
    for quality in (80, 65, 50):
        encoded = _webp(small, quality=quality, method=4)
        if len(encoded) <= THUMBNAIL_BYTES:
            break
    return encoded


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        why = Reason(ReasonCode.OTHER, text=error.strerror)
        reason = Reason(ReasonCode.IMAGES_UNWRITABLE, why)
        raise DocumentError(reason, passing=True) from error


def _is_line_art(image: Image.Image) -> bool:
    pixels = np.asarray(image)
    same = (pixels[:, 1:] == pixels[:, :-1]).all(axis=2)
    return bool(same.mean() > FLAT) if same.size else True


def _webp(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", **options)
    return buffer.getvalue()
