"""Exported pages: whole, plain, up to date, and nobody else's files touched."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest
import yaml

from mkdocs_paperdigest.export import MANIFEST, export, snippet
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.settings import Settings, Topic
from mkdocs_paperdigest.site import build_site
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.site.building import build, write_site

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
GATES = Topic("Gates", "gates", phrases=("gate",))


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    other = replace(PAPER, id="2410.00002", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, other]) as fake:
        yield fake


@pytest.fixture
def settings(tmp_path: Path, arxiv: FakeArxiv) -> Settings:
    return Settings(
        topics=(GATES,),
        cache_dir=tmp_path / "cache",
        arxiv_url=arxiv.url,
        request_interval_s=0.005,
        period="day",
    )


def files(settings: Settings) -> tuple[SiteFile, ...]:
    return build_site(settings, now=NOW, environ={}).files


def test_exported_pages_build_without_the_plugin(settings: Settings, tmp_path: Path) -> None:
    root = write_site(tmp_path / "other", {})
    done = export(files(settings), root / "docs", settings)
    config = {
        "site_name": "Lab",
        "theme": {"name": "material"},
        "plugins": ["search"],
        "validation": {"anchors": "warn", "unrecognized_links": "warn"},
        **yaml.safe_load(snippet(settings)),
    }
    config["nav"].insert(0, {"Home": "index.md"})
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config))
    built = build(root)
    assert built.code == 0, built.log
    assert (
        done.written == len([path for path in (root / "docs").rglob("*.*") if path.is_file()]) - 2
    )
    page = built.page("digests/gates/2024-10-17/index.html")
    (image,) = page.cssselect("details.pd-figures figure img")
    assert (built.site / "digests/gates/2024-10-17" / image.get("src")).resolve().is_file()
    assert page.cssselect('h2[id="2410.13786"]')
    assert (built.site / "assets/paperdigest/paperdigest.css").is_file()


def test_zensical_builds_them(settings: Settings, tmp_path: Path) -> None:
    pytest.importorskip("zensical")
    root = write_site(tmp_path / "other", {})
    export(files(settings), root / "docs", settings)
    config = {
        "site_name": "Lab",
        "theme": {"name": "material"},
        **yaml.safe_load(snippet(settings)),
    }
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config))
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = lxml.html.parse(root / "site/digests/gates/2024-10-17/index.html").getroot()
    for part in ('h2[id="2410.13786"]', ".pd-meta", ".pd-links a", ".pd-summary"):
        assert page.cssselect(part), part
    assert len(page.cssselect(".pd-takeaways li")) >= 3
    (image,) = page.cssselect("details.pd-figures figure img")
    assert (root / "site/digests/gates/2024-10-17" / image.get("src")).resolve().is_file()


def test_a_second_export_writes_nothing(settings: Settings, tmp_path: Path) -> None:
    first = export(files(settings), tmp_path / "out", settings)
    again = export(files(settings), tmp_path / "out", settings)
    assert (again.written, again.unchanged, again.deleted) == (0, first.written, 0)


def test_what_is_gone_is_deleted_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(files(settings), out, settings)
    (out / "digests/gates/mine.md").write_text("mine")
    newest = replace(settings, topics=(replace(GATES, max_papers=1),))
    done = export(files(newest), out, newest)
    assert done.deleted >= 1
    left = sorted(path.name for path in (out / "digests/gates").iterdir())
    assert left == ["2024-10-17.md", "gates.bib", "index.md", "mine.md"]


def test_a_page_of_the_users_stays(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "digests").mkdir(parents=True)
    (out / "digests/index.md").write_text("mine")
    done = export(files(settings), out, settings)
    assert done.kept == ("digests/index.md",)
    assert export(files(settings), out, settings).kept == ("digests/index.md",)
    assert (out / "digests/index.md").read_text() == "mine"


def test_an_edited_manifest_deletes_nothing_outside(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (out / MANIFEST).write_text(f'["../victim", "{victim}"]')
    export(files(settings), out, settings)
    assert victim.exists()


def test_the_snippet_stands_beside_the_pages(settings: Settings, tmp_path: Path) -> None:
    export(files(settings), tmp_path / "out", settings)
    text = (tmp_path / "out/digests/nav.yml").read_text()
    assert text == snippet(settings)
    assert yaml.safe_load(text)["nav"] == [
        {"Paper digests": ["digests/index.md", {"Gates": "digests/gates/index.md"}]}
    ]
