"""What is new in a version of a paper, where the earlier one is known."""

import html
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Changes, Document, Figure, TopicState
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.cache import prune
from mkdocs_paperdigest.pipeline.known import Known
from mkdocs_paperdigest.pipeline.listing import Listing
from mkdocs_paperdigest.pipeline.run import open_run
from mkdocs_paperdigest.pipeline.versions import what_is_new
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.runs import build_site, update

NOW = datetime(2024, 10, 20, 6, 17, tzinfo=UTC)
TITLE = replace(PAPER, version=2, title="Gates for machine-made text", updated=NOW)
BOTH = replace(TITLE, version=3, title="Gates for text", abstract=f"{PAPER.abstract} The code is public.")


@pytest.fixture
def options(arxiv: FakeArxiv, tmp_path: Path) -> Options:
    arxiv.papers = [PAPER]
    return Options(
        (Topic("Gates", "gates", phrases=("gate",)), Topic("Named", "named", ids=(PAPER.id,))),
        cache_dir=tmp_path / "cache",
        arxiv_url=arxiv.url,
        request_interval_s=0.001,
        figures=False,
    )


def note(options: Options, day: int, page: str = "gates/2024-w42.md") -> str:
    """What the page of a build on a later day says of the paper's version."""
    site = build_site(options, now=NOW + timedelta(days=day), environ={})
    text = next(file.path for file in site.files if file.uri.endswith(page)).read_text("utf-8")
    return html.unescape(text.partition('<p class="pd-changes">')[2].partition("</p>")[0])


def test_a_version_says_what_changed_since_the_one_that_was_known(options: Options, arxiv: FakeArxiv) -> None:
    assert note(options, 0) == ""
    arxiv.papers = [TITLE]
    assert note(options, 1) == "Version 2: title changed since version 1"
    assert note(options, 2, "named/index.md") == "Version 2: title changed since version 1"
    prune(options, now=NOW + timedelta(days=2), environ={})
    assert note(replace(options, offline=True), 9) == "Version 2: title changed since version 1"
    arxiv.papers = [BOTH]
    assert note(options, 10) == "Version 3: title, abstract changed since version 2"
    assert note(replace(options, language="zh"), 11) == "第 3 版：与第 2 版相比，标题、摘要有改动"


def test_nothing_is_said_where_no_earlier_version_is_known_or_nothing_differs(
    options: Options, arxiv: FakeArxiv
) -> None:
    arxiv.papers = [TITLE]
    assert note(options, 0) == ""
    # Spaces, case and punctuation are how a title is written, not what it says.
    arxiv.papers = [replace(TITLE, version=3, title="Gates  for Machine–Made Text.")]
    assert note(options, 1) == ""
    arxiv.papers = [replace(BOTH, version=4, comment="This paper has been withdrawn by the author")]
    assert note(options, 2) == ""


def document(*captions: str, **changes: object) -> Document:
    figures = tuple(
        Figure(f"Figure {number}", caption, number, f"fig-{number}.webp", 9, 9)
        for number, caption in enumerate(captions, 1)
    )
    return Document("pdf", figures, reader=DOCUMENT_VERSION, **changes)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (document("A gate."), document("A gate.", "Its parts."), True),
        (document("A gate."), document("A wall."), True),
        (document("A gate."), document("A  gate"), False),
        (document("A gate."), replace(document("A wall."), source="html"), False),
        (document("A gate.", final=False), document("A wall."), False),
        (document("A gate."), None, False),
        (None, document("A gate."), False),
    ],
)
def test_figures_are_compared_where_both_versions_were_read_in_the_same_way(
    old: Document | None, new: Document | None, changed: bool, options: Options
) -> None:
    second = replace(PAPER, version=2)
    listing = Listing(options.topics[0], TopicState("Gates", "gates"), (second,), former=(PAPER,))
    with open_run(options, now=NOW, environ={}) as run:
        if old is not None:
            run.shelves.document.put(old, PAPER)
        known = {second.key: Known(second, document=new)}
        expected = Changes(1, ("figures",)) if changed else None
        assert what_is_new([listing], known, run) == {second.key: expected}


def test_a_cache_from_elsewhere_cannot_have_files_read_as_earlier_versions(
    options: Options, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    note(options, 0)
    arxiv.papers = [TITLE]
    note(options, 1)
    with open_run(options, now=NOW, environ={}) as run:
        shelf, query = run.shelves.ids, options.topics[1]
        stored = shelf.get(query)
        assert stored is not None
        assert stored.former == (PAPER,)
        shelf.put(replace(stored, former=(replace(PAPER, pdf=tmp_path / "secret.pdf"),)), query)
    asked = len(arxiv.asked("api"))
    note(options, 1)
    assert len(arxiv.asked("api")) == asked + 1


@pytest.mark.parametrize("corrected", [False, True])
def test_a_record_keeps_what_is_new_although_no_cache_does(
    corrected: bool, options: Options, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    options = replace(options, archive_dir=tmp_path / "archive")
    update(options, now=NOW, environ={})
    record = tmp_path / "archive" / f"{PAPER.id}.yaml"
    if corrected:
        record.write_text(record.read_text("utf-8").replace(PAPER.title, "Gates and fences"), "utf-8")
    arxiv.papers = [BOTH]
    for day in (1, 2):
        shutil.rmtree(options.cache_dir)
        update(options, now=NOW + timedelta(days=day), environ={})
        said = f"Version 3: {'' if corrected else 'title, '}abstract changed since version 1"
        assert note(options, day) == said
