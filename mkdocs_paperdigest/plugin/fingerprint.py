"""What the rendering of a page depends on, as one fingerprint."""

import json
import logging
from functools import cache, partial
from hashlib import blake2b
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import mkdocs
from mkdocs.structure.pages import Page

from mkdocs_paperdigest import __version__
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
    setting is the site's own code.
    """
    try:
        return _digest(page, config)
    except UncacheableError as reason:
        log.debug("%s is rendered in each build: %s", page.file.src_uri, reason)
        return None


class UncacheableError(Exception):
    """Something that rendering depends on in a way that is not known."""


def _digest(page: Page, config: "MkDocsConfig") -> str:
    markdown, file = page.markdown or "", page.file
    for extension in config.markdown_extensions:
        if not isinstance(extension, str) or not _is_known(extension):
            raise UncacheableError(f"the Markdown extension {extension}")
    for name, options in config.mdx_configs.items():
        if reading := [key for key in READS_FILES if options.get(key)]:
            raise UncacheableError(f"{reading[0]} of the Markdown extension {name}")
    if SNIPPET in markdown:
        raise UncacheableError("a snippet")
    if shows_papers(markdown):
        raise UncacheableError("papers of other pages")
    where = [file.src_uri, file.url, config.use_directory_urls]
    # Caches move: the path in them is no part of the key.
    settings = {name: options for name, options in config.mdx_configs.items() if name != EXTENSION}
    parts = [where, config.markdown_extensions, settings, _versions()]
    text = f"{json.dumps(parts, default=_described)}\n{markdown}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


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
