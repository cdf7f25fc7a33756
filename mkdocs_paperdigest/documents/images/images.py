"""Images of figures: rendered from the page for a screen of high density, saved as small WebP files."""

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
"""Pixels of the longer side: twice the width of a wide content column."""
SCALE_MAX = 5.0
"""Pixels per point (360 dpi), for small figures."""
PADDING = 3.0
"""Points of white left around the ink, where nothing else stands."""
OVERSTEP = 1.0
"""Points of its own ink that a figure may have outside its box."""
BYTES_MAX = 250_000
"""Aim for one file; quality, then size, are lowered until it is met."""
SMALL = 60_000
"""Bytes up to which line art is kept without loss even where a lossy file would be smaller."""
THUMBNAIL_SIDE = 640
"""Pixels of the longer side of a small image: twice the width of a column of the gallery."""
THUMBNAIL_BYTES = 30_000
"""Aim for one small image."""
WIDE = 720
"""Pixels of width up to which an image can do without a small one, if it also has few bytes."""
FLAT = 0.8
"""Share of pixels that repeat their neighbour from which an image counts as line art."""


def render_figure(page: Any, box: Box, turn: int = 0) -> Image.Image | None:
    """A figure on white with a little padding, which never reaches into a caption or other ink.

    Arguments:
        page: PDFium's page.
        box: Tight around the figure; points, origin top left.
        turn: Quarter turns clockwise after which the figure is upright.

    Returns:
        None when the box is blank or of one colour.
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
    image: Image.Image, folder: Path, number: int, *, label: str, caption: str, page: int
) -> Figure:
    """Write a figure's images into a folder, and describe the figure.

    `fig-<number>.webp` is the full image. Where that is wide or heavy, `fig-<number>-small.webp` is the
    same at the size of a gallery.
    """
    name, small = f"fig-{number}.webp", f"fig-{number}-small.webp"
    width, height = save_webp(image, folder / name)
    weight = (folder / name).stat().st_size
    thumbnail = _thumbnail(image) if width > WIDE or weight > SMALL else b""
    # Line art of few colours may have fewer bytes at its full size.
    worth = 0 < len(thumbnail) < weight
    if worth:
        _write(folder / small, thumbnail)
    return Figure(label, caption, page, name, width, height, small if worth else None)


def save_webp(image: Image.Image, path: Path) -> tuple[int, int]:
    """Write an image as WebP, whole or not at all, and return its width and height in pixels.

    Line art is saved without loss when that is small; anything else at quality 85, less if it must
    be to stay within `BYTES_MAX`. The same image always gives the same bytes.

    Raises:
        DocumentError: The disk takes no more of it (passing).
    """
    encoded, size = _encoded(image)
    _write(path, encoded)
    return size


def fingerprint(image: Image.Image) -> str:
    """Equal for images with the same pixels."""
    return hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()


def _white_around(pixels: NDArray[np.uint8], start: int, stop: int, slack: int) -> tuple[int, int]:
    """First and last row of the padded image, cut where ink that is not the figure's begins.

    Arguments:
        pixels: Rows of the padded figure.
        start: First row of the figure.
        stop: The row after its last one.
        slack: Rows by which the figure's own ink may overstep these, since boxes are measured at
            a lower resolution.
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
