"""Whether cache and archive lie where MkDocs neither publishes nor deletes them, and templates have known names."""

import difflib
import os
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel, set_exclusions

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.plugin.config import PaperDigestConfig

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

USUAL = ".cache/plugin/paperdigest"
"""The default of `cache_dir`."""


def check_folders(plugin: PaperDigestConfig, options: Options, config: "MkDocsConfig", root: Path) -> None:
    """Refuses a `cache_dir` or `archive_dir` that the site would publish or delete, or that would hold the site.

    Arguments:
        plugin: The options as they are written, for messages.
        options: What they mean.
        config: The site's.
        root: Folder of mkdocs.yml.

    Raises:
        ConfigurationError: Names the option and says what to write.
    """
    cache_dir, site_dir = options.cache_dir, Path(config.site_dir)
    written = f"`cache_dir: {plugin['cache_dir']}`"
    if _lies_in(root, cache_dir):
        raise ConfigurationError(
            f"{written} holds the site itself; give the cache a folder of its own, such as {USUAL}"
        )
    own_site = "give `site_dir` a folder of its own, such as site"
    if _lies_in(cache_dir, site_dir):
        cure = own_site if _lies_in(root / USUAL, site_dir) else f"write `cache_dir: {USUAL}`"
        raise ConfigurationError(f"{written} lies inside `site_dir`, which is published and emptied; {cure}")
    if _lies_in(site_dir, cache_dir):
        raise ConfigurationError(f"`site_dir` ({site_dir}) lies inside {written}; {own_site}")
    if options.archive_dir and _lies_in(options.archive_dir, site_dir):
        raise ConfigurationError(
            f"`archive_dir: {plugin['archive_dir']}` lies inside `site_dir`, which each build empties; "
            "give it a folder of its own, such as archive"
        )
    if published := _published(cache_dir, config):
        elsewhere = f"write `cache_dir: {USUAL}`" if not _published(root / USUAL, config) else ""
        pattern = f"name it in `exclude_docs`: /{published}/" if published != "." else ""
        cure = ", or ".join(filter(None, (elsewhere, pattern)))
        raise ConfigurationError(f"{written} lies inside `docs_dir`, where it would be published; {cure}")


def check_templates(templates_dir: Path) -> None:
    """Refuses a template whose name is nearly one of ours: it would take the place of none.

    Templates of other names belong to the user's own templates.

    Raises:
        ConfigurationError: Names the template and the likely one.
    """
    known = {
        f"{folder}{item.name}"
        for package, folder in _TEMPLATES.items()
        for item in (files(package) / "templates").iterdir()
    }
    stems = {_stem(Path(name).name): name for name in known}
    paths = [path for path in templates_dir.rglob("*") if path.suffix in (".j2", ".jinja") and path.is_file()]
    for path in paths:
        name = path.relative_to(templates_dir).as_posix()
        near = difflib.get_close_matches(_stem(path.name), stems, 1, 0.8)
        if name in known or not near:
            continue
        if not any(path.name in other.read_text("utf-8", "replace") for other in paths if other != path):
            raise ConfigurationError(
                f"templates_dir {templates_dir}: there is no template {name} to replace; did you mean {stems[near[0]]}?"
            )


def _stem(name: str) -> str:
    return name.partition(".")[0]


_TEMPLATES = {"mkdocs_paperdigest.pages.render": "", "mkdocs_paperdigest.summaries.prompts": "prompts/"}
"""The packages that have templates, and the folder of the user's that replace them."""


def _published(folder: Path, config: "MkDocsConfig") -> str | None:
    """The folder's path in `docs_dir` if MkDocs would publish what we keep there, else None.

    MkDocs leaves out names that begin with a dot, and what `exclude_docs` names.
    """
    docs_dir = Path(config.docs_dir)
    if not _lies_in(folder, docs_dir):
        return None
    places = (
        one.relative_to(docs)
        for one in _forms(folder)
        for docs in _forms(docs_dir)
        if one.is_relative_to(docs)
    )
    found = {place.as_posix(): place for place in places}
    for name, place in found.items():
        files = [
            File(str(place / kept), config.docs_dir, config.site_dir, config.use_directory_urls)
            for kept in _KEPT
        ]
        set_exclusions(files, config)
        if any(file.inclusion is not InclusionLevel.EXCLUDED for file in files):
            return name
    # Known by its identity alone, on a file system that ignores case: no pattern is sure to name it.
    return None if found else "."


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies below it, as it is written or where its links lead."""
    if any(one.is_relative_to(other) for one in _forms(path) for other in _forms(folder)):
        return True
    # On macOS and Windows, names that differ in case only are one folder.
    resolved = path.resolve()
    for parent in (resolved, *resolved.parents):
        with suppress(OSError):
            if parent.samefile(folder):
                return True
    return False


def _forms(path: Path) -> tuple[Path, ...]:
    """A path as it is written, which MkDocs follows, and where its links lead."""
    return tuple(dict.fromkeys((Path(os.path.abspath(path)), path.resolve())))  # noqa: PTH100 - keeps links


_KEPT = (
    "store/cache.db", "store/0/0.val", "papers/x/paper.pdf", "papers/x/paper.html", "figures/x/1/fig-1.webp",
    "pages/index.md", "rendered/index.md.html", "pages.json", "locks/0.lock",
    "last-site/0/fig-1.webp",
)  # fmt: skip
"""One file of each kind in a cache: a pattern that leaves out some of them hides no cache."""
