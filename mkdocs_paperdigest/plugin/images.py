"""Images that the last site has already are moved into the next one; MkDocs would delete and copy all of them.

MkDocs empties `site_dir` in each build, so the folder of images is moved out of the way before and moved back after,
as one: a folder for each paper that is made again costs more than all else that is done about its images. Two images
are the same if their size and time are, as for rsync: an image in the site has the modification time of the one in the
cache. Whatever fails, the image is copied.
"""

import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.storage.layout import LAST_SITE

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


@dataclass(slots=True)
class LastImages:
    """The folder of images in the site, and where it waits while MkDocs empties the site."""

    site_dir: Path
    uri: str
    """The folder's path in the site."""
    aside: Path
    unclaimed: set[str] = field(default_factory=set)
    """Images that are in the site again and that MkDocs has not asked for, by their paths in the site."""
    since: int = 0
    """When the folder was moved back, in nanoseconds of its file system."""

    def show_again(self, images: Iterable["ImageFile"]) -> None:
        """Moves the folder back once the site is empty, without what is none of its images now.

        Arguments:
            images: All that the site shows. Each is still compared with the one in the cache, by `copy_file`.
        """
        # Other plugins may still name another path: MkDocs makes some of a file's attributes only once.
        wanted = {image.src_uri: image for image in images}
        # Another build may have moved or deleted the folder, another plugin have made one in the site.
        with suppress(OSError):
            found = _drop_others(str(self.aside), self.uri, wanted)
            shown = self._move_back()
            os.utime(shown)
            self.since = shown.stat().st_ctime_ns
            self.unclaimed.update(found)
        for image in wanted.values():
            image.last = self

    def put_back(self) -> None:
        """After a build that failed, the next one finds them where it looks for them."""
        with suppress(OSError):
            self._move_back()
        self._forget()

    def finish(self) -> None:
        """Deletes images that another plugin has kept from the site, but none that it has put there itself."""
        for uri in self.unclaimed:
            path = self.site_dir / uri
            with suppress(OSError):
                if path.lstat().st_ctime_ns < self.since:
                    path.unlink()
                    path.parent.rmdir()
        self._forget()

    def _move_back(self) -> Path:
        shown = self.site_dir / self.uri
        shown.parent.mkdir(parents=True, exist_ok=True)
        return self.aside.rename(shown)

    def _forget(self) -> None:
        shutil.rmtree(self.aside, ignore_errors=True)


def set_aside(uri: str, site_dir: Path, cache_dir: Path) -> LastImages | None:
    """Moves the last site's images out of the way before MkDocs empties the folder.

    Arguments:
        uri: Their folder in the site.
        site_dir: The site's folder. MkDocs leaves hidden entries in it, but people publish it: it is used only where
            the cache lies on another file system.
        cache_dir: The plugin's cache folder.

    Returns:
        Where they are; None where there are none, or where they cannot be moved.
    """
    name = blake2b(os.fsencode(site_dir), digest_size=8).hexdigest()
    places = (cache_dir / LAST_SITE / name, site_dir / f".paperdigest-{LAST_SITE}")
    shown = site_dir / uri
    if not shown.is_dir():
        # A build that was killed has left them behind.
        return next((LastImages(site_dir, uri, place) for place in places if place.is_dir()), None)
    for place in places:
        shutil.rmtree(place, ignore_errors=True)
    if shown.resolve() != site_dir.resolve() / uri:
        # MkDocs does not empty what a link leads to.
        return None
    for place in places:
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            shown.rename(place)
            return LastImages(site_dir, uri, place)
    return None


class ImageFile(File):
    """An image that is copied into the site only if it is not there."""

    last: LastImages | None = None

    def is_documentation_page(self) -> bool:
        """False; MkDocs asks this of each file a dozen times in a build."""
        return False

    @classmethod
    def all_of(cls, images: Iterable[SiteFile], config: "MkDocsConfig") -> Iterator["ImageFile"]:
        """Each image as `File.generated` makes it, which takes several times as long for one of thousands."""
        pattern = vars(cls.generated(config, "image.webp", abs_src_path="image.webp"))
        for image in images:
            made = cls.__new__(cls)
            vars(made).update(pattern, src_uri=image.uri, abs_src_path=str(image.path))
            yield made

    def copy_file(self, dirty: bool = False) -> None:
        """Copies the image to its place unless the last site's is there, or that of another language's build."""
        if self.last is not None:
            self.last.unclaimed.discard(self.dest_uri)
        if self.abs_src_path is None:
            # A plugin has given it another content.
            super().copy_file(dirty)
            return
        target, wanted = self.abs_dest_path, os.stat(self.abs_src_path)  # noqa: PTH116 - thousands of images
        if not _is_copy(target, wanted):
            # Not `dirty`: MkDocs would leave an image that is newer than ours, and it would bear the time of ours.
            super().copy_file()
            with suppress(OSError):
                os.utime(target, ns=(wanted.st_atime_ns, wanted.st_mtime_ns))


def _drop_others(folder: str, uri: str, wanted: Collection[str]) -> list[str]:
    """Deletes all files of a folder but those that are wanted, and folders that are empty then.

    Arguments:
        folder: The folder.
        uri: What its path in the site was.
        wanted: Paths in the site.

    Returns:
        The paths of those that are still there.
    """
    with os.scandir(folder) as listed:
        entries = list(listed)
    found: list[str] = []
    for entry in entries:
        path = f"{uri}/{entry.name}"
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
