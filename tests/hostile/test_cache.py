"""A cache that somebody else has written publishes no files, runs nothing, and reads nothing elsewhere."""

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Document, Entry, Figure, Paper
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pages.plan.outline import outline
from mkdocs_paperdigest.pages.publish import build_pages
from mkdocs_paperdigest.pipeline.cache import clear, problems, prune, sizes
from mkdocs_paperdigest.pipeline.listing import StoredAnswer, list_papers
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.sources.library import Library
from mkdocs_paperdigest.storage.layout import delete_brought_links, images_folder
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.hostile.papers import NOW, digest
from tests.plugin.building import build, write_site
from tests.runs import GATES, forecast


@pytest.fixture
def root(tmp_path: Path, arxiv: FakeArxiv) -> Path:
    """A site that was built once."""
    topics = [{"title": "Gates", "phrases": ["gate"]}]
    write_site(tmp_path / "site", {"topics": topics, "arxiv_url": arxiv.url}, plugins=["search", "macros"])
    assert build(tmp_path / "site").code == 0
    return tmp_path / "site"


def bring(root: Path) -> None:
    """Packs the cache and unpacks it, as a CI does: contents and times of change are the same."""
    cache = root / ".cache/plugin/paperdigest"
    shutil.copytree(cache, root / "packed", symlinks=True, copy_function=shutil.copy2)
    shutil.rmtree(cache)
    shutil.move(root / "packed", cache)


def test_a_cache_that_was_brought_serves_like_our_own(root: Path, arxiv: FakeArxiv) -> None:
    cache, asked = root / ".cache/plugin/paperdigest", len(arxiv.requests)
    written = {path: path.stat().st_mtime_ns for path in cache.rglob("*.md*")}
    assert written
    bring(root)
    assert build(root).code == 0
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.md*")} == written
    assert len(arxiv.requests) == asked


