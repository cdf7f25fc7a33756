"""BibTeX files as people and their programs write them."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.sources.library import Library, read_library


@pytest.fixture
def read(tmp_path: Path):
    def write_and_read(text: str) -> Library:
        path = tmp_path / "library" / "reports.bib"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return read_library(path, topic="Our reports")

    (tmp_path / "library").mkdir()
    return write_and_read


def test_a_report_with_all_its_fields(read, tmp_path: Path) -> None:
    pdf = tmp_path / "library" / "pdf" / "gates.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.5\n%%EOF")
    library = read(
        r"""
@string{acl = "Proc. ACL"}
@techreport{Lab:2024/01,
  title = {{G}ates for \emph{generated} text: {\'E}tude {\`a} $\alpha_1$},
  author = {G{\"o}del, Kurt and Ludwig van Beethoven and {The {ATLAS} Collaboration} and others},
  abstract = {It finds 50% of the d\'efauts --- and
              costs \$5 \& more.},
  year = 2024, month = oct, day = 19,
  booktitle = acl,
  doi = {10.1000/gates_1},
  url = {https://lab.example/gates\_1},
  keywords = {text generation, gates},
  note = {To appear},
  file = {pdf/gates.pdf},
}
"""
    )
    day = datetime(2024, 10, 19, tzinfo=UTC)
    assert library == Library(
        papers=(
            Paper(
                id="Lab-2024-01",
                version=0,
                title="Gates for generated text: Étude à $\\alpha_1$",
                authors=("Kurt Gödel", "Ludwig van Beethoven", "The ATLAS Collaboration"),
                abstract="It finds 50% of the défauts — and costs $5 & more.",
                published=day,
                updated=day,
                categories=("text generation", "gates"),
                comment="To appear",
                journal_ref="Proc. ACL",
                doi="10.1000/gates_1",
                url="https://lab.example/gates_1",
                pdf=pdf.resolve(),
            ),
        ),
        arxiv_ids=(),
    )
    assert not library.papers[0].on_arxiv


@pytest.mark.parametrize(
    ("fields", "arxiv_id"),
    [
        ("eprint = {2410.13786}, archiveprefix = {arXiv}", "2410.13786"),
        ("eprint = {arXiv:2410.13786v2}, eprinttype = {arxiv}", "2410.13786v2"),
        ("EPRINT = {hep-th/9901001}", "hep-th/9901001"),
        ("doi = {10.48550/arXiv.2410.13786}", "2410.13786"),
        ("doi = {https://doi.org/10.48550/ARXIV.2410.13786}", "2410.13786"),
    ],
)
def test_an_eprint_is_a_paper_of_arxiv(read, fields: str, arxiv_id: str) -> None:
    library = read(f"@article{{key, {fields}, file = {{/elsewhere/missing.pdf}}}}")
    assert library == Library(papers=(), arxiv_ids=(arxiv_id,))


def test_an_eprint_of_another_archive_is_not_an_arxiv_id(read) -> None:
    library = read("@article{a, title=T, year=2024, eprint={123456}, eprinttype={pubmed}}")
    assert library.arxiv_ids == ()
    assert library.papers[0].id == "a"


@pytest.mark.parametrize(
    "field",
    [
        "pdf/a b.pdf",
        "./pdf/../pdf/a b.pdf",
        ":pdf/a b.pdf:PDF",
        "Full Text PDF:pdf/a b.pdf:application/pdf",
        "notes.docx; :pdf/a b.pdf:PDF;:other.pdf:PDF",
        r":pdf\\a b.pdf:PDF",
        "Page:page.html:text/html;Full Text:pdf/a b.pdf:application/pdf",
    ],
)
def test_files_are_named_in_many_ways(read, tmp_path: Path, field: str) -> None:
    pdf = tmp_path / "library" / "pdf" / "a b.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.5\n%%EOF")
    (paper,) = read(f"@misc{{a, title=T, year=2024, file={{{field}}}}}").papers
    assert paper.pdf == pdf.resolve()


@pytest.mark.parametrize(
    "field",
    [
        "../secret.pdf",
        "/etc/secret.pdf",
        ":../secret.pdf:PDF",
        r"..\secret.pdf",
        "pdf/../../secret.pdf",
        "link.pdf",
    ],
)
def test_files_outside_the_librarys_folder_are_refused(read, tmp_path: Path, field: str) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.5\n%%EOF")
    (tmp_path / "library" / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    with pytest.raises(ConfigurationError, match="move the PDF into it"):
        read(f"@misc{{a, title=T, year=2024, file={{{field}}}}}")


@pytest.mark.parametrize(
    ("fields", "day", "precision"),
    [
        ("date = {2024-10-19}", (2024, 10, 19), "day"),
        ("date = {2024-10}", (2024, 10, 1), "month"),
        ("date = {2024}", (2024, 1, 4), "year"),
        ("date = {2024-10-19/2024-10-21}", (2024, 10, 19), "day"),
        ("year = {2024}", (2024, 1, 4), "year"),
        ("year = 2024, month = dec, day = 9", (2024, 12, 9), "day"),
        ("year = 2024, month = dec", (2024, 12, 2), "month"),
        ("year = 2024, month = {December}", (2024, 12, 2), "month"),
        ("year = 2024, month = {03}", (2024, 3, 4), "month"),
        ("year = 2024, month = {spring}", (2024, 1, 4), "year"),
        ("year = 2024, day = 9", (2024, 1, 4), "year"),
        ("year = {circa 2024}", (2024, 1, 4), "year"),
    ],
)
def test_dates_are_written_in_many_ways(read, fields: str, day: tuple[int, int, int], precision: str) -> None:
    (paper,) = read(f"@misc{{a, title=T, {fields}}}").papers
    assert paper.published == paper.updated == datetime(*day, tzinfo=UTC)
    assert paper.date_precision == precision


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_an_incomplete_date_falls_on_pages_of_its_year_and_month(year: int, month: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "reports.bib"
        path.write_text(f"@misc{{a, title=T, year={year}, month={month}}}\n@misc{{b, title=T, year={year}}}")
        in_month, in_year = (paper.published for paper in read_library(path, topic="T").papers)
    assert (in_month.year, in_month.month) == (year, month)
    thursday = in_month + timedelta(days=4 - in_month.isoweekday())
    assert (thursday.year, thursday.month) == (year, month)
    assert in_month.day <= 4
    assert in_year.year == in_year.isocalendar().year == year
    assert in_year.isocalendar().week == 1


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("王, 小明 and Lovelace, Ada", ("王小明", "Ada Lovelace")),
        ("王 小明 and {王小明}", ("王小明", "王小明")),
        ("山田, 太郎 and 김, 철수", ("山田太郎", "김철수")),
        ("Wang, Xiaoming 小明", ("Xiaoming 小明 Wang",)),
    ],
)
def test_east_asian_names_keep_the_family_name_first(read, field: str, names: object) -> None:
    (paper,) = read(f"@misc{{a, title=T, year=2024, author={{{field}}}}}").papers
    assert paper.authors == names


@pytest.mark.parametrize("name", ["institution", "school"])
def test_the_issuer_of_a_report_is_read(read, name: str) -> None:
    (paper,) = read(f"@misc{{a, title=T, year=2024, {name}={{Our {{Lab}}}}}}").papers
    assert paper.institution == "Our Lab"


@pytest.mark.parametrize(
    ("key", "id_"),
    [
        ("liu2024", "liu2024"),
        ("DBLP:conf/cvpr/Liu24", "DBLP-conf-cvpr-Liu24"),
        ("报告2024", "报告2024"),
        ("..", None),
        ("con", "con-"),
        ("AUX.1", "AUX.1-"),
        ("-x-", "x"),
    ],
)
def test_a_key_becomes_a_safe_id(read, key: str, id_: str | None) -> None:
    text = f"@misc{{{key}, title=T, year=2024}}"
    if id_ is None:
        with pytest.raises(ConfigurationError, match="give it another"):
            read(text)
    else:
        (paper,) = read(text).papers
        assert paper.id == paper.slug == paper.file_stem == id_


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("@misc{a, year=2024}", "entry 'a' (line 1): `title` is missing; add one"),
        ("\n\n@misc{a, title={}, year=2024}", "entry 'a' (line 3): `title` is missing"),
        ("@misc{a, title=T}", "entry 'a' (line 1): `year` is missing; add one such as 2024"),
        ("@misc{a, title=T, year={in press}}", "`year` is missing"),
        ("@misc{a, title=T, date={2024-02-31}}", "2024-02-31 is not a date; correct it"),
        ("@misc{a, title=T, year=2024, month=13}", "2024-13 is not a date"),
        ("@misc{a, title=T, year=2024, file={b.pdf}}", "add it or correct `file`"),
        ("@misc{a, title=T, year=2024, url={javascript:x}}", "does not begin with https://"),
        ("@misc{a, eprint={oops}, archiveprefix={arXiv}}", "`eprint`: 'oops' is not an arXiv id"),
        (
            "@misc{a, title=T, year=2024}\n@misc{a, title=U, year=2023}",
            "entry 'a' (line 2) is there twice; rename or delete one",
        ),
        (
            "@misc{a, title=T, year=2024}\n@misc{A, title=U, year=2023}",
            "the keys of 'a' and 'A' are too much alike; rename one",
        ),
        ("@misc{a, title=T, title=U, year=2024}", "the entry in line 1 has title twice"),
        ("@misc{a, title={T, year=2024}", "the entry in line 1 cannot be read; look for"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_cure(read, tmp_path, text, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(problem)) as caught:
        read(text)
    path = tmp_path / "library" / "reports.bib"
    assert str(caught.value).startswith(f"topic 'Our reports': library {path}: ")


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file; correct `library`"):
        read_library(tmp_path / "none.bib", topic="T")


def test_a_library_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "old.bib").write_bytes("@misc{a, title={Étude}}".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="is not in UTF-8; save it in that encoding"):
        read_library(tmp_path / "old.bib", topic="T")


def test_comments_and_preambles_are_not_reports(read) -> None:
    library = read('% mine\n@comment{x}\n@preamble{"y"}\nfree text\n@misc{a, title=T, year=2024}')
    assert [paper.id for paper in library.papers] == ["a"]


def test_an_editor_stands_in_for_an_author(read) -> None:
    (paper,) = read("@book{a, title=T, year=2024, editor={Lovelace, Ada}}").papers
    assert paper.authors == ("Ada Lovelace",)


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("@misc{a, title={A}, year=2023}\n\n@misc{b, title={B,\n year=1\n\n@misc{c, year=1}", 3),
        ("\n\n@article{a, title={A}, year=2023\n", 3),
        ("% ours\r\n@article{a title={A}, year=2023}\r\n", 2),
    ],
)
def test_a_broken_file_is_reported_in_one_line_and_not_by_the_parser_too(
    read, caplog, broken: str, line: int
) -> None:
    caplog.set_level("DEBUG")
    level = logging.getLogger("bibtexparser").level
    with pytest.raises(ConfigurationError, match=f"the entry in line {line} cannot be read"):
        read(broken)
    assert caplog.records == []
    assert logging.getLogger("bibtexparser").level == level
