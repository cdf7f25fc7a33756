"""Images that the last site has already are moved into the next one; MkDocs would delete and copy all of them.

MkDocs empties `site_dir` in each build, so the folder of images is moved out of the way before and each image moved
back when its turn comes. Two images are the same if their size and time are, as for rsync: an image in the site has the
modification time of the one in the cache. Whatever fails, the image is copied.
"""

import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from mkdocs.structure.files import File

from mkdocs_paperdigest.storage.layout import LAST_SITE


@dataclass(frozen=True, slots=True)
class LastImages:
    """The folder of images in the site, and where it waits while the site is made."""

    shown: Path
    aside: Path

    def put_back(self) -> None:
        """After a build that failed, the next one finds them where it looks for them."""
        with suppress(OSError):
            self.shown.parent.mkdir(parents=True, exist_ok=True)
            self.aside.rename(self.shown)
        self.forget()

    def forget(self) -> None:
        """Deletes those that the new site does not show."""
        shutil.rmtree(self.aside, ignore_errors=True)


def set_aside(shown: Path, site_dir: Path, cache_dir: Path) -> LastImages | None:
    """Moves the last site's images out of the way before MkDocs empties the folder.

    Arguments:
        shown: Their folder in the site.
        site_dir: The site's folder. MkDocs leaves hidden entries in it, but people publish it: it is used only where
            the cache lies on another file system.
        cache_dir: The plugin's cache folder.

    Returns:
        Where they are; None where there are none, or where they cannot be moved.
    """
    name = blake2b(os.fsencode(site_dir), digest_size=8).hexdigest()
    places = (cache_dir / LAST_SITE / name, site_dir / f".paperdigest-{LAST_SITE}")
    if not shown.is_dir():
        # A build that was killed has left them behind.
        return next((LastImages(shown, place) for place in places if place.is_dir()), None)
    for place in places:
        shutil.rmtree(place, ignore_errors=True)
    if shown.resolve() != site_dir.resolve() / shown.relative_to(site_dir):
        # MkDocs does not empty what a link leads to.
        return None
    for place in places:
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            shown.rename(place)
            return LastImages(shown, place)
    return None


class ImageFile(File):
    """An image that is copied into the site only if the last site did not have it."""

    last: LastImages | None = None

    def copy_file(self, dirty: bool = False) -> None:
        """Moves or copies the image to its place."""
        if self.abs_src_path is None:
            # A plugin has given it another content.
            super().copy_file(dirty)
            return
        target, wanted = self.abs_dest_path, os.stat(self.abs_src_path)  # noqa: PTH116 - thousands of images
        # Some plugins build the site once for each language.
        if _is_copy(target, wanted) or self._move(target, wanted):
            return
        super().copy_file(dirty)
        with suppress(OSError):
            os.utime(target, ns=(wanted.st_atime_ns, wanted.st_mtime_ns))

    def _move(self, target: str, wanted: os.stat_result) -> bool:
        if self.last is None:
            return False
        source = f"{self.last.aside}{target.removeprefix(str(self.last.shown))}"
        if not _is_copy(source, wanted):
            return False
        # Another build may have taken it meanwhile.
        with suppress(OSError):
            try:
                os.replace(source, target)  # noqa: PTH105
            except FileNotFoundError:
                # The first one of its folder: asking each time would cost more than moving.
                os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
                os.replace(source, target)  # noqa: PTH105
            return True
        return False


def _is_copy(path: str, wanted: os.stat_result) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    same = (found.st_size, found.st_mtime_ns) == (wanted.st_size, wanted.st_mtime_ns)
    return same and stat.S_ISREG(found.st_mode)
