"""Writes the pages of a site as plain files into a folder that any generator can build."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from mkdocs_paperdigest.encoding import decode
from mkdocs_paperdigest.files import UNFINISHED, UNFINISHED_NAME, is_inside, write_whole
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.assets import MARKDOWN_EXTENSIONS, SCRIPT, STYLE_SHEET, asset_files
from mkdocs_paperdigest.pages.export.commonmark import plain_commonmark
from mkdocs_paperdigest.pages.labels import load_language

MANIFEST = ".paperdigest-export.json"
"""Lists the files that an export wrote, so that the next export may delete them."""
_NOTE = """\
# To be merged into the mkdocs.yml of the other generator: add these items to the lists that it has.
# A site without `nav` needs none: all pages stand in its navigation by themselves.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export: numbers of files, and the files that it did not touch."""

    written: int
    unchanged: int
    deleted: int
    kept: tuple[str, ...]
    """Files not written by an export that are in the place of ours; they are left as they are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an export would do to a folder."""

    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    """Files that it would write again."""
    gone: tuple[str, ...]
    """Files that it would delete."""
    kept: tuple[str, ...]
    """As in `Exported`."""

    @property
    def current(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.missing or self.outdated or self.gone)


def export(files: Sequence[SiteFile], folder: Path, *, plain: bool = False, clean: bool = False) -> Exported:
    """Brings a folder up to date: writes new and changed files, deletes exported files that are no longer needed.

    Arguments:
        files: The site's generated files.
        folder: For example the `docs` folder of another generator; only exported files in it are changed.
        plain: Whether to write plain CommonMark pages, which need no Markdown extensions in the other generator.
        clean: Whether to delete all that earlier exports wrote before, also what killed ones left unfinished.

    Raises:
        OSError: A file cannot be written.
    """
    ours = _read_manifest(folder)
    if clean:
        _delete(folder, ours)
        for unfinished in folder.rglob(f"{UNFINISHED}*"):
            if UNFINISHED_NAME.fullmatch(unfinished.name) and unfinished.is_file():
                unfinished.unlink()
    sources = _sources(files, plain)
    kept = _kept(sources, folder, ours)
    mine = set(sources) - set(kept)
    # Before the files, so that after an export was killed, the next one knows them as exported.
    _write_manifest(folder, ours | mine)
    written = sum(write_whole(folder / uri, sources[uri]()) for uri in mine)
    gone = ours - mine
    if not clean:
        _delete(folder, gone)
    _write_manifest(folder, mine)
    return Exported(written, len(mine) - written, len(gone), kept)


def compare(files: Sequence[SiteFile], folder: Path, *, plain: bool = False) -> Difference:
    """What `export` with the same arguments would do; changes nothing.

    Raises:
        OSError: A file cannot be read.
    """
    ours = _read_manifest(folder)
    sources = _sources(files, plain)
    # Where no export has been, the files of a clone that leaves out the manifest are compared all the same.
    kept = _kept(sources, folder, ours) if ours else ()
    mine = sorted(set(sources) - set(kept))
    missing = tuple(uri for uri in mine if not (folder / uri).is_file())
    outdated = tuple(
        uri for uri in mine if uri not in missing and (folder / uri).read_bytes() != sources[uri]()
    )
    gone = tuple(uri for uri in sorted(ours - set(mine)) if (folder / uri).exists())
    return Difference(missing, outdated, gone, kept)


def _sources(files: Sequence[SiteFile], plain: bool) -> dict[str, Callable[[], bytes]]:
    return {file.uri: partial(_content, file, plain) for file in (*files, *asset_files())}


def _kept(sources: Mapping[str, Callable[[], bytes]], folder: Path, ours: set[str]) -> tuple[str, ...]:
    """The files of other people in the place of ours; one with the same bytes is as good as ours."""
    others = (uri for uri in sources if uri not in ours and (folder / uri).exists())
    return tuple(uri for uri in others if not _holds(folder / uri, sources[uri]()))


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _delete(folder: Path, uris: Iterable[str]) -> None:
    """Deletes exported files, and the folders that are empty without them."""
    for uri in uris:
        (folder / uri).unlink(missing_ok=True)
        with suppress(OSError):  # a folder is not empty, or gone
            for parent in (folder / uri).parents:
                if parent == folder:
                    break
                parent.rmdir()


def snippet(options: Options, *, plain: bool = False) -> str:
    """What the mkdocs.yml of the other generator needs besides its own; no extensions for plain pages."""
    digests = options.digest_dir
    title = load_language(options.language).label("index.title")
    topics = [{topic.title: f"{digests}/{topic.slug}/index.md"} for topic in options.topics]
    wanted: dict[str, object] = {
        "nav": [{title: [f"{digests}/index.md", *topics]}],
        "extra_css": [STYLE_SHEET],
        "extra_javascript": [SCRIPT],
    }
    if not plain:
        wanted["markdown_extensions"] = [*MARKDOWN_EXTENSIONS, {"pymdownx.arithmatex": {"generic": True}}]
    return _NOTE + yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False)


_GLIGHTBOX = r"(?<=\.)glightbox(?=[^{}\n]*\})|(?<=[\"' ])glightbox(?=[^<>\"]*\"[^<>]*>)"
"""The class in an attribute list and in HTML, ours or of a template of the user's."""


def _content(file: SiteFile, plain: bool) -> bytes:
    content = file.path.read_bytes()
    if not file.uri.endswith(".md"):
        return content
    # Zensical loads GLightbox from unpkg.com for this class. Texts of others have no dots and quotes of their own.
    text = re.sub(_GLIGHTBOX, "pd-zoom", content.decode())
    return (plain_commonmark(text) if plain else text).encode()


def _read_manifest(folder: Path) -> set[str]:
    try:
        names = decode((folder / MANIFEST).read_bytes(), set[str])
    except (OSError, ValueError):
        return set()
    # The manifest may have been edited, and must not cause deletions outside the folder.
    return {name for name in names if is_inside(name)}


def _write_manifest(folder: Path, uris: set[str]) -> None:
    write_whole(folder / MANIFEST, json.dumps(sorted(uris), indent=0, ensure_ascii=False).encode())
