"""What lies where in a cache, and whether it was made on this machine, or brought here by somebody: a CI, a colleague, an attacker.

What is in a cache that was brought is used like our own. Links are not: one could lead to a file that is
nobody's to publish, or have us write to one.
"""

import json
import os
import re
from pathlib import Path

from mkdocs_paperdigest.files import UNFINISHED_NAME
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
FOLDERS = (*PARTS, "locks")
FILES = ("pages.json", "arxiv.lock", "arxiv.last", MARK, BIRTH)
"""What else is ours in the cache folder."""
IMAGE_NAME = re.compile(r"fig-[0-9]{1,4}(?:-small)?\.webp")
"""What files of figures are called: nothing else is published as one."""


def delete_brought_links(cache_dir: Path) -> None:
    """Deletes all links among what is ours in a cache that was not made here; we make none.

    The folder may be shared, such as `~/.cache`: links of other programs are left alone.

    The proof is the moment at which the file system saw the mark's last change (`st_ctime_ns`): whoever
    packs a cache cannot know when it will be unpacked, and no program can set that time.

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
    """Where the images of a paper lie, as one version of the reader has found them.

    Apart for each version: the next one may number them otherwise, and captions of one beside images of
    the other would be wrong.
    """
    return cache_dir / "figures" / paper.file_stem / str(reader)


def holds_images_only(folder: Path) -> bool:
    """Whether everything in a folder is named like images of ours, so that it may be deleted as a whole."""
    return not folder.is_symlink() and all(
        _OURS.fullmatch(path.name) and (path.is_symlink() or not path.is_dir())
        for path in folder.iterdir()
    )


def _delete_links(place: Path) -> None:
    if place.is_symlink():
        place.unlink(missing_ok=True)
    for folder, folders, files in os.walk(place):
        for path in (Path(folder, name) for name in (*folders, *files)):
            if path.is_symlink():
                path.unlink(missing_ok=True)


def _made_here(cache_dir: Path) -> bool:
    try:
        written = json.loads((cache_dir / BIRTH).read_bytes())
    except (OSError, ValueError):
        return False
    birth = _birth(cache_dir / MARK)
    return birth is not None and written == birth


def _birth(mark: Path) -> list[int] | None:
    """What no copy of the mark has in common with it; None where there is no mark."""
    try:
        status = mark.lstat()
    except OSError:
        return None
    return [status.st_ctime_ns, status.st_ino]


_OURS = re.compile(rf"{IMAGE_NAME.pattern}|{UNFINISHED_NAME.pattern}")
"""Names of images, and of those that a killed program has left unfinished."""
