"""Writes the pages of a site as plain files into a folder that any generator can build."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from mkdocs_paperdigest.files import is_inside, write_whole
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.assets import MARKDOWN_EXTENSIONS, SCRIPT, STYLE_SHEET, asset_files
from mkdocs_paperdigest.pages.export.commonmark import plain_commonmark
from mkdocs_paperdigest.pages.labels import load_language

MANIFEST = ".paperdigest-export.json"
"""Lists the files that an export wrote, so that the next export may delete them."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export: numbers of files, and the files that it did not touch."""

    written: int
    unchanged: int
    deleted: int
    kept: tuple[str, ...]
    """Files not written by an export that are in the place of ours; they are left as they are."""


def export(files: Sequence[SiteFile], folder: Path, options: Options, *, plain: bool = False) -> Exported:
    """Brings a folder up to date: writes new and changed files, deletes exported files that are no longer needed.

    Arguments:
        files: The site's generated files.
        folder: For example the `docs` folder of another generator; only exported files in it are changed.
        options: The site's options, for `nav.yml`.
        plain: Whether to write plain CommonMark pages, which need no Markdown extensions in `nav.yml`.

    Raises:
        OSError: A file cannot be written.
    """
    ours = _read_manifest(folder)
    nav = f"{options.digest_dir}/nav.yml"
    sources: dict[str, Callable[[], bytes]] = {
        file.uri: partial(_content, file, plain) for file in (*files, *asset_files())
    }
    sources[nav] = snippet(options, plain=plain).encode
    kept = tuple(uri for uri in sources if uri not in ours and (folder / uri).exists())
    mine = set(sources) - set(kept)
    # Before the files, so that after an export was killed, the next one knows them as exported.
    _write_manifest(folder, ours | mine)
    written = sum(write_whole(folder / uri, sources[uri]()) for uri in mine)
    gone = ours - mine
    for uri in gone:
        (folder / uri).unlink(missing_ok=True)
        with suppress(OSError):  # the folder is not empty
            (folder / uri).parent.rmdir()
    _write_manifest(folder, mine)
    return Exported(written, len(mine) - written, len(gone), kept)


def snippet(options: Options, *, plain: bool = False) -> str:
    """The part of a mkdocs.yml that the other generator needs; without extensions for plain pages."""
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
    return yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False)


def _content(file: SiteFile, plain: bool) -> bytes:
    content = file.path.read_bytes()
    if not file.uri.endswith(".md"):
        return content
    # Zensical loads GLightbox from unpkg.com for this class. Texts of others have no braces of their own.
    text = content.decode().replace("{ .glightbox ", "{ .pd-zoom ")
    return (plain_commonmark(text) if plain else text).encode()


def _read_manifest(folder: Path) -> set[str]:
    try:
        names = TypeAdapter(set[str]).validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    # The manifest may have been edited, and must not cause deletions outside the folder.
    return {name for name in names if is_inside(name)}


def _write_manifest(folder: Path, uris: set[str]) -> None:
    write_whole(folder / MANIFEST, json.dumps(sorted(uris), indent=0, ensure_ascii=False).encode())
