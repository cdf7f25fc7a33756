"""Pages whose HTML comes from the last build: the site is the same, byte for byte, and so is the log."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest
import yaml

from mkdocs_paperdigest.plugin.fingerprint import fingerprint
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build, build_here, read_site, write_site

TOPIC = {"title": "Gates", "phrases": ["gate"]}
OTHER = {"title": "Generated text", "phrases": ["text"]}
NEWEST = "digests/gates/2024-10-17"

Sites = dict[str, bytes]
"""Every file of a built site by its path."""


@pytest.fixture
def arxiv(make_paper: Callable[..., Any]) -> Iterator[FakeArxiv]:
    other = make_paper(id="2410.00002", title="Another $O(n)$ gate", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, other]) as fake:
        yield fake


@pytest.fixture
def root(tmp_path: Path, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Themes print the time of the build.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_site(tmp_path, {"topics": [TOPIC, OTHER], "arxiv_url": arxiv.url})
    return tmp_path


def configure(root: Path, **config: Any) -> None:
    """Replaces keys of mkdocs.yml."""
    path = root / "mkdocs.yml"
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "plugins" in config:
        config["plugins"] = [*config["plugins"], whole["plugins"][-1]]
    path.write_text(yaml.safe_dump({**whole, **config}), encoding="utf-8")


def option(root: Path, **options: Any) -> None:
    """Sets options of the plugin."""
    path = root / "mkdocs.yml"
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    whole["plugins"][-1]["paperdigest"] |= options
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")


def kept(root: Path) -> dict[str, Path]:
    """What is kept of each page."""
    folder = root / ".cache/plugin/paperdigest/rendered"
    return {str(path.relative_to(folder)).removesuffix(".md.html"): path for path in folder.rglob("*.html")}


def mark(root: Path) -> None:
    """Leaves a mark in everything that is kept: where it shows, the page came from there."""
    for path in kept(root).values():
        head, _, html = path.read_bytes().partition(b"\n")
        html += b"<p>taken from the last build</p>"
        path.write_bytes(json.dumps(json.loads(head) | {"size": len(html)}).encode() + b"\n" + html)


def marked(site: Sites) -> list[str]:
    return sorted(
        name
        for name, content in site.items()
        if name.endswith(".html") and b"taken from the last build" in content
    )


EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables",
    {"toc": {"permalink": True}}, {"pymdownx.arithmatex": {"generic": True}}, "pymdownx.betterem",
    "pymdownx.caret", "pymdownx.details", "pymdownx.highlight", "pymdownx.smartsymbols", "pymdownx.snippets",
    "pymdownx.superfences", {"pymdownx.tabbed": {"alternate_style": True}}, "pymdownx.tilde",
]  # fmt: skip
OTHERS = [
    "search", "tags", "meta", {"macros": {"on_error_fail": True}}, "glightbox",
    {"minify": {"minify_html": True}}, "table-reader", "awesome-nav",
]  # fmt: skip
MATRIX: dict[str, dict[str, Any]] = {
    "nothing else": {"plugins": []},
    "search": {},
    "many plugins": {"plugins": OTHERS, "markdown_extensions": EXTENSIONS},
    "flat addresses": {"use_directory_urls": False, "markdown_extensions": EXTENSIONS},
    "a nav": {"nav": ["index.md", {"Papers": ["digests/index.md", {"G": "digests/gates/index.md"}]}]},
    "another theme": {"theme": {"name": "readthedocs"}},
}  # fmt: skip


PLAIN = """
from mkdocs.plugins import event_priority

@event_priority(-200)
def on_pre_page(page, **_):
    vars(page).pop("render", None)
    return page
