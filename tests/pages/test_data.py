"""The index of all papers: small, safe as a script, and the same from the same papers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_paperdigest.models import Digest, Entry, Match, Why
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pages.data import chips_of, orders_of, papers_json, papers_script
from mkdocs_paperdigest.pages.labels import load_language
from mkdocs_paperdigest.pages.plan.outline import outline
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers
from tests.pages.reading import check_data

ENGLISH = load_language("en")
HOSTILE = "</script><script>window.pwned=1</script>\u2028<!-- ]]> \ud800 ${x} \\ \" ' \u202e`"


def script(digests: tuple[Digest, ...], cache: Path, language: str = "en") -> str:
    plan = outline(digests, papers.options(cache), now=papers.NOW)
    return papers_script(plan.papers[0], load_language(language))


def data(text: str) -> list:
    """What a browser reads from the script: JSON is JavaScript."""
    assert text.startswith("window.paperdigest=")
    assert text.endswith(";\n")
    return json.loads(text.removeprefix("window.paperdigest=").removesuffix(";\n"))


def rows(text: str) -> dict[str, list]:
    return {row[0]: [page, topic, *row] for page, topic, found in data(text) for row in found}


def test_each_paper_stands_once_under_its_first_topic(tmp_path: Path) -> None:
    digests = (papers.talking_heads(tmp_path), *papers.other_topics())
    found = rows(script(digests, tmp_path))
    shown = {entry.paper.id for digest in digests for entry in digest.entries}
    assert found.keys() == shown
    assert sum(len(page[2]) for page in data(script(digests, tmp_path))) == len(shown)
    assert found["2410.13726"][:2] == ["talking-head-generation/2024-w42", "Talking head generation"]
    later = rows(script(digests[::-1], tmp_path))
    assert later["2410.13726"][:2] == ["speech/2024-w42", "Speech"]


def test_a_paper_is_found_by_what_people_remember(tmp_path: Path) -> None:
    found = rows(script((papers.talking_heads(tmp_path),), tmp_path))
    assert found["2410.13726"][2:] == [
        "2410.13726",
        "DAWN: Dynamic Frame Avatar with Non-autoregressive Diffusion Framework for Talking Head Video Generation",
        "Hanbo Cheng, Limin Lin, Chenyu Liu, Pengcheng Xia, Pengfei Hu, Jiefeng Ma, Jun Du, Jia Pan",
        "2024-10-17",
        ["cs.CV", "cs.SD", "eess.AS", "with code"],
        "talking head generation, diffusion model, facial dynamics",
    ]
    assert "李小龙" in found["2410.13786"][4]
    assert found["hep-th/9901001"][3].startswith("Black holes at √s = 14 TeV")
    # An address that does not follow from the id.
    assert found["lab/report 2024:{x}"][-1] == "lab-report-2024-x--36f1e587"
    assert found["2410.00007"][-1] == ["cs.CC"], "empty fields at the end are left out"


def test_the_first_and_last_of_many_authors_are_kept(tmp_path: Path) -> None:
    many = replace(papers.OLD, authors=tuple(f"Author {number}" for number in range(3000)))
    [row] = rows(script((papers.digest(Entry(many)),), tmp_path)).values()
    assert "Author 0, " in row[4]
    assert row[4].endswith("Author 2999")
    assert len(row[4]) < 600


def test_chinese_readers_find_the_translated_title(tmp_path: Path) -> None:
    text = script((papers.talking_heads(tmp_path, "zh"),), tmp_path, "zh")
    assert "动态帧化身" in rows(text)["2410.13726"][3]
    assert "有代码" in rows(text)["2410.13726"][6]
    assert "\\u" not in text.split("2410.13726")[1].split("2410.00007")[0], (
        "a Chinese character takes 3 bytes"
    )


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    bad = replace(papers.DAWN, title=HOSTILE, authors=(HOSTILE,), categories=(HOSTILE,))
    summary = papers.full_summary(keywords=(HOSTILE,), title_translation=HOSTILE)
    topic = papers.digest(Entry(bad, None, summary), title=HOSTILE)
    text = script((topic,), tmp_path)
    text.encode()
    assert "<" not in text
    assert not set("\u2028\u2029\u202e\x00") & set(text)
    assert "</script><script>window.pwned=1</script>" in rows(text)["2410.13726"][3]
    assert text.count("\n") == 1


def test_hostile_texts_of_any_length_give_a_small_file(tmp_path: Path) -> None:
    bad = replace(papers.DAWN, title="x" * 50_000, authors=("y" * 50_000,) * 500)
    summary = papers.full_summary(keywords=("z" * 50_000,) * 8, title_translation="w" * 50_000)
    assert len(script((papers.digest(Entry(bad, None, summary)),), tmp_path).encode()) < 6000


def test_the_script_is_written_only_when_its_bytes_change(tmp_path: Path) -> None:
    digests, options = (papers.talking_heads(tmp_path), *papers.other_topics()), papers.options(tmp_path)

    def built(*changed: Digest) -> tuple[int, str]:
        files = build_pages(changed or digests, options, now=papers.NOW)
        [file] = [file for file in files if file.uri == "digests/assets/papers.js"]
        return file.path.stat().st_mtime_ns, file.path.read_text()

    first = built()
    assert built() == first
    noted = replace(
        digests[0], entries=tuple(replace(entry, note="Read me.") for entry in digests[0].entries)
    )
    assert built(noted, *digests[1:]) == first, "the pages have changed, the index has not"
    fewer = replace(digests[0], entries=digests[0].entries[1:])
    assert "2410.13786" not in built(fewer, *digests[1:])[1]
    assert built()[1] == first[1]


def many_tags(cache: Path) -> tuple[tuple[Digest, ...], Options]:
    entries = []
    for number in range(12):
        paper = replace(
            papers.DAWN,
            id=f"2410.2{number:04}",
            title="Talking heads" if number < 5 else "Other faces",
            abstract="We look." if number else "Our code is at https://github.com/lab/code.",
            comment=None,
            categories=("cs.CV", f"cs.{'ABCDEFGHIJKL'[number]}Z", *(["cs.SD"] if number % 2 else [])),
        )
        why = Why(matched=(Match("talking head", "title"),) if number < 5 else ())
        entries.append(Entry(paper, None, papers.full_summary(relevance=number % 3), why=why))
    return (papers.digest(*entries),), papers.options(cache, topics=(Topic("Topic", "topic"),))


def test_buttons_are_the_tags_that_tell_papers_apart(tmp_path: Path) -> None:
    digests, options = many_tags(tmp_path)
    index, topic, period = outline(digests, options, now=papers.NOW).pages
    chips = chips_of(period, ENGLISH)
    assert chips[:3] == [("with code", 1), ("cs.SD", 6), ("talking head", 5)]
    assert len(chips) == 8
    assert "cs.CV" not in dict(chips), "all papers have it"
    assert chips_of(topic, ENGLISH) == chips
    assert all(count < 5 for _, count in chips_of(index, ENGLISH)), "only what stands on the page counts"


def test_there_is_a_choice_of_orders_where_there_is_more_than_one(tmp_path: Path) -> None:
    digests, options = many_tags(tmp_path)
    assert orders_of(outline(digests, options, now=papers.NOW).pages[2]) == [], "all of one day"
    entries = digests[0].entries
    newer = replace(entries[0], paper=replace(entries[0].paper, published=papers.day("2024-10-18")))
    page = outline((replace(digests[0], entries=(newer, *entries[1:])),), options, now=papers.NOW).pages[2]
    assert orders_of(page) == ["newest", "relevant"]


@pytest.mark.parametrize("count", [3, 4])
def test_the_filter_stands_where_the_site_has_enough_papers(count: int, tmp_path: Path) -> None:
    entries = [Entry(replace(papers.DAWN, id=f"2410.2{number:04}")) for number in range(count)]
    topics = (papers.digest(*entries[1:]), papers.digest(entries[0], slug="small"))
    files = build_pages(topics, papers.options(tmp_path), now=papers.NOW)
    for file in files:
        if file.uri.endswith(".md"):
            assert ('class="pd-filter"' in file.path.read_text()) == (count == 4), file.uri


def published(digests: tuple[Digest, ...], cache: Path) -> dict:
    """What `papers.json` holds, checked against the schema in the docs."""
    text = papers_json(outline(digests, papers.options(cache), now=papers.NOW).papers[1], ENGLISH)
    found = json.loads(text.encode())
    check_data(found)
    return found


def test_everything_shown_is_in_the_data(tmp_path: Path) -> None:
    digests = (papers.talking_heads(tmp_path), *papers.other_topics())
    found = published(digests, tmp_path)
    assert [topic["slug"] for topic in found["topics"]] == [digest.topic.slug for digest in digests]
    by_id = {paper["id"]: paper for paper in found["papers"]}
    assert len(by_id) == len(found["papers"]) == 7
    dates = [paper["date"] for paper in found["papers"]]
    assert dates == sorted(dates, reverse=True)
    dawn = by_id["2410.13726"]
    assert dawn["page"] == "digests/talking-head-generation/2024-w42.md"
    assert [place["slug"] for place in dawn["topics"]] == ["talking-head-generation", "speech"]
    assert dawn["address"] == "digests/?paper=2410.13726"
    assert dawn["updated"] == "2024-10-20", "its summary is newer than its version"
    assert dawn["takeaways"][1] == {
        "text": "DAWN generates sequences of dynamic length all at once, at $O(n \\log n)$ cost.",
        "marked": True,
        "quote": "a framework that enables all-at-once generation of dynamic-length video sequences",
        "page": 1,
    }
    assert not dawn["takeaways"][3]["marked"]
    assert dawn["code"] == ["https://github.com/Hanbo-Cheng/DAWN-pytorch"]
    assert dawn["thumbnail"] == "digests/assets/2410.13726v2/fig-1-cover.webp"
    assert len(dawn["figures"]) == 5
    assert len(dawn["methods"]) == 3
    assert "workload" not in dawn["reading"]


def test_withdrawn_papers_and_extracts_are_named_as_what_they_are(tmp_path: Path) -> None:
    by_id = {paper["id"]: paper for paper in published((papers.talking_heads(tmp_path),), tmp_path)["papers"]}
    assert by_id["2410.00007"]["state"] == "withdrawn"
    assert by_id["hep-th/9901001"]["state"] == "unsummarized"
    extract = by_id["2410.13786"]
    assert extract["made"]["quotations"]
    assert not any(takeaway["marked"] for takeaway in extract["takeaways"])
    assert by_id["lab/report 2024:{x}"]["version"] is None
    gone = replace(papers.DAWN, comment=papers.WITHDRAWN.comment)
    [paper] = published((papers.digest(Entry(gone, None, papers.full_summary())),), tmp_path)["papers"]
    assert (paper["summary"], paper["takeaways"], paper["made"]) == (None, [], None)


def test_data_of_hostile_papers_is_valid_and_holds_no_markup(tmp_path: Path) -> None:
    bad = replace(papers.DAWN, title=HOSTILE, authors=(HOSTILE, "\u202e"), categories=(HOSTILE,), doi=HOSTILE)
    nothing = replace(papers.hostile_summary(), keywords=("\x00", HOSTILE), affiliation="\u202e")
    hostile = (papers.digest(Entry(papers.EVIL, None, nothing), Entry(bad), title=HOSTILE),)
    text = papers_json(outline(hostile, papers.options(tmp_path), now=papers.NOW).papers[1], ENGLISH)
    assert "<" not in text
    assert not set("\u202e\x00\x02") & set(text)
    assert len(published(hostile, tmp_path)["papers"]) == 2


def test_data_is_linked_written_once_and_complete_without_a_folder(tmp_path: Path) -> None:
    digests = (papers.talking_heads(tmp_path), *papers.other_topics())
    options = papers.options(tmp_path, digest_dir=".")

    def file() -> Path:
        [path] = [
            one.path for one in build_pages(digests, options, now=papers.NOW) if one.uri == "papers.json"
        ]
        return path

    before = file().stat().st_mtime_ns
    assert file().stat().st_mtime_ns == before
    dawn = next(paper for paper in json.loads(file().read_bytes())["papers"] if paper["id"] == "2410.13726")
    assert (dawn["page"], dawn["address"]) == ("talking-head-generation/2024-w42.md", "?paper=2410.13726")
    assert "[papers.json](papers.json)" in (file().parent / "index.md").read_text()
