"""BibTeX parsers can read our BibTeX, and TeX does no harm with it."""

from dataclasses import replace
from datetime import UTC, datetime

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.render.bibtex import bibliography, bibtex
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
