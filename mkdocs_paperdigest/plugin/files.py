"""Adds generated files to those of the site."""

import codecs
import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files, InclusionLevel

from mkdocs_paperdigest.markdown import shows_papers
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.plugin.images import ImageFile

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


class PageFile(File):
    """A page that this plugin has written into its cache."""

    @File.content_string.getter  # type: ignore[attr-defined, untyped-decorator]
    def content_string(self) -> str:
        """The page, decoded as a whole where it is plain UTF-8: MkDocs does it bit by bit."""
        content = self.content_bytes
        if b"\r" in content or content.startswith(codecs.BOM_UTF8):
            return super().content_string
        return content.decode()


def add_files(made: Iterable[SiteFile], files: Files, config: "MkDocsConfig") -> list[ImageFile]:
    """Adds generated files to the site, except where the user has a file.

    Arguments:
        made: What to add.
        files: All files of the site.
        config: The site's.

    Returns:
        The images among the files that were added.
    """
    free = [file for file in made if _is_free(file, files)]
    images = list(ImageFile.all_of((file for file in free if file.uri.endswith(".webp")), config))
    for file in free:
        if file.uri.endswith(".md"):
            level = _inclusion(file, config)
            files.append(PageFile.generated(config, file.uri, abs_src_path=str(file.path), inclusion=level))
        elif not file.uri.endswith(".webp"):
            files.append(File.generated(config, file.uri, abs_src_path=str(file.path)))
    for image in images:
        files.append(image)
    return images


def _is_free(file: SiteFile, files: Files) -> bool:
    folder, _, name = file.uri.rpartition("/")
    # MkDocs looks for this conflict among the user's own files only.
    names = (file.uri, f"{folder}/README.md".lstrip("/")) if name == "index.md" else (file.uri,)
    if any(name in files.src_uris for name in names):
        log.info("%s: the site has its own page there; it is kept", file.uri)
        return False
    return True


def renew_pages_with_papers(files: Files, papers: Path) -> None:
    """Has `--dirty` build pages again that show papers, where these have changed since.

    Arguments:
        files: All files of the site.
        papers: The site's `papers.json`.
    """
    for file in files.documentation_pages():
        if not file.is_modified() and _is_newer(papers, Path(file.abs_dest_path)):
            with suppress(OSError, ValueError):  # MkDocs says so
                if shows_papers(file.content_string):
                    file.is_modified = lambda: True  # type: ignore[method-assign]


def _is_newer(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_mtime_ns > other.stat().st_mtime_ns
    return False


def _inclusion(file: SiteFile, config: "MkDocsConfig") -> InclusionLevel:
    # With a `nav`, pages that it does not name would be reported one by one. What the user excludes
    # stays undefined, so that MkDocs excludes it and forgives links to it.
    patterns = (config.exclude_docs, config.draft_docs)
    unwanted = any(pattern and pattern.match_file(file.uri) for pattern in patterns)
    if not unwanted and (config.nav is not None or not file.in_nav):
        return InclusionLevel.NOT_IN_NAV
    return InclusionLevel.UNDEFINED