"""
"""A hook that leaves all rendering to MkDocs."""


@pytest.mark.parametrize("config", MATRIX.values(), ids=MATRIX)
def test_the_site_is_the_same(root: Path, config: dict[str, Any]) -> None:
    (root / "plain.py").write_text(PLAIN)
    configure(root, **config, hooks=["plain.py"])
    plain = build_here(root)
    assert kept(root) == {}
    configure(root, hooks=[])
    first = build_here(root)
    assert first.keys() == plain.keys()
    assert [name for name in plain if first[name] != plain[name]] == []
    pages = ["digests/index", "digests/gates/index", NEWEST]
    assert set(pages) <= set(kept(root))
    again = build_here(root)
    assert again.keys() == first.keys()
    assert [name for name in first if first[name] != again[name]] == []
    mark(root)
    assert len(marked(build_here(root))) == len(kept(root)) == 7


def test_search_finds_summaries_and_not_readings_unless_it_should(root: Path) -> None:
    def texts(site: Sites) -> str:
        return "".join(doc["text"] for doc in json.loads(site["search/search_index.json"])["docs"])

    configure(root, plugins=["search"], use_directory_urls=True)
    summary = build_here(root)
    assert "judges every generated field" in texts(summary)
    newest = lxml.html.document_fromstring(summary[f"{NEWEST}/index.html"])
    caption = newest.cssselect(".pd-caption")[0].text_content().strip()
    assert caption not in texts(summary)
    option(root, search_scope="all")
    assert caption in texts(build_here(root))
    option(root, search_scope="none")
    assert "gate" not in texts(build_here(root))


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_a_search_finds_each_paper_once_and_no_page_by_its_words(root: Path, theme: str) -> None:
    configure(
        root,
        theme={"name": theme},
        plugins=["search", "material/tags"] if theme == "material" else ["search"],
    )
    (root / "docs/tags.md").write_text("# Tags\n\n<!-- material/tags -->\n")
    site = build_here(root)
    docs = json.loads(site["search/search_index.json"])["docs"]
    ours = {doc["location"]: doc for doc in docs if doc["location"].startswith("digests/")}
    assert len(ours) == len([doc for doc in docs if doc["location"].startswith("digests/")])
    assert f"{NEWEST}/#2410.13786" in ours
    papers = [location for location in ours if "#" in location]
    assert len(papers) == 4, "two papers under two topics, and no lists of them"
    assert all("judges every generated field" in ours[location]["text"] for location in papers)
    assert "digests/" not in ours
    for location, doc in ours.items():
        assert "tags" not in doc
        assert "&" not in doc["title"]
        for words in (
            "2 papers",
            "1 of 2",
            "Older",
            "Updated",
            "Summaries are",
            "Thank you",
            "Also in",
            "All papers",
        ):
            assert words not in doc["text"], (location, words)
        assert location in papers or "generated field" not in doc["text"]
    if theme == "material":
        assert b'href="../digests/gates/' in site["tags/index.html"], "tags of pages work as before"


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_the_index_is_the_same_from_the_last_build(root: Path, theme: str) -> None:
    configure(root, theme={"name": theme}, plugins=["search"])
    first = build_here(root)["search/search_index.json"]
    assert b"judges every generated field" in first
    assert build_here(root)["search/search_index.json"] == first


def test_the_index_follows_the_table_of_contents(root: Path) -> None:
    def index(depth: int) -> bytes:
        toc = {"toc": {"toc_depth": depth}}
        configure(root, theme={"name": "mkdocs"}, plugins=["search"], markdown_extensions=[toc])
        return build_here(root)["search/search_index.json"]

    whole = index(6)
    titles = index(1)
    assert titles != whole
    shutil.rmtree(root / ".cache/plugin/paperdigest/rendered")
    assert index(1) == titles
    assert index(6) == whole


CLOCK = """
import time

def on_page_markdown(markdown, *, page, **_):
    page.meta["rendered_at"] = time.monotonic_ns()
