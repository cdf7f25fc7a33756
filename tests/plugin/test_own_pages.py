"""Fences and links in people's own pages, under MkDocs and what stands in for it: links, warnings, rebuilds, search."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build, build_here, write_site
from tests.plugin.conftest import TOPIC

PAGE = """\
---
title: Reading
---
# What we read

```paperdigest
latest: 5
```

=== "Tab"

    See [the gate](paper:2410.13786v1), [](paper:2410.00002).

    ```paperdigest
    topic: gates
    style: list
    ```
"""
PLACES = ("index.md", "team/reading.md", "404.md", "team/sub dir/deep.md")
EXTENSIONS = ["pymdownx.superfences", {"pymdownx.tabbed": {"alternate_style": True}}]
SIMPLE = {"name": "mkdocs"}


@pytest.fixture
def root(known: Path, tmp_path: Path) -> Path:
    """A folder for a site whose papers have been read."""
    shutil.copytree(known, tmp_path / ".cache")
    return tmp_path


def site(
    root: Path, arxiv: FakeArxiv, options: dict[str, Any] | None = None, page: str = PAGE, **config: Any
) -> Path:
    """A site with the same page in each place."""
    for name in PLACES:
        path = root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page)
    whole = {"topics": [TOPIC], "arxiv_url": arxiv.url, "feeds": False, **(options or {})}
    return write_site(root, whole, **{"markdown_extensions": EXTENSIONS, "theme": SIMPLE, **config})


def check_links(folder: Path, path: Path) -> None:
    """Both papers stand on a page twice; every link leads to an entry, and every picture is there."""
    page = lxml.html.document_fromstring(path.read_text("utf-8"))
    assert (
        len(page.cssselect(".pd-cards > li")) == len(page.cssselect("ul.pd-papers:not(.pd-cards) > li")) == 2
    )
    assert len(page.cssselect(".pd-cards img")) == 2
    links = page.cssselect(".pd-papers a, .pd-papers img, .tabbed-block > p > a")
    assert len(links) == 8
    for element in links:
        url = element.get("href") or element.get("src")
        target, _, anchor = url.partition("#")
        file = (path.parent / target).resolve()
        file = file / "index.html" if file.is_dir() else file
        assert file.is_file(), (path, url)
        assert file.is_relative_to(folder)
        if anchor:
            entry = lxml.html.document_fromstring(file.read_text("utf-8"))
            assert entry.cssselect(f"h2[id='{anchor}']"), (path, url)


def check_search(index: bytes) -> None:
    """The search has people's own words of a page, and of papers only the words of links."""
    docs = json.loads(index)["docs"]
    own = [re.sub("<.*?>", "", doc["text"]) for doc in docs if "gates" not in doc["location"]]
    assert any("See the gate" in text for text in own)
    assert not any(PAPER.title in text for text in own if "Paper digests" not in text)


OTHERS = ["search", "offline", "blog", "glightbox", {"macros": {"on_error_fail": True}}]
HANDED_OVER = {"mkdocs_paperdigest.markdown": {"papers": "docs/digests/papers.json"}}
"""As a configuration has it that other generators share; the plugin hands over its own papers."""


@pytest.mark.parametrize(
    ("config", "options"),
    [
        ({"plugins": OTHERS, "theme": {"name": "material"}}, {"digest_dir": "lab/new", "period": "all"}),
        ({"markdown_extensions": [*EXTENSIONS, HANDED_OVER]}, {}),
    ],
    ids=["pages as files, beside plugins", "pages as folders"],
)
def test_links_lead_to_entries_from_wherever_they_stand(
    root: Path, lasting_arxiv: FakeArxiv, config: dict[str, Any], options: dict[str, Any]
) -> None:
    site(root, lasting_arxiv, options, strict=True, **config)
    if "plugins" in config:
        (root / "docs/blog/posts").mkdir(parents=True)
        post = f"---\ndate: 2024-01-01\n---\n{PAGE.split('---')[2]}\n<!-- more -->\n"
        (root / "docs/blog/posts/first.md").write_text(post)
    built = build_here(root)
    pages = [name for name, page in built.items() if name.endswith(".html") and b"pd-papers" in page]
    # A post and its excerpts on the pages of the blog.
    assert len(pages) == len(PLACES) + (3 if "plugins" in config else 0)
    for name in pages:
        check_links(root / "site", root / "site" / name)
    check_search(built["search/search_index.json"])


