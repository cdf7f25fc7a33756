"""Reading files within bounds, writing them whole or not at all, checking names and images, versions of packages."""

import logging
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PureWindowsPath

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


def read_bounded(path: Path, most_bytes: int, *, follow_link: bool = False) -> bytes:
    """The content of a file that people give: a record, a library, an image.

    Who can add a file to a repository could add a link to any file of the machine, or to one without end.

    Arguments:
        path: The file.
        most_bytes: What it may have; no more is read.
        follow_link: Whether it may be a link.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is a link, a folder, a pipe or a device, it is too large, or it cannot be read.
    """
    try:
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind):
            if not follow_link:
                raise ValueError("is a link; put the file itself there")
            kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            raise ValueError("is not a file")
        # Another program may put a link or a pipe there meanwhile.
        flags = os.O_RDONLY | (0 if follow_link else _NO_LINK) | _NO_WAIT
        with open(path, "rb", opener=lambda name, given: os.open(name, given | flags)) as file:
            content = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(content) > most_bytes:
        raise ValueError(f"has more than {_size(most_bytes)}")
    return content


def _size(count: int) -> str:
    """A number of bytes as people write it."""
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count:,} bytes"


_NO_LINK, _NO_WAIT = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_NONBLOCK", 0)
"""Windows has neither."""

MOST_IMAGE_BYTES = 4 << 20
"""Of a figure; what is cut from a PDF has 250,000 at most."""


def is_webp(image: bytes) -> bool:
    """Whether a file is a still WebP image from its first byte to its last, with at most 60,000,000 pixels.

    Its pixels are not decoded, but nothing else can stand in the file: every byte belongs to a chunk that the format
    knows (https://developers.google.com/speed/webp/docs/riff_container).
    """
    size = len(image)
    if size % 2 or (image[:4], image[8:12]) != (b"RIFF", b"WEBP") or _number(image[4:8]) != size - 8:
        return False
    place, pixels = 12, 0
    while place < size:
        kind, length = image[place : place + 4], _number(image[place + 4 : place + 8])
        chunk = image[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
        if kind not in _CHUNKS or len(chunk) != length or place > size:
            return False
        if kind == b"VP8 " and chunk[3:6] == b"\x9d\x01\x2a":
            pixels = (_number(chunk[6:8]) & 0x3FFF) * (_number(chunk[8:10]) & 0x3FFF)
        elif kind == b"VP8L" and chunk[:1] == b"\x2f":
            sides = _number(chunk[1:5])
            pixels = ((sides & 0x3FFF) + 1) * ((sides >> 14 & 0x3FFF) + 1)
    return 0 < pixels <= _MOST_PIXELS


def _number(image: bytes) -> int:
    return int.from_bytes(image, "little")


_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"EXIF", b"XMP "})
_MOST_PIXELS = 60_000_000


def write_whole(path: Path, content: bytes) -> bool:
    """Writes a file completely or not at all; a file that already has this content is left as it is.

    Returns:
        Whether the file was written.

    Raises:
        OSError: The file cannot be written; its previous content is untouched.
    """
    with suppress(OSError):
        # A pipe or a device has no size, and could be read without end.
        if path.stat().st_size == len(content) > 0 and path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp's 0600 would follow a page into the site, where the web server could not read it.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def write_if_possible(path: Path, content: bytes) -> None:
    """Writes a file that only saves time in later builds; if that fails, the build goes on without it."""
    try:
        write_whole(path, content)
    except OSError as error:
        log.debug("%s: not kept for later builds: %s", path, error)


def is_inside(name: str) -> bool:
    """Whether a name read from a file stays below the folder that it is relative to, on every system."""
    # Windows has every way to leave a folder that other systems have, and more.
    path = PureWindowsPath(name)
    usable = bool(path.parts) and "\\" not in name and "\0" not in name
    return usable and not path.anchor and ".." not in path.parts


def installed_versions(names: Iterable[str]) -> dict[str, str]:
    """The versions of packages, by name; packages that are not installed are left out."""
    found = {}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


UNFINISHED = ".new-"
"""Prefix of files being written; a killed program may leave one behind."""
UNFINISHED_NAME = re.compile(rf"{re.escape(UNFINISHED)}[a-z0-9_]{{8}}")
"""Their names as `tempfile` makes them; other files with the same prefix are not ours."""
