"""The MkDocs plugin: translates events into calls of the core, and the core's errors into MkDocs'."""

import logging
import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    # Its import costs more than all of this module's, and a build does without.
    from mkdocs.livereload import LiveReloadServer

from mkdocs_paperdigest.errors import PaperDigestError
from mkdocs_paperdigest.markdown import NAME as EXTENSION
from mkdocs_paperdigest.markdown import PAPERS
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pages.assets import MARKDOWN_EXTENSIONS, SCRIPT, STYLE_SHEET, asset_files
from mkdocs_paperdigest.pages.plan.contents import SiteAddress
from mkdocs_paperdigest.pipeline.progress import shown_progress
from mkdocs_paperdigest.pipeline.run import open_run
from mkdocs_paperdigest.pipeline.site import build_site
from mkdocs_paperdigest.plugin.background import Background
from mkdocs_paperdigest.plugin.config import PaperDigestConfig, options_of
from mkdocs_paperdigest.plugin.feeds import address_of, announced
from mkdocs_paperdigest.plugin.files import add_files, renew_pages_with_papers
from mkdocs_paperdigest.plugin.folders import check_folders, check_templates
from mkdocs_paperdigest.plugin.images import LastImages, set_aside
from mkdocs_paperdigest.plugin.llmstxt import read_once
from mkdocs_paperdigest.plugin.navigation import arrange, name_sections
from mkdocs_paperdigest.plugin.render_cache import forget_others, let_go, render_from
from mkdocs_paperdigest.plugin.search import index_lightly

log = get_plugin_logger(__name__)