def test_in_folders_of_static_i18n(root: Path, lasting_arxiv: FakeArxiv) -> None:
    languages = [
        {"locale": "en", "name": "English", "default": True, "build": True},
        {"locale": "zh", "name": "中文", "build": True},
    ]
    plugins = [{"i18n": {"docs_structure": "folder", "languages": languages}}]
    site(root, lasting_arxiv, plugins=plugins, strict=True)
    shutil.rmtree(root / "docs")
    for name in ("en/index.md", "en/team/reading.md", "zh/index.md", "zh/team/reading.md"):
        (root / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "docs" / name).write_text(PAGE)
    build_here(root)
    for name in ("index.html", "team/reading/index.html", "zh/index.html", "zh/team/reading/index.html"):
        check_links(root / "site", root / "site" / name)


MISTAKES = """\
---
title: Reading
description: latest
---

See [one](paper:2410.99999).

```paperdigest
lates: 5
```

```paperdigest
ids: [2410.13786, "2410.99998"]
```
"""


@pytest.mark.parametrize(("program", "theme"), [("mkdocs", SIMPLE), ("properdocs", {"name": "material"})])
def test_a_mistake_is_a_warning_with_file_and_line(
    root: Path, lasting_arxiv: FakeArxiv, program: str, theme: dict[str, str]
) -> None:
    site(root, lasting_arxiv, theme=theme)
    (root / "docs/team/reading.md").write_text(MISTAKES)
    built = build(root, program=program)
    assert built.code == 1
    assert [line.partition("- ")[2].strip() for line in built.log.splitlines() if "WARNING" in line] == [
        "team/reading.md, line 6: the digests show no paper `2410.99999`",
        "team/reading.md, line 9: unknown key `lates`; did you mean `latest`?",
        "team/reading.md, line 13: the digests show no paper `2410.99998`",
    ]
    assert "Traceback" not in built.log
    check_links(built.site, built.site / "index.html")


def test_links_to_papers_are_checked_as_links_between_pages(root: Path, lasting_arxiv: FakeArxiv) -> None:
    site(root, lasting_arxiv, exclude_docs="digests/gates/2024-10-17.md\n")
    # A page of the user's own in the place of ours has no such anchor.
    (root / "docs/digests/gates").mkdir(parents=True)
    (root / "docs/digests/gates/2024-10-02.md").write_text("# Mine\n")
    built = build(root)
    assert built.code == 1
    assert re.search(r"WARNING .*'team/reading\.md' .*does not contain an anchor '#2410\.00002'", built.log)
    assert "'digests/gates/2024-10-17.md' which is excluded from the built site" in built.log


def dirty_build(root: Path) -> None:
    """What `mkdocs build --dirty` does."""
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=True)
    mkdocs_build(config, dirty=True)


@pytest.mark.parametrize("make", [build_here, dirty_build])
def test_pages_with_papers_change_with_them(root: Path, lasting_arxiv: FakeArxiv, make: Any) -> None:
    """Also a page by a template of the user's, whose HTML would be taken from the last build."""
    text = "# All\n\n```paperdigest\nlatest: 1\n```\n"
    (root / "templates").mkdir()
    (root / "templates/index.md.j2").write_text(text)
    options: dict[str, Any] = {"templates_dir": "templates"}
    site(root, lasting_arxiv, options, page=text)
    (root / "docs/plain.md").write_text("# Plain\n")
    first = build_here(root)
    options["topics"] = [{"title": "Gates", "ids": ["2410.00002"]}]
    site(root, lasting_arxiv, options, page=text)
    if make is dirty_build:
        # Which page is newer than its source decides there; these are as old as before.
        for path in (root / "docs").rglob("*.md"):
            shutil.copystat(root / "templates/index.md.j2", path)
    (root / "site/plain/index.html").write_text("stays where it is")
    make(root)
    for name in ("index.html", "digests/index.html"):
        assert b"Gates for generated text</a>" in first[name]
        now = (root / "site" / name).read_text("utf-8")
        assert "Another gate</a>" in now, name
        assert "Gates for generated text</a>" not in now
    plain = (root / "site/plain/index.html").read_text()
    assert (plain == "stays where it is") == (make is dirty_build)
    if make is dirty_build:
        (root / "site/index.html").write_text("stays as well")
        make(root)
        assert (root / "site/index.html").read_text() == "stays as well"
