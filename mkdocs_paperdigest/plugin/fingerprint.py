"""What the rendering of a page depends on, as one fingerprint."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import mkdocs
from mkdocs.structure.pages import Page

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.encoding import hash_of
from mkdocs_paperdigest.files import installed_versions
from mkdocs_paperdigest.markdown import NAME as EXTENSION
from mkdocs_paperdigest.markdown import shows_papers

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PACKAGES = ("Markdown", "pymdown-extensions", "Pygments", "mkdocs-material")
"""Packages whose versions are part of the fingerprint where they are installed."""
MODULES = ("markdown", "pymdownx", "material")
"""Packages whose functions may stand in the settings of extensions; others may change without a new version."""
READS_FILES = frozenset({"auto_append", "custom_icons"})
"""Settings of extensions that bring other files into a page."""
SNIPPET = "8<-"


def fingerprint(page: Page, config: "MkDocsConfig") -> str | None:
    """A hash of everything that a page's HTML depends on, except its links; None where that is not known.

    It is not known where an extension may look at more than text and settings: extensions of plugins record
    things while they render (autorefs, mkdocstrings), and some read files. It is not known either where a
    setting is the site's own code. Whether the text itself brings more into the page, `is_self_contained` says.
    """
    markdown, file = page.markdown or "", page.file
    # Caches move: the path in them is no part of the key.
    settings = {name: options for name, options in config.mdx_configs.items() if name != EXTENSION}
    extensions = config.markdown_extensions
    try:
        shared = _shared(_Settings(repr((extensions, settings)), extensions, settings))
    except UncacheableError as reason:
        log.debug("%s is rendered in each build: %s", file.src_uri, reason)
        return None
    where = json.dumps([file.src_uri, file.url, config.use_directory_urls, shared])
    return hash_of(f"{where}\n{markdown}".encode("utf-8", "surrogatepass"))


def is_self_contained(page: Page) -> bool:
    """Whether nothing in a page's Markdown brings other files or pages into it."""
    markdown = page.markdown or ""
    if found := SNIPPET in markdown or shows_papers(markdown):
        log.debug("%s is rendered in each build: it shows papers or files", page.file.src_uri)
    return not found


class UncacheableError(Exception):
    """Something that rendering depends on in a way that is not known."""


@dataclass(frozen=True)
class _Settings:
    """The extensions of a site and their settings."""

    stated: str
    """Their `repr`, which states functions by their place in memory: enough within one process."""
    extensions: Sequence[Any] = field(compare=False)
    options: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=4)
def _shared(given: _Settings) -> str:
    """What the pages of a site share; raises `UncacheableError`."""
    for extension in given.extensions:
        if not isinstance(extension, str) or not _is_known(extension):
            raise UncacheableError(f"the Markdown extension {extension}")
    for name, options in given.options.items():
        if reading := READS_FILES.intersection(_stated(options)):
            raise UncacheableError(f"{min(reading)} of the Markdown extension {name}")
    return json.dumps([given.extensions, given.options, _versions()], default=_described)


def _stated(options: Any) -> Iterator[str]:
    """Names of the settings that are not empty, on every level: those of pymdownx.emoji stand in its `options`."""
    if isinstance(options, Mapping):
        yield from (name for name, value in options.items() if value)
        options = [*options.values()]
    if isinstance(options, list | tuple):
        for value in options:
            yield from _stated(value)


def _described(value: Any) -> Any:
    """The name of a value that JSON cannot hold: a function, or a partial call of one."""
    if isinstance(value, partial):
        return ["partial", value.func, value.args, value.keywords]
    module, name = getattr(value, "__module__", ""), getattr(value, "__qualname__", "<")
    if "<" in name or str(module).partition(".")[0] not in MODULES:
        raise UncacheableError(f"{value!r} in the settings of an extension")
    return f"{module}.{name}"


@cache
def _is_known(extension: str) -> bool:
    """Whether an extension is one of Markdown's or pymdownx's own that read no files, or ours."""
    if extension == EXTENSION:
        return True
    if "." in extension:
        known = extension.startswith(("markdown.extensions.", "pymdownx."))
        return known and not extension.startswith("pymdownx.b64")
    return find_spec(f"markdown.extensions.{extension.partition(':')[0]}") is not None


@cache
def _versions() -> dict[str, str]:
    ours = {"mkdocs": mkdocs.__version__, "mkdocs-paperdigest": __version__}
    return ours | installed_versions(PACKAGES)