"""
"""As git-revision-date-localized does for pages that are not in Git."""


def test_entries_of_the_index_are_kept_while_they_would_be_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def index() -> str:
        return build_here(root)["search/search_index.json"].decode()

    def note(kept: Path) -> None:
        record = json.loads(kept.read_bytes())
        record["entries"][0]["text"] += " taken from the last build"
        kept.write_text(json.dumps(record))

    (root / "clock.py").write_text(CLOCK)
    topic = {"G": "digests/gates/index.md"}
    nav = ["index.md", "digests/index.md", topic]
    configure(root, plugins=["search"], nav=nav, hooks=["clock.py"])
    first = index()
    path = root / ".cache/plugin/paperdigest/rendered/digests/gates/index.md.search"
    note(path)
    assert "taken from the last build" in index()
    configure(root, plugins=[{"search": {"lang": "de"}}])
    assert "taken from the last build" not in index()
    jieba = SimpleNamespace(load_userdict=lambda _path: None, cut=lambda text: [text.decode()])
    monkeypatch.setattr("material.plugins.search.plugin.jieba", jieba)
    words = root / "words.txt"
    words.write_text("one 3\n")
    configure(root, plugins=[{"search": {"jieba_dict_user": str(words)}}])
    index()
    note(path)
    assert "taken from the last build" in index()
    words.write_text("another 3\n")
    assert "taken from the last build" not in index()
    path.write_text("{")
    configure(root, plugins=["search"])
    assert index() == first


def warnings_of(root: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.clear()
    build_here(root)
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


GONE = """
from mkdocs.plugins import event_priority

@event_priority(-200)
def on_files(files, **_):
    files.remove(files.get_file_from_path("digests/gates/2024-10-17.md"))
    return files
"""


def test_links_are_checked_in_every_build(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "docs/index.md").write_text(
        "# Lab\n\n[good](digests/gates/2024-10-17.md#2410.13786) [bad](digests/gates/2024-10-17.md#no)\n"
    )
    assert build_here(root)
    # A page that others link to goes away; nothing else changes.
    (root / "gone.py").write_text(GONE)
    configure(root, hooks=["gone.py"], validation={"anchors": "warn"})
    broken = warnings_of(root, caplog)
    assert any("Doc file 'digests/index.md' contains a link" in line for line in broken)
    # A page that names the same link twice is warned of twice while it is rendered, and once from the cache.
    again = warnings_of(root, caplog)
    assert set(again) == set(broken)
    assert warnings_of(root, caplog) == again
    configure(root, hooks=[])
    (line,) = warnings_of(root, caplog)
    assert "does not contain an anchor '#no'" in line


TARGET = """
from mkdocs.plugins import event_priority
from mkdocs.structure.files import InclusionLevel

@event_priority(-200)
def on_files(files, **_):
    file = files.get_file_from_path("digests/gates/2024-10-17.md")
    {on_files}
    return files

def on_page_markdown(markdown, *, page, **_):
    return {markdown} if page.file.src_uri == "digests/gates/2024-10-17.md" else markdown
"""
STEPS = {
    "excluded": {"on_files": "file.inclusion = InclusionLevel.EXCLUDED", "markdown": "markdown"},
    "moved": {"on_files": 'file.dest_uri, file.url = "moved/index.html", "moved/"', "markdown": "markdown"},
    "emptied": {"on_files": "pass", "markdown": '"# Other anchors"'},
}


def test_a_page_from_the_last_build_says_the_same_of_what_it_links_to(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mkdocs.structure.pages")
    rendered, before = root / ".cache/plugin/paperdigest/rendered", root / "rendered"
    build_here(root)
    mark(root)
    shutil.copytree(rendered, before)

    def lines_and_site() -> tuple[set[str], Sites]:
        caplog.clear()
        site = build_here(root)
        pages = [record for record in caplog.records if record.name == "mkdocs.structure.pages"]
        return {record.getMessage() for record in pages}, site

    for name, step in STEPS.items():
        # MkDocs loads a hook once in a process.
        hook = root / f"{name}.py"
        hook.write_text(TARGET.format(**step))
        configure(root, hooks=[hook.name], validation={"anchors": "warn"})
        shutil.rmtree(rendered)
        lines, site = lines_and_site()
        shutil.rmtree(rendered)
        shutil.copytree(before, rendered)
        kept_lines, kept_site = lines_and_site()
        assert kept_lines == lines
        mentions = any("Doc file 'digests/index.md'" in line for line in lines)
        assert mentions is (name != "moved")
        # Where the page stands elsewhere now, or stands nowhere, whatever links to it is rendered again.
        assert ("digests/index.html" in marked(kept_site)) is (name == "emptied")
        assert kept_site.keys() == site.keys()


LATE = """
seen = {{}}

