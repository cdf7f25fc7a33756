"""BibTeX parsers can read our BibTeX, and TeX does no harm with it."""

from dataclasses import replace
from datetime import UTC, datetime

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Citation, Paper
from mkdocs_paperdigest.pages.render.bibtex import bibliography, bibtex, kind_of
from tests.pages import papers


def fields(paper: Paper) -> dict[str, str]:
    library = bibtexparser.parse_string(bibtex(paper))
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"key": entry.key, "type": entry.entry_type, **{item.key: item.value for item in entry.fields}}


def test_an_arxiv_paper_is_cited_as_arxiv_asks() -> None:
    found = fields(papers.DAWN)
    assert (found["type"], found["key"], found["eprint"]) == ("misc", "2410.13726", "2410.13726")
    assert (found["archivePrefix"], found["primaryClass"]) == ("arXiv", "cs.CV")
    assert found["author"].startswith("Hanbo Cheng and Limin Lin and ")
    assert found["year"] == "2024"


def test_a_report_is_cited_as_one() -> None:
    found = fields(papers.REPORT)
    assert found["type"] == "techreport"
    assert "eprint" not in found


def test_a_report_keeps_who_issued_it_and_what_is_known_of_its_date() -> None:
    report = replace(papers.REPORT, institution="R&D Lab", published=datetime(2023, 7, 3, tzinfo=UTC))
    found = fields(report)
    assert (found["institution"], found["year"], found["month"]) == ("R\\&D Lab", "2023", "jul")
    assert fields(replace(report, date_precision="month"))["month"] == "jul"
    assert "month" not in fields(replace(report, date_precision="year"))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("100% of R&D", "{100\\% of R\\&D}"),
        ("A $x_1$ and a_b", "{A $x_1$ and a\\_b}"),
        ("only $5", "{only \\$5}"),
        ("a } b {", "{a  b}"),
        ("über {NASA}", "{über {NASA}}"),
        ("E ~ m^2, $x^2$, P\\^ole \\~n", "{E \\textasciitilde{} m\\^{}2, $x^2$, P\\^ole \\~n}"),
    ],
)
def test_special_characters_are_escaped_outside_formulas(title: str, written: str) -> None:
    assert fields(replace(papers.DAWN, title=title))["title"] == written


def test_a_name_with_and_or_a_comma_stays_one_author() -> None:
    authors = ("The CMS and ATLAS Collaborations", "Robert Smith, Jr.", "Alexandra Sand")
    assert fields(replace(papers.DAWN, authors=authors))["author"] == (
        "{The CMS and ATLAS Collaborations} and {Robert Smith, Jr.} and Alexandra Sand"
    )


@given(text=st.text(alphabet='ab {}%$&#_\\,@"=\n', min_size=1, max_size=40))
@settings(max_examples=100)
def test_no_title_can_break_the_file(text: str) -> None:
    library = bibtexparser.parse_string(
        bibliography([replace(papers.DAWN, title=f"x{text}"), papers.SALIENT])
    )
    assert [entry.key for entry in library.entries] == ["2410.13726", "2410.13786"]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("\\input{/etc/passwd}", "{\\textbackslash input{/etc/passwd}}"),
        ("\\immediate\\write18{x}", "{\\textbackslash immediate\\textbackslash write18{x}}"),
        ("\\begin{input}{x}", "{\\textbackslash begin{input}{x}}"),
        ("^^5cinput x", "{\\^{} \\^{}5cinput x}"),
        # Commands that set type stay.
        ("$\\delta$ \\beth \\bullet $\\left( \\mathcal{L}_{\\theta} \\right)$", "{$\\delta$ \\beth \\bullet $\\left( \\mathcal{L}_{\\theta} \\right)$}"),
        ("\\emph{Fr\\'echet} $\\ell_1$ \\ldots", "{\\emph{Fr\\'echet} $\\ell_1$ \\ldots}"),
    ],
)  # fmt: skip
def test_no_title_makes_tex_read_files_or_run_programs(title: str, written: str) -> None:
    assert fields(replace(papers.DAWN, title=title))["title"] == written


