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
from mkdocs_paperdigest.pages.assets import (
    MARKDOWN_EXTENSIONS,
    SCRIPT,
    STYLE_SHEET,
    asset_files,
)
from mkdocs_paperdigest.pages.export.commonmark import plain_commonmark
from mkdocs_paperdigest.pages.labels import load_language

MANIFEST = ".paperdigest-export.json"
"""Names what an export wrote, so that the next one may delete it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did."""

    written: int
    unchanged: int
    deleted: int
    kept: tuple[str, ...]
    """Files that somebody else wrote at the place of ours, which stay."""


def export(
    files: Sequence[SiteFile], folder: Path, options: Options, *, plain: bool = False
) -> Exported:
    """Brings the folder up to date: new and changed files are written, those of ours that are gone deleted.

    Arguments:
        files: The site's generated files.
        folder: Such as the `docs` of another generator; files of others in it are left alone.
        options: The options, for `nav.yml`.
        plain: Whether pages are to be CommonMark, without the Markdown extensions in `nav.yml`.

    Raises:
        OSError: Something cannot be written.
    """
    ours = _read_manifest(folder)
    nav = f"{options.digest_dir}/nav.yml"
    sources: dict[str, Callable[[], bytes]] = {
        file.uri: partial(_content, file, plain) for file in (*files, *asset_files())
    }
    sources[nav] = snippet(options, plain=plain).encode
    kept = tuple(uri for uri in sources if uri not in ours and (folder / uri).exists())
    mine = set(sources) - set(kept)
    # Before the files, so that an export that is killed knows them as its own.
    _write_manifest(folder, ours | mine)
    written = sum(write_whole(folder / uri, sources[uri]()) for uri in mine)
    gone = ours - mine
    for uri in gone:
        (folder / uri).unlink(missing_ok=True)
        with suppress(OSError):  # not empty, which is well
            (folder / uri).parent.rmdir()
    _write_manifest(folder, mine)
    return Exported(written, len(mine) - written, len(gone), kept)


def snippet(options: Options, *, plain: bool = False) -> str:
    """What the configuration of the other generator needs, as a piece of a mkdocs.yml.

    Plain pages need no Markdown extensions.
    """
    digests = options.digest_dir
    title = load_language(options.language).label("index.title")
    topics = [{topic.title: f"{digests}/{topic.slug}/index.md"} for topic in options.topics]
    wanted: dict[str, object] = {
        "nav": [{title: [f"{digests}/index.md", *topics]}],
        "extra_css": [STYLE_SHEET],
        "extra_javascript": [SCRIPT],
    }
    if not plain:
        wanted["markdown_extensions"] = [
            *MARKDOWN_EXTENSIONS,
            {"pymdownx.arithmatex": {"generic": True}},
        ]
    return yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False)


def _content(file: SiteFile, plain: bool) -> bytes:
    content = file.path.read_bytes()
    if plain and file.uri.endswith(".md"):
        return plain_commonmark(content.decode()).encode()
    return content


def _read_manifest(folder: Path) -> set[str]:
    try:
        names = TypeAdapter(set[str]).validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    # It may have been edited: nothing outside the folder is ever deleted for it.
    return {name for name in names if is_inside(name)}


def _write_manifest(folder: Path, uris: set[str]) -> None:
    write_whole(folder / MANIFEST, json.dumps(sorted(uris), indent=0, ensure_ascii=False).encode())