def on_page_read_source(*, page, **_):
    {source}

def on_page_markdown(markdown, **_):
    return markdown + {more!r}

def on_page_content(html, *, page, **_):
    seen[page.file.src_uri] = (html + {html!r}, page.markdown, page.title)
    return html + {html!r}

def on_env(env, *, files, **_):
    for file in files.documentation_pages():
        page = file.page
        # The index in the navigation has another title by now.
        title = seen[file.src_uri][2] if file.name == "index" else page.title
        assert (page.content, page.markdown, title) == seen[file.src_uri]
        long = [value for value in vars(page).values() if isinstance(value, str) and len(value) > 2000]
        if file.src_uri == "digests/gates/2024-10-17.md":
            assert bool(long) is {held}
"""
CHANGES = {
    "nothing": {"source": "return None", "more": "", "html": "", "held": False},
    "the HTML": {"source": "return None", "more": "", "html": "<p>论文</p>", "held": False},
    "the Markdown": {"source": "return None", "more": "\n\nMore.", "html": "", "held": True},
    "the source": {
        "source": "return page.file.content_string + '\\nMore.'", "more": "", "html": "", "held": True,
    },
}  # fmt: skip


@pytest.mark.parametrize("changed", CHANGES)
def test_plugins_see_all_of_a_page_that_takes_little_memory(root: Path, changed: str) -> None:
    hook = LATE.format(**CHANGES[changed])
    if changed != "the source":
        # A plugin with such a handler may change the source.
        hook = hook.replace("on_page_read_source", "not_a_handler")
    (root / "late.py").write_text(hook, encoding="utf-8")
    configure(root, hooks=["late.py"])
    first = build_here(root)
    assert build_here(root) == first


def test_a_changed_setting_renders_anew(root: Path) -> None:
    build_here(root)
    mark(root)
    configure(root, markdown_extensions=[{"toc": {"permalink": "#"}}])
    assert marked(build_here(root)) == []
    mark(root)
    configure(root, use_directory_urls=False)
    assert marked(build_here(root)) == []


HOOK = """
def on_page_markdown(markdown, *, page, **_):
    return markdown.replace("</details>", "</details><!-- WORD -->")

def on_page_content(html, *, page, **_):
    return html + "<p>added to the content</p>"
