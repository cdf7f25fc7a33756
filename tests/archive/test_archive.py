"""The archive: what an update writes, what people change in it, and builds from it alone."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import ANY

import lxml.html
import markdown
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mkdocs_paperdigest.archive.records import Record, read_record, write_record
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Claim, Document, Figure, License, Omission, Summary
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline import known, shelves
from mkdocs_paperdigest.reasons import Reason, ReasonCode, worded
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.plugin.building import build, write_site
from tests.runs import GATES, build_site, gate_options, update

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
TEXTS = Topic("Texts", "texts", phrases=("text",))
KEY = {"GEMINI_API_KEY": "not-a-real-key"}
Edit = Callable[[dict], None]


@pytest.fixture
def options(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Options:
    return gate_options(
        tmp_path / "cache",
        arxiv,
        gemini,
        archive_dir=tmp_path / "archive",
        overview=False,
        period="day",
        figures=False,
    )


@pytest.fixture
def illustrated(options: Options) -> Options:
    return replace(options, figures=True)


def edit(options: Options, name: str, change: Edit) -> None:
    path = options.archive_dir / f"{name}.yaml"
    record = yaml.load(path.read_text(), yaml.BaseLoader)
    change(record)
    path.write_text(yaml.safe_dump(record, sort_keys=False))


def record_of(options: Options, name: str) -> dict:
    return yaml.load((options.archive_dir / f"{name}.yaml").read_text(), yaml.BaseLoader)


def pages(options: Options, at: datetime = NOW) -> dict[str, bytes]:
    """What a build shows, by the address of each file; without a key."""
    return {file.uri: file.path.read_bytes() for file in build_site(options, now=at, environ={}).files}


def folder(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def elsewhere(options: Options, tmp_path: Path) -> Options:
    """A fresh clone: the archive, and no cache, no network, no model."""
    shutil.copytree(options.archive_dir, tmp_path / "clone/archive")
    return replace(
        options,
        cache_dir=tmp_path / "clone/cache",
        archive_dir=tmp_path / "clone/archive",
        offline=True,
        model="extractive",
    )


def test_an_update_writes_one_record_a_paper(illustrated: Options) -> None:
    update(illustrated, now=NOW, environ=KEY)
    names = sorted(path.name for path in illustrated.archive_dir.iterdir())
    assert names == ["2410.00001.yaml", "2410.00002.yaml", "2410.00003.yaml", "figures", "topics.yml"]
    record = record_of(illustrated, "2410.00001")
    assert record["topics"] == ["gates"]
    assert record["paper"]["title"] == "Gate number 1 for generated text"
    assert record["summary"]["model"] == "gemini/gemini-3.5-flash-lite"
    assert record["summary"]["takeaways"][0]["quote"] in PAPER.abstract
    figures = record["document"]["figures"]
    images = [figure[size] for figure in figures for size in ("image", "small") if size in figure]
    kept = illustrated.archive_dir / "figures/2410.00001v1"
    assert sorted(path.name for path in kept.iterdir()) == sorted(images) != []


def test_a_fresh_clone_builds_the_same_pages_with_nothing(
    illustrated: Options, tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    unarchived = replace(illustrated, archive_dir=None, max_new_papers=2)
    build_site(unarchived, now=NOW, environ=KEY)
    from_cache = pages(replace(unarchived, max_new_papers=0))
    update(replace(illustrated, max_new_papers=0), now=NOW, environ=KEY)
    clone = elsewhere(illustrated, tmp_path)
    asked = len(arxiv.requests), len(gemini.calls)
    a_year_later = pages(clone, at=NOW + timedelta(days=365))
    assert a_year_later == from_cache
    assert a_year_later["digests/gates/feed.xml"].count(b"<entry>") == 2, "one of the three waits"
    assert b'"marked":true' in a_year_later["digests/papers.json"]
    assert any(uri.endswith(".webp") for uri in a_year_later)
    assert (len(arxiv.requests), len(gemini.calls)) == asked


def test_a_site_is_built_from_a_clone_without_network_key_and_cache(
    illustrated: Options, tmp_path: Path, arxiv: FakeArxiv
) -> None:
    options = {
        "topics": [{"title": "Gates", "phrases": ["gate"]}],
        "arxiv_url": arxiv.url,
        "archive_dir": "archive",
        "model": "auto",
    }
    root = write_site(tmp_path / "site", options)
    cache = root / ".cache/plugin/paperdigest"
    here = replace(illustrated, cache_dir=cache, archive_dir=root / "archive")
    update(here, now=NOW, environ=KEY)
    first = build(root)
    assert first.code == 0, first.log
    before = folder(root / "site/digests")
    shutil.rmtree(root / ".cache")
    shutil.rmtree(root / "site")
    asked = len(arxiv.requests)
    arxiv.fail("drop", times=None)
    again = build(root)
    assert again.code == 0, again.log
    assert folder(root / "site/digests") == before
    assert len(arxiv.requests) == asked
    assert any(name.endswith(".webp") for name in before)


def test_a_build_writes_nothing_into_the_archive(options: Options) -> None:
    update(options, now=NOW, environ=KEY)
    before = folder(options.archive_dir)
    pages(replace(options, refresh=timedelta()), at=NOW + timedelta(days=3))
    assert folder(options.archive_dir) == before


def test_an_update_that_learns_nothing_leaves_every_record_as_it_is(options: Options) -> None:
    update(options, now=NOW, environ=KEY)
    before = folder(options.archive_dir)
    again = update(options, now=NOW + timedelta(hours=1), environ=KEY)
    assert again.records == 0
    assert folder(options.archive_dir) == before


def test_an_update_without_the_cache_pays_for_nothing_twice(
    illustrated: Options, tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    update(illustrated, now=NOW, environ=KEY)
    before, paid = folder(illustrated.archive_dir), len(gemini.calls)
    downloads = len(arxiv.asked("pdf"))
    shutil.rmtree(illustrated.cache_dir)
    update(illustrated, now=NOW, environ=KEY)
    assert len(gemini.calls) == paid
    assert len(arxiv.asked("pdf")) == downloads
    assert folder(illustrated.archive_dir) == before


@pytest.mark.parametrize("model", ["extractive", "none"])
def test_an_update_without_a_key_takes_no_summary_away(options: Options, tmp_path: Path, model: str) -> None:
    update(options, now=NOW, environ=KEY)
    before = folder(options.archive_dir)
    for cache in (options.cache_dir, tmp_path / "another"):
        update(replace(options, cache_dir=cache, model=model), now=NOW, environ={})
        assert folder(options.archive_dir) == before


def test_a_summary_from_the_archive_is_not_paid_for_where_the_cache_has_the_paper_only(
    options: Options, tmp_path: Path, gemini: FakeGemini
) -> None:
    there = replace(options, cache_dir=tmp_path / "another", archive_dir=None)
    update(replace(there, model="extractive"), now=NOW, environ={})
    update(options, now=NOW, environ=KEY)
    paid = len(gemini.calls)
    update(replace(there, archive_dir=options.archive_dir), now=NOW, environ=KEY)
    assert len(gemini.calls) == paid


def test_a_model_that_is_new_reads_the_papers_again(
    options: Options, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    update(replace(options, model="extractive"), now=NOW, environ={})
    shutil.rmtree(options.cache_dir)
    update(options, now=NOW, environ=KEY)
    record = record_of(options, "2410.00001")
    assert record["summary"]["model"] == options.model
    assert record["summary"]["basis"] == record["document"]["source"] != "abstract"


def test_options_for_figures_reach_what_is_archived(
    options: Options, illustrated: Options, gemini: FakeGemini
) -> None:
    update(options, now=NOW, environ=KEY)
    paid = len(gemini.calls)
    figures = []
    for chosen in (illustrated, options, illustrated):
        update(chosen, now=NOW, environ=KEY)
        figures.append(bool(record_of(chosen, "2410.00001")["document"].get("figures")))
    assert figures == [True, False, True]
    assert len(gemini.calls) == paid


def test_a_newer_reader_reads_what_is_archived(
    options: Options, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (shelves, known):
        monkeypatch.setattr(module, "DOCUMENT_VERSION", 1)
    update(options, now=NOW, environ=KEY)
    monkeypatch.undo()
    run = update(options, now=NOW, environ=KEY).report
    assert run.new == 3


def test_what_a_person_changed_stays_and_the_rest_follows_the_sources(
    options: Options, arxiv: FakeArxiv
) -> None:
    update(options, now=NOW, environ=KEY)

    def correct(record: dict) -> None:
        record["summary"]["summary"] = "A person wrote this."
        del record["summary"]["background"]
        record["paper"]["title"] = "The title as printed"

    edit(options, "2410.00001", correct)
    arxiv.papers[0] = replace(
        arxiv.papers[0], title="Gate number 1, revised", version=2, comment="ICML", updated=NOW
    )
    update(options, now=NOW + timedelta(days=2), environ=KEY)
    update(options, now=NOW + timedelta(days=4), environ=KEY)
    record = record_of(options, "2410.00001")
    assert record["summary"]["summary"] == "A person wrote this."
    assert "background" not in record["summary"]
    assert record["paper"]["title"] == "The title as printed"
    assert (record["paper"]["version"], record["paper"]["comment"]) == ("2", "ICML")
    page = pages(options)["digests/gates/2024-10-01.md"].decode()
    assert "A person wrote this" in page
    assert "The title as printed" in page


def test_images_of_an_old_version_leave_with_it(illustrated: Options, arxiv: FakeArxiv) -> None:
    del arxiv.papers[1:]
    update(illustrated, now=NOW, environ=KEY)
    arxiv.papers[0] = replace(arxiv.papers[0], version=2, updated=NOW)
    (illustrated.archive_dir / ".new-killed_1").write_text("half a rec")
    update(illustrated, now=NOW + timedelta(days=2), environ=KEY)
    left = [path.name for path in (illustrated.archive_dir / "figures").iterdir()]
    assert left == ["2410.00001v2"]
    assert not list(illustrated.archive_dir.glob(".*"))


def test_an_update_deletes_nothing_of_others(illustrated: Options, tmp_path: Path) -> None:
    """The archive may lie in a folder with files of people, such as `docs`."""
    figures = illustrated.archive_dir / "figures"
    theirs = [
        figures / "group/photo.jpg",
        figures / "group/fig-1.webp",
        figures / "nested/fig-1.webp/photo.jpg",
        figures / "photo.jpg",
        illustrated.archive_dir / ".new-post.md",
        illustrated.archive_dir / "blog/.new-12345678",
        tmp_path / "elsewhere/photo.jpg",
    ]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("theirs")
    (figures / "link").symlink_to(tmp_path / "elsewhere")
    (figures / "2410.00001v1").symlink_to(tmp_path / "elsewhere")
    update(illustrated, now=NOW, environ=KEY)
    assert [path for path in theirs if not path.exists()] == []
    assert (figures / "link").is_symlink()
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["photo.jpg"]


def test_a_correction_of_a_summary_outlives_the_withdrawal_of_its_paper(
    options: Options, arxiv: FakeArxiv
) -> None:
    update(options, now=NOW, environ=KEY)
    edit(options, "2410.00001", lambda record: record["summary"].update(summary="Mine."))
    arxiv.papers[0] = replace(arxiv.papers[0], comment="This paper has been withdrawn")
    update(options, now=NOW + timedelta(days=2), environ=KEY)
    assert record_of(options, "2410.00001")["summary"]["summary"] == "Mine."
    assert "Mine" not in pages(options)["digests/gates/2024-10-01.md"].decode()


def test_a_hidden_paper_is_on_no_page_and_costs_nothing(options: Options, gemini: FakeGemini) -> None:
    update(replace(options, max_new_papers=0), now=NOW, environ=KEY)
    edit(options, "2410.00002", lambda record: record.update(hidden="true"))
    run = update(options, now=NOW, environ=KEY).report
    assert not any("number 2" in call.prompt for call in gemini.calls)
    assert (run.shown, run.waiting) == (2, 0)
    assert [worded(line.reasons) for line in run.digests[0].ledger if line.fate == "filtered"] == [
        "hidden in its record"
    ]
    shown = b"".join(pages(options).values())
    assert b"number 1" in shown
    assert b"number 2" not in shown
    assert record_of(options, "2410.00002")["hidden"] == "true"


def test_a_topic_that_the_archive_does_not_know_shows_no_hidden_paper_and_pays_nothing_twice(
    options: Options, tmp_path: Path, gemini: FakeGemini
) -> None:
    update(options, now=NOW, environ=KEY)
    edit(options, "2410.00002", lambda record: record.update(hidden="true"))
    clone = replace(options, cache_dir=tmp_path / "another cache", topics=(GATES, TEXTS))
    asked = len(gemini.calls)
    run = build_site(clone, now=NOW, environ=KEY).report
    assert len(gemini.calls) == asked
    for digest in run.digests:
        assert "2410.00002" not in [entry.paper.id for entry in digest.entries]
        assert [line.fate for line in digest.ledger if "00002" in line.key] == ["filtered"]
    assert (run.shown, run.waiting) == (2, 0)


def test_a_pinned_paper_stays_when_its_sources_no_longer_list_it(options: Options) -> None:
    update(options, now=NOW, environ=KEY)
    edit(options, "2410.00001", lambda record: record.update(pinned="true"))
    newest = replace(options, topics=(replace(GATES, max_papers=1),))
    update(newest, now=NOW, environ=KEY)
    assert set(pages(newest)) & {f"digests/gates/2024-10-0{day}.md" for day in (1, 2, 3)} == {
        "digests/gates/2024-10-01.md",
        "digests/gates/2024-10-03.md",
    }
    assert "topics" not in record_of(options, "2410.00002")


def test_a_persons_notes_stand_on_the_page_as_plain_text(options: Options) -> None:
    update(options, now=NOW, environ=KEY)
    notes = "We *tried* it:\nit works.\n\n<script>alert(1)</script> & more"
    edit(options, "2410.00001", lambda record: record.update(notes=notes))
    update(options, now=NOW + timedelta(days=2), environ=KEY)
    html = markdown.markdown(
        pages(options)["digests/gates/2024-10-01.md"].decode().split("---")[2],
        extensions=["attr_list", "md_in_html"],
    )
    shown = lxml.html.fromstring(html)
    assert [note.text_content() for note in shown.cssselect(".pd-note")] == [
        "We *tried* it: it works.",
        "<script>alert(1)</script> & more",
    ]
    assert not shown.cssselect("script")


def test_an_update_of_one_topic_leaves_the_others_alone(options: Options) -> None:
    both = replace(options, topics=(GATES, TEXTS))
    update(both, now=NOW, environ=KEY)
    before = pages(both)
    update(replace(options, topics=(TEXTS,)), now=NOW + timedelta(days=2), environ=KEY)
    after = pages(both)
    changed = {uri for uri in before if before[uri] != after[uri]}
    assert changed == {"digests/index.md", "digests/texts/index.md"}


def test_while_arxiv_is_down_an_update_changes_nothing(options: Options, arxiv: FakeArxiv) -> None:
    update(options, now=NOW, environ=KEY)
    before = folder(options.archive_dir)
    arxiv.fail("403", times=None)
    update(options, now=NOW + timedelta(days=2), environ=KEY)
    assert folder(options.archive_dir) == before


def test_a_topic_that_the_archive_does_not_know_is_asked_for(options: Options) -> None:
    update(options, now=NOW, environ=KEY)
    site = build_site(replace(options, topics=(TEXTS, GATES)), now=NOW, environ=KEY)
    assert [len(digest.entries) for digest in site.report.digests] == [3, 3]
    assert [digest.topic.slug for digest in site.report.digests] == ["texts", "gates"]


RECORD = Record(
    PAPER,
    topics=("gates",),
    document=Document(
        "pdf", figures=(Figure("Figure 1", "A gate.", 2, "fig-1.webp", 640, 480),), reader=DOCUMENT_VERSION
    ),
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  version: 1\n", "  version: one\n", ", line 11: `paper.version`: is not a whole number"),
        ("hidden: false\n", "hiden: false\n", ", line 4: `hiden`: there is no such field"),
        ("hidden: false\n", "hidden: maybe\n", ", line 4: `hidden`: is neither true nor false"),
        ("pinned: false\n", "hidden: true\n", ", line 5: `hidden`: stands there twice"),
        ("pinned: false\n", "pinned: [\n", "not YAML"),
        ("pinned: false\n", "pinned: &a x\nnote: *a\n", ", line 6: aliases (`*name`)"),
        ("pinned: false\n", "pinned: " + "[" * 999, ", line 5: nested too deeply"),
        ("  title: ", "  titel: ", ", line 9: `paper.title`: is missing"),
        ("image: fig-1.webp", "image: ../../id.webp", "`document.figures.0.image`: '../../id"),
        ("width: 640", "width: 640\n    small: ../id.webp", "`document.figures.0.small`: '../id"),
        ("  id: '2410.13786'", "  pdf: /etc/passwd\n  id: '2410.13786'", "`paper.pdf`: records name no"),
        ("  id: '2410.13786'", "  id: '2410.00009'", "2410.00009 belongs into 2410.00009.yaml"),
        ("hidden: false\n", "<<<<<<< HEAD\nhidden: false\n=======\n", ", line 5: not YAML"),
        ("schema: 2\n", "schema: 3\n", ", line 3: `schema`: 3 is of a newer version; upgrade"),
        ("schema: 2\n", "schema: \x00\n", "not YAML: unacceptable character #x0000"),
        ("schema: 2\n", "schema: 0\n", ", line 3: `schema`: '0' is no version"),
        ("schema: 2\n", "schema: [1]\n", ", line 3: `schema`: \"['1']\" is no version"),
        ("schema: 2\n", f"schema: {'9' * 5000}\n", ", line 3: `schema`: 999"),
    ],
)
def test_a_mistake_in_a_record_is_told_with_its_line(old: str, new: str, told: str) -> None:
    text = write_record(RECORD).decode()
    assert old in text
    file = Path("archive/2410.13786.yaml")
    assert read_record(text.encode(), file) == replace(RECORD, generated=ANY)
    with pytest.raises(ConfigurationError) as wrong:
        read_record(text.replace(old, new, 1).encode(), file)
    assert str(wrong.value).startswith(f"{file}")
    assert told in str(wrong.value)
    assert "\n" not in str(wrong.value)


PAYLOADS = (
    "<script>alert(1)</script>",
    "</p></details></div><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](javascript:alert(1)) <javascript:alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% raw %} {# #} ${7*7}",
    "\n\n---\ntitle: x\n---\n\n# heading\n\n    code\n",
    "<!-- --> &lt;script&gt; &#60;script&#62; ]]> <![CDATA[",
    '" onmouseover="alert(1)',
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_record_becomes_markup(options: Options, payload: str) -> None:
    claim = Claim(payload, quote=payload, page=1, verified=True)
    claims = dict.fromkeys(("background", "prior_work", "approach", "results"), claim)
    record = Record(
        replace(
            PAPER,
            title=payload,
            authors=(payload,),
            abstract=payload,
            categories=(payload,),
            comment=payload,
            journal_ref=payload,
            doi=payload,
            url=payload,
        ),
        notes=payload,
        topics=("gates",),
        document=Document("pdf", license=License(payload, payload), links=(payload,)),
        summary=Summary(
            model=payload,
            language=payload,
            made_at=NOW,
            basis="pdf",
            summary=payload,
            takeaways=(claim,),
            title_translation=payload,
            keywords=(payload,),
            affiliation=payload,
            omissions=(Omission(payload, ReasonCode(payload)),),
            **claims,
        ),
        trouble=(Reason(ReasonCode.ARXIV_ANSWERED, status=payload),),
    )
    options.archive_dir.mkdir()
    (options.archive_dir / "2410.13786.yaml").write_bytes(write_record(record))
    (options.archive_dir / "topics.yml").write_text("asked:\n  gates: 2024-11-01T08:00:00Z\n")
    page = pages(options)["digests/gates/2024-10-17.md"].decode()
    _, meta, body = page.split("---\n", 2)
    assert set(yaml.safe_load(meta)) == {"title", "description", "date", "tags", "render_macros"}
    shown = lxml.html.fromstring(
        f"<div>{markdown.markdown(body, extensions=['attr_list', 'md_in_html', 'tables'])}</div>"
    )
    assert len(shown.cssselect("h2.pd-title")) == 1
    assert not shown.cssselect("script, iframe, object, embed, img, svg, form, style, base, meta")
    for element in shown.iter(etree.Element):
        assert not [name for name in element.attrib if name.startswith("on")]
        for name in ("href", "src"):
            assert not element.get(name, "").strip().lower().startswith(("javascript", "data", "vb"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# asked\nasked:\n  gates: yesterday\n", "3: `asked.gates`: is not a date and time such as"),
        ("schema: 1\ngates: 2024-11-01\n", "2: `gates`: there is no such field"),
        ("- gates\n", "1: this file is a mapping"),
        ("\nschema: 2\nsources: {}\n", "2: `schema`: 2 is of a newer version; upgrade"),
    ],
)
def test_a_topics_file_that_is_wrong_is_told_with_its_line(options: Options, text: str, told: str) -> None:
    options.archive_dir.mkdir()
    (options.archive_dir / "topics.yml").write_text(text)
    with pytest.raises(ConfigurationError) as wrong:
        pages(options)
    assert str(wrong.value).startswith(f"{options.archive_dir / 'topics.yml'}, line {told}")


def test_links_in_the_archive_lead_nowhere(illustrated: Options, tmp_path: Path) -> None:
    """Or who may add a record could publish any file of the machine that builds."""
    update(illustrated, now=NOW, environ=KEY)
    secret = tmp_path / "secrets"
    secret.mkdir()
    (secret / "fig-1.webp").write_text("secret")
    images = illustrated.archive_dir / "figures"
    (images / "2410.00001v1/fig-1.webp").unlink()
    (images / "2410.00001v1/fig-1.webp").symlink_to(secret / "fig-1.webp")
    shutil.rmtree(images / "2410.00002v1")
    (images / "2410.00002v1").symlink_to(secret)
    shutil.rmtree(illustrated.cache_dir)
    shown = pages(illustrated)
    assert b"secret" not in shown.values()
    images = {uri.rpartition("/")[0] for uri in shown if uri.endswith(".webp")}
    assert images == {"digests/assets/2410.00003v1"}


def test_a_link_in_place_of_all_figures_is_refused(illustrated: Options, tmp_path: Path) -> None:
    update(illustrated, now=NOW, environ=KEY)
    others = tmp_path / "others"
    others.mkdir()
    shutil.rmtree(illustrated.archive_dir / "figures")
    (illustrated.archive_dir / "figures").symlink_to(others)
    for command in (pages, lambda options: update(options, now=NOW, environ=KEY)):
        with pytest.raises(ConfigurationError, match="figures is a link"):
            command(illustrated)
    assert list(others.iterdir()) == []


def test_a_mistake_in_a_record_ends_a_build(options: Options) -> None:
    update(options, now=NOW, environ=KEY)
    edit(options, "2410.00001", lambda record: record.update(hidden="perhaps"))
    with pytest.raises(ConfigurationError, match=r"2410\.00001\.yaml, line 2: `hidden`"):
        pages(options)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_survives_in_a_record(text: str) -> None:
    claim = Claim(text, quote=text)
    made = Summary(
        model="extractive", language="en", made_at=NOW, basis="html", summary=text, takeaways=(claim,)
    )
    record = replace(RECORD, paper=replace(PAPER, title=text, comment=text), summary=made)
    content = write_record(record)
    again = read_record(content, Path("2410.13786.yaml"))
    assert replace(again, generated={}) == record
    assert write_record(record, again) is None


def spoken(word: str) -> Record:
    """A record in which every field says something of its own."""
    claim = Claim(f"{word} claim", quote=f"{word} quote")
    singles = ("background", "prior_work", "approach", "results", "significance", "innovation")
    summary = Summary(
        model=word,
        language="en",
        made_at=NOW,
        basis="html",
        summary=f"{word} summary",
        takeaways=(claim,),
        keywords=(word,),
        affiliation=word,
        **dict.fromkeys(singles, claim),
    )
    paper = replace(PAPER, title=word, authors=(word,), abstract=word, comment=word)
    return Record(paper, summary=summary, document=Document("html", links=(word,)))


TEXTS_OF_A_RECORD = [
    ("paper", "title"),
    ("paper", "authors"),
    ("paper", "abstract"),
    ("paper", "comment"),
    ("summary", "model"),
    ("summary", "summary"),
    ("summary", "takeaways"),
    ("summary", "keywords"),
    ("summary", "affiliation"),
    ("summary", "background"),
    ("summary", "results"),
    ("document", "links"),
]


@given(st.sets(st.sampled_from(TEXTS_OF_A_RECORD)), st.sets(st.sampled_from(TEXTS_OF_A_RECORD)))
def test_an_update_rewrites_all_that_nobody_touched_and_nothing_else(
    mine: set[tuple[str, str]], later: set[tuple[str, str]]
) -> None:
    file = Path("2410.13786.yaml")

    def changed(record: Record, fields: set[tuple[str, str]], word: str) -> Record:
        for section, name in fields:
            part = replace(getattr(record, section), **{name: said(word, section, name)})
            record = replace(record, **{section: part})
        return record

    def said(word: str, section: str, name: str) -> object:
        return getattr(getattr(spoken(word), section), name)

    record = read_record(write_record(spoken("first")), file)
    record = changed(record, mine, "person")
    for word, touched in (("second", later), ("third", set())):
        content = write_record(spoken(word), record)
        record = read_record(content, file) if content else record
        for section, name in TEXTS_OF_A_RECORD:
            whose = "person" if (section, name) in mine else word
            assert getattr(getattr(record, section), name) == said(whose, section, name)
        record = changed(record, touched, "person")
        mine = mine | touched


def test_a_record_without_fingerprints_is_all_of_a_person() -> None:
    text = write_record(RECORD).decode()
    mine = read_record(text[: text.index("generated:")].encode(), Path("2410.13786.yaml"))
    assert write_record(replace(RECORD, paper=replace(PAPER, title="Other")), mine) is None
