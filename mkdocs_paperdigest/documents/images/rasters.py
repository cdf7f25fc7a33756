"""Decodes images from arXiv's HTML within limits, and converts them to sRGB on white.

They are the files that authors submitted, so they may have CMYK colours, wide-gamut profiles, transparency,
16 bits, animation or an EXIF rotation, or be decompression bombs. This code runs in the sandbox process.
"""

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from mkdocs_paperdigest.documents.images.images import SIDE_MAX
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
PIXELS_MAX = 60_000_000
"""Pixels of an image; a page scanned at 600 dpi has 35,000,000."""
SIDE_MIN = 60
"""Pixels of the shorter side; anything smaller is an icon."""
ASPECT_MAX = 12.0
"""Longer side divided by shorter side; anything longer is a rule or a banner."""


def open_image(path: Path) -> Image.Image:
    """The image in a file, upright, in RGB on white, with at most `SIDE_MAX` pixels on the longer side.

    An animation gives its first frame.

    Raises:
        DocumentError: The image is damaged, too large, blank, or only decoration.
    """
    try:
        with warnings.catch_warnings(), Image.open(path, formats=FORMATS) as image:
            # Pillow warns about large images, which are limited here, and about odd metadata.
            warnings.simplefilter("ignore")
            _check_size(image)
            # Only JPEG can be decoded at a fraction of its size.
            image.draft(None, (2 * SIDE_MAX, 2 * SIDE_MAX))
            image.load()
            picture = _in_srgb(_on_white(ImageOps.exif_transpose(image)), image)
    except DocumentError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DocumentError(Reason(ReasonCode.IMAGE_DAMAGED)) from error
    picture.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    if np.ptp(np.asarray(picture), axis=(0, 1)).max() < 16:
        raise DocumentError(Reason(ReasonCode.IMAGE_BLANK))
    return picture


def _too_large() -> DocumentError:
    return DocumentError(Reason(ReasonCode.IMAGE_TOO_LARGE, pixels=f"{PIXELS_MAX:,}"))


def _check_size(image: Image.Image) -> None:
    shorter, longer = sorted(image.size)
    if shorter * longer > PIXELS_MAX:
        raise _too_large()
    if shorter < SIDE_MIN or longer > ASPECT_MAX * shorter:
        raise DocumentError(Reason(ReasonCode.IMAGE_TOO_SMALL))


def _on_white(image: Image.Image) -> Image.Image:
    """The image without transparency or palette, in mode L, RGB or CMYK."""
    if image.mode.startswith("I"):
        # Pillow would clip 16-bit samples at 255 instead of scaling them.
        samples = np.asarray(image).clip(0, 65_535) >> 8
        return Image.fromarray(samples.astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(picture: Image.Image, source: Image.Image) -> Image.Image:
    profile = source.info.get("icc_profile")
    if profile:
        try:
            known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            wanted = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, known, wanted, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            # The profile is damaged or for other channels. Image viewers ignore it too.
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")
