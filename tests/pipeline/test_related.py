"""The closest papers of the site under each entry."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline import related
from mkdocs_paperdigest.pipeline.cache import prune
from mkdocs_paperdigest.pipeline.closeness import Near
from mkdocs_paperdigest.pipeline.site import Site
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.runs import build_site

NOW = datetime(2024, 10, 20, 6, 17, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def paper(number: int, title: str, abstract: str, **changes: object) -> Paper:
    day = datetime(2024, 10, 1 + number, 6, tzinfo=UTC)
    whole = replace(
        PAPER, id=f"2410.0000{number}", title=title, abstract=abstract, published=day, updated=day
    )
    return replace(whole, **changes)


FACES = paper(
    1,
    "Audio-driven talking heads with a latent diffusion of motion",
    "Talking head generation animates a portrait by speech. A diffusion model of facial motion keeps lips in sync.",
)
PORTRAITS = paper(
    2,
    "One portrait is enough: talking head generation from speech",
    "We animate a portrait by speech. Lips are in sync, and the facial motion of the talking head is diffused.",
)
WHEAT = paper(3, "Harvesting of wheat", "Yields of wheat depend on rain in spring and on the soil.")
PAPERS = [FACES, PORTRAITS, WHEAT]


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(PAPERS) as fake:
        yield fake


@pytest.fixture
def options(arxiv: FakeArxiv, tmp_path: Path) -> Options:
    return Options(
        (
            Topic("Heads", "heads", ids=(FACES.id,)),
            Topic("All", "all", ids=tuple(one.id for one in PAPERS), period="day"),
        ),
        cache_dir=tmp_path / "cache",
        arxiv_url=arxiv.url,
        request_interval_s=0.001,
        figures=False,
    )


def entry_of(site: Site, page: str, paper: Paper) -> str:
    """An entry's Markdown, with plain characters in place of entities."""
    path = next(file.path for file in site.files if file.uri.endswith(page))
    text = html.unescape(path.read_text("utf-8"))
    return re.split(r'\{ id="', text.partition(f'{{ id="{paper.id}"')[2])[0]


def test_an_entry_links_to_the_closest_papers_of_all_topics_before_its_provenance(options: Options) -> None:
    site = build_site(options, now=NOW, environ={})
    link = f"[{PORTRAITS.title}](../all/2024-10-03.md#{PORTRAITS.id})"
    entry = entry_of(site, "heads/2024-w40.md", FACES)
    assert f">Related: {link}</p>" in entry
    assert entry.index("pd-figures" if "pd-figures" in entry else "pd-abstract") < entry.index("pd-related")
    assert entry.index("pd-related") < entry.index("pd-provenance")
    # Under the same topic where the paper stands there too, else where it does.
    assert f"(../all/2024-10-02.md#{FACES.id})" in entry_of(site, "all/2024-10-03.md", PORTRAITS)
    assert "pd-related" not in entry_of(site, "all/2024-10-04.md", WHEAT)


def test_papers_are_compared_again_only_when_one_of_them_is_new(
    options: Options, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    compare = related.closest_of_each

    def counting(works: Sequence[tuple[str, str]], known: Mapping[int, Near | None]) -> list[Near]:
        compared.append(len(works) - len(known))
        return compare(works, known)

    monkeypatch.setattr(related, "closest_of_each", counting)
    build_site(options, now=NOW, environ={})
    pages = {path: path.stat().st_mtime_ns for path in options.cache_dir.rglob("*.md")}
    build_site(options, now=NOW, environ={})
    assert {path: path.stat().st_mtime_ns for path in options.cache_dir.rglob("*.md")} == pages
    prune(options, now=NOW, environ={})
    build_site(replace(options, topics=options.topics[::-1]), now=NOW, environ={})
    assert compared == [3]
    arxiv.add(paper(4, "Rust of wheat", "Fungi on wheat."))
    more = replace(options, topics=(*options.topics, Topic("Wheat", "wheat", ids=("2410.00004",))))
    build_site(more, now=LATER, environ={})
    assert compared == [3, 1]


def test_a_paper_with_new_words_or_one_that_is_gone_is_related_no_more(
    options: Options, arxiv: FakeArxiv
) -> None:
    build_site(options, now=NOW, environ={})
    arxiv.papers[0] = replace(FACES, title=WHEAT.title, abstract=WHEAT.abstract, version=2)
    changed = build_site(options, now=LATER, environ={})
    assert "pd-related" not in entry_of(changed, "all/2024-10-03.md", PORTRAITS)
    arxiv.papers[0] = replace(FACES, version=3)
    again = build_site(options, now=LATER + timedelta(days=1), environ={})
    assert FACES.title in entry_of(again, "all/2024-10-03.md", PORTRAITS)
    fewer = replace(options, topics=(replace(options.topics[1], ids=(PORTRAITS.id, WHEAT.id)),))
    assert "pd-related" not in entry_of(build_site(fewer, now=LATER, environ={}), "2024-10-03.md", PORTRAITS)


def test_a_withdrawn_paper_is_related_to_nothing(options: Options, arxiv: FakeArxiv) -> None:
    arxiv.papers[1] = replace(PORTRAITS, comment="This paper has been withdrawn by the authors.")
    site = build_site(options, now=NOW, environ={})
    assert all(
        "pd-related" not in file.path.read_text("utf-8") for file in site.files if file.uri.endswith(".md")
    )


def test_a_site_with_one_paper_says_nothing(options: Options) -> None:
    site = build_site(replace(options, topics=options.topics[:1]), now=NOW, environ={})
    assert "pd-related" not in entry_of(site, "heads/index.md", FACES)
