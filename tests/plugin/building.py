"""Makes small sites and builds them as a user would: with the command, in a process of its own."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from tests.processes import run_python

LIVELY_OPTIONS = {"request_interval": 0.01, "model": "extractive", "period": "day"}


@dataclass(frozen=True)
class Build:
    """What a build came to."""

    code: int
    log: str
    root: Path

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def pages(self) -> list[str]:
        """Every HTML page under `digests/`, relative to the site."""
        return sorted(str(p.relative_to(self.site)) for p in self.site.glob("digests/**/*.html"))

    def page(self, path: str) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring((self.site / path).read_text(encoding="utf-8"))


def write_site(root: Path, options: dict[str, Any], **config: Any) -> Path:
    """A site of one page with the plugin beside `search`; `config` replaces keys of mkdocs.yml."""
    (root / "docs").mkdir(parents=True, exist_ok=True)
    if not (root / "docs/index.md").exists():
        (root / "docs/index.md").write_text("# Lab\n", encoding="utf-8")
    plugins = config.pop("plugins", ["search"])
    whole = {
        "site_name": "Lab",
        "site_url": "https://lab.example/",
        "theme": {"name": "material"},
        "plugins": [*plugins, {"paperdigest": {**LIVELY_OPTIONS, **options}}],
        "validation": {
            "omitted_files": "warn",
            "absolute_links": "warn",
            "unrecognized_links": "warn",
            "anchors": "warn",
        },
        **config,
    }
    (root / "mkdocs.yml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    return root


def environment(**variables: str) -> dict[str, str]:
    """The environment of a build: quiet themes, and no keys but the given ones."""
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", **variables}


def build(root: Path, *arguments: str, program: str = "mkdocs", **variables: str) -> Build:
    """Runs `mkdocs build --strict` in the folder of the site."""
    done = run_python(
        ["-m", program, "build", "--strict", *arguments],
        cwd=root,
        env=environment(**variables),
        stderr_apart=False,
        # Others that stand in for MkDocs must be imported first.
        prepared=program == "mkdocs",
    )
    return Build(done.returncode, done.stdout, root)


def build_here(root: Path, command: str = "build", *, dirty: bool = False) -> dict[str, bytes]:
    """Builds in this process, which is faster than a command; returns every file of the site by its path."""
    # As in a new process: MkDocs keeps plugins for the rebuilds of `serve`.
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_startup(command=command, dirty=dirty)
    mkdocs_build(config, dirty=dirty)
    return read_site(root)


def read_site(root: Path) -> dict[str, bytes]:
    """Every file of a built site by its path."""
    site = root / "site"
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}