def test_no_category_adds_a_field() -> None:
    found = fields(replace(papers.DAWN, categories=("cs.CV}, file = {/etc/passwd",)))
    assert "file" not in found


def cited(kind: str = "article", key: str = "doe2024", **values: str) -> Paper:
    return replace(papers.REPORT, citation=Citation(kind, key, values))


def test_an_entry_of_the_library_comes_back_as_it_was() -> None:
    values = {
        "title": "{A} {\\'E}tude of $x_1$~\\& more",
        "author": "Doe, Jane and {Lab, Inc.}",
        "journal": "J. Nets",
        "volume": "3",
        "pages": "1--9",
        "doi": "10.1000/a_b#c",
        "url": "https://lab.example/x_y?a=1&b=%20",
        "howpublished": "\\url{https://lab.example/a_b}",
    }
    found = fields(cited(**values))
    assert found == {"type": "article", "key": "doe2024", **values}


def test_a_paper_of_arxiv_is_cited_as_the_library_cites_it() -> None:
    citation = Citation("article", "cheng", {"title": "DAWN", "eprint": "2410.13726"})
    found = fields(replace(papers.DAWN, citation=citation))
    assert (found["type"], found["key"], found["eprint"]) == ("article", "cheng", "2410.13726")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("R&D at 50% of a_b #1", "R\\&D at 50\\% of a\\_b \\#1"),
        ("costs \\$5 & $x_1$", "costs \\$5 \\& $x_1$"),
        ("a~b", "a~b"),
        ("(\\href{https://lab.example}{link})", "({link})"),
        ("\\input{/etc/passwd}", "\\textbackslash input{/etc/passwd}"),
        ("\\write18{rm}", "\\textbackslash write18{rm}"),
    ],
)
def test_values_of_the_library_are_escaped_and_do_nothing(value: str, written: str) -> None:
    assert fields(cited(note=value))["note"] == written


@pytest.mark.parametrize(
    "value", ["\\url{%s}", "{\\path {%s}}", "\\href{%s}{our \\emph{page}}", "\\href{{%s}}{page}", "%s"]
)
def test_commands_around_an_address_are_not_part_of_it(value: str) -> None:
    address = "https://lab.example/a_b"
    assert fields(cited(url=value % address))["url"] == address


def test_months_are_macros_and_other_words_are_not() -> None:
    assert "= oct," in bibtex(cited(month="October"))
    assert "= {10~October}," in bibtex(cited(month="10~October"))
    assert "= {Aug}," in bibtex(cited(month="Aug"))


def test_no_entry_of_a_library_brings_other_entries_or_programs() -> None:
    found = fields(
        cited(
            "comment",
            "a},\n@misc{b",
            **{"title": "T}} @misc{c, x={", "file = {x": "y", "url": "javascript:alert(1)"},
        )
    )
    assert (found["type"], set(found)) == ("misc", {"type", "key", "title"})


@given(
    key=st.text(alphabet="ab&{},\n@", max_size=10),
    value=st.text(alphabet='ab {}%$&#_\\,@"=\n', min_size=1, max_size=40),
)
@settings(max_examples=100)
def test_no_value_of_a_library_can_break_the_file(key: str, value: str) -> None:
    written = bibliography([cited(key=key, note=value, url=value), papers.SALIENT])
    library = bibtexparser.parse_string(written)
    assert len(library.entries) == 2
    assert library.entries[1].key == "2410.13786"


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("article", "article"),
        ("inproceedings", "talk"),
        ("phdthesis", "thesis"),
        ("misc", "local"),
        ("techreport", "local"),
    ],
)
def test_a_work_is_called_what_its_type_says(kind: str, label: str) -> None:
    assert kind_of(cited(kind)) == label
    assert kind_of(papers.REPORT) == "local"