@pytest.mark.parametrize(
    "name", ["../index.md", "digests/../../index.md", "{root}/index.md", "..\\index.md", "", "a\0b"]
)
def test_no_file_of_others_is_deleted_as_an_old_page(name: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (cache / "pages/digests").mkdir(parents=True)
    theirs = [cache / "index.md", cache / "pages/..\\index.md"]
    old = cache / "pages/digests/old.md"
    for path in (*theirs, old):
        path.write_text("text")
    names = [name.format(root=cache), "digests/old.md"]
    (cache / "pages.json").write_text(json.dumps({one: ["x", "x", 1, 1] for one in names}))
    build_pages([digest("gates", [])], Options((GATES,), cache_dir=cache), now=NOW)
    assert all(path.exists() for path in theirs)
    assert not old.exists()
    assert list(json.loads((cache / "pages.json").read_text())) != names


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_of_a_cache_that_was_brought_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    cache = tmp_path / "cache"
    (cache / "figures").mkdir(parents=True)
    for name in ("pages", "rendered", "figures/2410.13786v1", "made-here", "store"):
        (cache / name).symlink_to(outside)
    (cache / "arxiv.lock").symlink_to(outside / "secret")
    delete_brought_links(cache)
    assert not [path for path in cache.rglob("*") if path.is_symlink()]
    assert (outside / "secret").read_text() == "secret"
    delete_brought_links(cache)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
def test_pipes_of_a_cache_that_was_brought_are_not_waited_for(root: Path) -> None:
    cache = root / ".cache/plugin/paperdigest"
    bring(root)
    brought = [*cache.rglob("*.webp"), *cache.rglob("*.pdf"), *cache.rglob("*.json"), cache / "arxiv.lock"]
    for path in brought:
        path.unlink(missing_ok=True)
        os.mkfifo(path)
    built = build(root)
    assert built.code == 0, built.log
    assert brought
    assert not [path for path in cache.rglob("*") if path.is_fifo()]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_of_other_programs_in_a_shared_folder_stay(tmp_path: Path) -> None:
    cache = tmp_path / "shared"
    (cache / "huggingface").mkdir(parents=True)
    links = [cache / "latest", cache / "huggingface/model"]
    for link in links:
        link.symlink_to(tmp_path)
    delete_brought_links(cache)
    assert all(link.is_symlink() for link in links)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("command", ["prune", "verify", "size", "clear", "forecast"])
def test_no_command_follows_links_of_a_cache_that_was_brought(command: str, tmp_path: Path) -> None:
    thesis = tmp_path / "home/thesis"
    thesis.mkdir(parents=True)
    (thesis / "paper.pdf").write_text("not a PDF")
    cache = tmp_path / "cache"
    cache.mkdir()
    for name in ("papers", "figures", "pages", "store"):
        (cache / name).symlink_to(tmp_path / "home")
    options = Options((), cache_dir=cache, offline=True)
    if command == "prune":
        prune(options, now=NOW, environ={})
    elif command == "verify":
        assert list(problems(options)) == []
    elif command == "size":
        assert not any(sizes(cache).values())
    elif command == "clear":
        clear(cache)
    else:
        forecast(options, now=NOW, environ={})
    left = list((tmp_path / "home").rglob("*"))
    assert sorted(left) == [thesis, thesis / "paper.pdf"]


def test_prune_and_clear_leave_files_of_others(tmp_path: Path) -> None:
    names = ("papers/draft/a.tex", "figures/plots/a.png", "pages/about.md", "store/notes", "locks/a")
    theirs = [tmp_path / name for name in names]
    ours = [
        tmp_path / "papers/2410.13786v1/paper.pdf",
        images_folder(tmp_path, PAPER, DOCUMENT_VERSION) / "fig-1.webp",
        tmp_path / "store-broken-1/cache.db",
        tmp_path / "rendered/digests/index.md.html",
        tmp_path / "rendered/digests/index.md.search",
    ]
    for path in (*theirs, *ours):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    prune(Options((), cache_dir=tmp_path, offline=True), now=NOW, environ={})
    assert [path.exists() for path in ours] == [False, False, False, True, True]
    assert all(path.exists() for path in theirs)
    (tmp_path / "store/notes").unlink()
    clear(tmp_path)
    assert not any(path.exists() for path in ours)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(left) == sorted(set(theirs) - {tmp_path / "store/notes"})


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_cache_that_is_unpacked_after_a_clear_was_brought(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    delete_brought_links(cache)
    clear(cache)
    (cache / "papers").symlink_to(tmp_path)
    delete_brought_links(cache)
    assert not (cache / "papers").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_mark_that_was_brought_along_proves_nothing(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    delete_brought_links(cache)
    (cache / "pages").symlink_to(tmp_path)
    delete_brought_links(cache)
    assert (cache / "pages").is_symlink()
    shutil.copytree(cache, tmp_path / "copy", symlinks=True, copy_function=shutil.copy2)
    delete_brought_links(tmp_path / "copy")
    assert not (tmp_path / "copy/pages").exists()


@pytest.mark.parametrize(
    "name",
    ["../../secret", "index.html", "page.md", "fig-1.webp/../x", "/etc/passwd", "x.svg", "fig-1.svg", "\x00"],
)  # fmt: skip
def test_only_images_are_published_as_figures(name: str, tmp_path: Path) -> None:
    folder = images_folder(tmp_path, PAPER, DOCUMENT_VERSION)
    folder.mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    for there in ("index.html", "page.md", "x.svg", "fig-1.svg", "fig-1.webp"):
        (folder / there).write_text("<script>window.pwned=1</script>")
    figures = (Figure("Figure 1", "", 1, name, 1, 1), Figure("Figure 2", "", 1, "fig-1.webp", 1, 1, name))
    entry = Entry(PAPER, Document("pdf", figures, reader=DOCUMENT_VERSION))
    plan = outline([digest("gates", [entry])], Options((GATES,), cache_dir=tmp_path), now=NOW)
    assert [Path(uri).name for uri in plan.images] == ["fig-1.webp"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("link", ["file", "folder", "parent"])
def test_no_link_is_published_as_a_figure(link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "fig-1.webp").write_text("secret")
    folder = images_folder(tmp_path, PAPER, DOCUMENT_VERSION)
    if link == "file":
        folder.mkdir(parents=True)
        (folder / "fig-1.webp").symlink_to(outside / "fig-1.webp")
    elif link == "folder":
        folder.parent.mkdir(parents=True)
        folder.symlink_to(outside)
    else:
        (outside / folder.name).mkdir()
        (outside / "fig-1.webp").rename(outside / folder.name / "fig-1.webp")
        folder.parent.parent.mkdir()
        folder.parent.symlink_to(outside)
    entry = Entry(
        PAPER, Document("pdf", (Figure("Figure 1", "", 1, "fig-1.webp", 1, 1),), reader=DOCUMENT_VERSION)
    )
    plan = outline([digest("gates", [entry])], Options((GATES,), cache_dir=tmp_path), now=NOW)
    assert plan.images == {}


FORGED = (
    replace(PAPER, pdf=Path("/etc/passwd")),
    replace(PAPER, version=0, pdf=Path("/etc/passwd")),
    replace(PAPER, id="../../../x"),
    replace(PAPER, id="a\x00b"),
    replace(PAPER, id=""),
)


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_papers_that_arxiv_never_sent_are_asked_for_again(
    forged: Paper, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    options = Options((GATES,), cache_dir=tmp_path, arxiv_url=arxiv.url, request_interval_s=0.01)
    store = Store(tmp_path / "store")
    with Run(options, store, NOW, {}) as run:
        honest = list_papers(GATES, run).papers
        (name,) = store.keys("search")
        store.put(name, StoredAnswer((forged,), NOW, max_papers=GATES.max_papers))
        assert list_papers(GATES, run).papers == honest
    store.close()
    assert honest


@pytest.mark.parametrize("name", ["../secret.pdf", "/etc/passwd"])
def test_a_library_in_the_cache_names_no_files_of_others(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4")
    (folder / "x.bib").write_text("@techreport{key, title = {A}, year = 2023}\n")
    topic = Topic("Reports", "reports", library=folder / "x.bib")
    options = Options((topic,), cache_dir=tmp_path / "cache", offline=True)
    store = Store(tmp_path / "cache/store")
    with Run(options, store, NOW, {}) as run:
        honest = list_papers(topic, run).papers
        (where,) = store.keys("library")
        store.put(where, Library((replace(honest[0], pdf=folder / name),), ()))
        assert list_papers(topic, run).papers == honest
    store.close()
