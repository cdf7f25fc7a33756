"""The plugin inside MkDocs: whole builds, as a user sees them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.config import load_config

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build, environment, write_site
from tests.processes import run_python

TOPIC = {"title": "Gates", "phrases": ["gate"]}


@pytest.fixture
def arxiv(make_paper) -> Iterator[FakeArxiv]:
    other = make_paper(id="2410.00002", title="Another gate", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, other]) as fake:
        yield fake


@pytest.fixture
def read(known: Path, tmp_path: Path) -> Path:
    """A site whose papers have been read."""
    shutil.copytree(known, tmp_path / ".cache")
    return tmp_path


def site(root: Path, arxiv: FakeArxiv, **options: object) -> Path:
    return write_site(root, {"topics": [TOPIC], "arxiv_url": arxiv.url, **options})


def snapshot(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for name in ("pages", "figures", "papers")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def test_a_topic_becomes_digest_pages(tmp_path: Path, arxiv: FakeArxiv) -> None:
    built = build(site(tmp_path, arxiv))
    assert built.code == 0, built.log
    assert built.pages == [
        "digests/gates/2024-10-02/index.html",
        "digests/gates/2024-10-17/index.html",
        "digests/gates/index.html",
        "digests/index.html",
    ]
    page = built.page("digests/gates/2024-10-17/index.html")
    (heading,) = page.cssselect('h2[id="2410.13786"]')
    assert heading.text_content().startswith(PAPER.title)
    parts = (".pd-meta", ".pd-links a", ".pd-summary", "details.pd-abstract", ".pd-provenance")
    for part in parts:
        assert page.cssselect(part), part
    assert "Ada Lovelace" in page.cssselect(".pd-meta")[0].text_content()
    images = page.cssselect("details.pd-figures figure img")
    assert images
    for image in images:
        assert (built.site / "digests/gates/2024-10-17" / image.get("src")).resolve().is_file()
    assert (built.site / "digests/gates/gates.bib").is_file()
    (line,) = re.findall(r"INFO.*papers shown.*", built.log)
    assert "2 papers shown (2 new, 0 cached), 0 waiting, 0 failed" in line
    assert re.search(r"INFO.*papers to work on: 2\n.*INFO.*\[1/2\].*\n.*INFO.*\[2/2\]", built.log)


def test_a_second_build_asks_nobody_and_writes_nothing(tmp_path: Path, arxiv: FakeArxiv) -> None:
    root = site(tmp_path, arxiv)
    assert build(root).code == 0
    asked, written = len(arxiv.requests), snapshot(root / ".cache/plugin/paperdigest")
    again = build(root)
    assert again.code == 0, again.log
    assert len(arxiv.requests) == asked > 0
    assert snapshot(root / ".cache/plugin/paperdigest") == written
    assert "(0 new, 2 cached)" in again.log
    assert "papers to work on" not in again.log


def test_offline_opens_no_socket(tmp_path: Path, arxiv: FakeArxiv) -> None:
    root = site(tmp_path, arxiv)
    assert build(root).code == 0
    site(root, arxiv, offline=True, refresh="1m")
    program = (
        "import socket, sys, runpy\n"
        "def refuse(*_): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "sys.argv = ['mkdocs', 'build', '--strict']\n"
        "runpy.run_module('mkdocs', run_name='__main__')\n"
    )
    done = run_python(["-c", program], cwd=root, env=environment())
    assert done.returncode == 0, done.stderr
    assert (root / "site/digests/gates/2024-10-17/index.html").is_file()


def test_a_refused_refresh_shows_the_last_good_state(tmp_path: Path, arxiv: FakeArxiv) -> None:
    root = site(tmp_path, arxiv, refresh="0m")
    assert build(root).code == 0
    arxiv.fail("403", times=None)
    built = build(root)
    assert built.code == 0, built.log
    assert re.search(
        r"INFO .*topic .Gates.: .*\(403\); shown as of 20\d\d-\d\d-\d\d \d\d:\d\d UTC", built.log
    )
    assert len(built.pages) == 4


def test_nothing_to_show_fails_a_strict_build_and_says_so_on_the_page(
    tmp_path: Path, arxiv: FakeArxiv
) -> None:
    arxiv.fail("403", times=None)
    root = site(tmp_path, arxiv)
    built = build(root)
    assert built.code == 1
    assert re.search(r"WARNING.*no papers to show: topic 'Gates'", built.log)
    loose = build(root, "--no-strict")
    assert loose.code == 0, loose.log
    assert built.page("digests/gates/index.html").cssselect(".pd-state, .admonition")


def test_a_mistake_in_the_options_is_one_line_without_traceback(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"topics": [{"title": "Gates", "phrases": ["a"], "since": "soon"}]})
    built = build(root)
    assert built.code == 1
    assert "topic 'Gates': `since: soon` is neither a date nor an age" in built.log
    assert "Traceback" not in built.log


def test_a_page_of_the_user_wins(read: Path, lasting_arxiv: FakeArxiv) -> None:
    root = site(read, lasting_arxiv)
    (root / "docs/digests/gates").mkdir(parents=True)
    (root / "docs/digests/README.md").write_text("# Mine\n\n[gates](gates/index.md)\n")
    (root / "docs/digests/gates/2024-10-02.md").write_text("# Also mine\n")
    built = build(root)
    assert "Mine" in built.page("digests/index.html").text_content()
    assert "Also mine" in built.page("digests/gates/2024-10-02/index.html").text_content()


def test_excluded_pages_stay_away(read: Path, lasting_arxiv: FakeArxiv) -> None:
    root = write_site(read, {"topics": [TOPIC], "arxiv_url": lasting_arxiv.url}, exclude_docs="digests/\n")
    built = build(root)
    assert built.code == 0, built.log
    assert built.pages == []


@pytest.mark.parametrize("pattern", ["2024-10-02.md", "*.bib", "digests/assets/", "digests/gates/index.md"])
def test_some_files_may_be_excluded(read: Path, lasting_arxiv: FakeArxiv, pattern: str) -> None:
    options = {"topics": [TOPIC], "arxiv_url": lasting_arxiv.url}
    built = build(write_site(read, options, exclude_docs=f"{pattern}\n"))
    assert built.code == 0, built.log
    assert "digests/gates/2024-10-17/index.html" in built.pages
    left = [path for path in built.site.rglob("*") if path.match(f"{pattern.rstrip('/')}*")]
    assert left == []


def test_a_cache_that_would_be_published_is_refused(tmp_path: Path, arxiv: FakeArxiv) -> None:
    built = build(site(tmp_path, arxiv, cache_dir="docs/cache"))
    assert built.code == 1
    assert "`cache_dir: docs/cache` lies inside `docs_dir`" in built.log
    assert not (tmp_path / "docs/cache").exists()


@pytest.mark.parametrize("folder", [".", "..", "docs/.."])
def test_a_cache_that_would_hold_the_site_is_refused(folder: str, tmp_path: Path, arxiv: FakeArxiv) -> None:
    built = build(site(tmp_path, arxiv, cache_dir=folder))
    assert built.code == 1
    assert f"`cache_dir: {folder}` holds the site itself" in built.log
    assert not (tmp_path / "store").exists()


def test_a_site_with_a_nav_names_the_index_and_nothing_else(read: Path, lasting_arxiv: FakeArxiv) -> None:
    root = write_site(
        read,
        {"topics": [TOPIC], "arxiv_url": lasting_arxiv.url},
        nav=["index.md", {"Papers": "digests/index.md"}],
    )
    built = build(root)
    assert built.code == 0, built.log
    assert "Papers" in built.page("index.html").cssselect("nav.md-nav--primary")[0].text_content()


def test_disabled_does_nothing(tmp_path: Path, arxiv: FakeArxiv) -> None:
    built = build(site(tmp_path, arxiv, enabled=False))
    assert built.code == 0, built.log
    assert not built.pages
    assert not arxiv.requests
    assert not (tmp_path / ".cache").exists()


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_other_themes_build_too(read: Path, lasting_arxiv: FakeArxiv, theme: str) -> None:
    root = write_site(read, {"topics": [TOPIC], "arxiv_url": lasting_arxiv.url}, theme={"name": theme})
    built = build(root)
    assert built.code == 0, built.log
    assert PAPER.title in built.page("digests/gates/index.html").text_content()
    for folder in ("digests", "digests/gates"):
        links = built.page(f"{folder}/index.html").cssselect("head > link[rel=alternate]")
        assert [link.get("type") for link in links] == ["application/atom+xml", "application/feed+json"]
        assert all((built.site / folder / link.get("href")).is_file() for link in links)
    assert not built.page("digests/gates/2024-10-17/index.html").cssselect("link[rel=alternate]")


def test_without_an_address_one_line_says_that_there_are_no_feeds(
    read: Path, lasting_arxiv: FakeArxiv
) -> None:
    options = {"topics": [TOPIC], "arxiv_url": lasting_arxiv.url}
    built = build(write_site(read, options, site_url=None, theme={"name": "mkdocs"}))
    assert built.code == 0, built.log
    assert built.log.count("site_url") == 1
    assert re.search("INFO .*no `site_url`, so there are no feeds", built.log)
    assert not list(built.site.rglob("feed.*"))
    assert not built.page("digests/index.html").cssselect("link[rel=alternate]")
    built = build(write_site(read, options | {"feeds": False}, site_url=None, theme={"name": "mkdocs"}))
    assert "site_url" not in built.log


def test_serve_watches_the_files_that_pages_are_made_from(tmp_path: Path) -> None:
    for name in ("reports.bib", "lab.bib"):
        (tmp_path / name).touch()
    topics = [{"title": "Ours", "library": "reports.bib"}, {"title": "Gates", "phrases": ["gate"]}]
    write_site(tmp_path, {"topics": topics, "interests": ["lab.bib", "2410.13786"], "request_interval": 3})
    config = load_config(str(tmp_path / "mkdocs.yml"))
    config = config.plugins.on_config(config)
    assert config.watch[-2:] == [str(tmp_path / "reports.bib"), str(tmp_path / "lab.bib")]
