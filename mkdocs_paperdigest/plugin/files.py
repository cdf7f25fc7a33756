"""Adds generated files to those of the site."""

import logging
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


def add_file(file: SiteFile, files: Files, config: "MkDocsConfig") -> File | None:
    """Adds a generated file to the site, and returns it, unless the user has a file there.

    Arguments:
        file: What to add.
        files: All files of the site.
        config: The site's.
    """
    folder, _, name = file.uri.rpartition("/")
    # MkDocs looks for this conflict among the user's own files only.
    names = (file.uri, f"{folder}/README.md") if name == "index.md" else (file.uri,)
    if any(name.lstrip("/") in files.src_uris for name in names):
        log.info("%s: the site has its own page there; it is kept", file.uri)
        return None
    level = _inclusion(file, config) if name.endswith(".md") else InclusionLevel.UNDEFINED
    kind = ImageFile if name.endswith(".webp") else File
    added = kind.generated(config, file.uri, abs_src_path=str(file.path), inclusion=level)
    files.append(added)
    return added


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
