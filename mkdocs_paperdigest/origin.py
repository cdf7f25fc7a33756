"""Whether a cache was made on this machine, or brought here by somebody: a CI, a colleague, an attacker.

What is in a cache that was brought is used like our own. Links are not: one could lead to a file that is
nobody's to publish, or have us write to one.
"""

import json
import os
from pathlib import Path

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
