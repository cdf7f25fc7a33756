"""Where cache and archive may lie: a site neither publishes nor deletes them."""

import re
import sys
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.plugin.folders import check_templates
from mkdocs_paperdigest.plugin.plugin import PaperDigestPlugin, plugin_options
from tests.plugin.building import build, write_site

OFFLINE = {
    "topics": [{"title": "Ours", "library": "library/refs.bib"}],
    "offline": True,
    "request_interval": 3,
}
DEFAULT = ".cache/plugin/paperdigest"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "site/library").mkdir(parents=True)
    (tmp_path / "site/library/refs.bib").write_text("@book{a, title = {A report}, year = 2024}\n")
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "site"


def read(root: Path, options: dict[str, str], **config: object) -> Options:
    """The options as a build has them; the folder that `link` names leads to `elsewhere`."""
    write_site(root, OFFLINE | options, plugins=[], theme={"name": "mkdocs"}, **config)
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()
    loaded = load_config(str(root / "mkdocs.yml"))
    plugin = loaded.plugins["paperdigest"]
    assert isinstance(plugin, PaperDigestPlugin)
    return plugin_options(plugin.config, loaded)


@pytest.mark.parametrize(
    ("options", "config", "message"),
    [
        ({"cache_dir": "site"}, {}, f"lies inside `site_dir`.*; write `cache_dir: {DEFAULT}`"),
        ({"cache_dir": "site/cache"}, {}, "`cache_dir: site/cache` lies inside `site_dir`"),
        ({"cache_dir": "docs/../site/.cache"}, {}, "lies inside `site_dir`"),
        ({"cache_dir": "link/cache"}, {"site_dir": "../elsewhere"}, "lies inside `site_dir`"),
        ({"cache_dir": "../elsewhere/cache"}, {"site_dir": "link"}, "lies inside `site_dir`"),
        ({}, {"site_dir": ".cache"}, f"`cache_dir: {DEFAULT}` lies.*; give `site_dir` a folder of its own"),
        ({"cache_dir": "built"}, {"site_dir": "built/html"}, "`site_dir` .* lies inside `cache_dir: built`"),
        ({"cache_dir": "../elsewhere"}, {"site_dir": "link/html"}, "`site_dir` .* lies inside `cache_dir"),
        ({"archive_dir": "site/archive"}, {}, "`archive_dir: site/archive` lies inside `site_dir`"),
        ({"archive_dir": "link"}, {"site_dir": "../elsewhere"}, "`archive_dir: link` lies inside `site_dir`"),
        ({"cache_dir": "docs/cache"}, {}, f"`docs_dir`.*; write `cache_dir: {DEFAULT}`, or .*: /cache/$"),
        ({"cache_dir": "docs/link"}, {}, "lies inside `docs_dir`.*; write"),
        ({"cache_dir": "../elsewhere/x"}, {"docs_dir": "link"}, "lies inside `docs_dir`.*; write"),
        ({"cache_dir": "docs/.a"}, {"exclude_docs": "!.a"}, "lies inside `docs_dir`.*; write"),
        ({"cache_dir": "docs/a"}, {"exclude_docs": "*.db"}, "lies inside `docs_dir`.*; write"),
        ({"cache_dir": "docs/a"}, {"exclude_docs": "/a/\n!*.webp"}, "lies inside `docs_dir`.*; write"),
        ({"cache_dir": "docs"}, {}, f"lies inside `docs_dir`.*; write `cache_dir: {DEFAULT}`$"),
    ],
)
def test_what_a_site_would_publish_or_delete_is_refused(
    root: Path, options: dict[str, str], config: dict[str, str], message: str
) -> None:
    links(root)
    with pytest.raises(ConfigurationError, match=message):
        read(root, options, **config)
    assert not list(root.rglob("store"))


@pytest.mark.parametrize(
    ("options", "config"),
    [
        ({"cache_dir": "docs/.cache"}, {}),
        ({"cache_dir": "docs/cache"}, {"exclude_docs": "/cache/"}),
        ({"cache_dir": "docs/cache"}, {"exclude_docs": "*.md\n/cache"}),
        ({"cache_dir": "site-cache"}, {}),
        ({"cache_dir": "../elsewhere"}, {}),
        ({"cache_dir": "site/../cache"}, {}),
    ],
)
def test_what_it_leaves_alone_is_taken(root: Path, options: dict[str, str], config: dict[str, str]) -> None:
    assert read(root, options, **config).cache_dir == root / options["cache_dir"]


def test_the_cure_works(root: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(root, {"cache_dir": "docs/made/here"})
    cure = re.search(r"write `cache_dir: (\S+)`, or name it in `exclude_docs`: (\S+)$", str(refused.value))
    assert cure is not None
    assert read(root, {"cache_dir": cure[1]}).cache_dir == root / cure[1]
    assert read(root, {"cache_dir": "docs/made/here"}, exclude_docs=cure[2])


@pytest.mark.parametrize("site_dir", ["site", "../built"])
def test_docs_and_configuration_in_one_folder(root: Path, site_dir: str) -> None:
    pytest.importorskip("mkdocs_same_dir")
    written = write_site(root, OFFLINE, plugins=["same-dir", "search"], docs_dir=".", site_dir=site_dir)
    (written / "docs/index.md").replace(written / "index.md")
    for _ in range(2):
        built = build(written)
        assert built.code == 0, built.log
        site = written / site_dir
        assert (site / "digests/ours/index.html").is_file()
        assert not [path for path in site.rglob("*") if "cache" in path.name or path.suffix in (".db", ".md")]


def test_a_cache_without_a_dot_in_that_folder_is_refused_with_a_cure_that_works(root: Path) -> None:
    pytest.importorskip("mkdocs_same_dir")
    same_dir = {"plugins": ["same-dir"], "docs_dir": "."}
    write_site(root, {**OFFLINE, "cache_dir": "cache"}, **same_dir)
    (root / "docs/index.md").replace(root / "index.md")
    refused = build(root)
    assert refused.code == 1
    assert f"write `cache_dir: {DEFAULT}`, or name it in `exclude_docs`: /cache/" in refused.log
    write_site(root, {**OFFLINE, "cache_dir": "cache"}, exclude_docs="/cache/\n/docs/", **same_dir)
    built = build(root)
    assert built.code == 0, built.log
    assert not (built.site / "cache").exists()


def links(root: Path) -> None:
    """Makes `link` and `docs/link` lead to the folder `elsewhere`."""
    if sys.platform == "win32":
        pytest.skip("links need a privilege there")
    (root / "docs").mkdir()
    for link in (root / "link", root / "docs/link"):
        link.symlink_to(root.parent / "elsewhere")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lnks.md.j2", "links.md.j2"),
        ("entrys.md.j2", "entry.md.j2"),
        ("prompts/systm.jinja", "prompts/system.jinja"),
        ("system.jinja", "prompts/system.jinja"),
        ("card.md.j2", None),
        ("links.md.j2", None),
    ],
)
def test_a_template_that_replaces_nothing_is_a_mistake(tmp_path: Path, name: str, meant: str | None) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    if meant is None:
        check_templates(tmp_path)
        return
    with pytest.raises(ConfigurationError, match=f"no template {name} to replace; did you mean {meant}?"):
        check_templates(tmp_path)
    # Another template of the user's may include it.
    (tmp_path / "topic.md.j2").write_text(f"{{% include '{name}' %}}")
    check_templates(tmp_path)
