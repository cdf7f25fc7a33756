"""What lies where in a cache, and whether the cache was made on this machine or brought from another.

A cache that CI, a colleague or an attacker brought is used like our own, except for its links: a link could
lead to a file that must not be published, or redirect what we write.
"""

import json
import os
import re
from pathlib import Path

from mkdocs_paperdigest.files import UNFINISHED_NAME, read_bounded
from mkdocs_paperdigest.models import Paper

MARK, BIRTH = "made-here", "made-here.json"
PARTS = {
    "store": "lists, texts and summaries",
    "papers": "PDF and HTML files of papers",
    "figures": "images",
    "pages": "Markdown of the pages",
    "rendered": "HTML of the pages",
}
"""Folders in the cache folder, and what is in them."""
LAST_SITE = "last-site"
"""Folder of a site's images while the next one is built."""
FOLDERS = (*PARTS, "locks", LAST_SITE)
FILES = ("pages.json", "papers-read", "arxiv.lock", "arxiv.last", MARK, BIRTH)
"""Other files of ours in the cache folder."""
IMAGE_NAME = re.compile(r"(?:fig|table)-[0-9]{1,4}(?:-small|-cover)?\.webp")
"""Names of the files of figures and tables: no other file is published as a figure."""


def delete_brought_links(cache_dir: Path) -> None:
    """Deletes all links, pipes and devices among our files in a cache that was not made here; we make none.

    The folder may be shared, such as `~/.cache`: links of other programs are left alone.

    The proof is the time of the mark's last change in the file system (`st_ctime_ns`): no program can set it,
    and a packed cache cannot contain the time at which it will be unpacked.

    Raises:
        OSError: They cannot be deleted.
    """
    if _made_here(cache_dir):
        return
    cache_dir.mkdir(parents=True, exist_ok=True)
    ours = [cache_dir / name for name in (*FOLDERS, *FILES)]
    for path in (*ours, *cache_dir.glob("store-broken-*")):
        _delete_links(path)
    (cache_dir / MARK).write_bytes(b"")
    (cache_dir / BIRTH).write_text(json.dumps(_birth(cache_dir / MARK)), "utf-8")


def images_folder(cache_dir: Path, paper: Paper, reader: int) -> Path:
    """Folder of a paper's images as one version of the reader has found them.

    Each version has its own folder: another version may number figures differently, and its captions would stand
    beside the wrong images.
    """
    return cache_dir.joinpath("figures", paper.file_stem, str(reader))


def holds_images_only(folder: Path) -> bool:
    """Whether every file in a folder is named like our images, so that the folder may be deleted as a whole."""
    return not folder.is_symlink() and all(
        _OURS.fullmatch(path.name) and (path.is_symlink() or not path.is_dir()) for path in folder.iterdir()
    )


def _delete_links(place: Path) -> None:
    inside = (Path(folder, name) for folder, folders, files in os.walk(place) for name in (*folders, *files))
    for path in (place, *inside):
        # Opening a pipe would wait for ever.
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            path.unlink(missing_ok=True)


def _made_here(cache_dir: Path) -> bool:
    try:
        written = json.loads(read_bounded(cache_dir / BIRTH, _MOST_BYTES_OF_BIRTH))
    except (OSError, ValueError):
        return False
    birth = _birth(cache_dir / MARK)
    return birth is not None and written == birth


def _birth(mark: Path) -> list[int] | None:
    """What identifies the mark and no copy of it; None where there is no mark."""
    try:
        status = mark.lstat()
    except OSError:
        return None
    return [status.st_ctime_ns, status.st_ino]


_MOST_BYTES_OF_BIRTH = 1000
_OURS = re.compile(rf"{IMAGE_NAME.pattern}|{UNFINISHED_NAME.pattern}")
"""Names of images, and of those that a killed program has left unfinished."""