class PaperDigestPlugin(BasePlugin[PaperDigestConfig]):
    """Turns topics into digest pages."""

    _options: Options
    _address: SiteAddress | None = None
    _site: tuple[SiteFile, ...] | None = None
    """The generated files."""
    _built_from: tuple[object, ...] = ()
    _dirty = False
    _builds = 0
    """Builds under way: static-i18n builds a site once for each language before the first build ends."""
    _last_images: LastImages | None = None
    _serving = False
    _background: Background | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Keeps this object, and with it the pages, over the rebuilds of `serve`."""
        self._site = None
        self._dirty = dirty
        self._serving = command == "serve"

    def on_serve(self, server: "LiveReloadServer", /, **_: object) -> None:
        """Has pages built again when papers were read in the background."""
        if self._background is not None:
            server.watch(str(self._background.signal))

    def on_shutdown(self) -> None:
        """Ends the work in the background, and puts images back that Ctrl-C left aside."""
        if self._background is not None:
            self._background.stop()
        if self._last_images is not None:
            self._last_images.put_back()
            self._last_images = None

    def on_config(self, config: "MkDocsConfig") -> "MkDocsConfig | None":
        """Checks the options and adds what the pages need to look right."""
        if not self.config["enabled"]:
            return None
        # MkDocs has loaded it by now, the commands of this package need not.
        from mkdocs.config.config_options import ExtraScriptValue

        try:
            self._options = plugin_options(self.config, config)
        except PaperDigestError as error:
            raise PluginError(f"paperdigest: {error}") from error
        self._address = address_of(config, self._options)
        for extension in (*MARKDOWN_EXTENSIONS, EXTENSION):
            if extension not in config.markdown_extensions:
                log.debug("added the Markdown extension %s", extension)
                config.markdown_extensions.append(extension)
        config.mdx_configs[EXTENSION] = {"papers": str(self._papers())}
        # First, so that the site's own style sheets win over ours, as mkdocstrings does.
        config.extra_css.insert(0, STYLE_SHEET)
        script = ExtraScriptValue(SCRIPT)
        script.defer = True
        config.extra_javascript.append(script)
        config.watch.extend(map(str, _watched(self._options)))
        return config

    def on_pre_build(self, *, config: "MkDocsConfig") -> None:
        """Keeps the last site's images from being deleted."""
        self._builds += 1
        if self.config["enabled"] and self._builds == 1 and not self._dirty:
            uri = f"{self._options.digest_dir}/assets"
            self._last_images = set_aside(uri, Path(config.site_dir), self._options.cache_dir)

    # static-i18n drops files that are added before its own handler (-100). Others see only what is there before
    # theirs: material/blog (-50), and redirects, exclude and llmstxt (0), which may stand before this plugin. So
    # files are added late beside i18n, and early otherwise.

    @event_priority(50)
    def _on_files_early(self, files: Files, /, *, config: "MkDocsConfig") -> Files | None:
        if "i18n" not in config.plugins:
            self._add(files, config)
        return None

    @event_priority(-101)
    def _on_files_late(self, files: Files, /, *, config: "MkDocsConfig") -> Files | None:
        if "i18n" in config.plugins:
            self._add(files, config)
        return None

    on_files = CombinedEvent(_on_files_early, _on_files_late)

    def _add(self, files: Files, config: "MkDocsConfig") -> None:
        if not self.config["enabled"]:
            return
        try:
            site = self._build()
        except PaperDigestError as error:
            raise PluginError(f"paperdigest: {error}") from error
        images = add_files((*site, *asset_files()), files, config)
        if self._last_images is not None:
            self._last_images.show_again(images)
        if self._dirty:
            renew_pages_with_papers(files, self._papers())

    def _papers(self) -> Path:
        """Where a build writes what its pages show, for the Markdown extension."""
        return self._options.cache_dir / "pages" / self._options.digest_dir.strip("/") / PAPERS

    @event_priority(-100)
    def on_nav(self, nav: Navigation, /, *, config: "MkDocsConfig", files: Files) -> None:
        """Puts our pages in order; late, because other plugins make the navigation in this event."""
        if self._site is not None:
            if "llmstxt" in config.plugins:
                read_once(config.plugins, self._addresses(files))
            arrange(nav, files, [file.uri for file in self._site if file.in_nav], self._is_ours)

    def on_pre_page(self, page: Page, /, **_: object) -> Page | None:
        """Takes the HTML of our own pages from the last build where it is still the same."""
        if self._is_ours(page):
            options = self._options
            own_templates = options.templates_dir is None
            render_from(options.cache_dir / "rendered", page, own_templates=own_templates)
        return None

    @event_priority(-1000)
    def on_page_content(self, _html: str, /, *, page: Page, config: "MkDocsConfig", **_: object) -> None:
        """Has our pages take little memory; last, because other plugins read and change them here."""
        if self._is_ours(page):
            let_go(page, can_read_again=not config.plugins.events["page_read_source"])

    def on_env(self, _env: Environment, /, *, config: "MkDocsConfig", files: Files) -> None:
        """Names our sections in the navigation, and reduces our pages in the search index."""
        if self.config["enabled"]:
            leads_to_index = "navigation.indexes" in (config.theme.get("features") or ())
            name_sections(files, self._is_ours, leads_to_index=leads_to_index)
            rendered, scope = self._options.cache_dir / "rendered", self._options.search_scope
            index_lightly(config.plugins, self._is_ours, scope, rendered)

    @event_priority(-150)
    def on_post_build(self, **_: object) -> None:
        """Deletes images of the last site that this one does not have; late, because static-i18n builds in this event."""
        self._builds -= 1
        if self._background is not None:
            self._background.start()
        if self._last_images is not None and not self._builds:
            self._last_images.finish()
            self._last_images = None

    def on_build_error(self, **_: object) -> None:
        """Puts the last site's images back for the next build."""
        self._builds = 0
        if self._last_images is not None:
            self._last_images.put_back()
            self._last_images = None

    # Before others rewrite the page: minify (0), privacy (-50).
    @event_priority(50)
    def on_post_page(self, output: str, /, *, page: Page, **_: object) -> str | None:
        """Announces the feeds that stand beside an index."""
        if self._address is None or page.file.name != "index" or not self._is_ours(page):
            return None
        return announced(output, page) if self._options.feeds else None

    def _is_ours(self, page: Page) -> bool:
        path = page.file.abs_src_path
        pages = self._options.cache_dir / "pages" if self.config["enabled"] else None
        return bool(path and pages and Path(path).is_relative_to(pages))

    def _addresses(self, files: Files) -> dict[str, str]:
        ours = self._site or ()
        found = (files.get_file_from_path(file.uri) for file in ours if file.uri.endswith(".md"))
        return {file.src_uri: file.url for file in found if file}

    def _build(self) -> tuple[SiteFile, ...]:
        """The site's files; they are made again only when their sources have changed, or some are gone."""
        sources = _watched(self._options)
        if self._background is not None:
            sources.append(self._background.signal)
        made_from = (self._options, self._address, *map(_newest_change, sources))
        lost = self._site is not None and not all(map(os.path.isfile, (file.path for file in self._site)))
        if self._site is None or self._built_from != made_from or lost:
            if self._serving and self._background is None and not self._options.offline:
                self._background = Background(self._options)
            options = self._options_of_build()
            # Only what a build waits for is worth a bar.
            wanted = options is self._options and log.isEnabledFor(logging.INFO)
            with shown_progress(log.info) as shown:
                progress = shown if wanted else None
                with open_run(options, now=datetime.now(UTC), environ=os.environ, progress=progress) as run:
                    # Not the whole report: what it knows of each paper is needed no more, and takes memory.
                    self._site = build_site(run, self._address).files
            self._built_from = made_from
            forget_others(options.cache_dir / "rendered", [file.uri for file in self._site])
        return self._site

    def _options_of_build(self) -> Options:
        """The site's options, but for what builds of `serve` leave to the background or to the next start."""
        options, rebuilds = self._options, self._site is not None
        if rebuilds and not (options.cache_dir / "store").is_dir():
            # The user wanted a new start; a rebuild from the cache would show no papers.
            log.info("the cache %s was deleted: built as when the server started", options.cache_dir)
            return options
        if self._background is not None and (self._background.is_alive or not rebuilds):
            # It reads on, and lists are all that the first pages wait for.
            return replace(options, offline=rebuilds, max_new_papers=0)
        if rebuilds:
            # Saving a page must not cost money or wait for arXiv.
            log.info("rebuilt from the cache alone; restart the server to fetch anything new")
            return replace(options, offline=True)
        return options


def plugin_options(plugin: PaperDigestConfig, config: "MkDocsConfig") -> Options:
    """The plugin's options as the core wants them; raises `ConfigurationError`."""
    root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
    language = config.theme.get("language")
    options = options_of(
        plugin, root=root.resolve(), theme_language=str(language) if language else None, environ=os.environ
    )
    check_folders(plugin, options, config, root)
    if options.templates_dir:
        check_templates(options.templates_dir)
    return options


def _watched(options: Options) -> list[Path]:
    """The user's own files and folders that pages are made from, mkdocs.yml apart."""
    named = ((topic.library, *topic.interests) for topic in options.topics)
    libraries = dict.fromkeys(file for files in named for file in files if isinstance(file, Path))
    folders = [options.templates_dir, options.archive_dir]
    return [*libraries, *(folder for folder in folders if folder and folder.is_dir())]


def _newest_change(path: Path) -> int:
    """When a file, or anything in a folder, was changed last, in nanoseconds of the file system."""
    newest = 0
    for item in (path, *path.rglob("*")) if path.is_dir() else (path,):
        # An update may be writing the archive: files come and go.
        with suppress(OSError):
            newest = max(newest, item.stat().st_mtime_ns)
    return newest
