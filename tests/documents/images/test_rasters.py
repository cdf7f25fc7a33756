"""Images from the HTML: all that authors submit become upright, sRGB on white, or are rejected."""

import io
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from mkdocs_paperdigest.documents.images.images import SIDE_MAX
from mkdocs_paperdigest.documents.images.rasters import open_image
from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.errors import DocumentError

SIZE = (120, 80)


def halves(mode: str, left: object, right: object, size: tuple[int, int] = SIZE) -> Image.Image:
    """An image of two colours side by side."""
    image = Image.new(mode, size, right)  # type: ignore[arg-type]
    image.paste(left, (0, 0, size[0] // 2, size[1]))  # type: ignore[arg-type]
    return image


def colours(path: Path) -> list[tuple[int, ...]]:
    """The colours in the middle of the left and of the right half."""
    image = open_image(path)
    assert image.mode == "RGB"
    row = np.asarray(image)[image.height // 2]
    return [tuple(map(int, row[len(row) // 4])), tuple(map(int, row[3 * len(row) // 4]))]


def near(colour: tuple[int, ...]) -> object:
    return pytest.approx(colour, abs=6)


def gray_alpha(image: Image.Image, alpha: int) -> Image.Image:
    image.putalpha(Image.new("L", image.size, alpha))
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_every_kind_that_browsers_show_is_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "image"
    halves("RGB", (200, 30, 30), (30, 30, 200)).save(path, kind)
    assert colours(path) == [near((200, 30, 30)), near((30, 30, 200))]


def test_transparency_becomes_white(tmp_path: Path) -> None:
    path = tmp_path / "image"
    halves("RGBA", (0, 0, 0, 0), (200, 30, 30, 255)).save(path, "PNG")
    assert colours(path) == [(255, 255, 255), (200, 30, 30)]
    gray_alpha(halves("L", 0, 100), 128).save(path, "PNG")
    assert colours(path) == [near((127,) * 3), near((177,) * 3)]
    palette = halves("P", 0, 1)
    palette.putpalette([9, 9, 9, 200, 30, 30])
    palette.save(path, "PNG", transparency=0)
    assert colours(path) == [(255, 255, 255), (200, 30, 30)]


def test_inks_become_colours(tmp_path: Path) -> None:
    path = tmp_path / "image"
    halves("CMYK", (0, 255, 255, 0), (0, 0, 0, 0)).save(path, "JPEG")
    red, white = colours(path)
    assert red[0] > 200 > 60 > max(red[1:])
    assert white == near((255, 255, 255))


def test_sixteen_bits_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "image"
    samples = np.full((80, 120), 0x4000, np.uint16)
    samples[:, 60:] = 0xC000
    Image.fromarray(samples).save(path, "PNG")
    assert colours(path) == [(0x40,) * 3, (0xC0,) * 3]


def test_a_colour_profile_is_applied_and_a_broken_one_ignored(tmp_path: Path) -> None:
    path = tmp_path / "image"
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    image = halves("RGB", (200, 30, 30), (30, 30, 200))
    image.save(path, "PNG", icc_profile=bytes(profile))
    assert colours(path) == [near((200, 30, 30)), near((30, 30, 200))]
    # Swap the red and the green primary.
    swapped = bytes(profile).replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ")
    image.save(path, "PNG", icc_profile=swapped.replace(b"tmp_", b"gXYZ"))
    left, _ = colours(path)
    assert left[1] > left[0] + 50
    image.save(path, "PNG", icc_profile=b"no profile at all")
    assert colours(path) == [near((200, 30, 30)), near((30, 30, 200))]


def test_a_photo_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    path = tmp_path / "image"
    orientation = Image.Exif()
    orientation[0x0112] = 6
    halves("RGB", (200, 30, 30), (30, 30, 200)).save(path, "JPEG", exif=orientation)
    image = open_image(path)
    assert image.size == (80, 120)
    assert image.getpixel((40, 20)) == near((200, 30, 30))


def test_the_first_frame_of_an_animation_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "image"
    frames = [halves("RGB", (200, 30, 30), (9, 9, 9)), halves("RGB", (30, 200, 30), (9, 9, 9))]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:])
    assert colours(path)[0] == near((200, 30, 30))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_image_is_made_smaller(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "image"
    halves("RGB", (200, 30, 30), (30, 30, 200), (4000, 1000)).save(path, kind)
    assert open_image(path).size == (SIDE_MAX, SIDE_MAX // 4)


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (Image.new("RGB", SIZE, (200, 30, 30)), "blank"),
        (Image.new("RGBA", SIZE, (0, 0, 0, 0)), "blank"),
        (halves("RGB", 0, (9, 99, 9), (59, 59)), "too small"),
        (halves("RGB", 0, (9, 99, 9), (1300, 100)), "too narrow"),
    ],
)
def test_decoration_is_not_a_figure(image: Image.Image, reason: str, tmp_path: Path) -> None:
    image.save(tmp_path / "image", "PNG")
    with pytest.raises(DocumentError, match=reason):
        open_image(tmp_path / "image")


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be large and has only the first of its pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def saved(kind: str) -> bytes:
    buffer = io.BytesIO()
    noise = random.Random(1).randbytes(120 * 80 * 3)
    Image.frombytes("RGB", SIZE, noise).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb(50_000, 50_000), "more than 60,000,000 pixels"),
        (bomb(2_000_000_000, 2_000_000_000), "pixels|damaged"),
        (bomb(7_000, 7_000), "damaged"),
        (b"", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "damaged"),
        (saved("PNG")[:2000], "damaged"),
        (saved("JPEG")[:2000], "damaged"),
        (saved("TIFF"), "damaged"),
    ],
)
def test_hostile_files_end_with_a_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(content)
    with pytest.raises(DocumentError, match=reason):
        open_image(tmp_path / "image")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "image"


@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_a_damaged_image_gives_an_image_or_a_reason(
    scratch: Path, kind: str, damage: list[tuple[int, int]]
) -> None:
    content = bytearray(saved(kind))
    for place, byte in damage:
        content[place % len(content)] = byte
    scratch.write_bytes(bytes(content))
    try:
        assert open_image(scratch).mode == "RGB"
    except DocumentError:
        return


def test_an_image_becomes_a_figure_in_a_process_of_its_own(tmp_path: Path) -> None:
    halves("RGB", (200, 30, 30), (30, 30, 200), (1000, 400)).save(tmp_path / "image", "PNG")
    (tmp_path / "bomb").write_bytes(bomb(50_000, 50_000))
    with PdfReader(time_limit_s=20) as reader:
        figure = reader.read_image(
            tmp_path / "image",
            tmp_path / "out",
            name="fig-3",
            label="Figure 7",
            caption="Two halves.",
            leads=False,
        )
        with pytest.raises(DocumentError, match="pixels"):
            reader.read_image(tmp_path / "bomb", tmp_path, name="fig-1", label="", caption="", leads=True)
    assert (figure.label, figure.caption, figure.page) == ("Figure 7", "Two halves.", 0)
    assert (figure.image, figure.width, figure.height) == ("fig-3.webp", 1000, 400)
    with Image.open(tmp_path / "out/fig-3.webp") as written:
        assert (written.format, written.size) == ("WEBP", (1000, 400))
