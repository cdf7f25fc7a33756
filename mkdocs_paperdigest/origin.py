"""Whether a cache was made on this machine, or brought here by somebody: a CI, a colleague, an attacker.

Lists, texts and summaries of a cache are data wherever they come from. Pages are not: MkDocs takes their
Markdown, and the HTML that was kept of it, as they are. Those of a cache that was brought are made anew,
which costs neither model nor network.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

PAGES = ("pages", "pages.json", "rendered")
"""What goes into a site as it stands in the cache."""
MARK, BIRTH = "made-here", "made-here.json"


def distrust_if_brought(cache_dir: Path) -> None:
    """Deletes the pages and all links of a cache that was not made here.

    The proof is the moment at which the file system saw the mark's last change (`st_ctime_ns`): whoever
    packs a cache cannot know when it will be unpacked, and no program can set that time.

    Raises:
        OSError: They cannot be deleted.
    """
    if _made_here(cache_dir):
        return
    from filelock import FileLock, Timeout

    cache_dir.mkdir(parents=True, exist_ok=True)
    # Before the lock, which opens a file; a second build must not delete what the first makes.
    _delete_links(cache_dir)
    lock = FileLock(cache_dir / "made-here.lock", timeout=60)
    with suppress(Timeout, NotImplementedError):
        lock.acquire()
    try:
        if not _made_here(cache_dir):
            for name in PAGES:
                _delete(cache_dir / name)
            _sign(cache_dir)
    finally:
        lock.release()


def _made_here(cache_dir: Path) -> bool:
    try:
        written = json.loads((cache_dir / BIRTH).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(written == _birth(cache_dir / MARK) != [0])


def _sign(cache_dir: Path) -> None:
    (cache_dir / MARK).write_bytes(b"")
    (cache_dir / BIRTH).write_text(json.dumps(_birth(cache_dir / MARK)), "utf-8")


def _birth(mark: Path) -> list[int]:
    try:
        status = mark.lstat()
    except OSError:
        return [0]
    return [status.st_ctime_ns, status.st_ino]


def _delete_links(cache_dir: Path) -> None:
    """A link could lead to a file that is nobody's to publish, or have us write to one."""
    for folder, folders, files in os.walk(cache_dir):
        for path in (Path(folder, name) for name in (*folders, *files)):
            if path.is_symlink():
                path.unlink(missing_ok=True)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
