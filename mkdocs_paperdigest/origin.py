"""Whether a cache was made on this machine, or brought here by somebody: a CI, a colleague, an attacker.

What is in a cache that was brought is used like our own. Links are not: one could lead to a file that is
nobody's to publish, or have us write to one.
"""

import json
import os
from pathlib import Path

MARK, BIRTH = "made-here", "made-here.json"


def delete_brought_links(cache_dir: Path) -> None:
    """Deletes all links in a cache that was not made here; we make none.

    The proof is the moment at which the file system saw the mark's last change (`st_ctime_ns`): whoever
    packs a cache cannot know when it will be unpacked, and no program can set that time.

    Raises:
        OSError: They cannot be deleted.
    """
    if _made_here(cache_dir):
        return
    cache_dir.mkdir(parents=True, exist_ok=True)
    for folder, folders, files in os.walk(cache_dir):
        for path in (Path(folder, name) for name in (*folders, *files)):
            if path.is_symlink():
                path.unlink(missing_ok=True)
    (cache_dir / MARK).write_bytes(b"")
    (cache_dir / BIRTH).write_text(json.dumps(_birth(cache_dir / MARK)), "utf-8")


def _made_here(cache_dir: Path) -> bool:
    try:
        written = json.loads((cache_dir / BIRTH).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(written == _birth(cache_dir / MARK) != [0])


def _birth(mark: Path) -> list[int]:
    try:
        status = mark.lstat()
    except OSError:
        return [0]
    return [status.st_ctime_ns, status.st_ino]