"""


def test_what_other_plugins_do_counts_and_still_applies(root: Path) -> None:
    (root / "hook.py").write_text(HOOK.replace("WORD", "one"))
    configure(root, hooks=["hook.py"])
    build_here(root)
    mark(root)
    again = build_here(root)
    assert len(marked(again)) == 7
    assert b"added to the content" in again[f"{NEWEST}/index.html"]
    # A file of another name, because MkDocs loads a hook once in a process.
    (root / "changed.py").write_text(HOOK.replace("WORD", "another"))
    configure(root, hooks=["changed.py"])
    changed = build_here(root)
    assert f"{NEWEST}/index.html" not in marked(changed)
    assert b"<!-- another -->" in changed[f"{NEWEST}/index.html"]


@pytest.mark.parametrize(
    "config",
    [
        {"plugins": ["search", "autorefs"]},
        {"markdown_extensions": [{"pymdownx.snippets": {"auto_append": ["words.md"]}}]},
        {"markdown_extensions": [{"toc": {"slugify": "!!python/name:hook.slugify"}}]},
    ],
    ids=["a plugin's extension", "files of the site", "code of the site"],
)
def test_nothing_is_kept_where_rendering_may_depend_on_more(root: Path, config: dict[str, Any]) -> None:
    (root / "words.md").write_text("*[HTML]: Hyper Text Markup Language\n")
    (root / "hook.py").write_text("def slugify(text, separator):\n    return text\n")
    configure(root, **config)
    path = root / "mkdocs.yml"
    path.write_text(path.read_text().replace("'!!python/name:hook.slugify'", "!!python/name:hook.slugify"))
    sys.path.insert(0, str(root))
    try:
        first = build_here(root)
        assert kept(root) == {}
        assert build_here(root) == first
    finally:
        sys.path.remove(str(root))
        sys.modules.pop("hook", None)


@pytest.mark.parametrize(
    ("settings", "is_known"),
    [
        ({}, True),
        ({"options": {"custom_icons": []}}, True),
        ({"options": {"attributes": {"align": "absmiddle"}}}, True),
        ({"custom_icons": ["overrides/.icons"]}, False),
        ({"options": {"custom_icons": ["overrides/.icons"]}}, False),
        ({"options": [{"deeper": {"custom_icons": ["overrides/.icons"]}}]}, False),
    ],
)
def test_settings_that_bring_files_count_on_every_level(settings: dict[str, Any], is_known: bool) -> None:
    file = SimpleNamespace(src_uri="index.md", url="")
    page: Any = SimpleNamespace(markdown=":overrides-ours:", file=file)
    emoji = "pymdownx.emoji"
    config: Any = SimpleNamespace(
        mdx_configs={emoji: settings}, markdown_extensions=[emoji], use_directory_urls=True
    )
    assert (fingerprint(page, config) is not None) is is_known


def test_what_is_damaged_or_of_no_use_any_more_is_replaced(root: Path) -> None:
    first = build_here(root)
    files = kept(root)
    files["digests/index"].write_bytes(b"{")
    files[NEWEST].write_bytes(b'{"made_from": "", "title": 1}\n<p></p>')
    # As a power failure leaves them behind.
    whole = files["digests/gates/index"].read_bytes()
    files["digests/gates/index"].write_bytes(whole[:-4096])
    other = files["digests/generated-text/index"]
    other.write_bytes(other.read_bytes()[:-4096] + bytes(4096))
    # Of a page that is gone, and as an older version has kept one.
    left = [files[NEWEST].with_name(name) for name in ("1999-01-01.md.html", "2024-10-17.md.json")]
    for path in left:
        path.write_text("{}")
    assert build_here(root) == first
    assert not any(path.exists() for path in left)
    assert b"\n<" in files["digests/index"].read_bytes()
    assert files["digests/gates/index"].read_bytes() == whole


@pytest.mark.parametrize("obstacle", ["a folder", "a full disk"])
def test_what_cannot_be_kept_does_not_end_a_build(root: Path, obstacle: str) -> None:
    rendered = root / ".cache/plugin/paperdigest/rendered"
    if obstacle == "a folder":
        first = build_here(root)
        for path in [*rendered.rglob("*.html"), *rendered.rglob("*.search")]:
            path.unlink()
            path.mkdir()
    else:
        # Once before, because pages of a cache that was not made here are deleted.
        build_here(root)
        shutil.rmtree(rendered)
        # As good as full: whatever is to be written below fails.
        rendered.write_text("no folder")
        first = build_here(root)
        rendered.unlink()
    assert build_here(root) == first


def test_under_properdocs(root: Path) -> None:
    def site() -> Sites:
        done = build(root, program="properdocs", SOURCE_DATE_EPOCH="1700000000")
        assert done.code == 0, done.log
        return read_site(root)

    first = site()
    assert len(kept(root)) == 7
    assert site() == first
    mark(root)
    assert len(marked(site())) == 7
