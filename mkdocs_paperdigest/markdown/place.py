"""The page that Markdown is converting: where its links lead, and which line of its file a text stands on."""

import posixpath
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown


@dataclass(frozen=True, slots=True)
class Place:
    """A page, as far as the site generator lets an extension know it."""

    uri: str | None
    """Its source below the folder of all pages; None where that is not known."""
    resolve: Callable[[str], str]
    """Turns a link to a source, as people write it in Markdown, into the address in the page."""
    read: Callable[[], str]
    """The text of its file, empty where it cannot be read."""
    root: Path
    """Folder that relative paths of the configuration start from."""
    docs: Path
    """Folder of all pages."""

    def link(self, uri: str) -> str:
        """A link to a file of the site, as one would write it on this page; `uri` is the file's source."""
        return posixpath.relpath(uri, posixpath.dirname(self.uri) or ".") if self.uri else uri


def place_of(md: Markdown) -> Place:
    """The page that a site generator has given to this object; without one, a page that knows nothing of itself."""
    # Where MkDocs resolves and checks links: in its own pages, in Material's excerpts, in ProperDocs.
    links = registered(md.treeprocessors, "relpath")
    file, config = getattr(links, "file", None), getattr(links, "config", None)
    if file is not None and config is not None:
        docs = Path(config["docs_dir"])
        return Place(
            file.src_uri, links.path_to_url, _reader(lambda: str(file.content_string)), docs.parent, docs
        )
    # Zensical resolves links after Markdown.
    context = registered(md.preprocessors, "rendering_context")
    page, config = getattr(context, "page", None), getattr(context, "config", None)
    if page is not None and config is not None:
        root = Path(config["root_dir"])
        docs = root / config["docs_dir"]
        path = docs / page.path
        return Place(page.path, str, _reader(lambda: path.read_text("utf-8-sig")), root, docs)
    return Place(None, str, str, Path(), Path("docs"))


def registered(processors: Any, name: str) -> Any:
    """The processor of a name in one of Markdown's registries, or None."""
    with suppress(KeyError):
        return processors[name]
    return None


def _reader(read: Callable[[], str]) -> Callable[[], str]:
    def text() -> str:
        try:
            return read()
        except (OSError, ValueError):
            return ""

    return text


def line_of(index: int, lines: Sequence[str], source: str) -> int:
    """The line of a file, from 1, for a line of the Markdown that was made from it.

    Front matter stands before the Markdown, and other plugins may have changed it: what counts is how often the same
    line follows. A line that the file does not have keeps its place in the Markdown.

    Arguments:
        index: The line of the Markdown, from 0.
        lines: The Markdown.
        source: The text of the file.
    """
    wanted, below = lines[index].rstrip(), [line.rstrip() for line in lines[index + 1 :]]
    places = [number for number, line in enumerate(source.splitlines(), 1) if line.rstrip() == wanted]
    after = below.count(wanted)
    return places[-1 - after] if after < len(places) else index + 1


def find_fence(text: str, lines: Sequence[str], start: int) -> int | None:
    """The line of the Markdown, from 0, that opens the fence with this text; None where there is none.

    Arguments:
        text: What stands between the fence's ends, without the indentation of either.
        lines: The Markdown.
        start: Where to look first; fences before it are found if none follows.
    """
    wanted = [line.strip() for line in text.rstrip("\n").split("\n")] if text.strip() else []
    openings = [number for number, line in enumerate(lines) if _OPENING.match(line)]
    for number in sorted(openings, key=lambda number: number < start):
        inside = [line.strip("> \t\r") for line in lines[number + 1 : number + 1 + len(wanted)]]
        if [line.strip("> ") for line in wanted] == inside:
            return number
    return None


_OPENING = re.compile(r"[>\s]*(?:.*\s)?(?:`{3,}|~{3,})[ \t]*(?:\{[^\n]*)?\.?paperdigest\b")
