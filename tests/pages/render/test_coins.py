"""Zotero saves each paper from a page, with what its source states, whatever stands in a title."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Citation, Document, Entry, Paper
from mkdocs_paperdigest.pages.render.coins import coins
from tests.pages import papers
from tests.pages.render.test_entry import page_of


@dataclass
class Item:
    """What Zotero makes of a span."""

    type: str
    fields: dict[str, str] = field(default_factory=dict)
    creators: list[tuple[str, str]] = field(default_factory=list)
    """First and last name."""


_GENRES = {
    "bookitem": "bookSection",
    "conference": "conferencePaper",
    "proceeding": "conferencePaper",
    "report": "report",
}
_WITHIN = ("journalArticle", "bookSection", "conferencePaper")
_FIELDS = {
    "rft.atitle": "title", "rft.jtitle": "publicationTitle", "rft.spage": "pages", "rft.inst": "publisher", "rft.date": "date", "rft.volume": "volume", "rft.issue": "issue",
    "rft.issn": "ISSN", "rft.isbn": "ISBN", "rft.pub": "publisher",
}  # fmt: skip


def read(title: str) -> Item:
    """An item by the rules of Zotero's translator for COinS and of `parseContextObject` in its openurl.js.

    It splits at `&` and `=`, takes `+` and an encoded plus for a space, and raises an error where `decodeURIComponent`
    would, or where a part has no value.
    """
    pairs = []
    for part in title.split("&"):
        key, value = part.split("=")
        assert not re.search("%(?![0-9A-Fa-f]{2})", value)
        pairs.append((key, unquote(re.sub(r"\+|%2[bB]", " ", value), errors="strict")))
    form = dict(pairs)["rft_val_fmt"].removeprefix("info:ofi/fmt:kev:mtx:")
    genre = dict(pairs).get("rft.genre", "")
    book = _GENRES.get(genre, "book")
    item = Item({"journal": "journalArticle", "book": book, "dissertation": "thesis", "dc": "webpage"}[form])
    for key, value in pairs:
        if key == "rft.au":
            item.creators.append(_author(value))
        elif key == "rft.type":
            item.type = value
        elif key == "rft_id":
            is_doi = value.lower().startswith("info:doi")
            assert is_doi or re.match("https?://", value)
            item.fields["DOI" if is_doi else "url"] = value[9:] if is_doi else value
        elif key == "rft.epage":
            item.fields["pages"] += f"-{value}"
        elif key in ("rft.btitle", "rft.title"):
            item.fields["publicationTitle" if item.type in _WITHIN else "title"] = value
        elif key in _FIELDS:
            item.fields[_FIELDS[key]] = value
    return item


def _author(name: str) -> tuple[str, str]:
    bare = re.sub(r"^[\s.,/\[\]:]+|[\s.,/\[\]:]+$", "", name)
    if "," in name:
        last, first, *_ = [*re.split(", ?", bare), ""]
        return first, last
    first, _, last = bare.rpartition(" ")
    return first, last


def saved(paper: Paper) -> Item:
    return read(coins(paper).unescape())


def test_an_arxiv_paper_is_a_preprint() -> None:
    item = saved(papers.DAWN)
    assert item.type == "preprint"
    assert item.fields == {
        "title": papers.DAWN.title,
        "date": "2024-10-17",
        "publisher": "arXiv",
        "DOI": "10.48550/arXiv.2410.13726",
        "url": "https://arxiv.org/abs/2410.13726",
    }
    assert item.creators[:2] == [("Hanbo", "Cheng"), ("Limin", "Lin")]
    assert len(item.creators) == len(papers.DAWN.authors)
    assert saved(papers.OLD).fields["url"] == "https://arxiv.org/abs/hep-th/9901001"


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("Laurens van der Maaten", ("Laurens", "van der Maaten")),
        ("Martin Luther King Jr.", ("Martin Luther Jr", "King")),
        ("ATLAS Collaboration", ("", "ATLAS Collaboration")),
        ("李明", ("", "李明")),
        ("Lovelace, Ada", ("Ada", "Lovelace")),
    ],
)
def test_names_are_divided_as_in_ris(name: str, saved_as: tuple[str, str]) -> None:
    assert saved(replace(papers.DAWN, authors=(name,))).creators == [saved_as]


FIELDS = {
    "journal": "Bell {S}ystem \\& Others", "booktitle": "Proc. of X", "volume": "27", "number": "3", "pages": "379--423",
    "publisher": "Wiley", "school": "Bonn", "issn": "0005-8580",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "item_type", "keys", "expected"),
    [
        ("article", "journalArticle", "journal volume number pages issn",
         {"publicationTitle": "Bell System & Others", "volume": "27", "issue": "3", "pages": "379-423", "ISSN": "0005-8580"}),
        ("inproceedings", "conferencePaper", "booktitle pages", {"publicationTitle": "Proc. of X", "pages": "379-423"}),
        ("incollection", "bookSection", "booktitle publisher", {"publicationTitle": "Proc. of X", "publisher": "Wiley"}),
        ("book", "book", "publisher", {"publisher": "Wiley"}),
        ("phdthesis", "thesis", "school", {"publisher": "Bonn"}),
        ("techreport", "report", "", {}),
        ("dataset", "dataset", "publisher", {"publisher": "Wiley"}),
        ("software", "computerProgram", "", {}),
        ("patent", "patent", "", {}),
        ("online", "webpage", "", {}),
    ],
)  # fmt: skip
def test_an_entry_of_a_library_keeps_its_kind(
    kind: str, item_type: str, keys: str, expected: dict[str, str]
) -> None:
    cited = Citation(kind, "a", {name: FIELDS[name] for name in keys.split()})
    report = replace(papers.REPORT, citation=cited, doi="10.1234/5", institution=None)
    item = saved(report)
    assert item.type == item_type
    given = {"title": report.title, "DOI": "10.1234/5", "url": report.url}
    assert {**given, **expected}.items() <= item.fields.items()


def test_an_arxiv_paper_that_the_library_cites_from_a_journal_is_an_article() -> None:
    journal = Citation("article", "a", {"journal": "JMLR", "volume": "9"})
    item = saved(replace(papers.DAWN, citation=journal))
    assert (item.type, item.fields["publicationTitle"], item.fields["volume"]) == (
        "journalArticle",
        "JMLR",
        "9",
    )
    assert item.fields["url"] == "https://arxiv.org/abs/2410.13726"
    preprint = Citation("article", "a", {"journal": "arXiv preprint arXiv:2410.13726"})
    assert saved(replace(papers.DAWN, citation=preprint)).type == "preprint"


@settings(max_examples=200)
@given(st.text() | st.sampled_from([papers.HOSTILE, "a=b&c=d", "50% of C++ & %41", "&rft.title=x"]))
def test_no_text_ends_a_value_or_the_attribute(text: str) -> None:
    cited = Citation("article", "a", {"journal": text, "volume": text})
    value = coins(
        replace(papers.DAWN, title=text, authors=(text,), doi=text, institution=text, citation=cited)
    )
    assert re.fullmatch(r"(?:[a-z_.]+=[A-Za-z0-9%+._-]+(?:&amp;)?)+", value)
    assert read(value.unescape()).type in {"preprint", "journalArticle"}


def test_every_entry_has_one_outside_the_text_of_the_page(tmp_path: Path) -> None:
    entries = [Entry(paper, Document("abstract")) for paper in (papers.DAWN, papers.REPORT, papers.OLD)]
    hostile = Entry(replace(papers.DAWN, id="2410.00001", title=papers.HOSTILE))
    page = page_of(tmp_path, *entries, hostile, full_entries=2)
    spans = page.cssselect("span.Z3988")
    assert len(spans) == len(page.cssselect("h2.pd-title")) == 4
    assert len(page.cssselect("details.pd-row .pd-meta > span.Z3988")) == 2
    assert not any(span.text_content() or len(span) for span in spans)
    urls = {read(span.get("title")).fields["url"].rpartition("/")[2] for span in spans}
    assert urls >= {"2410.13726", "9901001", "2410.00001"}
    title = next(title for span in spans if "<img" in (title := read(span.get("title")).fields["title"]))
    assert title.startswith("[A][b] *x* __init__ {{ boom }}")
    # Beside title and names it is as short as it can be.
    bare = coins(replace(papers.DAWN, title="", authors=()))
    assert len(bare) < 300
