"""Images that the last site has already are moved into the next one; MkDocs would delete and copy all of them.

MkDocs empties `site_dir` in each build, so the folder of images is moved out of the way before and moved back after,
as one: a folder for each paper that is made again costs more than all else that is done about its images. Two images
are the same if their size and time are, as for rsync: an image in the site has the modification time of the one in the
cache. Whatever fails, the image is copied.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from mkdocs.structure.files import File

from mkdocs_paperdigest.storage.layout import LAST_SITE


@dataclass(slots=True)
class LastImages:
    """The folder of images in the site, and where it waits while MkDocs empties the site."""

    shown: Path
    aside: Path
    unclaimed: set[str] = field(default_factory=set)
    """Images that are in the site again and that MkDocs has not asked for, by their paths."""
    since: int = 0
    """When the folder was moved back, in nanoseconds of its file system."""

    def show_again(self, images: Iterable["ImageFile"]) -> None:
        """Moves the folder back once the site is empty, without what is none of its images now.

        Arguments:
            images: All that the site shows. Each is still compared with the one in the cache, by `copy_file`.
        """
        wanted = {image.abs_dest_path: image for image in images}
        # Another build may have moved or deleted the folder, another plugin have made one in the site.
        with suppress(OSError):
            found = _drop_others(str(self.aside), str(self.shown), wanted)
            self.shown.parent.mkdir(parents=True, exist_ok=True)
            self.aside.rename(self.shown)
            os.utime(self.shown)
            self.since = self.shown.stat().st_ctime_ns
            self.unclaimed.update(found)
        for image in wanted.values():
            image.last = self

    def put_back(self) -> None:
        """After a build that failed, the next one finds them where it looks for them."""
        with suppress(OSError):
            self.shown.parent.mkdir(parents=True, exist_ok=True)
            self.aside.rename(self.shown)
        self._forget()

    def finish(self) -> None:
        """Deletes images that another plugin has kept from the site, but none that it has put there itself."""
        for path in self.unclaimed:
            with suppress(OSError):
                if os.lstat(path).st_ctime_ns < self.since:
                    os.unlink(path)  # noqa: PTH108
                    os.rmdir(os.path.dirname(path))  # noqa: PTH106, PTH120
        self._forget()

    def _forget(self) -> None:
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
    """An image that is copied into the site only if it is not there."""

    last: LastImages | None = None

    def copy_file(self, dirty: bool = False) -> None:
        """Copies the image to its place unless the last site's is there, or that of another language's build."""
        target = self.abs_dest_path
        if self.last is not None:
            self.last.unclaimed.discard(target)
        if self.abs_src_path is None:
            # A plugin has given it another content.
            super().copy_file(dirty)
            return
        wanted = os.stat(self.abs_src_path)  # noqa: PTH116 - thousands of images
        if not _is_copy(target, wanted):
            super().copy_file(dirty)
            with suppress(OSError):
                os.utime(target, ns=(wanted.st_atime_ns, wanted.st_mtime_ns))


def _drop_others(folder: str, place: str, wanted: Mapping[str, object]) -> list[str]:
    """Deletes all files of a folder but those that are wanted at another place, and folders that are empty then.

    Returns:
        The paths of the others at that place.
    """
    with os.scandir(folder) as listed:
        entries = list(listed)
    found: list[str] = []
    for entry in entries:
        path = f"{place}{os.sep}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if below := _drop_others(entry.path, path, wanted):
                found += below
            else:
                os.rmdir(entry.path)  # noqa: PTH106
        elif path in wanted:
            found.append(path)
        else:
            os.unlink(entry.path)  # noqa: PTH108
    return found


def _is_copy(path: str, wanted: os.stat_result) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    same = (found.st_size, found.st_mtime_ns) == (wanted.st_size, wanted.st_mtime_ns)
    return same and stat.S_ISREG(found.st_mode)
